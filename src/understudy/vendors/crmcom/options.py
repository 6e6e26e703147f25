"""Options of CRM.COM: the API key, and the user of its tokens."""

from understudy.core.option import SENDABLE, SENDABLE_FORM, Option

CREDENTIALS = {
    "api_key": Option("5f0c9a52-7b1e-4d36-9a84-3c2d10e8b7f1", pattern=SENDABLE, form=SENDABLE_FORM),
    "username": Option("pos.understudy"),
    "password": Option("understudy-dev"),
    "organisation": Option("understudy"),
}
