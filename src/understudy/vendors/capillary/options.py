"""Options of Capillary: the till's account, and the API client."""

from understudy.core.option import Option

CREDENTIALS = {
    "username": Option("till.understudy", pattern=r"[^\x00-\x1f\x7f:]+", form="one line of text without a colon"),
    "password": Option("understudy-dev"),
    "key": Option("understudy-key"),
    "secret": Option("understudy-secret"),
}
