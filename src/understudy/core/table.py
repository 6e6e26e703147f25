"""Declaration of a vendor's collections: their names, keys and indexes."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

Extract = Callable[[Mapping[str, Any]], Hashable | None]
"""Function that returns the value of a record in an index; ``None`` leaves the record out of the index."""


@dataclass(frozen=True, slots=True)
class SortedIndex:
    """Index that sorts the records with one value by a text, their rank, instead of by age.

    ``index`` returns a record's value in the index, ``rank`` its rank; the lowest rank comes first.
    """

    index: Extract
    rank: Callable[[Mapping[str, Any]], str]

    def __call__(self, value: Mapping[str, Any]) -> Hashable | None:
        """Return a record's value in the index, as any ``Extract`` does."""
        return self.index(value)


@dataclass(frozen=True, slots=True)
class Table:
    """Declaration of a collection of JSON records.

    ``key`` is the name of the property that identifies a record (a string). ``indexes`` has, by name, the function of
    each index. ``shared`` is a property that another collection also stores: its JSON text is in memory once.
    ``identify`` returns a record without a key with one, or raises ``ValueError``.
    """

    name: str
    key: str = "id"
    indexes: Mapping[str, Extract] = field(default_factory=dict)
    shared: str = ""
    identify: Callable[[Mapping[str, Any]], dict[str, Any]] | None = None

    def identified(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return a record that lacks its key with it; raise ``ValueError`` if it cannot be known."""
        if self.identify is None:
            raise ValueError(f"a record of {self.name} needs its key, {self.key!r}")
        return self.identify(record)


def by(*properties: str) -> dict[str, Extract]:
    """Return indexes by properties of the records, as in ``by("email", "contact.id")``; a dot goes one level down."""
    return {path: _extract(path.split(".")) for path in properties}


def _extract(parts: list[str]) -> Extract:
    if len(parts) == 1:
        name = parts[0]
        return lambda value: value.get(name)

    def value(found: Any) -> Any:
        for part in parts:
            if not isinstance(found, dict):
                return None
            found = found.get(part)
        return found

    return value
