"""Error responses of CRM.COM: ``{"error": KEY, "description": TEXT}``, or the envelope of the older calls.

The older calls (generation V4: tokens, ``customer_events``) carry a failure in the envelope of their successes, with
HTTP 200 and a status code that is not ``OK``; public clients compare the code and show the message.

The keys for a missing record, a small wallet, a failed login and a contact that is not named by exactly one field are
known from clients of the vendor; the others are inferred from their pattern.
"""

import re
from enum import StrEnum
from http import HTTPStatus

from understudy.core.media_types import JSON
from understudy.core.refused import Cause, Refused, Violation
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


ENVELOPED = frozenset(
    (
        "cancel_purchase_event",
        "create_purchase_event",
        "create_token",
        "create_web_api_key_token",
        "get_purchase_event",
        "release_token",
    )
)
"""Operations of the older generation: the spec has ``x-refused-with: 200`` at each."""

OLDER_PATHS = ("/authentication/", "/customer_events/")
"""Parts of the paths of the older generation, below which an unknown path or method is refused in its envelope too."""

UNENVELOPED_STATUSES = frozenset((413, 415))
"""Statuses that the older calls have too: they are of the body as a whole, which no call has read."""

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
    """Return the response to a refusal: with its own status, or with HTTP 200 in the envelope of an older call."""
    if _is_of_older_call(refused):
        return _envelope(refused)
    body = {"error": str(_key(refused)), "description": _describe(refused)}
    return Reply(body, status=refused.status, headers=refused.headers, media_type=JSON)


def _is_of_older_call(refused: Refused) -> bool:
    is_unknown = refused.cause is Cause.ROUTE and any(part in refused.target for part in OLDER_PATHS)
    return refused.operation in ENVELOPED or is_unknown


def _envelope(refused: Refused) -> Reply:
    """Return a failure in the envelope of an older call; a fault, and a route that is unknown, keep their status."""
    has_status = refused.cause in (Cause.FAULT, Cause.LIMIT, Cause.ROUTE) or refused.status in UNENVELOPED_STATUSES
    reason = _describe(refused)
    code = str(_key(refused)).rpartition(".")[2]
    body = {"status": {"code": code, "message": reason, "description": reason}, "data": {}}
    status = refused.status if has_status else HTTPStatus.OK.value
    return Reply(body, status=status, headers=refused.headers, media_type=JSON)


def _key(refused: Refused) -> str:
    if refused.code is not None:
        return str(refused.code)
    if refused.operation not in ENVELOPED and any(map(_is_contact_violation, refused.violations)):
        return Key.CONTACT_NOT_UNIQUE
    if refused.status in _BY_STATUS or refused.status not in _OTHERWISE_NAMED:
        return _BY_STATUS.get(refused.status, Key.INVALID_REQUEST)
    return f"CRM.EXCEPTIONS.{NOT_LETTERS.sub('', phrase_of(refused.status)).upper()}EXCEPTION"


def _is_contact_violation(violation: Violation) -> bool:
    """Return whether a purchase breaks its only ``oneOf``: exactly one of ``contact_id`` and ``cim``."""
    is_of_body = (violation.where, violation.path, violation.rule) == ("body", "", "oneOf")
    return is_of_body and isinstance(violation.value, dict)


def _describe(refused: Refused) -> str:
    if not refused.violations:
        return refused.message
    return "; ".join(
        f"{found.where} {found.path}: {found.message}" if found.path else f"{found.where}: {found.message}"
        for found in refused.violations
    )
