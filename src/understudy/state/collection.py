"""JSON objects by key, with secondary indexes. Kept as text, so that no reference leaks in or out."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any

import orjson

from understudy.core.table import Ranked, Table

Json = dict[str, Any]


class Collection:
    """One named collection of a world. What a caller holds never changes what is stored."""

    __slots__ = ("_entries", "_indexes", "_is_shared", "_ranks", "_rows", "_unsorted", "table")

    def __init__(self, table: Table) -> None:
        self.table = table
        self._rows: dict[str, bytes] = {}
        self._entries: dict[str, tuple[tuple[Hashable | None, str], ...]] = {}
        self._indexes: dict[str, dict[Hashable, dict[str, str]]] = {name: {} for name in table.indexes}
        self._ranks = [index.rank if isinstance(index, Ranked) else None for index in table.indexes.values()]
        self._unsorted: set[tuple[str, Hashable]] = set()
        self._is_shared = False

    def get(self, key: str) -> Json | None:
        """Return a copy of the object with this key."""
        row = self._rows.get(key)
        return None if row is None else orjson.loads(row)

    def put(self, value: Json) -> None:
        """Store an object under its own key, in place of an older one; its place in the order stays."""
        key = value[self.table.key]
        entries = tuple(
            (extract(value), rank(value) if rank else "")
            for extract, rank in zip(self.table.indexes.values(), self._ranks, strict=True)
        )
        hash(entries)
        row = orjson.dumps(value)
        self._own()
        old = self._entries.get(key)
        if old != entries:
            for number, name in enumerate(self._indexes):
                if old is None or old[number] != entries[number]:
                    self._forget(name, old[number][0] if old else None, key)
                    self._remember(name, *entries[number], key)
            self._entries[key] = entries
        self._rows[key] = row

    def delete(self, key: str) -> bool:
        """Forget an object; tell whether there was one."""
        if key not in self._rows:
            return False
        self._own()
        for name, (value, _) in zip(self._indexes, self._entries.pop(key), strict=True):
            self._forget(name, value, key)
        del self._rows[key]
        return True

    def clear(self) -> None:
        """Forget every object."""
        self._own()
        self._rows.clear()
        self._entries.clear()
        self._unsorted.clear()
        for index in self._indexes.values():
            index.clear()

    def find(self, index: str, value: Hashable) -> list[Json]:
        """Return copies of the objects with this value in an index, oldest first or by rank."""
        return [orjson.loads(self._rows[key]) for key in self._group(index, value)]

    def first(self, index: str, value: Hashable) -> Json | None:
        """Return a copy of the oldest object with this value in an index."""
        for key in self._group(index, value):
            return self.get(key)
        return None

    def newest(self, index: str, value: Hashable, start: int, stop: int) -> list[Json]:
        """Return copies of a stretch of the objects with this value in an index, newest first; reads no others."""
        keys = islice(reversed(self._group(index, value)), start, stop)
        return [orjson.loads(self._rows[key]) for key in keys]

    def count(self, index: str, value: Hashable) -> int:
        """Return how many objects have this value in an index."""
        return len(self._indexes[index].get(value, ()))

    def keys_of(self, index: str, value: Hashable) -> list[str]:
        """Return the keys of the objects with this value in an index, oldest first."""
        return list(self._group(index, value))

    def read(self, keys: Iterable[str], texts: Sequence[str] = ()) -> Iterator[Json]:
        """Go through copies of the objects with these keys as they are now, without those that are gone.

        With ``texts``, only those that have one of them as a text somewhere: the others are not even parsed.
        """
        rows = [row for row in map(self._rows.get, keys) if row is not None]
        marks = [orjson.dumps(text) for text in texts]
        if len(marks) == 1:
            rows = [row for row in rows if marks[0] in row]
        elif marks:
            rows = [row for row in rows if any(mark in row for mark in marks)]
        return map(orjson.loads, rows)

    def keys(self) -> list[str]:
        """Return every key, oldest first."""
        return list(self._rows)

    def __iter__(self) -> Iterator[Json]:
        """Go through copies of all objects, oldest first; writing meanwhile is safe."""
        return map(orjson.loads, list(self._rows.values()))

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __len__(self) -> int:
        return len(self._rows)

    def copy(self) -> "Collection":
        """Return an equal collection that goes its own way. Nothing is copied before one of the two is written to."""
        twin = Collection(self.table)
        twin._rows, twin._entries = self._rows, self._entries
        twin._indexes, twin._unsorted = self._indexes, self._unsorted
        twin._is_shared = self._is_shared = True
        return twin

    def _own(self) -> None:
        """Stop sharing with a twin, before a write."""
        if not self._is_shared:
            return
        self._rows, self._entries, self._unsorted = self._rows.copy(), self._entries.copy(), self._unsorted.copy()
        self._indexes = {
            name: {value: keys.copy() for value, keys in index.items()} for name, index in self._indexes.items()
        }
        self._is_shared = False

    def _group(self, name: str, value: Hashable) -> dict[str, str]:
        """Return the keys with this value in an index, in order, each with its rank."""
        groups = self._indexes[name]
        if (name, value) in self._unsorted:
            self._unsorted.remove((name, value))
            groups[value] = dict(sorted(groups[value].items(), key=itemgetter(1)))
        return groups.get(value, {})

    def _remember(self, name: str, value: Hashable | None, rank: str, key: str) -> None:
        if value is None:
            return
        group = self._indexes[name].setdefault(value, {})
        if group and rank < next(reversed(group.values())):
            self._unsorted.add((name, value))
        group[key] = rank

    def _forget(self, name: str, value: Hashable | None, key: str) -> None:
        if value is None:
            return
        group = self._indexes[name][value]
        del group[key]
        if not group:
            del self._indexes[name][value]
            self._unsorted.discard((name, value))
