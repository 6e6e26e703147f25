"""JSON objects by key, with secondary indexes. Kept as text, so that no reference leaks in or out."""

from collections.abc import Hashable, Iterator
from typing import Any

import orjson

from understudy.core.table import Extract, Table

Json = dict[str, Any]


class Collection:
    """One named collection of a world. What a caller holds never changes what is stored."""

    __slots__ = ("_indexes", "_rows", "table")

    def __init__(self, table: Table) -> None:
        self.table = table
        self._rows: dict[str, bytes] = {}
        self._indexes: dict[str, dict[Hashable, dict[str, None]]] = {name: {} for name in table.indexes}

    def get(self, key: str) -> Json | None:
        """Return a copy of the object with this key."""
        row = self._rows.get(key)
        return None if row is None else orjson.loads(row)

    def put(self, value: Json) -> None:
        """Store an object under its own key, in place of an older one; its place in the order stays."""
        key = value[self.table.key]
        row = orjson.dumps(value)
        if self._indexes:
            self._unindex(key)
            for name, extract in self.table.indexes.items():
                self._index(name, extract, key, value)
        self._rows[key] = row

    def delete(self, key: str) -> bool:
        """Forget an object; tell whether there was one."""
        if key not in self._rows:
            return False
        self._unindex(key)
        del self._rows[key]
        return True

    def clear(self) -> None:
        """Forget every object."""
        self._rows.clear()
        for index in self._indexes.values():
            index.clear()

    def find(self, index: str, value: Hashable) -> list[Json]:
        """Return copies of the objects with this value in an index, oldest first."""
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
        twin._indexes = {
            name: {value: keys.copy() for value, keys in index.items()} for name, index in self._indexes.items()
        }
        return twin

    def _index(self, name: str, extract: Extract, key: str, value: Json) -> None:
        found = extract(value)
        if found is not None:
            self._indexes[name].setdefault(found, {})[key] = None

    def _unindex(self, key: str) -> None:
        old = self.get(key)
        if old is None:
            return
        for name, extract in self.table.indexes.items():
            found = extract(old)
            if found is None:
                continue
            keys = self._indexes[name][found]
            del keys[key]
            if not keys:
                del self._indexes[name][found]
