"""Error responses of ExpertSender CDP: problem details of RFC 7807, for status 400 with a list of texts."""

from http import HTTPStatus
from typing import Any

from understudy.core.media_types import PROBLEM_JSON
from understudy.core.refused import Cause, Refused, Violation
from understudy.core.reply import Reply

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

SENTENCES = {
    ("anyOf", ""): "At least one customer identifier is required.",
    ("oneOf", ""): "Every customer needs the field that matchBy names.",
    ("required", ""): "A body is required.",
}
"""Texts for violations of the whole body, where the schema's own message would name no field."""


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
        return list(dict.fromkeys(_sentence(each) for each in refused.faults))
    if isinstance(refused.data, list) and refused.data:
        return [str(each) for each in refused.data]
    return [refused.message or "The request was refused."]


def _sentence(violation: Violation) -> str:
    sentence = SENTENCES.get((violation.rule, violation.path))
    if sentence is not None:
        return sentence
    if not violation.path:
        return violation.message
    place = violation.path.lstrip("/").replace("/", ".")
    return f"{place}: {'is required' if violation.rule == 'required' else violation.message}"
