"""Answers for operations and refusals that no vendor's code makes: taken from the spec, so always allowed by it."""

from typing import Any

from understudy.contract.document import Document
from understudy.contract.examples import sample_of
from understudy.contract.operations import Operation, Response
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.vendor import Operate
from understudy.state.world import World


def sampler(document: Document, operation: Operation) -> Operate:
    """Return a function that answers an operation with the sample of its first success."""
    status = next((status for status in operation.responses if status.startswith("2")), next(iter(operation.responses)))
    response = operation.responses[status]
    content = response.node.get("content", {})
    body: Any = sample_of(document, content[response.media_type]) if content else None
    headers = {header.name: str(sample_of(document, header.node)) for header in response.headers if header.is_required}
    reply = Reply(body, int(status) if status.isdigit() else 200, headers)

    def answer(_world: World) -> Reply:
        return reply

    return answer


def generic_error(document: Document, refused: Refused, response: Response | None) -> Reply:
    """Return a refusal for a vendor without words of its own: the spec's example, or else plain facts."""
    if response is not None and response.media:
        return Reply(
            sample_of(document, response.node["content"][response.media_type]), refused.status, refused.headers
        )
    return plain_refusal(refused)


def plain_refusal(refused: Refused) -> Reply:
    """Return a refusal as plain facts, in no vendor's shape."""
    violations = [{"in": each.where, "path": each.path, "message": each.message} for each in refused.violations]
    body = {"title": refused.message, "status": refused.status, "violations": violations}
    return Reply(body, refused.status, refused.headers, "application/problem+json")
