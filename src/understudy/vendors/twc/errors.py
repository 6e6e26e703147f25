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

CONVERSIONS = frozenset(("type", "enum"))
"""Schema keywords that Spring checks while it reads a value into its Java type, before any constraint."""

COMBINATIONS = {"/destination": "/destination/sqs"}
"""Field that is missing where an object with alternatives fits none of them."""

NOUNS = {"events": "event", "event-subscription": "eventSubscription", "jobs": "job"}
"""Name of the object in a body, by the part of the path that follows the version."""

VERSION = "/api/v1/"

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
    if (first.rule, first.path) == ("required", "") and refused.target.startswith(REALMS):
        return _token_error(refused, "invalid_request", "Missing form parameter: grant_type")
    if first.rule == "malformed" or first.path == "":
        return _problem(refused, f"JSON parse error: {first.message}", "http.400", None)
    if first.where == "body" and first.name in FORM_FIELDS:
        return _token_error(refused, *_form_refusal(first))
    if first.path == "/id" and first.value is None:  # only the update of a subscription requires an id
        return _problem(refused, "Invalid id", "idnull", "eventSubscription")
    unread = next((each for each in violations if each.rule in CONVERSIONS and each.value is not None), None)
    if unread is not None:
        return _problem(refused, _conversion_error(unread), "http.400", None)
    fields = {tuple(found.values()): found for each in violations if (found := _field_error(refused, each))}
    body = {
        "type": BROKEN_CONSTRAINT,
        "title": "Method argument not valid",
        "status": refused.status,
        "path": refused.target,
        "message": "error.validation",
        "fieldErrors": [*fields.values()],
    }
    return Reply(body, refused.status, refused.headers, PROBLEM_JSON)


def _conversion_error(violation: Violation) -> str:
    start = "JSON parse error" if violation.where == "body" else f"Failed to convert the {violation.where} parameter"
    return f"{start}: {_field(violation.path)}: {violation.message}"


def _form_refusal(violation: Violation) -> tuple[str, str]:
    if violation.rule == "required":
        return "invalid_request", f"Missing form parameter: {violation.name}"
    if violation.rule == "repeated":
        return "invalid_request", "duplicated parameter"
    return "invalid_request", violation.message


def _field_error(refused: Refused, violation: Violation) -> dict[str, str]:
    """Return the entry of a broken constraint. A null counts as absent, so it breaks no other constraint than that."""
    path, rule = violation.path, violation.rule
    if rule == "anyOf" and path in COMBINATIONS:
        path, rule = COMBINATIONS[path], "required"
    if rule in CONVERSIONS:
        rule = "required"
    noun = NOUNS.get(refused.target.partition(VERSION)[2].partition("/")[0], violation.where)
    return {
        "objectName": noun if violation.where == "body" else violation.where,
        "field": _field(path),
        "message": CONSTRAINTS.get(rule, violation.message),
    }


def _field(path: str) -> str:
    return path.removeprefix("/").replace("/", ".")


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
