"""Mutations that should make a valid value break one rule of its schema; the caller validates the result."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from understudy.contract.document import Document, Node
from understudy.contract.examples import sample_schema
from understudy.contract.supported_openapi import LISTED

UNEXPECTED = "unexpected"
WRONG_TYPES: Mapping[type, Any] = {str: 7, int: "seven", float: "seven", bool: "perhaps", dict: [], list: {}}
"""Value of another type, by the type of the value that it replaces."""


class SchemaValue(NamedTuple):
    """Value inside a record, its path, and one schema that applies to it."""

    path: tuple[str | int, ...]
    schema: Node
    value: Any


def walk(document: Document, schema: Any, value: Any, path: tuple[str | int, ...] = ()) -> Iterator[SchemaValue]:
    """Yield a value and the values inside it, once for each schema that applies; of a list, only its first item."""
    node = document.resolve(schema)
    yield SchemaValue(path, node, value)
    for key in LISTED:
        for part in node.get(key, ()):
            yield from walk(document, part, value, path)
    if isinstance(value, dict):
        for name, part in node.get("properties", {}).items():
            if name in value:
                yield from walk(document, part, value[name], (*path, name))
    if isinstance(value, list) and value and "items" in node:
        yield from walk(document, node["items"], value[0], (*path, 0))


def replace_at(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    """Return a value in which the value at a path is replaced; parts outside the path are shared."""
    if not path:
        return new
    first, *rest = path
    copied = value.copy()
    copied[first] = replace_at(value[first], tuple(rest), new)
    return copied


def _wrong_type(_document: Document, _node: Node, value: Any) -> Iterator[Any]:
    if type(value) in WRONG_TYPES:
        yield WRONG_TYPES[type(value)]


def _null(_document: Document, _node: Node, _value: Any) -> Iterator[Any]:
    yield None


def _not_listed(_document: Document, node: Node, value: Any) -> Iterator[Any]:
    if "enum" in node and isinstance(value, str):
        yield f"{value}-unknown"


def _misformed(_document: Document, node: Node, value: Any) -> Iterator[Any]:
    if isinstance(value, str) and ("format" in node or "pattern" in node):
        yield from (f"no {node.get('format', 'match')}!", f" {value}", "%")


def _too_long(_document: Document, node: Node, value: Any) -> Iterator[Any]:
    if isinstance(value, str) and "maxLength" in node:
        yield value + "x" * (node["maxLength"] + 1 - len(value))


def _too_short(_document: Document, node: Node, value: Any) -> Iterator[Any]:
    if isinstance(value, str) and node.get("minLength"):
        yield value[: node["minLength"] - 1]


def _too_small(_document: Document, node: Node, value: Any) -> Iterator[Any]:
    if isinstance(value, int | float) and "minimum" in node:
        yield node["minimum"] if node.get("exclusiveMinimum") else node["minimum"] - 1


def _too_large(_document: Document, node: Node, value: Any) -> Iterator[Any]:
    if isinstance(value, int | float) and "maximum" in node:
        yield node["maximum"] + 1


def _too_few(_document: Document, node: Node, value: Any) -> Iterator[Any]:
    if isinstance(value, list) and node.get("minItems"):
        yield value[: node["minItems"] - 1]


def _missing(_document: Document, node: Node, value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from (_without(value, [name]) for name in node.get("required", ()) if name in value)


def _extra(_document: Document, node: Node, value: Any) -> Iterator[Any]:
    if isinstance(value, dict) and node.get("additionalProperties") is False:
        yield {**value, UNEXPECTED: True}


def _exclusive(document: Document, node: Node, value: Any) -> Iterator[Any]:
    """Yield the value without any of the alternatives of ``oneOf`` and ``anyOf``, and with two of ``oneOf`` at once."""
    if not isinstance(value, dict):
        return
    for key in ("oneOf", "anyOf"):
        names = [name for part in node.get(key, ()) for name in document.resolve(part).get("required", ())]
        yield _without(value, names)
        for name in names:
            if key == "oneOf" and name not in value and name in node.get("properties", {}):
                yield {**value, name: sample_schema(document, node["properties"][name])}


def _without(value: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    return {name: part for name, part in value.items() if name not in names}


MUTATIONS: Mapping[str, Callable[[Document, Node, Any], Iterator[Any]]] = {
    "wrong type": _wrong_type,
    "null": _null,
    "missing": _missing,
    "not in the list": _not_listed,
    "wrong format": _misformed,
    "too long": _too_long,
    "too short": _too_short,
    "too small": _too_small,
    "too large": _too_large,
    "too few": _too_few,
    "unexpected": _extra,
    "one of a pair": _exclusive,
}
"""Mutations by name; each yields replacements for a value with a schema."""
