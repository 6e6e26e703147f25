"""Replies to refused requests in the error shapes that a foreign document declares."""

from collections.abc import Mapping
from typing import Any

import orjson

from understudy.contract.compiled_operations import Operation, Response
from understudy.core.media_types import is_json
from understudy.core.refused import Refused, plain_reply
from understudy.core.reply import Reply
from understudy.resources.sampled_replies import sampled_headers
from understudy.samples.sample_maker import NoValue, SampleMaker

ALTERNATIVES = {400: (422, 400), 404: (404, 410), 409: (409, 422, 400), 415: (415, 400), 403: (403, 401)}
"""Statuses, by the status of a refusal, that a document may declare for it, the most fitting first."""

TEXT_NAMES = (
    "message",
    "detail",
    "description",
    "error_description",
    "msg",
    "reason",
    "errorMessage",
    "error",
    "title",
)
"""Names of properties that hold an error's text, the most usual first."""

MAX_DEPTH = 5


class ErrorReplies:
    """Replies to the refusals of one document's operations."""

    def __init__(self, maker: SampleMaker) -> None:
        self._maker = maker

    def reply(self, operation: Operation, refused: Refused) -> Reply:
        """Return the declared response that fits a refusal best, with its text wherever the schema has a place for one.

        A status that the document does not declare is sent as a problem document.
        """
        status, response = _declared(operation, refused.status)
        if response is None or not is_json(response.media_type):
            return plain_reply(refused) if response is None else self._other(operation, response, status, refused)
        schema = response.node["content"][response.media_type].get("schema", {})
        try:
            body = self._maker.media_value(response.node["content"][response.media_type], f"{operation.id} {status}")
            headers = sampled_headers(operation, response, self._maker)
        except NoValue:
            return plain_reply(refused)
        return Reply(self._worded(schema, body, refused), status, {**headers, **refused.headers})

    def _other(self, operation: Operation, response: Response, status: int, refused: Refused) -> Reply:
        """Return a declared response that is no JSON: a text, or nothing."""
        body = refused.message if response.media_type else None
        try:
            return Reply(body, status, {**sampled_headers(operation, response, self._maker), **refused.headers})
        except NoValue:
            return plain_reply(refused)

    def _worded(self, schema: Any, body: Any, refused: Refused) -> Any:
        """Return an error's body with the refusal's text in place of the sample's, if the schema allows it."""
        places = sorted(_text_places(body, (), 0), key=lambda place: (TEXT_NAMES.index(place[-1]), len(place)))
        made = orjson.loads(orjson.dumps(body))
        for place in places:
            changed = _with_text(made, place, refused.message)
            if self._maker.is_valid(schema, changed):
                made = changed
                break
        return self._with_status(schema, made, refused.status)

    def _with_status(self, schema: Any, body: Any, status: int) -> Any:
        if isinstance(body, dict) and isinstance(body.get("status"), int) and not isinstance(body["status"], bool):
            changed = {**body, "status": status}
            return changed if self._maker.is_valid(schema, changed) else body
        return body


def _declared(operation: Operation, status: int) -> tuple[int, Response | None]:
    """Return the declared status for a refusal, and its response; ``None`` if the document has none for it."""
    for each in (status, *ALTERNATIVES.get(status, ())):
        if str(each) in operation.responses:
            return each, operation.responses[str(each)]
    return status, operation.response(status)


def _text_places(node: Any, place: tuple[str, ...], depth: int) -> list[tuple[str, ...]]:
    if depth > MAX_DEPTH:
        return []
    if isinstance(node, list):
        return [
            found
            for number, part in enumerate(node[:1])
            for found in _text_places(part, (*place, f"{number}"), depth + 1)
        ]
    if not isinstance(node, Mapping):
        return []
    found = [(*place, name) for name, value in node.items() if name in TEXT_NAMES and isinstance(value, str)]
    for name, value in node.items():
        found += _text_places(value, (*place, name), depth + 1)
    return found


def _with_text(body: Any, place: tuple[str, ...], text: str) -> Any:
    name, *rest = place
    if isinstance(body, list):
        return [
            _with_text(part, tuple(rest), text) if number == int(name) else part for number, part in enumerate(body)
        ]
    return {**body, name: _with_text(body[name], tuple(rest), text) if rest else text}
