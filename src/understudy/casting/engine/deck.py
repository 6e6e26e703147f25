"""Distribution of items over records by exact shares."""

from collections.abc import Iterable
from typing import Generic, TypeVar

from understudy.casting.engine.random_stream import RandomStream

T = TypeVar("T")


class Deck(Generic[T]):
    """Deck with as many cards of each item as its share; every round deals all cards in a new random order.

    An item comes with its rank, the number of its cards dealt in earlier rounds plus its position among its own cards.
    No two records have the same item and rank, so values that are unique within an item (a phone number within an area)
    are made from the rank.
    """

    __slots__ = ("_cards", "_stream")

    def __init__(self, stream: RandomStream, shares: Iterable[tuple[T, int]]) -> None:
        self._stream = stream
        self._cards = tuple((item, copy, share) for item, share in shares for copy in range(share))

    @property
    def size(self) -> int:
        """Number of cards in a round."""
        return len(self._cards)

    def deal(self, n: int) -> tuple[T, int]:
        """Return the item that record n gets, and the item's rank."""
        return self.card(*self._stream.reshuffled(n, self.size))

    def card(self, turn: int, position: int) -> tuple[T, int]:
        """Return the item at a position of a round, and the item's rank."""
        item, copy, share = self._cards[position]
        return item, turn * share + copy
