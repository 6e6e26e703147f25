"""Sort order of a search: several keys in turn; an element without a key's value is last in both directions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from understudy.core.json_types import Json
from understudy.vendors.contacthub.queries.attribute_getter import Get, getter

Rank = tuple[bool, int, Any]
KINDS: dict[type, int] = {bool: 1, int: 2, float: 2, str: 3}
"""Order of values of different types; an object counts as no value."""


@dataclass(frozen=True, slots=True)
class SortKey:
    """Key of a sort order: an attribute and a direction."""

    get: Get
    is_descending: bool

    def rank(self, record: Json) -> Rank:
        """Return the sort value of a record; for a list its least element, or its greatest in descending order.

        Its first item moves records without a value to the end; it depends on the direction because a descending sort
        reverses it as well.
        """
        value = self.get(record)
        if type(value) is list:
            known = [each for each in value if type(each) in KINDS]
            value = (max if self.is_descending else min)(known, key=_by_kind, default=None)
        kind = KINDS.get(type(value))
        if kind is None:
            return not self.is_descending, 0, 0
        return self.is_descending, kind, value


SortOrder = tuple[SortKey, ...]
Found = tuple[str, tuple[Rank, ...]]
"""Matching element: its id, and its rank by each key."""


def parse_sort(texts: Sequence[str] | None, prefix: str = "") -> SortOrder:
    """Return the sort order of the parameter ``sort``: dotted fields, optionally with ``,asc`` or ``,desc``.

    ``prefix`` is the path from a row to the fields, with a dot at its end.
    """
    parts = [text.partition(",") for text in texts or ()]
    return tuple(SortKey(getter(prefix + field), direction.lower() == "desc") for field, _, direction in parts)


def sort_found(found: list[Found], order: SortOrder) -> None:
    """Sort matching elements in place; the sort is stable."""
    for number, key in reversed(list(enumerate(order))):

        def rank(each: Found, number: int = number) -> Rank:
            return each[1][number]

        found.sort(key=rank, reverse=key.is_descending)


def _by_kind(value: Any) -> tuple[int, Any]:
    return KINDS[type(value)], value
