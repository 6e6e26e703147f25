"""Equal alternatives of a ``oneOf``: what fits one of them fits the others, so that no value would be valid."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from understudy.contract.foreign.document_files import Place

Node = Mapping[str, Any]

ANNOTATIONS = frozenset("title description example examples default deprecated externalDocs xml $comment".split())
"""Keywords that restrict no value, in which equal alternatives may differ."""

NAMED = frozenset({"properties", "patternProperties", "dependentSchemas"})
"""Keywords whose members are schemas by name."""

VALUES = frozenset({"enum", "const", "required"})
MAX_DEPTH = 5
"""Levels of references within an alternative that are followed; beyond, equal references are equal."""

Follow = Callable[[str, Place], tuple[Any, Place]]
"""Function that returns the schema to which a reference leads, and its place; it raises ``LookupError`` for none."""


def first_of_equals(parts: list[Any], place: Place, follow: Follow) -> list[int]:
    """Return the numbers of the alternatives without those that are equal to one before."""
    outlines = [json.dumps(_outline(part, place, follow), default=str) for part in parts]
    seen: set[str] = set()
    kept = []
    for number, part in enumerate(parts):
        if outlines.count(outlines[number]) > 1:
            meaning = json.dumps(_meaning(part, place, follow, 0), sort_keys=True, default=str)
            if meaning in seen:
                continue
            seen.add(meaning)
        kept.append(number)
    return kept


def _outline(part: Any, place: Place, follow: Follow) -> Any:
    """Return a few facts in which different schemas mostly differ, so that few are compared as a whole."""
    node, _ = _followed(part, place, follow)
    if not isinstance(node, Mapping):
        return node
    properties = node.get("properties")
    return [str(node.get("type")), sorted(map(str, properties)) if isinstance(properties, Mapping) else []]


def _followed(part: Any, place: Place, follow: Follow) -> tuple[Any, Place]:
    if isinstance(part, Mapping) and isinstance(part.get("$ref"), str):
        try:
            return follow(part["$ref"], place)
        except LookupError:
            return part, place
    return part, place


def _meaning(part: Any, place: Place, follow: Follow, depth: int) -> Any:
    """Return a schema without its annotations, with what it refers to in place of references."""
    if isinstance(part, list):
        return [_meaning(each, place, follow, depth) for each in part]
    if not isinstance(part, Mapping):
        return part
    if isinstance(part.get("$ref"), str):
        target, found = _followed(part, place, follow)
        if depth >= MAX_DEPTH or target is part:
            return [str(found), part["$ref"]]
        return _meaning(target, found, follow, depth + 1)
    made: dict[str, Any] = {}
    for key, value in part.items():
        if key in ANNOTATIONS or str(key).startswith("x-"):
            continue
        if key in NAMED and isinstance(value, Mapping):
            made[key] = {name: _meaning(each, place, follow, depth) for name, each in value.items()}
        elif key == "required" and isinstance(value, list):
            made[key] = sorted(map(str, value))
        else:
            made[key] = value if key in VALUES else _meaning(value, place, follow, depth)
    return made
