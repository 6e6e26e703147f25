"""In-memory collection of JSON records with indexes. Records are stored as text, so none is shared with a caller."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from heapq import merge
from itertools import islice
from operator import itemgetter
from sys import getrefcount
from typing import Any

import orjson

from understudy.core.json_types import Json, ReadOnlyJson
from understudy.core.steps import Steps, run_to_end
from understudy.core.table import Table
from understudy.state.index import KEYS_PER_STEP, Index

MAX_VIEWED = 1024
"""Number of records of a collection that ``view`` caches."""

LARGE_COPY = 5_000
"""Number of records from which a collection is copied in steps before a write that a request asks for."""

OWN_REFERENCES = 2
"""References to a dictionary that no other collection has: a variable's, and that of the function that counts them."""

StoredRow = bytes | tuple[bytes, bytes]
"""Record as JSON text; or its JSON text without the table's shared property, and that property's JSON text."""

IndexValues = tuple[Hashable | None, ...]
"""Value of a record in each index, in the table's order; ``None`` where the record is not in the index."""


class Collection:
    """Collection of one vendor state: records by key, and the indexes that its table declares."""

    __slots__ = ("_index_positions", "_index_values", "_indexes", "_is_shared", "_load", "_rows", "_viewed", "changes",
                 "table")  # fmt: skip

    def __init__(self, table: Table) -> None:
        self.table = table
        self._rows: dict[str, StoredRow] = {}
        self._load: Callable[[Any], Any] = partial(_parse, table.shared) if table.shared else orjson.loads
        self._index_values: dict[str, IndexValues] = {}
        self._indexes = {name: Index(extract) for name, extract in table.indexes.items()}
        self._viewed: dict[str, ReadOnlyJson] = {}
        self.changes = 0
        """Number of writes so far, by which work in steps sees that others have written meanwhile."""

        self._is_shared = False
        self._index_positions = {name: position for position, name in enumerate(table.indexes)}

    def get(self, key: str) -> Json | None:
        """Return a copy of the record with this key."""
        row = self._rows.get(key)
        return None if row is None else self._load(row)

    def view(self, key: str) -> ReadOnlyJson | None:
        """Return the record with this key, cached until it changes: for records that every request reads."""
        found = self._viewed.get(key)
        if found is None and (row := self._rows.get(key)) is not None:
            if len(self._viewed) >= MAX_VIEWED:
                self._viewed.clear()
            found = self._viewed[key] = self._load(row)
        return found

    def text(self, key: str) -> bytes | None:
        """Return the record with this key as JSON text."""
        row = self._rows.get(key)
        return row if row is None or isinstance(row, bytes) else _join(self.table.shared, row)

    def stored(self, keys: Iterable[str]) -> list[bytes]:
        """Return the bytes in which the records with these keys are stored, to be searched; empty for unknown keys."""
        rows = [self._rows.get(key, b"") for key in keys]
        return [row if isinstance(row, bytes) else b"\n".join(row) for row in rows]

    def value(self, index: str, key: str) -> Hashable | None:
        """Return the value of a record in an index, without parsing the record; ``None`` for an unknown key."""
        values = self._index_values.get(key)
        return None if values is None else values[self._index_positions[index]]

    def put(self, value: Json, shared: bytes | None = None) -> bytes:
        """Store a record under its own key and return its JSON text. A record that it replaces keeps its position.

        ``shared`` is the JSON text of the table's shared property. With it, neither ``value`` nor the returned text has
        that property.
        """
        if self.table.key not in value:
            value = self.table.identified(value)
        key = value[self.table.key]
        values = tuple([extract(value) for extract in self.table.indexes.values()])
        hash(values)
        self.changes += 1
        row = bytes(memoryview(orjson.dumps(value)))  # a copy: orjson returns one with kilobytes to spare
        self._unshare()
        self._viewed.pop(key, None)
        old = self._index_values.get(key)
        for number, index in enumerate(self._indexes.values()):
            index.put(key, values[number], None if old is None else old[number], value)
        if old != values and values:
            self._index_values[key] = values
        self._rows[key] = row if shared is None else (row, shared)
        return row

    def put_all(self, others: "Collection") -> None:
        """Store all records of another collection of the same table, as ``put`` does, but without writing them anew.

        The table has no sorted index.
        """
        self._unshare()
        self.changes += 1
        self._viewed.clear()
        new_rows, new_values = others._rows, others._index_values  # noqa: SLF001 - of the same class
        old_values = [self._index_values.get(key) for key in new_rows]
        for number, index in enumerate(self._indexes.values()):
            index.put_all(
                (key, new_values[key][number], None if old is None else old[number])
                for key, old in zip(new_rows, old_values, strict=True)
            )
        self._rows.update(new_rows)
        self._index_values.update(new_values)

    def delete(self, key: str) -> bool:
        """Delete a record; return whether it existed."""
        if key not in self._rows:
            return False
        self.changes += 1
        self._unshare()
        self._viewed.pop(key, None)
        for index, value in zip(self._indexes.values(), self._index_values.pop(key, ()), strict=True):
            if value is not None:
                index.remove(value, key)
        del self._rows[key]
        return True

    def clear(self) -> None:
        """Delete every record."""
        self.changes += 1
        self._viewed.clear()
        self._rows, self._index_values = {}, {}
        self._indexes = {name: Index(extract) for name, extract in self.table.indexes.items()}
        self._is_shared = False

    def find(self, index: str, value: Hashable) -> list[Json]:
        """Return copies of the records with this value in an index, oldest first or by rank."""
        return [self._load(self._rows[key]) for key in self._indexes[index].keys(value)]

    def first(self, index: str, value: Hashable) -> Json | None:
        """Return a copy of the first record with this value in an index."""
        for key in self._indexes[index].keys(value):
            return self.get(key)
        return None

    def newest(self, index: str, value: Hashable, start: int, stop: int) -> list[Json]:
        """Return copies of records ``start`` to ``stop`` with this value in an index, in the reverse order of ``find``.

        No other record is parsed.
        """
        keys = islice(reversed(self._indexes[index].keys(value)), start, stop)
        return [self._load(self._rows[key]) for key in keys]

    def count(self, index: str, value: Hashable) -> int:
        """Return the number of records with this value in an index."""
        return self._indexes[index].count(value)

    def keys_of(self, index: str, value: Hashable) -> list[str]:
        """Return the keys of the records with this value in an index, oldest first or by rank."""
        return list(self._indexes[index].keys(value))

    def keys_by_rank(self, index: str, values: Iterable[Hashable]) -> Iterator[str]:
        """Yield the keys with one of these values in an index, by rank, as of this call; writing meanwhile is safe."""
        groups = [self._indexes[index].keys(value).copy() for value in values]
        return map(itemgetter(0), merge(*(group.items() for group in groups), key=itemgetter(1)))

    def read(self, keys: Iterable[str], texts: Sequence[str] = ()) -> Iterator[Json]:
        """Yield copies of the records with these keys, as of this call; keys without a record are left out.

        With ``texts``, only records that hold one of these texts as a JSON string anywhere; no other record is parsed.
        """
        rows: list[Any] = [row for row in map(self._rows.get, keys) if row is not None]
        quoted = [orjson.dumps(text) for text in texts]
        if quoted and self.table.shared:
            rows = [row if isinstance(row, bytes) else _join(self.table.shared, row) for row in rows]
        if len(quoted) == 1:
            rows = [row for row in rows if quoted[0] in row]
        elif quoted:
            rows = [row for row in rows if any(text in row for text in quoted)]
        return map(self._load, rows)

    def keys(self) -> list[str]:
        """Return every key, oldest first."""
        return list(self._rows)

    def last_key(self) -> str | None:
        """Return the newest key, or ``None`` if there is no record."""
        return next(reversed(self._rows), None)

    def __iter__(self) -> Iterator[Json]:
        """Yield copies of all records, oldest first; writing meanwhile is safe."""
        return map(self._load, list(self._rows.values()))

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __len__(self) -> int:
        return len(self._rows)

    def copy(self) -> "Collection":
        """Return an equal, independent collection. Nothing is copied until one of the two is written to."""
        clone = Collection(self.table)
        clone._rows, clone._index_values, clone._indexes = self._rows, self._index_values, self._indexes
        clone._is_shared = self._is_shared = True
        return clone

    def shares_records(self, other: "Collection") -> bool:
        """Return whether this and another collection were copied and neither was written to since: they are equal."""
        return self._rows is other._rows  # noqa: SLF001 - of the same class

    def has_same_row(self, other: "Collection", key: str) -> bool:
        """Return whether both have the same text of a record; equal records may have two."""
        row = self._rows.get(key)
        return row is not None and row == other._rows.get(key)  # noqa: SLF001 - of the same class

    def explicit_orders(self) -> Steps[dict[str, list[list[str]]]]:
        """Return, by index, the groups of keys whose order does not follow from the records' order and ranks."""
        positions: dict[str, int] = {}
        for number, key in enumerate(self._rows):
            positions[key] = number
            if number % KEYS_PER_STEP == 0:
                yield
        found: dict[str, list[list[str]]] = {}
        for name, index in self._indexes.items():
            yield from index.sort()
            for position, group in enumerate(index.groups()):
                if group is not None and not (yield from _is_in_order(group, positions)):
                    found.setdefault(name, []).append(list(group))
                if position % KEYS_PER_STEP == 0:
                    yield
        return found

    def sort(self) -> Steps[None]:
        """Sort the indexes in steps, so that no later reader waits. The collection must not change meanwhile."""
        for index in self._indexes.values():
            yield from index.sort()

    def dismantle(self) -> Steps[None]:
        """Remove the records in steps: freed at once, they would stop others. What is shared stays."""
        parts: list[dict[Any, Any]] = [self._rows, self._index_values]
        indexes = self._indexes
        self._rows, self._index_values = {}, {}
        self._indexes = {name: Index(extract) for name, extract in self.table.indexes.items()}
        if getrefcount(indexes) <= OWN_REFERENCES:
            parts += [index.take_groups() for index in indexes.values()]
        while parts:
            yield from _empty(parts.pop(), parts)

    def set_order(self, orders: Mapping[str, Sequence[Sequence[str]]]) -> None:
        """Restore the order of groups of keys with one value, by index, as ``explicit_orders`` returns them.

        Raises ``ValueError`` or ``LookupError`` for keys that do not have one value in common.
        """
        self._unshare()
        for number, (name, index) in enumerate(self._indexes.items()):
            for keys in orders.get(name, ()):
                index.set_order(self._index_values[keys[0]][number], keys)

    def migrated_to(self, table: Table) -> "Collection":
        """Return the same records under another declaration of the table; this collection, if it is the same one."""
        if table is self.table:
            return self
        made = Collection(table)
        for value in self:
            made.put(value)
        for name, groups in run_to_end(self.explicit_orders()).items():
            with suppress(LookupError, ValueError):  # the index groups other keys now
                made.set_order({name: groups})
        return made

    @property
    def is_large_copy(self) -> bool:
        """Large and shared: the first write would copy so much that others wait. See ``separate``."""
        return self._is_shared and len(self._rows) >= LARGE_COPY

    def separate(self) -> Steps[None]:
        """Stop sharing with a copy in steps, so that the first write finds nothing to copy."""
        rows = self._rows.copy()
        yield
        values = self._index_values.copy()
        indexes = {}
        for name, index in self._indexes.items():
            yield
            indexes[name] = index.copy()
        yield
        if self._is_shared:  # else somebody wrote meanwhile; until then, nothing that is shared changes
            self._rows, self._index_values, self._indexes, self._is_shared = rows, values, indexes, False

    def _unshare(self) -> None:
        """Stop sharing with a copy, before a write."""
        if not self._is_shared:
            return
        self._rows, self._index_values = self._rows.copy(), self._index_values.copy()
        self._indexes = {name: index.copy() for name, index in self._indexes.items()}
        self._is_shared = False


def _parse(name: str, row: StoredRow) -> Any:
    return orjson.loads(row) if isinstance(row, bytes) else {**orjson.loads(row[0]), name: orjson.loads(row[1])}


def _empty(part: dict[Any, Any], others: list[dict[Any, Any]]) -> Steps[None]:
    """Remove the items of a dictionary in steps, unless something shares it; a long group in it goes to ``others``."""
    while part and getrefcount(part) <= OWN_REFERENCES:
        for _ in range(min(KEYS_PER_STEP, len(part))):
            _, value = part.popitem()
            if isinstance(value, dict) and len(value) > KEYS_PER_STEP:
                others.append(value)
        del value
        yield


def _join(name: str, row: tuple[bytes, bytes]) -> bytes:
    return orjson.dumps({**orjson.loads(row[0]), name: orjson.Fragment(row[1])})


def _is_in_order(group: Mapping[str, str], positions: Mapping[str, int]) -> Steps[bool]:
    last = ("", -1)
    for number, (key, rank) in enumerate(group.items()):
        ranked = (rank, positions[key])
        if ranked < last:
            return False
        last = ranked
        if number % KEYS_PER_STEP == 0:
            yield
    return True
