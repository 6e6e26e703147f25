"""Options of CRM.COM: the API key, and the user of its tokens."""

from understudy.core.option import Option

CREDENTIALS = {
    "api_key": Option("5f0c9a52-7b1e-4d36-9a84-3c2d10e8b7f1"),
    "username": Option("pos.understudy"),
    "password": Option("understudy-dev"),
    "organisation": Option("understudy"),
}
