"""Requests to a document's operations: valid ones, the same for every stand-in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson

from understudy.contract.compiled_operations import Operation, compile_operations
from understudy.contract.example_requests import build_request
from understudy.contract.foreign.loading import load_foreign
from understudy.contract.schema_compiler import SchemaCompiler
from understudy.core.media_types import FORM, is_json
from understudy.samples.sample_maker import NoValue, SampleMaker

MARK = "Zanzibar 7391"
"""Text that a created record bears, by which it is recognised when it is read."""


@dataclass
class Request:
    """Request below a server's base path; ``mark`` is the text in its body by which the record is recognised."""

    method: str
    path: str
    target: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    mark: str = ""


class Requests:
    """Valid requests to the operations of one document."""

    def __init__(self, file: Path) -> None:
        document = load_foreign("compared", str(file))
        self.operations = {(each.method, each.path): each for each in compile_operations(document)}
        self._maker = SampleMaker(document, SchemaCompiler(document, is_lazy=True))
        self._document = document

    def to(self, method: str, path: str, ids: dict[str, Any] | None = None, *, marks: bool = False) -> Request | None:
        """Return a request; ``None`` if none can be made. One that ``marks`` has the mark in a text of its body."""
        operation = self.operations.get((method, path))
        if operation is None:
            return None
        values: dict[str, Any] = {}
        for parameter in operation.parameters:
            if parameter.name in (ids or {}):
                values[parameter.name] = (ids or {})[parameter.name]
            elif parameter.is_required:
                try:
                    values[parameter.name] = self._maker.media_value(parameter.node, operation.id)
                except NoValue:
                    return None
        found = self._body(operation, marks=marks)
        if found is None:
            return None
        body, media, mark = found
        built = build_request(operation, values, body, media)
        headers = {name: value for name, value in built.headers.items() if value.isascii()}
        request = Request(method, path, built.target, {"Authorization": "Bearer token", **headers}, body, mark)
        self._sign(operation, request)
        return request

    def shows(self, method: str, path: str) -> bool:
        """Return whether a success of an operation has a body, in which the id of a new record may be."""
        found = self.operations[method, path].responses
        return any(response.media for status, response in found.items() if status[0] in "2d")

    def _body(self, operation: Operation, *, marks: bool) -> tuple[bytes, str, str] | None:
        if operation.body is None:
            return b"", "", ""
        for media, node in operation.body.node["content"].items():
            is_text = is_json(media) or media == "*/*"
            if not is_text and media != FORM:
                continue
            try:
                value = self._maker.value(node.get("schema", {}), operation.id, "request")
            except NoValue:
                return None
            mark = ""
            if marks:
                value, mark = self._marked(node.get("schema", {}), value)
            if media == FORM:
                return urlencode([*_flat("", value)]).encode(), media, mark
            return orjson.dumps(value), "application/json" if media == "*/*" else media, mark
        return None if operation.body.is_required else (b"", "", "")

    def _marked(self, schema: Any, value: Any) -> tuple[Any, str]:
        """Return a body with the mark in the first text that may hold it, at most one level down."""
        if not isinstance(value, dict):
            return value, ""
        places: list[tuple[str, ...]] = [(name,) for name, part in value.items() if isinstance(part, str)]
        places += [
            (name, inner)
            for name, part in value.items()
            if isinstance(part, dict)
            for inner, each in part.items()
            if isinstance(each, str)
        ]
        for place in places:
            marked = _with(value, place, MARK)
            if self._maker.is_valid(schema, marked, "request"):
                return marked, MARK
        return value, ""

    @staticmethod
    def _sign(operation: Operation, request: Request) -> None:
        for requirement in operation.security[0] if operation.security else ():
            node = requirement.node
            if node["type"] == "apiKey" and node["in"] == "header":
                request.headers[node["name"]] = "key"
            elif node["type"] == "apiKey" and node["in"] == "query":
                request.target += f"{'&' if '?' in request.target else '?'}{node['name']}=key"
            elif node["type"] == "apiKey":
                request.headers["Cookie"] = f"{node['name']}=key"
            elif node.get("scheme") == "basic":
                request.headers["Authorization"] = "Basic YTpi"


def _with(value: Any, place: tuple[str, ...], text: str) -> Any:
    name, *rest = place
    return {**value, name: _with(value[name], tuple(rest), text) if rest else text}


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _flat(f"{name}[{key}]" if name else key, part)
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _flat(f"{name}[{number}]", part)
    elif value is not None:
        yield name, str(value).lower() if isinstance(value, bool) else str(value)
