"""Spoiling a valid value: changes of it, each meant to break one rule of its schema. A validator says which do."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from understudy.contract.document import Document, Node
from understudy.contract.examples import sample_schema
from understudy.contract.supported_openapi import LISTED

UNEXPECTED = "unexpected"
MISFITS: Mapping[type, Any] = {str: 7, int: "seven", float: "seven", bool: "perhaps", dict: [], list: {}}
"""For a value of each type, one of another."""


class SchemaValue(NamedTuple):
    """A value inside a record, and one schema that it keeps."""

    path: tuple[str | int, ...]
    schema: Node
    value: Any


def walk(document: Document, schema: Any, value: Any, path: tuple[str | int, ...] = ()) -> Iterator[SchemaValue]:
    """Go through a value and all that is in it, each with every schema that is meant for it; of a list, its first."""
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
    """Return a value with another at a path in it; what is not on the way is shared."""
    if not path:
        return new
    first, *rest = path
    twin = value.copy()
    twin[first] = replace_at(value[first], tuple(rest), new)
    return twin


def _wrong_type(_document: Document, _node: Node, value: Any) -> Iterator[Any]:
    if type(value) in MISFITS:
        yield MISFITS[type(value)]


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
    """Give both of a pair of which one is wanted, or none of those of which one is needed."""
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
"""Ways to spoil a value: each yields what may be put in its place."""
