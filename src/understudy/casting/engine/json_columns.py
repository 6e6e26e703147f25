"""Builder of JSON text for a block of records: columns of members, joined to objects.

A column of members has ``,"name":value`` for each record, or an empty text for a record without the field. Writing text
directly is much faster than making dictionaries and serialising them.
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
"""A text ``,"name":value`` for each record, empty if the record lacks the field."""

ALL = 100


class JsonColumns:
    """Columns of some records of a kind; the stream of each is named by its field's path (``contacts/fax``)."""

    def __init__(self, streams: FieldStreams, columns: ColumnSampler) -> None:
        self._streams = streams
        self._columns = columns

    def among(self, wanted: Sequence[object]) -> "JsonColumns":
        """Return the columns of the records whose item in ``wanted`` is true."""
        return JsonColumns(self._streams, subset(self._columns, wanted))

    def below(self, path: str, limit: int) -> list[int]:
        """Return a number below ``limit`` for each record."""
        return self._columns.belows(self._streams[path], limit)

    def fractions(self, path: str) -> list[int]:
        """Return a fraction of 1 for each record, in units of 2**-32."""
        return self._columns.highs(self._streams[path])

    def pick(self, path: str, items: Sequence[T]) -> list[T]:
        """Return one of the items for each record."""
        return self._columns.picks(self._streams[path], items)

    def pick_from(self, path: str, choices: Iterable[Sequence[T]]) -> list[T]:
        """Return one item for each record, from the sequence at its position in ``choices``."""
        return self._columns.picks_from(self._streams[path], choices)

    def uuids(self, path: str) -> list[str]:
        """Return a UUID for each record."""
        return self._columns.uuids(self._streams[path])

    def shuffled(self, path: str, sizes: Column[int]) -> list[int]:
        """Return each record's position in a shuffled range of its size; positions repeat after that many records."""
        numbers = [n % size for n, size in zip(self._columns.numbers, sizes, strict=True)]
        return self._columns.shuffles([self._streams[path]] * len(sizes), numbers, sizes)

    def in_share(self, path: str, percent: int) -> list[bool]:
        """Return for each record whether it is in a share of ``percent``."""
        return self._columns.shares(self._streams[path], percent)

    def text(self, path: str, values: Iterable[object], percent: int = ALL) -> Members:
        """Return members for a share of ``percent``; their values are texts that need no escaping."""
        start = f',"{leaf_name(path)}":"'
        if percent == ALL:
            return [f'{start}{value}"' for value in values]
        has = self.in_share(f"{path}/has", percent)
        return [f'{start}{value}"' if is_present else "" for is_present, value in zip(has, values, strict=True)]


def member(name: str, values: Iterable[object]) -> Members:
    """Return members whose values are JSON texts; an empty text is no value."""
    start = f',"{name}":'
    return [f"{start}{value}" if value else "" for value in values]


def sparse_member(name: str, wanted: Iterable[object], values: Iterable[str]) -> Members:
    """Return members for the records that are wanted, with the given values in order; empty texts for the others."""
    start, each = f',"{name}":', iter(values)
    return [f"{start}{value}" if is_wanted and (value := next(each)) else "" for is_wanted in wanted]


def text_of(value: object) -> str:
    """Return a value as JSON."""
    return orjson.dumps(value).decode()


def quoted(values: Iterable[object]) -> list[str]:
    """Return values in quotation marks; they need no escaping."""
    return [f'"{value}"' for value in values]


def objects(first: Members, *others: Members) -> list[str]:
    """Return a JSON object for each record from its members; every record has a member in ``first``."""
    return list(map("".join, zip(_opened("", first), *others, ["}" for _ in first], strict=True)))


def sparse_objects(*columns: Members) -> list[str]:
    """Return a JSON object for each record from its members; an empty text for a record without members."""
    return [f"{{{row[1:]}}}" if row else "" for row in map("".join, zip(*columns, strict=True))]


def nested(name: str, first: Members, *others: Members) -> tuple[Members, ...]:
    """Return the columns of a nested object; every record has a member in ``first``."""
    return (_opened(f',"{name}":', first), *others, ["}" for _ in first])


def lines(first: Members, *others: Members) -> bytes:
    """Return a line of JSON for each record from its members; every record has a member in ``first``."""
    rows = map("".join, zip(_opened("", first), *others, ["}\n" for _ in first], strict=True))
    return b"".join(map(str.encode, rows))  # encoded one by one: most lines are ASCII, which is fast


def leaf_name(path: str) -> str:
    """Return the last part of a path."""
    return path.rpartition("/")[2]


def _opened(start: str, column: Members) -> Members:
    return [f"{start}{{{member[1:]}" for member in column]
