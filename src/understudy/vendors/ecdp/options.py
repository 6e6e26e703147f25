"""Options of ExpertSender CDP: the API key."""

from understudy.core.option import Option

CREDENTIALS = {"api_key": Option("understudy-ecdp-dev-key")}
