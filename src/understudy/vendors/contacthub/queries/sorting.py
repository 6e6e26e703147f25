"""The order of a search's elements: keys one after the other, what lacks a key last in both directions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from understudy.core.json_types import Json
from understudy.vendors.contacthub.queries.attribute_getter import Get, getter

Rank = tuple[bool, int, Any]
KINDS: dict[type, int] = {bool: 1, int: 2, float: 2, str: 3}
"""Values of different kinds come in this order; an object is nothing to sort by."""


@dataclass(frozen=True, slots=True)
class SortKey:
    """One key of an order."""

    get: Get
    is_descending: bool

    def rank(self, record: Json) -> Rank:
        """Return what a record is sorted by; of a list, its least element, or its greatest going down.

        Whether it goes behind all others comes first in it: sorting downwards reverses that, too.
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
"""An element found: its id, and its rank by each key."""


def parse_sort(texts: Sequence[str] | None, prefix: str = "") -> SortOrder:
    """Return the order that ``sort`` asks for, foremost key first: dotted fields, maybe with ``,asc`` or ``,desc``.

    ``prefix`` leads from a row to the fields.
    """
    parts = [text.partition(",") for text in texts or ()]
    return tuple(SortKey(getter(prefix + field), direction.lower() == "desc") for field, _, direction in parts)


def sort_found(found: list[Found], order: SortOrder) -> None:
    """Sort what was found in place; equal ones stay as they are."""
    for number, key in reversed(list(enumerate(order))):

        def rank(each: Found, number: int = number) -> Rank:
            return each[1][number]

        found.sort(key=rank, reverse=key.is_descending)


def _by_kind(value: Any) -> tuple[int, Any]:
    return KINDS[type(value)], value
