"""Index of a collection: keys by a value of their records, oldest first or by rank."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from heapq import merge
from operator import itemgetter
from typing import Any

from understudy.core.steps import Steps
from understudy.core.table import Extract, SortedIndex

Group = dict[str, str] | tuple[str, str]
"""Keys with one value, each with its rank (``""`` for none). A single key, the usual case, is a pair to save memory."""


KEYS_PER_STEP = 1024
"""Number of keys that are sorted, or whose order is looked at, in one step."""


class Index:
    """Index of one collection by one value. Keys with a rank are sorted when they are next read."""

    __slots__ = ("_extract", "_groups", "_owned", "_rank", "_unsorted")

    def __init__(self, extract: Extract) -> None:
        """``extract`` returns the value of a record; a ``SortedIndex`` returns its rank, too."""
        self._extract = extract
        self._rank = extract.rank if isinstance(extract, SortedIndex) else None
        self._groups: dict[Hashable, Group] = {}
        self._unsorted: set[Hashable] = set()
        self._owned: set[Hashable] | None = None
        """Values whose group no other index shares; ``None`` for all. A shared group is copied before a write."""

    def put(self, key: str, value: Hashable | None, old: Hashable | None, of: Mapping[str, Any]) -> None:
        """Index a key under the value and rank of its record ``of``; ``old`` is the record's previous value."""
        rank = "" if self._rank is None else self._rank(of)
        if old is not None:
            if old == value and self._rank_of(old, key) == rank:
                return
            self.remove(old, key)
        if value is not None:
            self.add(value, key, rank)

    def put_all(self, changes: Iterable[tuple[str, Hashable | None, Hashable | None]]) -> None:
        """Index keys without a rank, each given with its new and its old value."""
        groups = self._groups
        for key, value, old in changes:
            if value == old:
                continue
            if old is not None:
                self.remove(old, key)
            if value is not None and value not in groups:
                groups[value] = (key, "")
            elif value is not None:
                self.add(value, key)

    def add(self, value: Hashable, key: str, rank: str = "") -> None:
        """Add a key after the other keys of a value."""
        group = self._groups.get(value)
        if group is None:
            self._groups[value] = (key, rank)
            return
        group = self._own(value, group)
        if rank < next(reversed(group.values())):
            self._unsorted.add(value)
        group[key] = rank

    def remove(self, value: Hashable, key: str) -> None:
        """Remove a key from a value."""
        group = self._groups[value]
        if isinstance(group, dict) and len(group) > 1:
            del self._own(value, group)[key]
            return
        del self._groups[value]
        self._unsorted.discard(value)

    def _own(self, value: Hashable, group: Group) -> dict[str, str]:
        """Return a value's group as a dictionary that may be changed."""
        if isinstance(group, dict) and (self._owned is None or value in self._owned):
            return group
        owned = self._groups[value] = {group[0]: group[1]} if isinstance(group, tuple) else group.copy()
        if self._owned is not None:
            self._owned.add(value)
        return owned

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
            group = dict(sorted(group.items(), key=itemgetter(1)))
            self._replace(value, group)
        return group

    def sort(self) -> Steps[None]:
        """Sort the keys of every value in steps, so that no later reader waits for it. The index must not change."""
        for value in list(self._unsorted):
            ranks = self._own(value, self._groups[value])
            runs, keys = [], list(ranks)
            for start in range(0, len(keys), KEYS_PER_STEP):
                runs.append(sorted(keys[start : start + KEYS_PER_STEP], key=ranks.__getitem__))
                yield
            ordered: dict[str, str] = {}
            for number, key in enumerate(merge(*runs, key=ranks.__getitem__)):
                ordered[key] = ranks[key]
                if number % KEYS_PER_STEP == 0:
                    yield
            if value in self._unsorted:
                self._replace(value, ordered)

    def _replace(self, value: Hashable, group: dict[str, str]) -> None:
        """Set the sorted group of a value."""
        self._unsorted.discard(value)
        self._groups[value] = group
        if self._owned is not None:
            self._owned.add(value)

    def count(self, value: Hashable) -> int:
        """Return the number of keys with a value."""
        group = self._groups.get(value, ())
        return 1 if isinstance(group, tuple) and group else len(group)

    def groups(self) -> Iterator[dict[str, str] | None]:
        """Yield, for each value with several keys, the keys in order, each with its rank; ``None`` for one key."""
        for value in list(self._groups):
            yield self.keys(value) if isinstance(self._groups[value], dict) else None

    def set_order(self, value: Hashable, keys: Sequence[str]) -> None:
        """Put the keys of a value in this order; raise ``ValueError`` unless they are exactly its keys."""
        group = self.keys(value)
        if len(group) != len(keys) or group.keys() != set(keys):
            raise ValueError(f"{', '.join(keys)} are not found together")
        self._replace(value, {key: group[key] for key in keys})

    def take_groups(self) -> dict[Hashable, Group]:
        """Return the groups and have none."""
        groups, self._groups, self._unsorted = self._groups, {}, set()
        return groups

    def copy(self) -> "Index":
        """Return an equal index. The groups are shared: write to this index no more, only to its copies."""
        clone = Index(self._extract)
        clone._groups = self._groups.copy()
        clone._owned = set()
        clone._unsorted = self._unsorted.copy()
        return clone
