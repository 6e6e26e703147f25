"""Options of CRM.COM: the API key, the user of its tokens, and the readings of contested sentences of its page."""

from understudy.core.option import SENDABLE, SENDABLE_FORM, Option

CREDENTIALS = {
    "api_key": Option("5f0c9a52-7b1e-4d36-9a84-3c2d10e8b7f1", pattern=SENDABLE, form=SENDABLE_FORM),
    "username": Option("pos.understudy"),
    "password": Option("understudy-dev"),
    "organisation": Option("understudy"),
}
SETTINGS = {
    "repeated_reference": Option("refused", choices=("refused", "answered")),
    "unknown_product": Option("booked", choices=("booked", "refused")),
    "amounts": Option("of the line", choices=("of the line", "of one unit")),
}
"""Contested readings of the vendor's page, the usual one first."""
