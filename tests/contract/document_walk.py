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
        if key in SHOWN or ("properties" in node and key in CONDITIONS):
            continue
        if "properties" in node and key == "allOf":
            part = [each for each in part if not each.keys() & CONDITIONS]  # noqa: PLW2901 - the conditions are left out
        yield from properties(part, f"{place}/{key}")


def schemas(node: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object of a document that states properties, with its place."""
    if isinstance(node, list):
        for number, part in enumerate(node):
            yield from schemas(part, f"{place}/{number}")
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict):
            yield place, node
        for key, part in node.items():
            if key not in SHOWN:
                yield from schemas(part, f"{place}/{key}")
