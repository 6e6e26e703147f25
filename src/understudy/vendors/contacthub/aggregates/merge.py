"""The values of an aggregate customer, made of those of its members.

The page names the merge policies of extended properties; that the others follow the members' priority is inferred.
"""

from collections.abc import Callable, Iterable, Sequence
from math import isfinite
from operator import itemgetter
from typing import Any

import orjson

from understudy.core.json_types import Json, ReadOnlyJson
from understudy.vendors.contacthub.configuration.extended_properties import main_type

WHOLE = frozenset(("address", "credential", "disclaimer"))
"""Objects that are one member's or another's, never parts of both; so is each consent."""

MOST = 2**63 - 1
"""The greatest whole number that an answer can hold."""


def merge_members(node_id: str, aggregate_id: str, members: Sequence[Json], definitions: ReadOnlyJson) -> Json:
    """Return an aggregate customer, made of its members, the one with priority first.

    ``definitions`` are those of the extended properties. It was registered when the first member was and updated when
    the last one was; its version grows with each of theirs.
    """
    if len(members) == 1:
        return {**members[0], "id": aggregate_id, "nodeId": node_id}
    oldest = min(members, key=lambda member: (member["registeredAt"], member["intId"]))
    latest = max(members, key=lambda member: str(member["updatedAt"]))
    parts = {name: _join(name, [member[name] for member in members]) for name in ("base", "consents", "tags")}
    return {
        "id": aggregate_id,
        "intId": oldest["intId"],
        "externalId": _first([member["externalId"] for member in members]),
        "nodeId": node_id,
        "base": parts["base"],
        "consents": parts["consents"],
        "extended": _extended([member["extended"] for member in members], definitions),
        "extra": _first([member["extra"] for member in members]),
        "tags": parts["tags"],
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


def _join(name: str, values: Iterable[Any]) -> Any:
    """Return what one property is of several: objects are joined by name, lists united, of other values the first."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    first = known[0]
    if isinstance(first, list):
        return _union(known)
    if not isinstance(first, dict) or name in WHOLE or "status" in first:
        return first
    names = dict.fromkeys(inner for value in known for inner in value)
    return {inner: _join(inner, [value.get(inner) for value in known]) for inner in names}


def _extended(values: Sequence[Json], definitions: ReadOnlyJson) -> Json:
    """Return the extended properties, each by the merge policy of its definition."""
    names = dict.fromkeys(name for value in values for name in value)
    return {
        name: _merge(definitions.get(name) or {}, [value[name] for value in values if value.get(name) is not None])
        for name in names
    }


def _merge(definition: Json, values: list[Any]) -> Any:
    """Return one value of several by a definition's policy; the first where there is none, or it does not fit."""
    usual = "ARRAY_UNION" if isinstance(values[0], list) else "OBJ_PRIORITY"
    settings = definition.get("contactlabProperties") or {}
    policy = settings.get("mergePolicy") or usual
    if len(values) == 1:
        return values[0]
    if policy in OF_NUMBERS:
        is_whole = bool(definition) and main_type(definition) == "integer"
        made = _sound(OF_NUMBERS[policy](values), is_whole=is_whole) if all(map(_is_number, values)) else None
        return values[0] if made is None else made
    kind, apply = OF_OTHERS[policy]
    return apply(values) if all(isinstance(value, kind) for value in values) else values[0]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _sound(number: float, *, is_whole: bool) -> float | None:
    """Return a number as JSON can carry it, rounded if it must be whole; nothing for one that is out of all bounds."""
    if not isfinite(number):
        return None
    if is_whole:
        number = round(number)
        return number if abs(number) <= MOST else None
    return number if abs(number) <= MOST else float(number)


def _union(lists: Iterable[list[Any]]) -> list[Any]:
    """Return the elements of all lists without doubles; of objects with one id, the first."""
    found: dict[Any, Any] = {}
    for item in (item for items in lists for item in items):
        found.setdefault(_identity(item), item)
    return list(found.values())


def _intersection(lists: list[list[Any]]) -> list[Any]:
    """Return the elements of the first list that all others have, too."""
    others = [{_identity(item) for item in items} for items in lists[1:]]
    return [item for item in _union(lists[:1]) if all(_identity(item) in other for other in others)]


def _identity(item: Any) -> Any:
    named = item.get("id") if isinstance(item, dict) else None
    return named if isinstance(named, str) else orjson.dumps(item, option=orjson.OPT_SORT_KEYS)


def _concatenate(texts: list[str]) -> str:
    """Return the texts one after the other; one that several members have, once."""
    return " ".join(dict.fromkeys(texts))


def _difference(numbers: list[float]) -> float:
    return numbers[0] - sum(numbers[1:])


def _mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers)


OF_NUMBERS: dict[str, Callable[[list[Any]], float]] = {
    "MATH_SUM": sum,
    "MATH_AVG": _mean,
    "MATH_DIFF": _difference,
    "MATH_MIN": min,
    "MATH_MAX": max,
}
OF_OTHERS: dict[str, tuple[type, Callable[[list[Any]], Any]]] = {
    "OBJ_PRIORITY": (object, itemgetter(0)),
    "OBJ_CONCATENATE": (str, _concatenate),
    "ARRAY_UNION": (list, _union),
    "ARRAY_INTERSECTION": (list, _intersection),
}
"""The merge policies: what each takes, and what it makes of several values, that of the first member first."""
