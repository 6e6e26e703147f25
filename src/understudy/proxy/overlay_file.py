"""Overlay (OpenAPI Overlay 1.0) that adds to a document the fields that a service and its clients send without it."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.contract.foreign.document_files import DocumentFiles, is_url
from understudy.contract.foreign.findings import Findings
from understudy.contract.foreign.loading import ForeignDocument
from understudy.control.exchanges import media_type
from understudy.core.json_pointer import unescape
from understudy.core.json_types import Json
from understudy.settings import Settings
from understudy.state.journal import Exchange
from understudy.traffic.exchange_check import Difference, ExchangeFinding
from understudy.traffic.value_schemas import schema_of

COMBINATIONS = ("allOf", "oneOf", "anyOf")
MAX_VALUES = 200
"""Number of values of a field from which its schema is made."""

MAX_FIELDS = 5000
MAX_DEPTH = 40
Parts = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class _Field:
    """Field that a body has and the document does not name: the operation, the body, the object that holds it."""

    method: str
    path: str
    status: int
    """Status of the response; 0 for a request."""

    media: str
    holder: str
    """JSON pointer of the object, ``*`` for the index of an item."""

    name: str


@dataclass(slots=True)
class MissingFields:
    """Fields that the document lacks, with their values."""

    _values: dict[_Field, list[Any]] = field(default_factory=dict)

    def add(self, finding: ExchangeFinding, exchange: Exchange, operation: Operation) -> None:
        """Take a finding, if it is such a field."""
        if finding.kind not in (Difference.UNDOCUMENTED_FIELD, Difference.UNDOCUMENTED_REQUEST_FIELD):
            return
        is_request = finding.is_of_request
        holder, _, name = finding.place.rpartition("/")
        holder = "/".join("*" if part.isdecimal() else part for part in holder.split("/"))
        media = media_type(exchange.request_headers if is_request else exchange.response_headers)
        status = 0 if is_request else exchange.status
        key = _Field(operation.method, operation.path, status, media, holder, unescape(name))
        if len(self._values) >= MAX_FIELDS and key not in self._values:
            return
        values = self._values.setdefault(key, [])
        if len(values) < MAX_VALUES:
            values.append(finding.value)

    def __len__(self) -> int:
        return len(self._values)

    def updates(self, raw: Mapping[str, Any]) -> tuple[dict[Parts, Json], list[str]]:
        """Return the properties to be added by the places of their schemas, and the fields that have no place."""
        found: dict[Parts, dict[str, list[Any]]] = {}
        left_out = []
        for each, values in self._values.items():
            place = _schema_place(raw, each)
            if place is None:
                left_out.append(f"{each.method.upper()} {each.path}: {each.holder}/{each.name}")
            else:
                found.setdefault(place, {}).setdefault(each.name, []).extend(values)
        form = str(raw.get("openapi", "2"))
        return {
            place: {name: _in_version(schema_of(values, requires=False), form) for name, values in fields.items()}
            for place, fields in found.items()
        }, left_out


def original_of(document: Document, settings: Settings) -> Any:
    """Return the entry of a document as its author wrote it, with the overlays that are applied to it already."""
    if not isinstance(document, ForeignDocument):
        return document.raw
    raw = DocumentFiles(document.entry, settings.remote_hosts).read_entry()
    if settings.overlays:
        overlays = import_module("understudy.contract.foreign.overlays")
        read = [overlays.read_overlay(each) for each in settings.overlays]
        raw = overlays.apply_overlays(raw, read, document.entry, Findings())
    return raw


def write_overlay(fields: MissingFields, document: Document, settings: Settings, path: Path) -> tuple[str, list[str]]:
    """Return an overlay that is to be written to a path, and the fields that it leaves out; empty if it has none."""
    updates, left_out = fields.updates(original_of(document, settings))
    if not updates:
        return "", left_out
    entry = document.entry if isinstance(document, ForeignDocument) else ""
    extends = {"extends": entry if is_url(entry) else _relative(entry, path)} if entry else {}
    overlay = {
        "overlay": "1.0.0",
        "info": {"title": f"Fields that {document.name} sends and its document lacks", "version": "1"},
        **extends,
        "actions": [
            {"target": _json_path(place), "update": {"properties": properties}} for place, properties in updates.items()
        ],
    }
    return yaml.safe_dump(overlay, sort_keys=False, allow_unicode=True, width=120), left_out


def _relative(entry: str, path: Path) -> str:
    """Return the path of a document from the folder of an overlay."""
    try:
        return Path(os.path.relpath(Path(entry).resolve(), path.resolve().parent)).as_posix()
    except ValueError:  # another drive of Windows
        return Path(entry).resolve().as_uri()


def _schema_place(raw: Mapping[str, Any], missing: _Field) -> Parts | None:
    """Return the place of the schema that lacks a field; ``None`` if it is in another file, or in none."""
    at = _body_place(raw, missing)
    if at is None:
        return None
    parts = [unescape(part) for part in missing.holder.split("/")[1:]]
    return _holder_place(raw, at, parts, 0)


def _body_place(raw: Mapping[str, Any], missing: _Field) -> Parts | None:
    """Return the place of the schema of a request's or a response's body."""
    operation = _follow(raw, ("paths", missing.path, missing.method))
    if operation is None:
        item = _follow(raw, ("paths", missing.path))
        operation = _follow(raw, (*item, missing.method)) if item else None
    if operation is None:
        return None
    if not missing.status:
        return _request_place(raw, operation, missing.media)
    declared = _node(raw, operation).get("responses") or {}
    for key in (str(missing.status), missing.status, f"{missing.status // 100}XX", "default"):
        if key in declared:
            response = _follow(raw, (*operation, "responses", key))
            return None if response is None else _content_place(raw, response, missing.media)
    return None


def _request_place(raw: Mapping[str, Any], operation: Parts, media: str) -> Parts | None:
    node = _node(raw, operation)
    for number, parameter in enumerate(node.get("parameters") or ()):
        if isinstance(parameter, Mapping) and parameter.get("in") == "body":
            return (*operation, "parameters", number, "schema")
    body = _follow(raw, (*operation, "requestBody"))
    return None if body is None else _content_place(raw, body, media)


def _content_place(raw: Mapping[str, Any], holder: Parts, media: str) -> Parts | None:
    """Return the place of the schema of a media type, or of a range that has it; of Swagger's one schema."""
    node = _node(raw, holder)
    if "schema" in node:
        return (*holder, "schema")
    content = node.get("content")
    if not isinstance(content, Mapping):
        return None
    by_name = {str(name).partition(";")[0].strip().lower(): name for name in content}
    for name in (media, f"{media.partition('/')[0]}/*", "*/*"):
        if name in by_name:
            return (*holder, "content", by_name[name], "schema")
    return None


def _holder_place(raw: Mapping[str, Any], at: Parts, parts: Sequence[str], depth: int) -> Parts | None:
    """Return the place of the schema of an object within a body, at a pointer."""
    place = _follow(raw, at)
    if place is None or depth > MAX_DEPTH or not parts:
        return place if depth <= MAX_DEPTH else None
    node = _node(raw, place)
    first, *rest = parts
    below = _member_place(node, first)
    if below:
        return _holder_place(raw, (*place, *below), rest, depth + 1)
    found = (_holder_place(raw, (*place, *branch), parts, depth + 1) for branch in _branches(node))
    return next((each for each in found if each is not None), None)


def _member_place(node: Mapping[str, Any], name: str) -> Parts:
    """Return the place of a member's schema, or of the items', below that of the whole; empty without one."""
    properties = node.get("properties")
    if name == "*" and isinstance(node.get("items"), Mapping):
        return ("items",)
    if isinstance(properties, Mapping) and name in properties:
        return ("properties", name)
    if isinstance(node.get("additionalProperties"), Mapping) and name != "*":
        return ("additionalProperties",)
    return ()


def _branches(node: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for name in COMBINATIONS:
        branches = node.get(name)
        if isinstance(branches, list):
            yield from ((name, number) for number in range(len(branches)))


def _follow(raw: Any, at: Parts) -> Parts | None:
    """Return a place, behind the references within the document that stand there; ``None`` if nothing is there."""
    for _ in range(MAX_DEPTH):
        node = _node(raw, at, None)
        if not isinstance(node, Mapping):
            return None
        reference = node.get("$ref")
        if not isinstance(reference, str):
            return at
        if not reference.startswith("#/"):
            return None
        at = tuple(unescape(part) for part in reference.removeprefix("#/").split("/"))
    return None


def _node(raw: Any, at: Parts, missing: Any = None) -> Any:
    for part in at:
        if isinstance(raw, Mapping):
            raw = raw.get(part)
        elif isinstance(raw, list) and str(part).isdecimal() and int(part) < len(raw):
            raw = raw[int(part)]
        else:
            return missing
    return raw


def _json_path(place: Parts) -> str:
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f"[{_quoted(str(part))}]" for part in place)


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _in_version(schema: Any, version: str) -> Any:
    """Return a schema in the words of the document's version of OpenAPI."""
    if version.startswith("3.") and not version.startswith("3.0"):
        return schema
    made = {key: _in_version(value, version) for key, value in schema.items() if key == "items"}
    if "properties" in schema:
        made["properties"] = {name: _in_version(each, version) for name, each in schema["properties"].items()}
    types = schema.get("type", [])
    named = [types] if isinstance(types, str) else [each for each in types if each != "null"]
    found: Json = {key: value for key, value in schema.items() if key not in ("type", "items", "properties")}
    if len(named) == 1:
        found = {"type": named[0], **found, **made}
    if "null" in types and types != "null":
        found["nullable" if version.startswith("3") else "x-nullable"] = True
    return found
