"""Export of a collection as JSON and as CSV, in pieces that are made while they are sent."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import Any

import orjson

from understudy.control.record_search import text_test
from understudy.core.json_types import Json
from understudy.core.steps import Steps
from understudy.state.collection import Collection

RECORDS_PER_PIECE = 100
MAX_COLUMNS = 1000
"""Number of columns from which the members of further objects are written as JSON in one cell."""

FORMULA = re.compile(r"[=+\-@\t\r]")
"""Start of a text that a spreadsheet may take for a formula."""

HARMLESS = re.compile(r"[+-][\d\s().,/:-]*|[+@-][\w .:-]*")
"""Numbers, telephone numbers and names that start so: they call no function and open nothing."""


def write_json(rows: Collection, text: str = "") -> Iterator[bytes]:
    """Yield the records that have a text as one JSON array, a few at a time."""
    is_first = True
    yield b"["
    for texts in _pieces(rows, text):
        if texts:
            yield (b"" if is_first else b",\n") + b",\n".join(texts)
            is_first = False
        else:
            yield b""
    yield b"]\n"


def find_columns(rows: Collection, text: str = "") -> Steps[list[str]]:
    """Return the columns of a collection in CSV: paths of members with dots, the key first, then as they occur."""
    columns = {rows.table.key: None}
    for texts in _pieces(rows, text):
        for each in texts:
            columns.update(dict.fromkeys(name for name, _ in _cells(orjson.loads(each))))
        yield
    return list(columns)[:MAX_COLUMNS]


def write_csv(
    rows: Collection, columns: Sequence[str], text: str = "", *, for_spreadsheet: bool = False
) -> Iterator[bytes]:
    """Yield the records that have a text as lines of CSV below the columns' names, a few at a time.

    ``for_spreadsheet`` puts an apostrophe before each text that a spreadsheet would run as a formula.
    """
    written = _inert if for_spreadsheet else str
    yield _lines([[written(column) for column in columns]])
    for texts in _pieces(rows, text):
        records = [dict(_cells(orjson.loads(each))) for each in texts]
        yield _lines([[written(record.get(column, "")) for column in columns] for record in records])


def _pieces(rows: Collection, text: str) -> Iterator[list[bytes]]:
    """Yield the JSON texts of the records that have a text, of a few records at a time; deleted ones are left out."""
    has_text = text_test(text)
    keys = rows.keys()
    for start in range(0, len(keys), RECORDS_PER_PIECE):
        found = (rows.text(key) for key in keys[start : start + RECORDS_PER_PIECE])
        yield [each for each in found if each is not None and (not text or has_text(each))]


def _lines(cells: Sequence[Sequence[Any]]) -> bytes:
    written = StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(cells)
    return written.getvalue().encode()


def _inert(cell: str) -> str:
    """Return a cell that no spreadsheet runs: a formula has an apostrophe before it."""
    return f"'{cell}" if FORMULA.match(cell) and not HARMLESS.fullmatch(cell) else cell


def _cells(record: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the columns and cells of a record: members of objects by their paths, a list as JSON in one cell."""
    for name, value in record.items():
        path = f"{prefix}{name}"
        if isinstance(value, dict) and value:
            yield from _cells(value, f"{path}.")
        else:
            yield path, _cell(value)


def _cell(value: Json | list[Any] | str | float | None) -> str:
    """Return the text of a cell: nothing for null, a text as it is, any other value as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value).decode()
