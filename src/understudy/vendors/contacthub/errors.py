"""Error responses of Contacthub: an envelope that always has the same four keys, as client libraries require."""

from http import HTTPStatus
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from understudy.core.media_types import JSON
from understudy.core.refused import Cause, Refused, Violation
from understudy.core.reply import Reply
from understudy.core.status_phrases import phrase_of

NO_PERMISSION = "You don't have the necessary permissions for the resource"

MESSAGES = {
    401: "The client is not authorized to access the API",
    403: NO_PERMISSION,
}
"""Message of a refusal for its credentials, by status; documented."""

INVALID_CUSTOMER = "source customer is not valid"
"""Message of a refusal of a customer for its properties; from the Go and Java libraries' tests, on no page."""


def render(refused: Refused) -> Reply:
    """Return the error response of a refusal.

    A path without a route gets the default error body of the vendor's web framework instead of the envelope.
    """
    if refused.cause is Cause.ROUTE and refused.status == HTTPStatus.NOT_FOUND:
        body = {"status": 404, "error": "Not Found", "path": refused.target}
        return Reply(body, 404, refused.headers, JSON)
    message = MESSAGES.get(refused.status, "") if refused.cause is Cause.CREDENTIALS else ""
    if refused.cause is Cause.CONTRACT and any(_is_of_customer(violation) for violation in refused.violations):
        message = INVALID_CUSTOMER
    message = message or refused.message or phrase_of(refused.status)
    envelope: dict[str, Any] = {
        "message": message,
        "logref": str(uuid5(NAMESPACE_URL, f"{refused.status} {refused.target} {message}")),
        "data": refused.data,
        "errors": [_item(part) for violation in refused.violations for part in violation.within or (violation,)],
    }
    return Reply(envelope, refused.status, refused.headers, JSON)


def _is_of_customer(violation: Violation) -> bool:
    return violation.where == "body" and violation.path.startswith(("/base", "/consents"))


def _item(violation: Violation) -> dict[str, Any]:
    path = violation.path if violation.where == "body" else f"/{violation.path}"
    return {"message": violation.message, "path": path, "data": None, "code": None}
