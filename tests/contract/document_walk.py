"""Walks over a document's nodes, as plain data."""

from collections.abc import Iterator
from typing import Any

from understudy.contract.named_alternatives import NOT_NULL

SHOWN = frozenset(("example", "examples", "default", "enum"))
CONDITIONS = frozenset(("oneOf", "anyOf", "not"))


def references(node: Any) -> Iterator[str]:
    """Yield every ``$ref`` in a document."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for part in node.values():
            yield from references(part)
    elif isinstance(node, list):
        for part in node:
            yield from references(part)


def properties(node: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Yield every property of every schema with its place, but for properties that only state a condition."""
    if isinstance(node, list):
        for number, part in enumerate(node):
            yield from properties(part, f"{place}/{number}")
    if not isinstance(node, dict):
        return
    named = node.get("properties")
    if isinstance(named, dict) and all(
        isinstance(part, dict) for part in named.values()
    ):  # otherwise a property named "properties"
        for name, part in named.items():
            if part != NOT_NULL:
                yield f"{place}/{name}", part
    for key, part in node.items():
        if key not in SHOWN and not (key in CONDITIONS and "properties" in node):
            yield from properties(part, f"{place}/{key}")
