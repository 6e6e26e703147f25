"""Options of ExpertSender CDP: the API key."""

from understudy.core.option import SENDABLE, SENDABLE_FORM, Option

CREDENTIALS = {"api_key": Option("understudy-ecdp-dev-key", pattern=SENDABLE, form=SENDABLE_FORM)}
