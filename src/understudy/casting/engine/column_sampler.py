"""Whole columns of drawn values: the same as drawn one by one, and much faster for many records.

A block of records is drawn field by field. Up to ``FEW`` records are drawn in Python; more with numpy, which is
imported only then: what serves a request does not wait for it.
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from understudy.casting.engine.deck import Deck
from understudy.casting.engine.random_stream import RandomStream

T = TypeVar("T")

FEW = 100


class ColumnSampler:
    """The columns of the records with these numbers."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self.numbers = numbers

    def highs(self, field: RandomStream) -> list[int]:
        """Return the upper 32 bits of each record's number in the field's stream."""
        return [field.draw(n) >> 32 for n in self.numbers]

    def belows(self, field: RandomStream, limit: int) -> list[int]:
        """Return a number below ``limit`` for each record."""
        return [field.below(n, limit) for n in self.numbers]

    def uuids(self, field: RandomStream) -> list[str]:
        """Return a UUID for each record."""
        return [field.uuid(n) for n in self.numbers]

    def shuffles(self, fields: Sequence[RandomStream], numbers: Sequence[int], sizes: Sequence[int]) -> list[int]:
        """Return where each number goes when the range of its size is shuffled, each by a field of its own."""
        return [field.shuffled(n, size) for field, n, size in zip(fields, numbers, sizes, strict=True)]

    def reshuffles(self, field: RandomStream, sizes: Sequence[int]) -> tuple[list[int], list[int]]:
        """Return the round that each record falls in, and its seat, where rounds have so many seats."""
        found = [field.reshuffled(n, size) for n, size in zip(self.numbers, sizes, strict=True)]
        return [turn for turn, _ in found], [seat for _, seat in found]

    def highest(self, fields: Sequence[RandomStream]) -> list[int]:
        """Return, for each record, the position of the field with the highest number."""
        positions = range(len(fields))
        return [max(positions, key=lambda at: fields[at].draw(n)) for n in self.numbers]

    def picks(self, field: RandomStream, items: Sequence[T]) -> list[T]:
        """Return one of the items for each record."""
        return [items[at] for at in self.belows(field, len(items))]

    def picks_from(self, field: RandomStream, choices: Iterable[Sequence[T]]) -> list[T]:
        """Return one item for each record, of a sequence of its own."""
        return [items[high * len(items) >> 32] for high, items in zip(self.highs(field), choices, strict=True)]

    def shares(self, field: RandomStream, percent: int) -> list[bool]:
        """Return whether each record is among so many of a hundred."""
        return [at < percent for at in self.belows(field, 100)]

    def deals(self, field: RandomStream, decks: Sequence[Deck[T]]) -> tuple[list[T], list[int]]:
        """Return the item that each record gets from its deck, and the item's rank; all decks are of this field."""
        turns, seats = self.reshuffles(field, [deck.size for deck in decks])
        dealt = [deck.card(turn, seat) for deck, turn, seat in zip(decks, turns, seats, strict=True)]
        return [item for item, _ in dealt], [rank for _, rank in dealt]
