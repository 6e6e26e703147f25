"""What a vendor remembers: named collections, their keys and the look-ups they serve."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

Extract = Callable[[Mapping[str, Any]], Hashable | None]


@dataclass(frozen=True, slots=True)
class SortedIndex:
    """An index of a table whose objects come by a text of theirs, least first, instead of oldest first.

    ``index`` takes the look-up's value from an object, ``rank`` the text.
    """

    index: Extract
    rank: Callable[[Mapping[str, Any]], str]

    def __call__(self, value: Mapping[str, Any]) -> Hashable | None:
        """Return the look-up's value of an object, as any index does."""
        return self.index(value)


@dataclass(frozen=True, slots=True)
class Table:
    """A collection of JSON objects.

    ``key`` names the property that identifies an object (a string). ``indexes`` gives each look-up a name and the
    function that takes its value from an object; an object whose value is ``None`` is not in that index. ``shared``
    names a property whose text another table keeps, too: it is there only once.
    """

    name: str
    key: str = "id"
    indexes: Mapping[str, Extract] = field(default_factory=dict)
    shared: str = ""


def by(*properties: str) -> dict[str, Extract]:
    """Index objects by properties of theirs: ``by("email", "contact.id")``; a dot goes one level down."""
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
