"""layout."""

from collections.abc import Callable
from typing import BinaryIO, Protocol

from understudy.casting.kind import Record
from understudy.casting.record_request import RecordRequest

Encode = Callable[[range], bytes]


class Writer(Protocol):
    """Puts blocks into a file; whatever was written when it is closed is a whole file."""

    def write(self, block: bytes) -> None:
        """Add a block that an encoder has made."""

    def close(self) -> None:
        """End the file, and leave it open."""


class Layout(Protocol):
    """How records are written."""

    def encoder(self, order: RecordRequest) -> Encode:
        """Return what makes a block of the records with some numbers."""

    def writer(self, file: BinaryIO) -> Writer:
        """Return what puts blocks into a file."""


def flat(record: Record, before: str = "") -> Record:
    """Return a record's values by their dotted paths."""
    found: Record = {}
    for name, value in record.items():
        path = f"{before}{name}"
        if isinstance(value, dict):
            found |= flat(value, f"{path}.")
        else:
            found[path] = value
    return found
