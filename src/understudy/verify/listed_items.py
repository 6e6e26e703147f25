"""Lists of a resource: whether a created item is among those that its collection shows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

import orjson

from understudy.contract.compiled_operations import Operation


def list_of(operations: Iterable[Operation], create: Operation, item: Mapping[str, Any]) -> Operation | None:
    """Return the operation that lists what another one creates; ``None`` if it needs parameters, or filters.

    Such a list may leave an item out for its state: a parameter of a member's name, a choice or a boolean shows it.
    """
    names = {name.lower() for name in item}
    for each in operations:
        if each.path == create.path and each.method.upper() == "GET":
            query = [parameter for parameter in each.parameters if parameter.where == "query"]
            if not any(
                parameter.is_required or _may_filter(parameter.name, parameter.node, names) for parameter in query
            ):
                return each
    return None


def _may_filter(name: str, node: Mapping[str, Any], members: set[str]) -> bool:
    schema = node.get("schema", {})
    return name.lower() in members or schema.get("type") == "boolean" or "$ref" in schema or "enum" in schema


def items_of(body: bytes) -> Sequence[Any] | None:
    """Return the items of a list's body: an array, or the one array of an object; ``None`` for any other body."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if isinstance(found, dict):
        arrays = [value for value in found.values() if isinstance(value, list)]
        found = arrays[0] if len(arrays) == 1 else None
    return found if isinstance(found, list) and all(isinstance(each, dict) for each in found) else None


def has_item(items: Iterable[Any], path: str, names: Iterable[str]) -> bool:
    """Return whether one of some items has, under one of some names, the id at the end of an item's path."""
    wanted = unquote(path.rpartition("/")[2])
    return any(str(each.get(name)) == wanted for each in items for name in names)
