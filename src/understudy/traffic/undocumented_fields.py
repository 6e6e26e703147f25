"""Fields of a value that no part of its schema names."""

from collections.abc import Iterator, Mapping
from typing import Any

from understudy.contract.document import Document
from understudy.core.json_pointer import escape

COMBINATIONS = ("allOf", "oneOf", "anyOf")
MAX_DEPTH = 50


def undocumented_fields(document: Document, schema: Any, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield JSON pointer and value of each member that no branch of the schema names.

    A member of an object whose schema names none, or describes the others (``additionalProperties``), is documented.
    """
    yield from _walk(document, [schema], value, "", 0)


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
