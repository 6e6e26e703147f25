"""A block of records in the making, as JSON text: a column for each field, and objects made of columns.

Text is what most records are wanted as, and much faster to make than dictionaries: a value is written once, and only
put together after that. A column of members holds ``,"name":value`` for each record, or nothing for one that lacks it.
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

import orjson

from understudy.casting.engine.column_sampler import ColumnSampler
from understudy.casting.engine.field_streams import FieldStreams
from understudy.casting.engine.sampler_choice import subset

T = TypeVar("T")
Column = Sequence[T]
Members = list[str]
ALL = 100


class JsonColumns:
    """The columns of some records of a kind, each drawn from the stream of its field's path (``contacts/fax``)."""

    def __init__(self, streams: FieldStreams, columns: ColumnSampler) -> None:
        self._streams = streams
        self._columns = columns

    def among(self, wanted: Sequence[object]) -> "JsonColumns":
        """Return the columns of those records alone that are wanted."""
        return JsonColumns(self._streams, subset(self._columns, wanted))

    def below(self, path: str, limit: int) -> list[int]:
        """Return numbers below ``limit``."""
        return self._columns.belows(self._streams[path], limit)

    def fractions(self, path: str) -> list[int]:
        """Return fractions of 1, in units of 2**-32."""
        return self._columns.highs(self._streams[path])

    def pick(self, path: str, items: Sequence[T]) -> list[T]:
        """Return one of the items for each record."""
        return self._columns.picks(self._streams[path], items)

    def pick_from(self, path: str, choices: Iterable[Sequence[T]]) -> list[T]:
        """Return one item for each record, of a sequence of its own."""
        return self._columns.picks_from(self._streams[path], choices)

    def uuids(self, path: str) -> list[str]:
        """Return UUIDs."""
        return self._columns.uuids(self._streams[path])

    def shuffled(self, path: str, sizes: Column[int]) -> list[int]:
        """Return each record's own place in a shuffled range of a size; it comes back after so many records."""
        seats = [n % size for n, size in zip(self._columns.numbers, sizes, strict=True)]
        return self._columns.shuffles([self._streams[path]] * len(sizes), seats, sizes)

    def in_share(self, path: str, percent: int) -> list[bool]:
        """Tell which records are among so many of a hundred."""
        return self._columns.shares(self._streams[path], percent)

    def text(self, path: str, values: Iterable[object], percent: int = ALL) -> Members:
        """Return members whose values are texts that need no escaping, for so many of a hundred."""
        start = f',"{leaf_name(path)}":"'
        if percent == ALL:
            return [f'{start}{value}"' for value in values]
        has = self.in_share(f"{path}/has", percent)
        return [f'{start}{value}"' if one else "" for one, value in zip(has, values, strict=True)]


def member(name: str, values: Iterable[object]) -> Members:
    """Return members whose values are JSON; nothing is no value."""
    start = f',"{name}":'
    return [f"{start}{value}" if value else "" for value in values]


def sparse_member(name: str, wanted: Iterable[object], values: Iterable[str]) -> Members:
    """Return members for those that are wanted, whose values are the ones given, and nothing for the others."""
    start, each = f',"{name}":', iter(values)
    return [f"{start}{value}" if is_wanted and (value := next(each)) else "" for is_wanted in wanted]


def text_of(value: object) -> str:
    """Return a value as JSON."""
    return orjson.dumps(value).decode()


def quoted(values: Iterable[object]) -> list[str]:
    """Return values as JSON texts that need no escaping."""
    return [f'"{value}"' for value in values]


def objects(first: Members, *others: Members) -> list[str]:
    """Return an object for each record, of its members in all columns; every record has the first one."""
    return list(map("".join, zip(_opened("", first), *others, ["}" for _ in first], strict=True)))


def sparse_objects(*columns: Members) -> list[str]:
    """Return an object for each record, of its members in all columns; nothing if it has none."""
    return [f"{{{row[1:]}}}" if row else "" for row in map("".join, zip(*columns, strict=True))]


def nested(name: str, first: Members, *others: Members) -> tuple[Members, ...]:
    """Return the columns of an object within one; every record has the first of its members."""
    return (_opened(f',"{name}":', first), *others, ["}" for _ in first])


def lines(first: Members, *others: Members) -> bytes:
    """Return a line for each record, of its members in all columns; every record has the first one."""
    rows = map("".join, zip(_opened("", first), *others, ["}\n" for _ in first], strict=True))
    return b"".join(map(str.encode, rows))  # one by one: most are ASCII alone, and quickly done


def leaf_name(path: str) -> str:
    """Return the name that a path ends with."""
    return path.rpartition("/")[2]


def _opened(start: str, column: Members) -> Members:
    return [f"{start}{{{member[1:]}" for member in column]
