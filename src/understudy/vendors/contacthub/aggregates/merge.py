"""Merge of members' values into an aggregate customer.

The merge policies of extended properties are documented; that other properties go by priority is inferred.
"""

from collections.abc import Callable, Iterable, Sequence
from math import isfinite
from operator import itemgetter
from typing import Any

import orjson

from understudy.core.json_types import Json, ReadOnlyJson
from understudy.vendors.contacthub.configuration.extended_properties import main_type

INDIVISIBLE = frozenset(("address", "credential", "disclaimer"))
"""Objects that are taken whole from one member, like each consent."""

MAX_INTEGER = 2**63 - 1
"""Greatest whole number that a response can hold."""


def merge_members(node_id: str, aggregate_id: str, members: Sequence[Json], definitions: ReadOnlyJson) -> Json:
    """Return an aggregate customer merged from its members, which are sorted by priority.

    ``definitions`` are the definitions of the extended properties. ``registeredAt`` is the earliest of the members,
    ``updatedAt`` the latest, ``version`` their sum.
    """
    if len(members) == 1:
        return {**members[0], "id": aggregate_id, "nodeId": node_id}
    oldest = min(members, key=lambda member: (member["registeredAt"], member["intId"]))
    latest = max(members, key=lambda member: str(member["updatedAt"]))
    merged = {
        name: _merge_property(name, [member[name] for member in members]) for name in ("base", "consents", "tags")
    }
    return {
        "id": aggregate_id,
        "intId": oldest["intId"],
        "externalId": _first([member["externalId"] for member in members]),
        "nodeId": node_id,
        "base": merged["base"],
        "consents": merged["consents"],
        "extended": _merge_extended([member["extended"] or {} for member in members], definitions) or None,
        "extra": _first([member["extra"] for member in members]),
        "tags": merged["tags"],
        "enabled": members[0]["enabled"],
        "registeredAt": oldest["registeredAt"],
        "updatedAt": latest["updatedAt"],
        "version": sum(member["version"] for member in members),
        "deleted": 0,
        "sourceInfo": {
            "registeredBy": oldest["sourceInfo"]["registeredBy"],
            "updatedBy": latest["sourceInfo"]["updatedBy"],
        },
    }


def _first(values: Iterable[Any]) -> Any:
    return next((value for value in values if value is not None), None)


def _merge_property(name: str, values: Iterable[Any]) -> Any:
    """Return one value of several: objects merged by name, lists united, of other values the first."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    first = known[0]
    if isinstance(first, list):
        return _union(known)
    if not isinstance(first, dict) or name in INDIVISIBLE or "status" in first:
        return first
    names = dict.fromkeys(inner for value in known for inner in value)
    return {inner: _merge_property(inner, [value.get(inner) for value in known]) for inner in names}


def _merge_extended(values: Sequence[Json], definitions: ReadOnlyJson) -> Json:
    """Return the extended properties, each merged by the policy of its definition."""
    names = dict.fromkeys(name for value in values for name in value)
    return {
        name: _merge_extended_value(
            definitions.get(name) or {}, [value[name] for value in values if value.get(name) is not None]
        )
        for name in names
    }


def _merge_extended_value(definition: Json, values: list[Any]) -> Any:
    """Return one value of several by a definition's policy; the first value where the policy does not fit."""
    default = "ARRAY_UNION" if isinstance(values[0], list) else "OBJ_PRIORITY"
    settings = definition.get("contactlabProperties") or {}
    policy = settings.get("mergePolicy") or default
    if len(values) == 1:
        return values[0]
    if policy in NUMBER_POLICIES:
        is_whole = bool(definition) and main_type(definition) == "integer"
        merged = (
            _json_number(NUMBER_POLICIES[policy](values), is_whole=is_whole) if all(map(_is_number, values)) else None
        )
        return values[0] if merged is None else merged
    kind, apply = OTHER_POLICIES[policy]
    return apply(values) if all(isinstance(value, kind) for value in values) else values[0]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _json_number(number: float, *, is_whole: bool) -> float | None:
    """Return a number that JSON can hold, rounded if it must be whole; ``None`` if it is out of bounds."""
    if not isfinite(number):
        return None
    if is_whole:
        number = round(number)
        return number if abs(number) <= MAX_INTEGER else None
    return number if abs(number) <= MAX_INTEGER else float(number)


def _union(lists: Iterable[list[Any]]) -> list[Any]:
    """Return the elements of all lists without duplicates; of objects with the same id, the first."""
    found: dict[Any, Any] = {}
    for item in (item for items in lists for item in items):
        found.setdefault(_identity(item), item)
    return list(found.values())


def _intersection(lists: list[list[Any]]) -> list[Any]:
    """Return the elements of the first list that all other lists have."""
    others = [{_identity(item) for item in items} for items in lists[1:]]
    return [item for item in _union(lists[:1]) if all(_identity(item) in other for other in others)]


def _identity(item: Any) -> Any:
    named = item.get("id") if isinstance(item, dict) else None
    return named if isinstance(named, str) else orjson.dumps(item, option=orjson.OPT_SORT_KEYS)


def _concatenate(texts: list[str]) -> str:
    """Return the texts joined by spaces, each once."""
    return " ".join(dict.fromkeys(texts))


def _difference(numbers: list[float]) -> float:
    return numbers[0] - sum(numbers[1:])


def _mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers)


NUMBER_POLICIES: dict[str, Callable[[list[Any]], float]] = {
    "MATH_SUM": sum,
    "MATH_AVG": _mean,
    "MATH_DIFF": _difference,
    "MATH_MIN": min,
    "MATH_MAX": max,
}
"""Merge policies of numbers: function of the values in order of priority."""

OTHER_POLICIES: dict[str, tuple[type, Callable[[list[Any]], Any]]] = {
    "OBJ_PRIORITY": (object, itemgetter(0)),
    "OBJ_CONCATENATE": (str, _concatenate),
    "ARRAY_UNION": (list, _union),
    "ARRAY_INTERSECTION": (list, _intersection),
}
"""Merge policies that are not numeric: type of the values, and function of the values in order of priority."""
