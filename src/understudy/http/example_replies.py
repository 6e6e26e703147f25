"""Replies from the examples of the spec, for operations without a handler and vendors without an error shape."""

from http import HTTPStatus
from typing import Any

import orjson

from understudy.contract.compiled_operations import Operation, Response
from understudy.contract.document import Document
from understudy.contract.examples import examples_of, request_examples, sample_of
from understudy.core.refused import Refused, plain_reply
from understudy.core.reply import Reply
from understudy.core.upload import Upload
from understudy.core.vendor import Handler
from understudy.state.vendor_state import VendorState


def sample_handler(document: Document, operation: Operation) -> Handler:
    """Return a handler that replies to an operation with the spec's examples.

    If a parameter or the body equals a named request example, the response example of that name is the reply, an error
    before a success. Any other request gets the sample of the first success status.
    """
    replies = _named_replies(document, operation)
    names_by_value = [
        (argument, {_key(example.get("value")): name for name, example in examples.items() if name in replies})
        for argument, examples in request_examples(document, operation)
    ]
    default = _default_reply(document, operation)

    def reply(_state: VendorState, **arguments: Any) -> Reply:
        matching = [names[key] for argument, names in names_by_value if (key := _key(arguments.get(argument))) in names]
        return max((replies[name] for name in matching), key=_is_refusal, default=default)

    return reply


def _is_refusal(reply: Reply) -> bool:
    return reply.status >= HTTPStatus.BAD_REQUEST


def _key(value: Any) -> bytes:
    return orjson.dumps(value, default=_text_of, option=orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS)


def _text_of(value: Any) -> str:
    return value.content.read().decode(errors="replace") if isinstance(value, Upload) else str(value)


def _named_replies(document: Document, operation: Operation) -> dict[str, Reply]:
    replies: dict[str, Reply] = {}
    for status, response in operation.responses.items():
        if not status.isdigit() or not response.media:
            continue
        media = response.node["content"][response.media_type]
        for name, example in examples_of(document, media).items():
            if "x-role" not in example:
                replies.setdefault(name, Reply(example.get("value"), int(status), _headers(document, response)))
    return replies


def _default_reply(document: Document, operation: Operation) -> Reply:
    status = next((status for status in operation.responses if status.startswith("2")), next(iter(operation.responses)))
    response = operation.responses[status]
    content = response.node.get("content", {})
    body: Any = sample_of(document, content[response.media_type]) if content else None
    return Reply(body, int(status) if status.isdigit() else HTTPStatus.OK, _headers(document, response))


def _headers(document: Document, response: Response) -> dict[str, str]:
    return {header.name: str(sample_of(document, header.node)) for header in response.headers if header.is_required}


def generic_error(document: Document, refused: Refused, response: Response | None) -> Reply:
    """Return the reply to a refused request of a vendor without error shape: the spec's example, or a problem."""
    if response is not None and response.media:
        return Reply(
            sample_of(document, response.node["content"][response.media_type]), refused.status, refused.headers
        )
    return plain_reply(refused)
