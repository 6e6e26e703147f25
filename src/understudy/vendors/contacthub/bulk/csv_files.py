"""Uploaded CSV files: read record by record and stored in chunks, so that no file is parsed whole at once."""

import csv
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from typing import IO

from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.tables import BULK_RECORDS

RECORDS_PER_CHUNK = 10
"""Number of records that are stored, and later written, in one step of about two milliseconds."""

STEP_LENGTH = 64 * 1024
"""Number of characters that are read in one step, if fewer records are in them."""

MAX_ROW_LENGTH = 128 * 1024
"""Greatest number of characters of a row: twice what a customer may have."""

MAX_COLUMNS = 1000
MAX_PATH_PARTS = 20
"""Greatest number of names in a column's dotted path."""


class InvalidFile(Exception):  # noqa: N818 - a fact about a file
    """Error of a file that is refused as a whole; its text is the reason."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Stored file: its columns and its number of records."""

    columns: list[str]
    records: int


def store_file(
    state: VendorState, job_id: str, content: IO[bytes], roots: frozenset[str]
) -> Generator[None, None, StoredFile]:
    """Store the records of a job's file in steps; raise ``InvalidFile`` for a file that is refused as a whole.

    ``roots`` are the allowed first names of the columns' paths.
    """
    columns: list[str] = []
    count, chunk = 0, []
    lines = _Lines(content)
    for row in lines.rows():
        if lines.is_step_over():
            yield
        if not columns:
            columns = _column_names(row, roots)
        elif row:
            chunk.append(row)
            count += 1
        if len(chunk) == RECORDS_PER_CHUNK:
            _store_chunk(state, job_id, count, chunk)
            chunk = []
            yield
    if not columns:
        raise InvalidFile("the first line has no columns")
    if chunk:
        _store_chunk(state, job_id, count, chunk)
    return StoredFile(columns, count)


def pop_chunk(state: VendorState, job_id: str, number: int) -> list[list[str]]:
    """Return the records of a chunk and delete it."""
    chunk = state.collection(BULK_RECORDS).get(chunk_id(job_id, number))
    state.collection(BULK_RECORDS).delete(chunk_id(job_id, number))
    return [] if chunk is None else list(chunk["records"])


def drop_file(state: VendorState, job_id: str, number: int = 0) -> None:
    """Delete the chunks of a file from a number on."""
    while state.collection(BULK_RECORDS).delete(chunk_id(job_id, number)):
        number += 1


def chunk_id(job_id: str, number: int) -> str:
    """Return the key of a chunk of a job; chunks are numbered from 0."""
    return f"{job_id}/{number}"


def _store_chunk(state: VendorState, job_id: str, count: int, records: list[list[str]]) -> None:
    state.collection(BULK_RECORDS).put({"id": chunk_id(job_id, (count - 1) // RECORDS_PER_CHUNK), "records": records})


class _Lines:
    """Lines of an uploaded CSV text, for a reader of rows; a row over ``MAX_ROW_LENGTH`` is not read to its end."""

    def __init__(self, content: IO[bytes]) -> None:
        self._text = TextIOWrapper(content, "utf-8-sig", newline="")
        self._row_length = self._step_length = 0

    def rows(self) -> Iterator[list[str]]:
        """Yield the cells of each row; an empty line is a row without cells."""
        reader = csv.reader(self, strict=True)
        try:
            for row in reader:
                self._step_length += self._row_length + 1
                self._row_length = 0
                yield row
        except UnicodeDecodeError:
            raise InvalidFile("the file is not UTF-8 text") from None
        except csv.Error as error:
            raise InvalidFile(f"line {reader.line_num}: {error}") from None
        except _RowTooLong:
            raise InvalidFile(f"line {reader.line_num + 1}: a row is over {MAX_ROW_LENGTH} characters") from None
        finally:
            self._text.detach()  # the caller closes the file

    def is_step_over(self) -> bool:
        """Return whether ``STEP_LENGTH`` characters were read since the last step, and begin another one if so."""
        if self._step_length < STEP_LENGTH:
            return False
        self._step_length = 0
        return True

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(MAX_ROW_LENGTH + 1 - self._row_length)
        self._row_length += len(line)
        if self._row_length > MAX_ROW_LENGTH:
            raise _RowTooLong
        if not line:
            raise StopIteration
        return line


class _RowTooLong(Exception):  # noqa: N818 - becomes an InvalidFile with the number of the line
    """Row over ``MAX_ROW_LENGTH``."""


def _column_names(row: list[str], roots: frozenset[str]) -> list[str]:
    """Return the names of the columns in a row; of an empty line none."""
    names = [name.strip() for name in row]
    if names:
        _check_columns(names, roots)
    return names


def _check_columns(columns: list[str], roots: frozenset[str]) -> None:
    if not any(columns):
        raise InvalidFile("the first line has no columns")
    if len(columns) > MAX_COLUMNS:
        raise InvalidFile(f"there are more than {MAX_COLUMNS} columns")
    seen: set[str] = set()
    inner: set[str] = set()
    for column in columns:
        parts = column.split(".")
        if parts[0] not in roots or len(parts) > MAX_PATH_PARTS:
            raise InvalidFile(f"unknown column {column[:100]!r}")
        if column in seen:
            raise InvalidFile(f"the column {column!r} is there twice")
        seen.add(column)
        inner.update(".".join(parts[:depth]) for depth in range(1, len(parts)))
    for column in columns:
        if column in inner:
            raise InvalidFile(f"the column {column!r} has columns below it")
