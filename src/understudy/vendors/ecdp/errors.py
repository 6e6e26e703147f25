"""Error responses of ExpertSender CDP: problem details of RFC 7807, for status 400 with a list of texts."""

import re
from http import HTTPStatus
from typing import Any

from understudy.core.media_types import PROBLEM_JSON
from understudy.core.refused import Cause, Refused, Violation
from understudy.core.reply import Reply
from understudy.vendors.ecdp.customer_identifiers import FIELD_BY_MATCH, FIELDS, INDEX_BY_PARAMETER

INVALID = 400
SUBSTATUS = "CustomerInvalidModelState"
"""The only value in the vendor's pages. They show it with 401 and 404 too; it is left out there as a placeholder."""

CODING = "Content-Encoding"
"""Path of a refusal for the content coding of the body, which has the status of a refused content type."""

TITLES = {each.value: each.phrase.capitalize() for each in HTTPStatus}

DETAILS = {
    (Cause.CONTRACT, 400): "A parameter is missing or wrong: see errors.",
    (Cause.CONTRACT, 413): "The body is over the limit.",
    (Cause.CONTRACT, 415): "The content type is not application/json.",
    (Cause.CREDENTIALS, 401): "The API key is missing or unknown.",
    (Cause.ROUTE, 404): "There is no such resource.",
    (Cause.ROUTE, 405): "The resource does not take this method.",
}

ORDERS = "/orders"
MODES = "Email, PhoneNumber, CrmId, GUID or VisitorId"
MODES_OF_ORDERS = "Email, PhoneNumber or CrmId"
STATUSES = "Placed, Paid, Completed or Cancelled"
TYPES = "String, Text, Number, Money, Date, DateTime, Boolean or URL"
SENTENCES = {
    ("anyOf", ""): "At least one customer identifier is required.",
    ("oneOf", ""): "Every customer needs the field that matchBy names.",
    ("required", ""): "A body is required.",
    ("pattern", "/matchBy"): f"matchBy: must be one of {MODES}",
}
"""Texts for violations whose own message would name no field, or show a pattern that nobody reads."""

CHOICES = (
    (re.compile(r"/data/[0-9]+/status|/orderStatus"), STATUSES),
    (re.compile(r"/dataFields/[0-9]+/type"), TYPES),
)
"""Values of the fields that are patterns in the document, because they are taken in more than one spelling."""

LACKING_IDENTIFIER = re.compile(r"/data/[0-9]+/customer")
STRUCTURAL = frozenset(("type", "enum"))
"""Schema keywords of which two that fail for one value are one fault."""


def render(refused: Refused) -> Reply:
    """Return the response to a refusal."""
    detail = DETAILS.get((refused.cause, refused.status)) or refused.message or "The request was refused."
    if any(each.path == CODING for each in refused.violations):
        detail = refused.message
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES.get(refused.status, "Error"),
        "status": refused.status,
        **({"substatus": SUBSTATUS} if refused.status == INVALID else {}),
        "detail": detail,
        "instance": refused.target,
    }
    if refused.status == INVALID:
        problem["errors"] = _errors(refused)
    return Reply(problem, refused.status, refused.headers, PROBLEM_JSON)


def _errors(refused: Refused) -> list[str]:
    if refused.violations:
        return list(dict.fromkeys(_sentence(each, refused.target) for each in _faults(refused.violations)))
    if isinstance(refused.data, list) and refused.data:
        return [str(each) for each in refused.data]
    return [refused.message or "The request was refused."]


def _faults(violations: tuple[Violation, ...]) -> list[Violation]:
    """Return one violation for each fault: a wrong value may also break the rule that one of several is required."""
    wrong = {each.path: each for each in reversed(violations) if each.rule in STRUCTURAL}
    return [each for each in violations if wrong.get(each.path, each) is each and not _is_named_by_others(each)]


def _is_named_by_others(violation: Violation) -> bool:
    """Return whether alternatives fail although no field lacks: then another violation names the fault."""
    body = violation.value
    if not isinstance(body, dict):
        return False
    if (violation.rule, violation.path) == ("oneOf", ""):
        return not _lacks_matching_field(body)
    if violation.rule == "anyOf":
        return any(body.get(name) not in (None, "") for name in (*INDEX_BY_PARAMETER, *FIELDS))
    return False


def _lacks_matching_field(body: dict[str, Any]) -> bool:
    """Return whether a customer of a request lacks the field that ``matchBy`` names."""
    match_by, customers = body.get("matchBy"), body.get("data")
    field = FIELD_BY_MATCH.get(match_by.lower()) if isinstance(match_by, str) else None
    if field is None or not isinstance(customers, list):
        return False
    return any(isinstance(each, dict) and each.get(field) in (None, "") for each in customers)


def _sentence(violation: Violation, target: str) -> str:
    if (violation.rule, violation.path, target) == ("pattern", "/matchBy", ORDERS):
        return f"matchBy: must be one of {MODES_OF_ORDERS}"
    sentence = SENTENCES.get((violation.rule, violation.path))
    if sentence is not None:
        return sentence
    if not violation.path:
        return violation.message
    place = violation.path.lstrip("/").replace("/", ".")
    choices = next((each for pattern, each in CHOICES if pattern.fullmatch(violation.path)), None)
    if violation.rule == "pattern" and choices is not None:
        return f"{place}: must be one of {choices}"
    if violation.rule == "anyOf" and LACKING_IDENTIFIER.fullmatch(violation.path):
        return f"{place}: one of email, phone and crmId is required"
    is_absent = violation.rule == "required" or (violation.rule in STRUCTURAL and violation.message.startswith("null "))
    return f"{place}: {'is required' if is_absent else violation.message}"
