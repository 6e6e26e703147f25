"""Replies to refused requests in the error shapes that a foreign document declares."""

from typing import Any

from understudy.contract.compiled_operations import Operation, Response
from understudy.core.media_types import is_json
from understudy.core.refused import Refused, plain_reply
from understudy.core.reply import Reply
from understudy.resources.error_bodies import coded, worded
from understudy.resources.file_samples import as_file
from understudy.resources.sampled_replies import sampled_headers
from understudy.samples.sample_maker import NoValue, SampleMaker

ALTERNATIVES = {
    400: (422, 400),
    404: (404, 410),
    409: (409, 422, 400),
    415: (415, 400),
    403: (403, 401),
    422: (422, 400, 409),
}
"""Statuses, by the status of a refusal, that a document may declare for it, the most fitting first."""


class ErrorReplies:
    """Replies to the refusals of one document's operations."""

    def __init__(self, maker: SampleMaker) -> None:
        self._maker = maker

    def reply(self, operation: Operation, refused: Refused) -> Reply:
        """Return the declared response that fits a refusal best, with its text wherever the schema has a place for one.

        A status that the document does not declare is sent as a problem document.
        """
        status, response = _declared(operation, refused.status)
        if response is None:
            return plain_reply(refused)
        try:
            body = self._body(operation, response, status, refused)
            headers = sampled_headers(operation, response, self._maker)
        except NoValue:
            return plain_reply(refused)
        return Reply(body, status, {**headers, **refused.headers})

    def _body(self, operation: Operation, response: Response, status: int, refused: Refused) -> Any:
        """Return the body of an error in its declared form; raise ``NoValue`` if none is found."""
        media = response.media_type
        if not media:
            return None
        node = response.node["content"][media]
        if not is_json(media) and not node.get("schema", {}).keys() - {"type", "description", "example"}:
            return as_file(media, refused.message, "error")
        schema = node.get("schema", {})
        shown = self._maker.media_value(node, f"error {operation.id} {status}")
        if not node.keys() & {"example", "examples"}:
            shown = coded(shown, status, lambda value: self._maker.is_valid(schema, value))
        body = worded(shown, refused, status, lambda value: self._maker.is_valid(schema, value))
        return body if is_json(media) else as_file(media, body, "error")


def _declared(operation: Operation, status: int) -> tuple[int, Response | None]:
    """Return the declared status for a refusal, and its response; ``None`` if the document has none for it."""
    for each in (status, *ALTERNATIVES.get(status, ())):
        if str(each) in operation.responses:
            return each, operation.responses[str(each)]
    return status, operation.response(status)
