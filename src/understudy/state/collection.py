"""JSON objects by key, with secondary indexes. Kept as text, so that no reference leaks in or out."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from heapq import merge
from itertools import islice
from operator import itemgetter
from typing import Any

import orjson

from understudy.core.json_types import Json, ReadOnlyJson
from understudy.core.table import Table
from understudy.state.index import Index

MAX_VIEWED = 1024
"""How many objects of a collection are kept parsed."""


StoredRow = bytes | tuple[bytes, bytes]
"""An object as JSON text; or that text without its shared property, and the property's own."""

IndexValues = tuple[Hashable | None, ...]
"""What each look-up knows of an object: its value, or none. A table without look-ups keeps none of these."""


class Collection:
    """One named collection of a world. What a caller holds never changes what is stored."""

    __slots__ = ("_index_positions", "_index_values", "_indexes", "_is_shared", "_load", "_rows", "_viewed", "table")

    def __init__(self, table: Table) -> None:
        self.table = table
        self._rows: dict[str, StoredRow] = {}
        self._load: Callable[[Any], Any] = partial(_parse, table.shared) if table.shared else orjson.loads
        self._index_values: dict[str, IndexValues] = {}
        self._indexes = {name: Index(extract) for name, extract in table.indexes.items()}
        self._viewed: dict[str, ReadOnlyJson] = {}
        self._is_shared = False
        self._index_positions = {name: place for place, name in enumerate(table.indexes)}

    def get(self, key: str) -> Json | None:
        """Return a copy of the object with this key."""
        row = self._rows.get(key)
        return None if row is None else self._load(row)

    def view(self, key: str) -> ReadOnlyJson | None:
        """Return the object with this key, parsed once for as long as it stays: for what each request asks after."""
        found = self._viewed.get(key)
        if found is None and (row := self._rows.get(key)) is not None:
            if len(self._viewed) >= MAX_VIEWED:
                self._viewed.clear()
            found = self._viewed[key] = self._load(row)
        return found

    def text(self, key: str) -> bytes | None:
        """Return the object with this key as JSON text."""
        row = self._rows.get(key)
        return row if row is None or isinstance(row, bytes) else _join(self.table.shared, row)

    def value(self, index: str, key: str) -> Hashable | None:
        """Return what a look-up knows of the object with this key; nothing for an unknown one."""
        entry = self._index_values.get(key)
        return None if entry is None else entry[self._index_positions[index]]

    def put(self, value: Json, shared: bytes | None = None) -> bytes:
        """Store an object under its own key, in place of an older one; its place in the order stays.

        Returns it as JSON text. ``shared`` is the JSON text of the table's shared property, which ``value`` is without
        then, as is what is returned.
        """
        key = value[self.table.key]
        entry = tuple([extract(value) for extract in self.table.indexes.values()])
        hash(entry)
        row = bytes(memoryview(orjson.dumps(value)))  # a copy: orjson's own has kilobytes of room to spare
        self._unshare()
        self._viewed.pop(key, None)
        old = self._index_values.get(key)
        for number, index in enumerate(self._indexes.values()):
            index.put(key, entry[number], None if old is None else old[number], value)
        if old != entry and entry:
            self._index_values[key] = entry
        self._rows[key] = row if shared is None else (row, shared)
        return row

    def delete(self, key: str) -> bool:
        """Forget an object; tell whether there was one."""
        if key not in self._rows:
            return False
        self._unshare()
        self._viewed.pop(key, None)
        for index, value in zip(self._indexes.values(), self._index_values.pop(key, ()), strict=True):
            if value is not None:
                index.remove(value, key)
        del self._rows[key]
        return True

    def clear(self) -> None:
        """Forget every object."""
        self._unshare()
        self._viewed.clear()
        self._rows.clear()
        self._index_values.clear()
        for index in self._indexes.values():
            index.clear()

    def find(self, index: str, value: Hashable) -> list[Json]:
        """Return copies of the objects with this value in an index, oldest first or by rank."""
        return [self._load(self._rows[key]) for key in self._indexes[index].keys(value)]

    def first(self, index: str, value: Hashable) -> Json | None:
        """Return a copy of the oldest object with this value in an index."""
        for key in self._indexes[index].keys(value):
            return self.get(key)
        return None

    def newest(self, index: str, value: Hashable, start: int, stop: int) -> list[Json]:
        """Return copies of a stretch of the objects with this value in an index, newest first; reads no others."""
        keys = islice(reversed(self._indexes[index].keys(value)), start, stop)
        return [self._load(self._rows[key]) for key in keys]

    def count(self, index: str, value: Hashable) -> int:
        """Return how many objects have this value in an index."""
        return self._indexes[index].count(value)

    def keys_of(self, index: str, value: Hashable) -> list[str]:
        """Return the keys of the objects with this value in an index, oldest first."""
        return list(self._indexes[index].keys(value))

    def keys_by_rank(self, index: str, values: Iterable[Hashable]) -> Iterator[str]:
        """Go through the keys that now have one of these values in an index, by rank; writing meanwhile is safe."""
        groups = [self._indexes[index].keys(value).copy() for value in values]
        return map(itemgetter(0), merge(*(group.items() for group in groups), key=itemgetter(1)))

    def read(self, keys: Iterable[str], texts: Sequence[str] = ()) -> Iterator[Json]:
        """Go through copies of the objects with these keys as they are now, without those that are gone.

        With ``texts``, only those that have one of them as a text somewhere: the others are not even parsed.
        """
        rows: list[Any] = [row for row in map(self._rows.get, keys) if row is not None]
        marks = [orjson.dumps(text) for text in texts]
        if marks and self.table.shared:
            rows = [row if isinstance(row, bytes) else _join(self.table.shared, row) for row in rows]
        if len(marks) == 1:
            rows = [row for row in rows if marks[0] in row]
        elif marks:
            rows = [row for row in rows if any(mark in row for mark in marks)]
        return map(self._load, rows)

    def keys(self) -> list[str]:
        """Return every key, oldest first."""
        return list(self._rows)

    def __iter__(self) -> Iterator[Json]:
        """Go through copies of all objects, oldest first; writing meanwhile is safe."""
        return map(self._load, list(self._rows.values()))

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __len__(self) -> int:
        return len(self._rows)

    def copy(self) -> "Collection":
        """Return an equal collection that goes its own way. Nothing is copied before one of the two is written to."""
        twin = Collection(self.table)
        twin._rows, twin._index_values, twin._indexes = self._rows, self._index_values, self._indexes
        twin._is_shared = self._is_shared = True
        return twin

    def explicit_orders(self) -> dict[str, list[list[str]]]:
        """Return, by index, keys found together whose order does not follow from the objects' own and their ranks."""
        place = {key: number for number, key in enumerate(self._rows)}
        found = {
            name: [list(group) for group in index.groups() if not _is_natural(group, place)]
            for name, index in self._indexes.items()
        }
        return {name: groups for name, groups in found.items() if groups}

    def set_order(self, orders: Mapping[str, Sequence[Sequence[str]]]) -> None:
        """Put keys found together in these orders; raise ``ValueError`` or ``LookupError`` for one of others."""
        self._unshare()
        for number, (name, index) in enumerate(self._indexes.items()):
            for keys in orders.get(name, ()):
                index.set_order(self._index_values[keys[0]][number], keys)

    def migrated_to(self, table: Table) -> "Collection":
        """Return the same objects as another declaration of the table keeps them: itself, if it is the same one."""
        if table is self.table:
            return self
        made = Collection(table)
        for value in self:
            made.put(value)
        for name, groups in self.explicit_orders().items():
            with suppress(LookupError, ValueError):  # the look-up finds others together now
                made.set_order({name: groups})
        return made

    def _unshare(self) -> None:
        """Stop sharing with a twin, before a write."""
        if not self._is_shared:
            return
        self._rows, self._index_values = self._rows.copy(), self._index_values.copy()
        self._indexes = {name: index.copy() for name, index in self._indexes.items()}
        self._is_shared = False


def _parse(name: str, row: StoredRow) -> Any:
    return orjson.loads(row) if isinstance(row, bytes) else {**orjson.loads(row[0]), name: orjson.loads(row[1])}


def _join(name: str, row: tuple[bytes, bytes]) -> bytes:
    return orjson.dumps({**orjson.loads(row[0]), name: orjson.Fragment(row[1])})


def _is_natural(group: Mapping[str, str], place: Mapping[str, int]) -> bool:
    places = [(rank, place[key]) for key, rank in group.items()]
    return places == sorted(places)
