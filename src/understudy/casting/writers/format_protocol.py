"""Protocols of file formats, and flattening of records for tables."""

from collections.abc import Callable
from typing import BinaryIO, Protocol

from understudy.casting.kind import Record
from understudy.casting.record_request import RecordRequest

Encode = Callable[[range], bytes]
"""Function that returns the block of the records with the given numbers."""


class Writer(Protocol):
    """Writer of blocks into a file; after ``close`` the file is complete, also with only some of the blocks."""

    def write(self, block: bytes) -> None:
        """Write a block that an encoder returned."""

    def close(self) -> None:
        """Write the end of the format; the file object stays open."""


class Layout(Protocol):
    """File format prepared for one record request: the encoder of blocks, and the writer of a file."""

    def encoder(self, request: RecordRequest) -> Encode:
        """Return the encoder of blocks of records."""

    def writer(self, file: BinaryIO) -> Writer:
        """Return the writer of blocks into a file."""


def flat(record: Record, before: str = "") -> Record:
    """Return a record's values by dotted paths; lists are values."""
    found: Record = {}
    for name, value in record.items():
        path = f"{before}{name}"
        if isinstance(value, dict):
            found |= flat(value, f"{path}.")
        else:
            found[path] = value
    return found
