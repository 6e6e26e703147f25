"""Known record: a record that a scenario states, as its vendor writes it."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from understudy.core.json_types import Json


class KnownRecord(NamedTuple):
    """Record to be written: ``body`` has to fit the request body of the operation before ``write`` is called.

    One without an operation is checked already.
    """

    operation: str
    body: Json
    write: Callable[[], None]


ReadKnownRecord = Callable[[Any, Json], Iterator[KnownRecord]]
"""Function from a vendor state and a stated record to what has to be written for it; refuses an invalid record."""
