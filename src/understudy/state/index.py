"""One look-up of a collection: keys by a value, oldest first or by rank."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from understudy.core.table import Extract, SortedIndex

Group = dict[str, str] | tuple[str, str]
"""The keys with one value, each with its rank (``""`` for none). A lone one is a pair: most are, a dict is large."""


class Index:
    """Keys by the value that a look-up asks for. Keys with a rank are put in its order when they are next read."""

    __slots__ = ("_extract", "_groups", "_rank", "_unsorted")

    def __init__(self, extract: Extract) -> None:
        """Take what the look-up's value is taken from an object with; ``Ranked`` has a rank, too."""
        self._extract = extract
        self._rank = extract.rank if isinstance(extract, SortedIndex) else None
        self._groups: dict[Hashable, Group] = {}
        self._unsorted: set[Hashable] = set()

    def put(self, key: str, value: Hashable | None, old: Hashable | None, of: Mapping[str, Any]) -> None:
        """Put the key of an object where its value and rank belong; ``old`` is the value that it had before."""
        rank = "" if self._rank is None else self._rank(of)
        if old is not None:
            if old == value and self._rank_of(old, key) == rank:
                return
            self.remove(old, key)
        if value is not None:
            self.add(value, key, rank)

    def add(self, value: Hashable, key: str, rank: str = "") -> None:
        """Put a key behind the others of its value."""
        group = self._groups.get(value)
        if group is None:
            self._groups[value] = (key, rank)
            return
        if isinstance(group, tuple):
            group = self._groups[value] = {group[0]: group[1]}
        if rank < next(reversed(group.values())):
            self._unsorted.add(value)
        group[key] = rank

    def remove(self, value: Hashable, key: str) -> None:
        """Take a key from its value."""
        group = self._groups[value]
        if isinstance(group, dict) and len(group) > 1:
            del group[key]
            return
        del self._groups[value]
        self._unsorted.discard(value)

    def _rank_of(self, value: Hashable, key: str) -> str:
        group = self._groups[value]
        return group[1] if isinstance(group, tuple) else group[key]

    def keys(self, value: Hashable) -> dict[str, str]:
        """Return the keys with a value, in order, each with its rank."""
        group = self._groups.get(value)
        if group is None:
            return {}
        if isinstance(group, tuple):
            return {group[0]: group[1]}
        if value in self._unsorted:
            self._unsorted.remove(value)
            group = self._groups[value] = dict(sorted(group.items(), key=itemgetter(1)))
        return group

    def count(self, value: Hashable) -> int:
        """Return how many keys have a value."""
        group = self._groups.get(value, ())
        return 1 if isinstance(group, tuple) and group else len(group)

    def groups(self) -> Iterator[dict[str, str]]:
        """Go through the keys of each value that has several, in order, each with its rank."""
        for value in [value for value, group in self._groups.items() if isinstance(group, dict)]:
            yield self.keys(value)

    def set_order(self, value: Hashable, keys: Sequence[str]) -> None:
        """Put the keys of a value in this order; ``ValueError`` unless it has just these."""
        group = self.keys(value)
        if sorted(group) != sorted(keys):
            raise ValueError(f"{', '.join(keys)} are not found together")
        self._groups[value] = {key: group[key] for key in keys}

    def clear(self) -> None:
        """Forget every key."""
        self._groups.clear()
        self._unsorted.clear()

    def copy(self) -> "Index":
        """Return an equal look-up that goes its own way."""
        twin = Index(self._extract)
        twin._groups = {
            value: group if isinstance(group, tuple) else group.copy() for value, group in self._groups.items()
        }
        twin._unsorted = self._unsorted.copy()
        return twin
