"""JSON objects by key, with secondary indexes. Kept as text, so that no reference leaks in or out."""

from collections.abc import Hashable, Iterator
from typing import Any

import orjson

from understudy.core.table import Table

Json = dict[str, Any]


class Collection:
    """One named collection of a world. What a caller holds never changes what is stored."""

    __slots__ = ("_indexed", "_indexes", "_rows", "table")

    def __init__(self, table: Table) -> None:
        self.table = table
        self._rows: dict[str, bytes] = {}
        self._indexed: dict[str, tuple[Hashable | None, ...]] = {}
        self._indexes: dict[str, dict[Hashable, dict[str, None]]] = {name: {} for name in table.indexes}

    def get(self, key: str) -> Json | None:
        """Return a copy of the object with this key."""
        row = self._rows.get(key)
        return None if row is None else orjson.loads(row)

    def put(self, value: Json) -> None:
        """Store an object under its own key, in place of an older one; its place in the order stays."""
        key = value[self.table.key]
        found = tuple(extract(value) for extract in self.table.indexes.values())
        hash(found)
        row = orjson.dumps(value)
        old = self._indexed.get(key)
        for number, (name, index) in enumerate(self._indexes.items()):
            if old is None or old[number] != found[number] or name in self.table.by_write:
                if old is not None:
                    _forget(index, old[number], key)
                if found[number] is not None:
                    index.setdefault(found[number], {})[key] = None
        self._indexed[key] = found
        self._rows[key] = row

    def delete(self, key: str) -> bool:
        """Forget an object; tell whether there was one."""
        if key not in self._rows:
            return False
        for index, value in zip(self._indexes.values(), self._indexed.pop(key), strict=True):
            _forget(index, value, key)
        del self._rows[key]
        return True

    def clear(self) -> None:
        """Forget every object."""
        self._rows.clear()
        self._indexed.clear()
        for index in self._indexes.values():
            index.clear()

    def find(self, index: str, value: Hashable) -> list[Json]:
        """Return copies of the objects with this value in an index, in its order: see ``Table``."""
        return [orjson.loads(self._rows[key]) for key in self._indexes[index].get(value, ())]

    def first(self, index: str, value: Hashable) -> Json | None:
        """Return a copy of the oldest object with this value in an index."""
        for key in self._indexes[index].get(value, ()):
            return self.get(key)
        return None

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
        """Return an equal collection that goes its own way; rows are immutable and shared."""
        twin = Collection(self.table)
        twin._rows = self._rows.copy()
        twin._indexed = self._indexed.copy()
        twin._indexes = {
            name: {value: keys.copy() for value, keys in index.items()} for name, index in self._indexes.items()
        }
        return twin


def _forget(index: dict[Hashable, dict[str, None]], value: Hashable | None, key: str) -> None:
    if value is None:
        return
    keys = index[value]
    del keys[key]
    if not keys:
        del index[value]
