"""Options of Capillary: the till's account, the API client, and whether the guide's limits hold."""

from understudy.core.option import Option
from understudy.vendors.capillary.limits import CHOICES, GUIDE

CREDENTIALS = {
    "username": Option("till.understudy", pattern=r"[^\x00-\x1f\x7f:]+", form="one line of text without a colon"),
    "password": Option("understudy-dev"),
    "key": Option("understudy-key"),
    "secret": Option("understudy-secret"),
}
SETTINGS = {"limits": Option(GUIDE, choices=CHOICES)}
