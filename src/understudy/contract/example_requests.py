"""Requests made from a spec's examples: one for each example response, which the request should get.

Responses and requests are paired by the names of their examples. A response without a request of its name is one to an
invalid request: without credentials, or with a body that is too large, of another type, or malformed.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.contract.examples import examples_of, request_examples
from understudy.contract.parameters import Parameter
from understudy.core.media_types import FORM, MULTIPART

BOUNDARY = "understudy-example"
FILE = "file"
"""Name of the field of a multipart form that is sent as a file."""


@dataclass(frozen=True, slots=True)
class ExampleRequest:
    """Request of an operation, with the status and body of the response that the spec shows for it.

    ``shown`` is the response's body, ``None`` without one. ``target`` is the path with its query, below the base path.
    ``role`` is the role for which the client signs in; a request that ``is_anonymous`` has no credentials.
    """

    operation: Operation
    name: str
    status: int
    shown: Any
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    role: str = ""
    is_anonymous: bool = False

    def __str__(self) -> str:
        return f"{self.operation.vendor}.{self.operation.id}-{self.status}-{self.name}"


class UnpairedExample(Exception):  # noqa: N818 - a fact about a spec
    """Example response for which no request can be made."""


def example_requests(document: Document, operation: Operation, body_limit: int) -> Iterator[ExampleRequest]:
    """Yield a request for each example response of an operation; raise ``UnpairedExample`` if none can be made."""
    for status, response in operation.responses.items():
        media = response.node.get("content", {}).get(response.media_type, {})
        examples = examples_of(document, media) or {"empty": {}}
        for name, example in examples.items():
            if has_request_example(document, operation, name):
                request = valid_request(document, operation, name)
            else:
                request = _invalid_request(document, operation, name, int(status), body_limit)
            yield replace(
                request, name=name, status=int(status), shown=example.get("value"), role=example.get("x-role", "")
            )


def has_request_example(document: Document, operation: Operation, name: str) -> bool:
    """Return whether any part of the request has an example of this name."""
    return any(name in examples for _, examples in request_examples(document, operation))


def build_request(
    operation: Operation, values: Mapping[str, Any], body: bytes = b"", media: str = "", name: str = ""
) -> ExampleRequest:
    """Return a request with a body and with values for parameters, by their names in the spec."""
    path, query, headers = operation.path, [], {}
    for parameter in operation.parameters:
        value = values.get(parameter.name)
        if value is None:
            continue
        if parameter.where == "path":
            path = path.replace(f"{{{parameter.name}}}", quote(_text(value), safe=""))
        elif parameter.where == "query":
            query += [(parameter.name, text) for text in _query_texts(parameter, value)]
        else:
            headers[parameter.name] = _text(value)
    if media:
        headers["Content-Type"] = media
    target = f"{path}?{urlencode(query)}" if query else path
    return ExampleRequest(operation, name, 0, None, target, headers, body)


def valid_request(document: Document, operation: Operation, name: str) -> ExampleRequest:
    """Return the request whose parts are the examples of a name, or the first ones of what is required.

    Raises ``UnpairedExample`` for a required parameter without an example.
    """
    values = {parameter.name: _example_value(document, parameter, name) for parameter in operation.parameters}
    return build_request(operation, values, *_body(document, operation, name), name)


def _example_value(document: Document, parameter: Parameter, name: str) -> Any:
    examples = examples_of(document, parameter.node)
    if name in examples:
        return examples[name]["value"]
    if not parameter.is_required:
        return None
    if not examples:
        raise UnpairedExample(f"the required parameter {parameter.name} has no example")
    return next(iter(examples.values()))["value"]


def _query_texts(parameter: Parameter, value: Any) -> list[str]:
    if not parameter.is_list:
        return [_text(value)]
    texts = [_text(each) for each in value]
    return texts if parameter.is_exploded else [",".join(texts)]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # a number of more than 64 bits
        return json.dumps(value)


def _body(document: Document, operation: Operation, name: str) -> tuple[bytes, str]:
    if operation.body is None:
        return b"", ""
    for media, part in operation.body.node["content"].items():
        examples = examples_of(document, part)
        if name in examples or (operation.body.is_required and examples):
            example = examples.get(name) or next(iter(examples.values()))
            return encode_body(example["value"], media)
    return b"", ""


def encode_body(value: Any, media: str) -> tuple[bytes, str]:
    """Return a value as a body of a media type, and the content-type header."""
    if media == FORM:
        return urlencode(value).encode(), media
    if media != MULTIPART:
        return orjson.dumps(value), media
    parts = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
        + ('; filename="example.csv"\r\nContent-Type: text/csv' if name == FILE else "")
        + f"\r\n\r\n{_text(text)}\r\n"
        for name, text in value.items()
    )
    return f"{''.join(parts)}--{BOUNDARY}--\r\n".encode(), f"{MULTIPART}; boundary={BOUNDARY}"


def _invalid_request(
    document: Document, operation: Operation, name: str, status: int, body_limit: int
) -> ExampleRequest:
    usual = valid_request(document, operation, "")
    has_body = operation.body is not None
    if 200 <= status < 300:
        return usual
    if status == 401 and operation.security:
        return replace(usual, name=name, is_anonymous=True)
    if status == 413 and has_body:
        return replace(usual, name=name, body=b" " * (body_limit + 1))
    if status == 415 and has_body:
        return replace(
            usual, name=name, headers={**usual.headers, "Content-Type": "text/plain"}, body=usual.body or b"x"
        )
    if status == 400 and operation.body is not None:
        media = next(iter(operation.body.media))
        return replace(usual, name=name, headers={"Content-Type": media, **usual.headers}, body=b'{"')
    broken = _break_any(operation, usual) if status == 400 else None
    if broken is not None:
        return replace(broken, name=name)
    raise UnpairedExample(
        f"{operation.vendor} {operation.id}: no request has an example named {name!r} (status {status})"
    )


def _break_any(operation: Operation, usual: ExampleRequest) -> ExampleRequest | None:
    """Return a request with a parameter that breaks its schema, or an unknown one if the operation refuses it."""
    for parameter in operation.parameters:
        broken = _break_parameter(operation, usual, parameter)
        if broken is not None:
            return broken
    if operation.refuses_unknown_query:
        return replace(usual, target=f"{usual.target}?no-such-parameter=1")
    return None


def _break_parameter(operation: Operation, usual: ExampleRequest, parameter: Parameter) -> ExampleRequest | None:
    """Return a request in which one parameter breaks its schema, or ``None`` if no value does."""
    if parameter.where == "query":
        joint = "&" if "?" in usual.target else "?"
        return replace(usual, target=f"{usual.target}{joint}{parameter.name}=%FF")
    if parameter.where == "header":
        kept = {name: value for name, value in usual.headers.items() if name != parameter.name}
        return replace(usual, headers=kept) if parameter.is_required else None
    for text in ("x" * 5000, "not-a-number", "~"):
        if not parameter.validator.is_valid(parameter.read(text)):
            parts = zip(operation.path.split("/"), usual.target.split("/"), strict=True)
            return replace(
                usual, target="/".join(text if part == f"{{{parameter.name}}}" else was for part, was in parts)
            )
    return None
