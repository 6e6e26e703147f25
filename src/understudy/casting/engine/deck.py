"""Dealing by share: every item gets exactly its part, and knows how many of it came before."""

from collections.abc import Iterable
from typing import Generic, TypeVar

from understudy.casting.engine.random_stream import RandomStream

T = TypeVar("T")


class Deck(Generic[T]):
    """Cards, as many of each item as its share, dealt round after round, each round in an order of its own.

    The rank that comes with an item is its own running number: no two records have the same item and rank. What must be
    unique within an item (a phone number of an area) is made from it.
    """

    __slots__ = ("_cards", "_field")

    def __init__(self, field: RandomStream, shares: Iterable[tuple[T, int]]) -> None:
        self._field = field
        self._cards = tuple((item, copy, share) for item, share in shares for copy in range(share))

    @property
    def size(self) -> int:
        """How many cards a round has."""
        return len(self._cards)

    def deal(self, n: int) -> tuple[T, int]:
        """Return the item that record n gets, and the item's rank."""
        return self.card(*self._field.reshuffled(n, self.size))

    def card(self, turn: int, seat: int) -> tuple[T, int]:
        """Return the item of a seat in a round, and the item's rank."""
        item, copy, share = self._cards[seat]
        return item, turn * share + copy
