"""One of several for each record, so that another one more moves nobody between those that were there."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from understudy.casting.engine.column_sampler import ColumnSampler
from understudy.casting.engine.random_stream import RandomStream

T = TypeVar("T")


class StableChoice(Generic[T]):
    """Items that each bid for every record; the highest bid gets it (rendezvous hashing, all weights equal).

    A bid depends on the item's name alone: a new item takes its part from every other one, and what it does not take
    stays where it was.
    """

    __slots__ = ("_bids", "_items")

    def __init__(self, field: Callable[[str], RandomStream], items: Sequence[tuple[str, T]]) -> None:
        """Take what gives the field of a name, and the items by their names."""
        self._bids = [field(name) for name, _ in items]
        self._items = [item for _, item in items]

    def choose(self, columns: ColumnSampler) -> list[T]:
        """Return the item of each record."""
        return [self._items[at] for at in columns.highest(self._bids)]
