"""Formats of files: how a block of records is written, and how blocks become one file.

A layout is prepared once and sent to every process that makes blocks (``encoder``); one process puts the blocks
together in their order (``writer``). JSON Lines have no frame: the files of shards, in order, are that of the whole.
"""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from itertools import chain
from pathlib import PurePath
from typing import Any, BinaryIO

import orjson

from understudy.casting.kind import Record
from understudy.casting.record_request import RecordRequest
from understudy.casting.writers.format_protocol import Encode, Layout, Writer, flat
from understudy.core.misconfigured import Misconfigured, nearest


class _Joined:
    """Blocks of text, one after another, in a frame."""

    def __init__(self, file: BinaryIO, head: bytes = b"", between: bytes = b"", tail: bytes = b"") -> None:
        self._file = file
        self._head = head
        self._between = between
        self._tail = tail

    def write(self, block: bytes) -> None:
        self._file.write(self._head)
        self._file.write(block)
        self._head = self._between

    def close(self) -> None:
        if self._head != self._between:  # an empty file has its frame, too
            self._file.write(self._head)
        self._file.write(self._tail)


@dataclass(frozen=True, slots=True)
class JsonLines:
    """A record a line."""

    def encoder(self, order: RecordRequest) -> Encode:
        """Return what makes a line of each."""
        return order.write()

    def writer(self, file: BinaryIO) -> Writer:
        """Return what writes the lines."""
        return _Joined(file)


@dataclass(frozen=True, slots=True)
class JsonArray:
    """One list, a record a line."""

    def encoder(self, order: RecordRequest) -> Encode:
        """Return what makes elements of the list."""
        write = order.write()
        return lambda numbers: write(numbers)[:-1].replace(b"\n", b",\n")  # within a line there is none

    def writer(self, file: BinaryIO) -> Writer:
        """Return what writes the list."""
        return _Joined(file, head=b"[\n", between=b",\n", tail=b"\n]\n")


@dataclass(frozen=True, slots=True)
class Csv:
    """A table: the values of objects in columns with dotted names, lists as JSON."""

    columns: tuple[str, ...]

    def encoder(self, order: RecordRequest) -> Encode:
        """Return what makes a row of each; it refuses one with a field that has no column."""
        make = order.open()
        return lambda numbers: self._rows(make(numbers))

    def writer(self, file: BinaryIO) -> Writer:
        """Return what writes the table, its names first."""
        names = io.StringIO()
        csv.writer(names, lineterminator="\n").writerow(self.columns)
        file.write(names.getvalue().encode())
        return _Joined(file)

    def _rows(self, records: Sequence[Record]) -> bytes:
        text = io.StringIO()
        rows = csv.DictWriter(text, self.columns, lineterminator="\n")
        try:
            rows.writerows({path: _cell(value) for path, value in flat(record).items()} for record in records)
        except ValueError as error:
            raise Misconfigured(f"a record does not fit the table: {error}; choose --format jsonl") from error
        return text.getvalue().encode()


def _csv(order: RecordRequest) -> Layout:
    found = dict.fromkeys(chain.from_iterable(flat(record) for record in order.sample()))
    return Csv(tuple(found))


def _parquet(order: RecordRequest) -> Layout:
    parquet = import_module("understudy.casting.writers.parquet")  # late: it needs the optional extra
    layout: Layout = parquet.prepare(order)
    return layout


FORMATS: dict[str, Callable[[RecordRequest], Layout]] = {
    "jsonl": lambda _: JsonLines(),
    "json": lambda _: JsonArray(),
    "csv": _csv,
    "parquet": _parquet,
}


def format_of(path: str) -> str:
    """Return the format that a file's name speaks of, JSON Lines if it speaks of none."""
    endings = [ending[1:] for ending in PurePath(path).suffixes[-2:]]
    return next((ending for ending in reversed(endings) if ending in FORMATS), "jsonl")


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return orjson.dumps(value).decode()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return value


def layout_for(order: RecordRequest, out: str, format_name: str | None = None) -> Layout:
    """Return how a file is written: in a format that is named, or the one that the file's name speaks of."""
    name = format_name or format_of(out)
    if name not in FORMATS:
        raise Misconfigured(f"no format {name!r}{nearest(name, FORMATS)}; there are {', '.join(FORMATS)}")
    if name == "parquet" and out.endswith((".gz", ".zst")):
        raise Misconfigured(f"{out}: Parquet is compressed inside; name the file without its last ending")
    return FORMATS[name](order)
