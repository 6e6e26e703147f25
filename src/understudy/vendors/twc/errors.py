"""How the vendor says no: JHipster's problem documents, and Keycloak's own shape where a token is asked for."""

from http import HTTPStatus
from typing import Any

from understudy.core.media_types import PROBLEM_JSON
from understudy.core.refused import Cause, Refused, Violation
from understudy.core.reply import Reply

WITH_MESSAGE = "https://www.jhipster.tech/problem/problem-with-message"
BROKEN_CONSTRAINT = "https://www.jhipster.tech/problem/constraint-violation"

UNKNOWN_REALM = "realm"
REALMS = "/auth/realms/"
"""Where Keycloak answers."""

BEFORE_KEYCLOAK = frozenset((413, 415))
"""What is refused before Keycloak sees it."""

TOKEN_CODES = frozenset(("invalid_request", "invalid_client", "unauthorized_client", "unsupported_grant_type"))
FORM_FIELDS = frozenset(("grant_type", "client_id", "client_secret"))
"""The fields of the token form; no other body has fields of these names."""

CONSTRAINTS = {
    "required": "NotNull",
    "minLength": "Size",
    "maxLength": "Size",
    "pattern": "Pattern",
    "minimum": "Min",
    "maximum": "Max",
}
"""Java's names for what a schema asks; other rules are told in words."""

TITLES = {413: "Payload Too Large"}
"""Python's own phrase differs from one release to the next."""
DETAILS = {
    (401, Cause.CREDENTIALS): "Full authentication is required to access this resource",
    (403, Cause.CREDENTIALS): "Access is denied",
    (413, Cause.CONTRACT): "The body is too large",
}


def render(refused: Refused) -> Reply:
    """Put a refusal into the vendor's words."""
    if refused.code == UNKNOWN_REALM:
        return Reply({"error": refused.message}, refused.status, refused.headers)
    if refused.cause is Cause.FAULT and refused.target.startswith(REALMS) and refused.status not in BEFORE_KEYCLOAK:
        return _token_error(refused, refused.message.lower().replace(" ", "_"), refused.message)
    if refused.code in TOKEN_CODES:
        return _token_error(refused, str(refused.code), refused.message)
    if refused.status == HTTPStatus.BAD_REQUEST and refused.violations:
        return _broken(refused, refused.violations)
    return _problem(refused, _detail(refused), str(refused.code or f"http.{refused.status}"), refused.data)


def _broken(refused: Refused, violations: tuple[Violation, ...]) -> Reply:
    first = violations[0]
    if first.rule == "malformed" or first.path == "":
        return _problem(refused, f"JSON parse error: {first.message}", "http.400", None)
    if first.where == "body" and first.name in FORM_FIELDS:
        return _token_error(refused, *_form_refusal(first))
    if first.path == "/id" and first.value is None:  # only a changed subscription needs its id
        return _problem(refused, "Invalid id", "idnull", "eventSubscription")
    body = {
        "type": BROKEN_CONSTRAINT,
        "title": "Method argument not valid",
        "status": refused.status,
        "path": refused.target,
        "message": "error.validation",
        "fieldErrors": [_field_error(violation) for violation in violations],
    }
    return Reply(body, refused.status, refused.headers, PROBLEM_JSON)


def _form_refusal(violation: Violation) -> tuple[str, str]:
    if violation.rule == "required":
        return "invalid_request", f"Missing form parameter: {violation.name}"
    if violation.rule == "repeated":
        return "invalid_request", "duplicated parameter"
    return "invalid_request", violation.message


def _field_error(violation: Violation) -> dict[str, str]:
    return {
        "objectName": violation.where,
        "field": violation.path.removeprefix("/").replace("/", "."),
        "message": CONSTRAINTS.get(violation.rule, violation.message),
    }


def _token_error(refused: Refused, code: str, message: str) -> Reply:
    return Reply({"error": code, "error_description": message}, refused.status, refused.headers)


def _detail(refused: Refused) -> str:
    return DETAILS.get((refused.status, refused.cause), refused.message)


def _problem(refused: Refused, detail: str, key: str, noun: str | None) -> Reply:
    body: dict[str, Any] = {
        "type": WITH_MESSAGE,
        "title": TITLES.get(refused.status) or HTTPStatus(refused.status).phrase,
        "status": refused.status,
        "detail": detail,
        "path": refused.target,
        "message": f"error.{key}",
    }
    if noun is not None:
        body["params"] = noun
    headers = dict(refused.headers)
    if refused.status == HTTPStatus.UNAUTHORIZED:
        headers.setdefault("WWW-Authenticate", "Bearer")
    return Reply(body, refused.status, headers, PROBLEM_JSON)
