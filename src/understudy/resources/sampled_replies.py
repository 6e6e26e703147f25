"""Replies from a document's examples and schemas, for operations of which nothing else is known."""

from collections.abc import Iterator
from typing import Any

from understudy.contract.compiled_operations import Operation, Response
from understudy.core.media_types import is_json
from understudy.core.refused import Cause, Refused
from understudy.core.reply import Reply
from understudy.core.request_facts import RequestFacts
from understudy.core.vendor import Handler
from understudy.resources.file_samples import file_sample
from understudy.resources.header_texts import header_text
from understudy.samples.sample_maker import NoValue, SampleMaker
from understudy.state.vendor_state import VendorState

USUAL = {"default": 200, "2XX": 200, "3XX": 302, "4XX": 400, "5XX": 500, "1XX": 200}


def sampled_handler(operation: Operation, maker: SampleMaker) -> Handler:
    """Return a handler that replies with a declared success, or with what the header ``Prefer`` chooses."""

    def reply(_state: VendorState, request: RequestFacts) -> Reply:
        preferred = request.preferences
        code = preferred.get("code", "")
        if code.isdigit() and operation.response(int(code)) is not None:
            return sampled_reply(operation, int(code), maker, preferred.get("example", ""))
        return any_sampled_reply(operation, maker, preferred.get("example", ""))

    return reply


def any_sampled_reply(operation: Operation, maker: SampleMaker, example: str = "", first: int = 0) -> Reply:
    """Return a sample of the status ``first``, or else of the first declared one of which a sample can be made.

    Raise a refusal (406) if none can be made.
    """
    for status in filter(None, [first, *success_statuses(operation)]):
        try:
            return sampled_reply(operation, status, maker, example)
        except NoValue:
            continue
    raise Refused(406, "no value was found that the schema of this answer allows", cause=Cause.CONTRACT)


def success_statuses(operation: Operation) -> Iterator[int]:
    """Yield the statuses that an operation declares, the successes first, then redirections, then all others."""
    found = [USUAL[key] if key in USUAL else int(key) for key in operation.responses]
    yield from sorted(found, key=lambda status: (status // 100 != 2, status // 100 != 3, status))


def sampled_reply(operation: Operation, status: int, maker: SampleMaker, example: str = "") -> Reply:
    """Return a declared response with a sample body and its required headers; raise ``NoValue`` if none is found."""
    response = operation.response(status)
    if response is None:
        raise NoValue
    return Reply(sampled_body(operation, response, maker, example), status, sampled_headers(operation, response, maker))


def sampled_body(operation: Operation, response: Response, maker: SampleMaker, example: str = "") -> Any:
    """Return the body of a declared response, or ``None`` if it has none."""
    media = response.media_type
    if not media:
        return None
    node = response.node["content"][media]
    if is_json(media):
        return maker.media_value(node, operation.id, example)
    return file_sample(media, node, maker, operation.id)


def sampled_headers(operation: Operation, response: Response, maker: SampleMaker) -> dict[str, str]:
    """Return the required headers of a declared response."""
    made = {}
    for header in response.headers:
        if header.is_required:
            value = maker.media_value(header.node, f"{operation.id} {header.name}")
            made[header.name] = header_text(value)
    return made
