"""File formats of records: JSON Lines, JSON, CSV, TSV and Parquet.

A layout is prepared once and sent to every process that encodes blocks (``encoder``); one process writes the blocks in
order (``writer``). JSON Lines have no start or end: the shards' files, in order, are the bytes of the whole file.
"""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib import import_module
from itertools import chain
from pathlib import PurePath
from typing import Any, BinaryIO

import orjson

from understudy.casting.kind import Record
from understudy.casting.record_request import RecordRequest
from understudy.casting.writers.format_protocol import Encode, Layout, Writer, flat
from understudy.casting.writers.output_file import COMPRESSIONS, is_special
from understudy.core.misconfigured import Misconfigured, nearest


class _TextWriter:
    """Writer of text blocks, with a head, a text between two blocks, and a tail."""

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
        if self._head != self._between:  # a file without blocks has its head, too
            self._file.write(self._head)
        self._file.write(self._tail)


@dataclass(frozen=True, slots=True)
class JsonLines:
    """Format with one JSON record a line."""

    def encoder(self, request: RecordRequest) -> Encode:
        """Return the encoder of lines."""
        return request.write()

    def writer(self, file: BinaryIO) -> Writer:
        """Return the writer of lines."""
        return _TextWriter(file)


@dataclass(frozen=True, slots=True)
class JsonArray:
    """Format with one JSON list, one record a line."""

    def encoder(self, request: RecordRequest) -> Encode:
        """Return the encoder of elements of the list."""
        write = request.write()
        return lambda numbers: write(numbers)[:-1].replace(b"\n", b",\n")  # within a record there is no line end

    def writer(self, file: BinaryIO) -> Writer:
        """Return the writer of the list."""
        return _TextWriter(file, head=b"[\n", between=b",\n", tail=b"\n]\n")


@dataclass(frozen=True, slots=True)
class Csv:
    """Format with one row a record: values of objects in columns with dotted names, lists as JSON.

    ``delimiter`` stands between two values: a comma, or a tab for TSV.
    """

    columns: tuple[str, ...]
    delimiter: str = ","

    def encoder(self, request: RecordRequest) -> Encode:
        """Return the encoder of rows; it raises ``Misconfigured`` for a record with a field that has no column."""
        make = request.open()
        return lambda numbers: self._rows(make(numbers))

    def writer(self, file: BinaryIO) -> Writer:
        """Return the writer of the table, after writing the names of the columns."""
        names = io.StringIO()
        csv.writer(names, delimiter=self.delimiter, lineterminator="\n").writerow(self.columns)
        file.write(names.getvalue().encode())
        return _TextWriter(file)

    def _rows(self, records: Sequence[Record]) -> bytes:
        text = io.StringIO()
        rows = csv.DictWriter(text, self.columns, delimiter=self.delimiter, lineterminator="\n")
        try:
            rows.writerows({path: _cell(value) for path, value in flat(record).items()} for record in records)
        except ValueError as error:
            raise Misconfigured(f"a record does not fit the table: {error}; choose --format jsonl") from error
        return text.getvalue().encode()


def _csv(request: RecordRequest) -> Csv:
    found = dict.fromkeys(chain.from_iterable(flat(record) for record in request.sample()))
    return Csv(tuple(found))


def _tsv(request: RecordRequest) -> Layout:
    return replace(_csv(request), delimiter="\t")


def _parquet(request: RecordRequest) -> Layout:
    parquet = import_module("understudy.casting.writers.parquet")  # late: an optional extra
    layout: Layout = parquet.prepare(request)
    return layout


FORMATS: dict[str, Callable[[RecordRequest], Layout]] = {
    "jsonl": lambda _: JsonLines(),
    "json": lambda _: JsonArray(),
    "csv": _csv,
    "tsv": _tsv,
    "parquet": _parquet,
}


ALIASES = {"ndjson": "jsonl"}
"""Other endings of files in a format."""


def format_of(path: str) -> str:
    """Return the format of a file by its name, less the suffix of a compression; without any suffix, JSON Lines.

    Raise ``Misconfigured`` for a suffix of no format.
    """
    endings = [ending[1:] for ending in PurePath(path).suffixes]
    if endings and endings[-1] in COMPRESSIONS:
        endings.pop()
    if not endings:
        return "jsonl"
    name = ALIASES.get(endings[-1].lower(), endings[-1].lower())
    if name not in FORMATS:
        known = ", ".join(f".{each}" for each in FORMATS)
        raise Misconfigured(
            f"{path}: no format has the ending {f'.{endings[-1]}'!r}; there are {known}, and .gz or .zst after one; "
            "a name without ending is JSON Lines"
        )
    return name


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return orjson.dumps(value).decode()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return value


def layout_for(request: RecordRequest, out: str, format_name: str | None = None) -> Layout:
    """Return the layout of a file, by the name of a format or else by the name of the file."""
    name = format_name or ("jsonl" if is_special(out) else format_of(out))
    if name not in FORMATS:
        raise Misconfigured(f"no format {name!r}{nearest(name, FORMATS)}; there are {', '.join(FORMATS)}")
    if name == "parquet" and out.endswith((".gz", ".zst")):
        raise Misconfigured(f"{out}: Parquet is compressed inside; name the file without its last ending")
    return FORMATS[name](request)
