"""Error responses of the event collector: JHipster's problem documents, and Keycloak's errors for token requests."""

from http import HTTPStatus
from typing import Any

from understudy.core.media_types import PROBLEM_JSON
from understudy.core.refused import Cause, Refused, Violation
from understudy.core.reply import Reply
from understudy.core.status_phrases import phrase_of

WITH_MESSAGE = "https://www.jhipster.tech/problem/problem-with-message"
BROKEN_CONSTRAINT = "https://www.jhipster.tech/problem/constraint-violation"

UNKNOWN_REALM = "realm"
REALMS = "/auth/realms/"
"""Start of the paths that Keycloak serves."""

BEFORE_KEYCLOAK = frozenset((413, 415))
"""Statuses of refusals made before a request reaches Keycloak."""

TOKEN_CODES = frozenset(("invalid_request", "invalid_client", "unauthorized_client", "unsupported_grant_type"))
FORM_FIELDS = frozenset(("grant_type", "client_id", "client_secret"))
"""Fields of the token form; no other body has fields of these names."""

CONSTRAINTS = {
    "required": "NotNull",
    "minLength": "Size",
    "maxLength": "Size",
    "pattern": "Pattern",
    "minimum": "Min",
    "maximum": "Max",
}
"""Java's constraint for each schema keyword; other keywords keep the violation's own message."""

TITLES = {413: "Payload Too Large"}
"""Titles in place of Python's phrases, which differ between its releases."""
DETAILS = {
    (401, Cause.CREDENTIALS): "Full authentication is required to access this resource",
    (403, Cause.CREDENTIALS): "Access is denied",
    (413, Cause.CONTRACT): "The body is too large",
}


def render(refused: Refused) -> Reply:
    """Return the response to a refusal, of Keycloak for token requests, else of the collector."""
    if refused.code == UNKNOWN_REALM:
        return Reply({"error": refused.message}, refused.status, refused.headers)
    if refused.cause is Cause.FAULT and refused.target.startswith(REALMS) and refused.status not in BEFORE_KEYCLOAK:
        return _token_error(refused, refused.message.lower().replace(" ", "_"), refused.message)
    if refused.code in TOKEN_CODES:
        return _token_error(refused, str(refused.code), refused.message)
    if refused.status == HTTPStatus.BAD_REQUEST and refused.violations:
        return _constraint_violation(refused, refused.violations)
    return _problem(refused, _detail(refused), str(refused.code or f"http.{refused.status}"), refused.data)


def _constraint_violation(refused: Refused, violations: tuple[Violation, ...]) -> Reply:
    first = violations[0]
    if first.rule == "malformed" or first.path == "":
        return _problem(refused, f"JSON parse error: {first.message}", "http.400", None)
    if first.where == "body" and first.name in FORM_FIELDS:
        return _token_error(refused, *_form_refusal(first))
    if first.path == "/id" and first.value is None:  # only the update of a subscription requires an id
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
        "title": TITLES.get(refused.status) or phrase_of(refused.status),
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
