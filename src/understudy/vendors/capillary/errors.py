"""Error responses of Capillary: a list of coded errors, in the same envelope as a success."""

import re
from http import HTTPStatus
from typing import Any

import orjson

from understudy.core.refused import Refused, Violation
from understudy.core.reply import Reply

LOOKUP_PAIR = 1061
ATTRIBUTE = 1802
EVENT_EXISTS = 1806
TRANSFORMER = 1808
ACTION = 1810
EVENT_NAME = 1811
FIELD_TYPE = 1823
AUTH_MECHANISM = 1839
SEARCH = 1850

UNAUTHENTICATED = "Authentication failed. Please check username and password."

# Places where a request may break the spec, each with the vendor's error code; other places get the HTTP status.
CODES = (
    (re.compile(r"body/eventName"), EVENT_NAME),
    (re.compile(r"body/actions(/.*)?"), ACTION),
    (re.compile(r"body/fields/\d+/type"), FIELD_TYPE),
    (re.compile(r"body/fields/\d+/attributes(/.*)?", re.DOTALL), ATTRIBUTE),
    (re.compile(r"body/transformerType"), TRANSFORMER),
    (re.compile(r"body/authMechanism"), AUTH_MECHANISM),
    (re.compile(r"query:(event_name|eventName)"), EVENT_NAME),
    (re.compile(r"query:(?!use_standard_adapter_mappings).*"), SEARCH),
)
MESSAGES = {
    ATTRIBUTE: "field attribute value  fails for validation type isRequired",
    TRANSFORMER: "customer event transformer not present",
    EVENT_NAME: "event name invalid",
    AUTH_MECHANISM: "auth mechanism not present",
}
"""Texts of the vendor's tables of errors, as printed: one has two spaces where a value is left out."""


def render(refused: Refused) -> Reply:
    """Return the response to a refusal: one error for each fault, or one for the refusal itself."""
    found = [_violation(each, refused) for each in refused.faults] or [_raised(refused)]
    errors = [error for number, error in enumerate(found) if error not in found[:number]]
    return Reply({"warnings": [], "errors": errors}, refused.status, refused.headers)


def _raised(refused: Refused) -> dict[str, Any]:
    if refused.status == HTTPStatus.UNAUTHORIZED:
        return _error(refused.status, UNAUTHENTICATED)
    return _error(int(refused.code or refused.status), refused.message)


def _violation(violation: Violation, refused: Refused) -> dict[str, Any]:
    code = _code(violation) or refused.status
    if code == ACTION:
        name = refused.body.get("eventName") if isinstance(refused.body, dict) else None
        return _error(code, f"Event_{name if isinstance(name, str) else ''} event actions invalid")
    if code == FIELD_TYPE:
        return _error(code, f"{_type_as_sent(violation)} invalid event field type")
    if code == SEARCH:
        return _error(code, bad_search(violation.name))
    return _error(code, MESSAGES.get(code, violation.message))


def bad_search(parameter: str) -> str:
    """Return the vendor's text about a parameter of a search."""
    return f"Invalid search request parameters `{parameter}`"


def _type_as_sent(violation: Violation) -> str:
    """Return the type that the vendor's text names: a missing one is null there, as in Java."""
    if violation.rule == "required":
        return "null"
    value = violation.value
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _code(violation: Violation) -> int | None:
    value = violation.value
    if violation.rule == "anyOf" and isinstance(value, dict) and value.get("authEnabled") is True:
        return AUTH_MECHANISM  # the webhook's "a mechanism, or no authentication" is an anyOf over the whole body
    place = violation.where + ("" if violation.where == "body" else ":") + violation.path
    return next((code for pattern, code in CODES if pattern.fullmatch(place)), None)


def _error(code: int, message: str) -> dict[str, Any]:
    return {"status": False, "code": code, "message": message}
