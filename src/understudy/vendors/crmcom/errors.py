"""CRM.COM's words for "no": ``{"error": KEY, "description": TEXT}``.

Its clients show the keys for a missing record, a small wallet, a failed login and a contact that is not named by
exactly one field; the others are made like these.
"""

from enum import StrEnum

from understudy.core.media_types import JSON
from understudy.core.refused import Refused, Violation
from understudy.core.reply import Reply


class Key(StrEnum):
    """Why, as the vendor spells it."""

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


def render(refused: Refused) -> Reply:
    """Put a refusal into the vendor's shape; the status stays."""
    body = {"error": str(_key(refused)), "description": _describe(refused)}
    return Reply(body, status=refused.status, headers=refused.headers, media_type=JSON)


def _key(refused: Refused) -> str:
    if refused.code is not None:
        return str(refused.code)
    if any(map(_misses_the_contact, refused.violations)):
        return Key.CONTACT_NOT_UNIQUE
    return _BY_STATUS.get(refused.status, Key.INVALID_REQUEST)


def _misses_the_contact(violation: Violation) -> bool:
    """Tell whether the body as a whole breaks its only ``oneOf``: ``contact_id`` or ``cim``, and not both."""
    return (violation.where, violation.path, violation.rule) == ("body", "", "oneOf")


def _describe(refused: Refused) -> str:
    if not refused.violations:
        return refused.message
    return "; ".join(f"{found.where} {found.path}: {found.message}" for found in refused.violations)
