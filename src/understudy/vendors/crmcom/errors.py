"""Error responses of CRM.COM: ``{"error": KEY, "description": TEXT}``.

The keys for a missing record, a small wallet, a failed login and a contact that is not named by exactly one field are
known from clients of the vendor; the others are inferred from their pattern.
"""

import re
from enum import StrEnum

from understudy.core.media_types import JSON
from understudy.core.refused import Refused, Violation
from understudy.core.reply import Reply
from understudy.core.status_phrases import phrase_of


class Key(StrEnum):
    """Error keys in the vendor's spelling."""

    ALREADY_EXISTS = "CRM.EXCEPTIONS.ALREADYEXISTSEXCEPTION"
    CONTACT_NOT_UNIQUE = "COM.CRM.EXCEPTIONS.CONTACTUNIQUELYIDENTIFYEXCEPTION"
    INVALID_LOGIN = "CRM.EXCEPTIONS.INVALIDLOGINEXCEPTION"
    INVALID_REQUEST = "CRM.EXCEPTIONS.INVALIDREQUESTEXCEPTION"
    INVALID_STATE = "CRM.EXCEPTIONS.INVALIDSTATEEXCEPTION"
    METHOD_NOT_ALLOWED = "CRM.EXCEPTIONS.METHODNOTALLOWEDEXCEPTION"
    NOT_FOUND = "CRM.EXCEPTIONS.NOTFOUNDEXCEPTION"
    TOO_LARGE = "CRM.EXCEPTIONS.REQUESTTOOLARGEEXCEPTION"
    UNSUPPORTED_MEDIA_TYPE = "CRM.EXCEPTIONS.UNSUPPORTEDMEDIATYPEEXCEPTION"
    WALLET_TOO_SMALL = "CRM.EXCEPTIONS.CANNOTSPENDAMOUNTWALLETBALANCENOTENOUGHEXCEPTION"


_BY_STATUS = {
    401: Key.INVALID_LOGIN,
    403: Key.INVALID_LOGIN,
    404: Key.NOT_FOUND,
    405: Key.METHOD_NOT_ALLOWED,
    413: Key.TOO_LARGE,
    415: Key.UNSUPPORTED_MEDIA_TYPE,
}


_OTHERWISE_NAMED = frozenset((429, *range(500, 600)))
"""Statuses whose key is made of their phrase, as the other keys are made: they are no fault of the request."""

NOT_LETTERS = re.compile("[^A-Za-z0-9]")


def render(refused: Refused) -> Reply:
    """Return the response to a refusal, with the refusal's own status."""
    body = {"error": str(_key(refused)), "description": _describe(refused)}
    return Reply(body, status=refused.status, headers=refused.headers, media_type=JSON)


def _key(refused: Refused) -> str:
    if refused.code is not None:
        return str(refused.code)
    if any(map(_is_contact_violation, refused.violations)):
        return Key.CONTACT_NOT_UNIQUE
    if refused.status in _BY_STATUS or refused.status not in _OTHERWISE_NAMED:
        return _BY_STATUS.get(refused.status, Key.INVALID_REQUEST)
    return f"CRM.EXCEPTIONS.{NOT_LETTERS.sub('', phrase_of(refused.status)).upper()}EXCEPTION"


def _is_contact_violation(violation: Violation) -> bool:
    """Return whether the body breaks its only ``oneOf``: exactly one of ``contact_id`` and ``cim``."""
    return (violation.where, violation.path, violation.rule) == ("body", "", "oneOf")


def _describe(refused: Refused) -> str:
    if not refused.violations:
        return refused.message
    return "; ".join(f"{found.where} {found.path}: {found.message}" for found in refused.violations)
