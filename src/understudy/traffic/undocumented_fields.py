"""Fields of a value that its schema names, and those that no part of it names."""

from collections.abc import Iterator, Mapping
from typing import Any

from understudy.contract.document import Document
from understudy.core.json_pointer import escape

COMBINATIONS = ("allOf", "oneOf", "anyOf")
MAX_DEPTH = 50
TYPES: tuple[tuple[tuple[type, ...], str], ...] = (
    ((bool,), "boolean"),
    ((int, float), "number"),
    ((str,), "string"),
    ((list,), "array"),
    ((dict,), "object"),
    ((type(None),), "null"),
)


def undocumented_fields(document: Document, schema: Any, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield JSON pointer and value of each member that no branch of the schema names.

    A member of an object whose schema names none, or describes the others (``additionalProperties``), is documented.
    """
    yield from _walk(document, [schema], value, "", 0)


def documented_places(document: Document, schema: Any, value: Any) -> dict[str, set[str]]:
    """Return the JSON types at each place of a value that its schema names, ``*`` for the index of an item."""
    found: dict[str, set[str]] = {}
    _collect_places(document, [schema], value, "", found)
    return found


def _collect_places(document: Document, schemas: list[Any], value: Any, place: str, found: dict[str, set[str]]) -> None:
    found.setdefault(place, set()).add(_type_name(value))
    if not isinstance(value, dict | list) or place.count("/") > MAX_DEPTH:
        return
    branches = [branch for schema in schemas for branch in _branches(document, schema, 0)]
    if isinstance(value, list):
        items = [branch["items"] for branch in branches if "items" in branch]
        for item in value:
            _collect_places(document, items, item, f"{place}/*", found)
        return
    for name, part in value.items():
        named = [branch["properties"][name] for branch in branches if name in branch.get("properties", {})]
        if named:
            _collect_places(document, named, part, f"{place}/{escape(name)}", found)


def _type_name(value: Any) -> str:
    return next(name for kinds, name in TYPES if isinstance(value, kinds))


def _walk(document: Document, schemas: list[Any], value: Any, place: str, depth: int) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, dict | list) or depth > MAX_DEPTH:
        return
    branches = [branch for schema in schemas for branch in _branches(document, schema, 0)]
    if isinstance(value, list):
        items = [branch["items"] for branch in branches if "items" in branch]
        for number, item in enumerate(value):
            yield from _walk(document, items, item, f"{place}/{number}", depth + 1)
        return
    names_any = any(branch.get("properties") for branch in branches)
    for name, part in value.items():
        below = f"{place}/{escape(name)}"
        found = list(_member_schemas(branches, name))
        if found:
            yield from _walk(document, found, part, below, depth + 1)
        elif names_any:
            yield below, part


def _member_schemas(branches: list[Mapping[str, Any]], name: str) -> Iterator[Any]:
    named = [branch["properties"][name] for branch in branches if name in branch.get("properties", {})]
    if named:
        yield from named
        return
    for branch in branches:
        if isinstance(branch.get("additionalProperties"), Mapping):
            yield branch["additionalProperties"]


def _branches(document: Document, schema: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    """Yield a schema and the schemas that it combines, with their references followed."""
    node = document.resolve(schema)
    if not isinstance(node, Mapping) or depth > MAX_DEPTH:
        return
    yield node
    for name in COMBINATIONS:
        for branch in node.get(name, ()):
            yield from _branches(document, branch, depth + 1)
