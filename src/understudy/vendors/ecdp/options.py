"""Options of ExpertSender CDP: the API key, and the field by which the business unit finds its customers."""

from understudy.core.option import SENDABLE, SENDABLE_FORM, Option

CREDENTIALS = {"api_key": Option("understudy-ecdp-dev-key", pattern=SENDABLE, form=SENDABLE_FORM)}
ANY_MATCHING = "any"
SETTINGS = {"matching": Option(ANY_MATCHING, choices=(ANY_MATCHING, "Email", "PhoneNumber", "CrmId"))}
"""``matching``: the default matching mode of the business unit, which ``matchBy`` then has to name."""
