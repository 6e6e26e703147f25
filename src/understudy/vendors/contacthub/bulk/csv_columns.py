"""Columns of an uploaded CSV file: dotted paths of properties, with cells of text or JSON.

A cell is JSON where the schema of its property is not a string: a number, true or false, a list, an object. An empty
cell leaves the property out. The vendor's page shows plain texts only; the rest is inferred.
"""

from collections.abc import Iterator
from typing import Any

import orjson

from understudy.core.json_types import Json
from understudy.core.refused import Refused, Violation
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.customer_schema import customer_schema
from understudy.vendors.contacthub.configuration.extended_properties import values_schema
from understudy.vendors.contacthub.configuration.stored_settings import extended_definitions
from understudy.vendors.contacthub.dotted import pointer
from understudy.vendors.contacthub.schemas.event_models import context_model, context_names, event_model

CUSTOMER_ROOTS = frozenset({"id", "externalId", "base", "consents", "extended", "extra", "tags", "enabled"})
EVENT_ROOTS = frozenset(
    {"id", "customerId", "bringBackProperties", "context", "properties", "contextInfo", "date", "tracking"}
)
TEXT, OBJECT = {"type": "string"}, {"type": "object"}
MAX_CELL_DEPTH = 100
"""Greatest depth of the JSON of a cell."""


def customer_columns(state: VendorState, workspace_id: str, columns: list[str]) -> list[bool]:
    """Return for each column of a file of customers whether its cells are JSON."""
    return _are_json(customer_schema(state, workspace_id), columns)


def event_columns(state: VendorState, workspace_id: str, event_type: str, columns: list[str]) -> list[bool]:
    """Return for each column of a file of events of a type whether its cells are JSON."""
    extended = values_schema(extended_definitions(state, workspace_id, f"events/{event_type}"))
    properties = {
        "allOf": [event_model(event_type)["propertiesSchema"], {"properties": {"extended": {"oneOf": [extended]}}}]
    }
    schema = {
        "properties": {
            "bringBackProperties": OBJECT,
            "properties": properties | OBJECT,
            "contextInfo": {"allOf": [context_model(name)["contextInfoSchema"] for name in context_names()]} | OBJECT,
            "tracking": {"type": "object", "properties": {"ga": OBJECT}},
        }
    }
    return _are_json(schema, columns)


def read_record(columns: list[str], are_json: list[bool], cells: list[str]) -> Json:
    """Return a line of a file as a record; refuse an erased line, or one that does not fit the columns."""
    if not cells:
        raise Refused(404, "the line's customer has been forgotten")
    if len(cells) != len(columns):
        raise Refused(400, f"the line has {len(cells)} values, the first line {len(columns)} columns")
    record: Json = {}
    for column, is_json, cell in zip(columns, are_json, cells, strict=True):
        if cell:
            *above, name = column.split(".")
            inner = record
            for part in above:
                inner = inner.setdefault(part, {})
            inner[name] = _cell_value(column, cell) if is_json else cell
    return record


def _are_json(schema: Json, columns: list[str]) -> list[bool]:
    """Return whether each column is JSON; a property without a schema is text.

    Unknown properties are refused later, record by record.
    """
    found = []
    for column in columns:
        nodes = [schema]
        for part in column.split("."):
            nodes = [inner for node in nodes for inner in _properties_named(node, part)]
        types = {name for node in nodes for name in _types(node)} - {"null"}
        found.append(bool(types) and "string" not in types)
    return found


def _alternatives(node: Any) -> Iterator[Json]:
    if isinstance(node, dict):
        yield node
        for key in ("allOf", "oneOf", "anyOf"):
            for part in node.get(key, ()):
                yield from _alternatives(part)


def _properties_named(node: Json, name: str) -> Iterator[Json]:
    for part in _alternatives(node):
        properties = part.get("properties")
        if isinstance(properties, dict) and name in properties:
            yield properties[name]


def _types(node: Json) -> Iterator[str]:
    for part in _alternatives(node):
        named = part.get("type", ())
        yield from [named] if isinstance(named, str) else named


def _cell_value(column: str, cell: str) -> Any:
    """Return the value of a JSON cell; a cell that is not JSON stays text, which the property's schema refuses."""
    try:
        value = orjson.loads(cell)
    except orjson.JSONDecodeError:
        return {"true": True, "false": False}.get(cell.strip().lower(), cell)
    if not isinstance(value, dict | list) or _is_shallow(value):
        return value
    message = f"it is nested more than {MAX_CELL_DEPTH} levels deep"
    raise Refused(400, "the line cannot be read", violations=[Violation("body", pointer(column), "depth", message)])


def _is_shallow(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_CELL_DEPTH):
        level = [part for node in level if isinstance(node, dict | list) for part in _children(node)]
    return not any(isinstance(node, dict | list) for node in level)


def _children(node: dict[str, Any] | list[Any]) -> list[Any]:
    return list(node.values()) if isinstance(node, dict) else node
