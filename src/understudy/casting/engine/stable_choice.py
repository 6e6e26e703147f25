"""Choice of an item for each record; adding an item changes few records (rendezvous hashing)."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from understudy.casting.engine.column_sampler import ColumnSampler
from understudy.casting.engine.random_stream import RandomStream

T = TypeVar("T")


class StableChoice(Generic[T]):
    """Choice by rendezvous hashing: each record gets the item whose stream has the highest number for it.

    A stream depends on its item's name alone. A new item takes an equal share of the records of every other item; the
    remaining records keep their items.
    """

    __slots__ = ("_items", "_streams")

    def __init__(self, stream: Callable[[str], RandomStream], items: Sequence[tuple[str, T]]) -> None:
        """Set the function that returns the stream of an item's name, and pairs of name and item."""
        self._streams = [stream(name) for name, _ in items]
        self._items = [item for _, item in items]

    def choose(self, columns: ColumnSampler) -> list[T]:
        """Return the item of each record."""
        return [self._items[at] for at in columns.highest(self._streams)]
