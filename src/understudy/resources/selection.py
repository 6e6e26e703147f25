"""Selection of the records that a list shows, and their order, by the declared parameters of its query."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Any

from understudy.contract.compiled_operations import Operation
from understudy.core.json_types import Json
from understudy.core.request_facts import RequestFacts
from understudy.core.steps import Steps
from understudy.resources.resource import plain
from understudy.resources.view_parameters import is_given

ATTRIBUTES = "attributes"
"""Property of JSON:API's records that has their own ones."""

BATCH_SIZE = 500
"""Number of records that one step parses, filters or sorts."""

SORTS = ("sort", "sortby", "orderby", "ordering", "sortfield", "sortkey", "sortcolumn", "order")
DIRECTIONS = ("order", "direction", "sortorder", "sortdirection", "sortdir", "dir", "orderdirection")
DESCENDING = ("desc", "descending", "down", "-1")
ASCENDING = ("asc", "ascending", "up", "1")
BOUNDS = {
    "gte": "gte",
    "gt": "gt",
    "lte": "lte",
    "lt": "lt",
    "after": "gt",
    "since": "gte",
    "from": "gte",
    "min": "gte",
    "before": "lt",
    "until": "lte",
    "to": "lte",
    "max": "lte",
}
"""Comparisons by the word that a parameter's name ends with: ``created[gte]``, ``created_after``."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Filter by one property; ``bound`` is its comparison, or empty if the value itself is wanted."""

    parameter: str
    argument: str
    property: str
    bound: str


class RecordSelection:
    """Filters and sorting of one list. A default that a request leaves out is no wish."""

    def __init__(self, operation: Operation, properties: Mapping[str, Any], paging_names: frozenset[str]) -> None:
        self._by_plain = {plain(name): name for name in properties}
        queried = [each for each in operation.parameters if each.where == "query" and each.argument not in paging_names]
        named = {plain(each.name): each for each in queried}
        self._sorts = [named[name] for name in SORTS if name in named and name not in self._by_plain]
        self._directions = [named[name] for name in DIRECTIONS if name in named and name not in self._by_plain]
        self._filters = []
        for each in queried:
            found = self._property(each.name)
            if found is not None:
                self._filters.append(Filter(each.name, each.argument, *found))

    def _property(self, parameter: str) -> tuple[str, str] | None:
        """Return the property that a parameter's name means, and the comparison."""
        name = plain(parameter)
        for each in (name, name.removeprefix("filter")):
            if each in self._by_plain:
                return self._by_plain[each], ""
            for ending, bound in BOUNDS.items():
                stem = each.removesuffix(ending)
                for candidate in (stem, f"{stem}at", f"{stem}on", f"{stem}date", f"{stem}d"):
                    if stem and stem != each and candidate in self._by_plain:
                        return self._by_plain[candidate], bound
        return None

    def is_asked(self, request: RequestFacts) -> bool:
        """Return whether a request selects or sorts at all."""
        names = [each.parameter for each in self._filters] + [each.name for each in (*self._sorts, *self._directions)]
        return any(is_given(request, name) for name in names)

    def chosen(self, records: Iterable[Json], request: RequestFacts, arguments: Mapping[str, Any]) -> Steps[list[Json]]:
        """Return the records that a request wants, in its order; in steps, in which the records are parsed, too."""
        wanted = [
            (each.property, arguments[each.argument], each.bound)
            for each in self._filters
            if arguments.get(each.argument) is not None and is_given(request, each.parameter)
        ]
        found: list[Json] = []
        for batch in _batches(iter(records)):
            found += [
                record
                for record in batch
                if all(_passes(_value(record, name), value, bound) for name, value, bound in wanted)
            ]
            yield
        for name, is_descending in reversed([*self._order(request, arguments)]):
            if name:
                found = yield from _sorted(found, name, is_descending=is_descending)
            elif is_descending:
                found.reverse()
        return found

    def _order(self, request: RequestFacts, arguments: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
        """Yield the properties to sort by, each with whether it descends; an empty name is the records' own order."""
        texts = [
            text.strip()
            for each in self._sorts
            if is_given(request, each.name)
            for text in _texts(arguments.get(each.argument))
        ]
        directions = [
            text for each in self._directions if is_given(request, each.name)
            for text in _texts(arguments.get(each.argument))
        ]  # fmt: skip
        is_descending = any(text.lower() in DESCENDING for text in directions)
        named = False
        for text in texts:
            words = text.lstrip("+-").replace(":", " ").replace(".", " ").split()
            name = self._by_plain.get(plain(words[0])) if words else None
            if name is None:
                name, words = self._with_direction(text)
            if name is not None:
                named = True
                own = len(words) > 1 and words[-1].lower() in DESCENDING
                yield name, text.startswith("-") or own or is_descending
        if not named and (is_descending or any(text.lower() in DESCENDING for text in texts)):
            yield "", True

    def _with_direction(self, text: str) -> tuple[str | None, list[str]]:
        """Return the property of a text such as ``created_desc``, with the two words of it."""
        for direction in (*DESCENDING, *ASCENDING):
            name = self._by_plain.get(plain(text).removesuffix(direction))
            if plain(text).endswith(direction) and name is not None:
                return name, [name, direction]
        return None, []


def selectable(properties: Mapping[str, Any], attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties by which records are selected: their own, and JSON:API's attributes if they have these."""
    return {**(attributes if "type" in properties else {}), **properties}


def _value(record: Json, name: str) -> Any:
    """Return the value of a record's property, or of its attribute."""
    attributes = record.get(ATTRIBUTES)
    if name in record or not isinstance(attributes, Mapping):
        return record.get(name)
    return attributes.get(name)


def _texts(value: Any) -> list[str]:
    parts = value if isinstance(value, list) else [value]
    return [text for part in parts if isinstance(part, str) for text in part.split(",") if text.strip()]


def _batches(records: Iterator[Json]) -> Iterator[list[Json]]:
    """Yield records in lists, each of a size that one step takes."""
    while batch := list(islice(records, BATCH_SIZE)):
        yield batch


def _sorted(records: list[Json], name: str, *, is_descending: bool) -> Steps[list[Json]]:
    """Return records by a property, numbers before texts, in steps; those without it are the last."""

    def rank(record: Json) -> tuple[bool, Any]:
        value = _value(record, name)
        return isinstance(value, str), value

    runs: list[list[Json]] = []
    lacking: list[Json] = []
    for batch in _batches(iter(records)):
        having = [record for record in batch if isinstance(_value(record, name), int | float | str)]
        lacking += [record for record in batch if not isinstance(_value(record, name), int | float | str)]
        runs.append(sorted(having, key=rank, reverse=is_descending))
        yield
    merged: list[Json] = []
    for batch in _batches(merge(*runs, key=rank, reverse=is_descending)):
        merged += batch
        yield
    return merged + lacking


def _passes(value: Any, wanted: Any, bound: str) -> bool:
    if bound:
        return _compares(value, wanted, bound)
    if isinstance(wanted, Mapping) and not isinstance(value, Mapping):  # created[gte]=…&created[lt]=…
        known = {BOUNDS[name]: limit for name, limit in wanted.items() if name in BOUNDS}
        return all(_compares(value, limit, name) for name, limit in known.items())
    return _fits(value, wanted)


def _compares(value: Any, limit: Any, bound: str) -> bool:
    if isinstance(value, int | float) and isinstance(limit, str):
        try:
            limit = float(limit)
        except ValueError:
            return False
    is_comparable = (isinstance(value, str) and isinstance(limit, str)) or (
        isinstance(value, int | float) and isinstance(limit, int | float)
    )
    if not is_comparable:
        return False
    if value == limit:
        return bound in ("gte", "lte")
    return bool(value > limit) is bound.startswith("g")


def _fits(value: Any, wanted: Any) -> bool:
    """Return whether a record's value is the one that a filter wants, or among those that it wants."""
    if isinstance(wanted, list):
        return any(_fits(value, each) for each in wanted)
    if isinstance(value, list):
        return any(_fits(each, wanted) for each in value)
    if isinstance(value, Mapping) and not isinstance(wanted, Mapping):
        return any(_fits(value[name], wanted) for name in ("id", "name", "key", "value") if name in value)
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    return value == wanted or (value is not None and str(value) == str(wanted))
