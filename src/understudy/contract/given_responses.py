"""Check of a response that a user gives, against what an operation's document declares."""

from collections.abc import Mapping
from typing import Any

import orjson

from understudy.contract.compiled_operations import Operation, Response
from understudy.contract.parameters import InvalidParameter
from understudy.core.media_types import JSON

MAX_SHOWN = 3
"""Number of violations of a body that a message lists."""


def given_media_type(response: Response | None, headers: Mapping[str, str]) -> str:
    """Return the content type of a given response: that of its headers, the first declared one, or JSON."""
    found = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    return found or (response.media_type if response else "") or JSON


def given_body(body: Any, media_type: str) -> bytes:
    """Return a given body as it is sent: a text as it is unless the type is JSON, any other value as JSON."""
    is_json = media_type.partition(";")[0].strip().lower().endswith("json")
    return body.encode() if isinstance(body, str) and not is_json else orjson.dumps(body)


def find_breach(operation: Operation, status: int, body: Any, headers: Mapping[str, str]) -> str:
    """Return how a response would break an operation's document, in words; empty if it does not.

    A body that is ``None`` is not given, and not checked.
    """
    response = operation.response(status)
    if response is None:
        return f"status {status} is not declared (declared: {', '.join(operation.responses)})"
    return _header_breach(response, headers) or ("" if body is None else _body_breach(response, body, headers))


def _header_breach(response: Response, headers: Mapping[str, str]) -> str:
    present = {name.lower(): value for name, value in headers.items()}
    for header in response.headers:
        text = present.get(header.name.lower())
        if text is None:
            continue
        try:
            header.value([text])
        except InvalidParameter as error:
            return f"header {header.name}: {error}"
    return ""


def _body_breach(response: Response, body: Any, headers: Mapping[str, str]) -> str:
    if not response.media:
        return "the status is declared without a body"
    media_type = given_media_type(response, headers).partition(";")[0].strip().lower()
    validator = response.media.get(media_type)
    if validator is None:
        return f"content type {media_type} is not declared (declared: {', '.join(response.media)})"
    violations = validator.violations(body)[:MAX_SHOWN]
    return "; ".join(f"body {each.path or '/'}: {each.message}" for each in violations)
