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
    records = _csv_records(content)
    columns = [name.strip() for name in next(records, [])]
    _check_columns(columns, roots)
    count, chunk = 0, []
    for record in records:
        chunk.append(record)
        count += 1
        if len(chunk) == RECORDS_PER_CHUNK:
            _store_chunk(state, job_id, count, chunk)
            chunk = []
            yield
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


def _csv_records(content: IO[bytes]) -> Iterator[list[str]]:
    """Yield the lines of a CSV text that are not empty."""
    text = TextIOWrapper(content, "utf-8-sig", newline="")
    reader = csv.reader(text, strict=True)
    try:
        yield from filter(None, reader)
    except UnicodeDecodeError:
        raise InvalidFile("the file is not UTF-8 text") from None
    except csv.Error as error:
        raise InvalidFile(f"line {reader.line_num}: {error}") from None
    finally:
        text.detach()  # the caller closes the file


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
