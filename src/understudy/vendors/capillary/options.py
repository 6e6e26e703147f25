"""Options of Capillary: the till's account, the API client, and whether the guide's limits hold."""

from understudy.core.option import SENDABLE, SENDABLE_FORM, Option
from understudy.vendors.capillary.limits import CHOICES, GUIDE

CREDENTIALS = {
    "username": Option(
        "till.understudy", pattern=r"[^\x00-\x1f\x7f-\x9f\u2028\u2029:]+", form="one line of text without a colon"
    ),
    "password": Option("understudy-dev"),
    "key": Option("understudy-key", pattern=SENDABLE, form=SENDABLE_FORM),
    "secret": Option("understudy-secret", pattern=SENDABLE, form=SENDABLE_FORM),
}
SETTINGS = {"limits": Option(GUIDE, choices=CHOICES)}
