"""Requests to a document's operations: valid ones, the same for every stand-in."""

from collections.abc import Collection, Iterator
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


Marks = Collection[str] | None
"""Names of properties that may bear the mark; ``None`` for any."""

NO_MARKS: Marks = ()
MAX_LEVELS = 2
"""Levels of objects in a body's members in which the mark may be."""


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

    def to(self, method: str, path: str, ids: dict[str, Any] | None = None, shown: Marks = NO_MARKS) -> Request | None:
        """Return a request; ``None`` if none can be made.

        It has the mark in a text of its body that the answer that reads it has ``shown``: one of these names, or any.
        """
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
        found = self._body(operation, shown)
        if found is None:
            return None
        body, media, mark = found
        built = build_request(operation, values, body, media)
        headers = {name: value for name, value in built.headers.items() if value.isascii()}
        request = Request(method, path, built.target, {"Authorization": "Bearer token", **headers}, body, mark)
        self._sign(operation, request)
        return request

    def _body(self, operation: Operation, shown: Marks) -> tuple[bytes, str, str] | None:
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
            if shown is None or shown:
                value, mark = self._marked(node.get("schema", {}), value, shown)
            if media == FORM:
                return urlencode([*_flat("", value)]).encode(), media, mark
            return orjson.dumps(value), "application/json" if media == "*/*" else media, mark
        return None if operation.body.is_required else (b"", "", "")

    def _marked(self, schema: Any, value: Any, shown: Marks) -> tuple[Any, str]:
        """Return a body with the mark in the first text that may hold it, the outermost first."""
        if not isinstance(value, dict):
            return value, ""
        places = sorted(_text_places(value, ()), key=len)
        for place in places:
            if shown is not None and _plain(place[-1]) not in {_plain(each) for each in shown}:
                continue
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


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _text_places(value: Any, place: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the places of the texts in an object, at most ``MAX_LEVELS`` down."""
    for name, part in value.items():
        if isinstance(part, str):
            yield (*place, name)
        elif isinstance(part, dict) and len(place) < MAX_LEVELS:
            yield from _text_places(part, (*place, name))


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
