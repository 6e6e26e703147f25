"""Sampler of random values for many records at once, in pure Python.

A column has one value for each record, the value that the field's ``RandomStream`` gives for the record's number.
``NumpySampler`` does the same faster.
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from understudy.casting.engine.deck import Deck
from understudy.casting.engine.random_stream import RandomStream

T = TypeVar("T")

FEW = 100
"""Up to this number of records, sampling in Python is fast enough, and numpy is not imported."""


class ColumnSampler:
    """Sampler of columns for the records with the given numbers."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self.numbers = numbers

    def highs(self, stream: RandomStream) -> list[int]:
        """Return the upper 32 bits of each record's number in the stream."""
        return [stream.draw(n) >> 32 for n in self.numbers]

    def belows(self, stream: RandomStream, limit: int) -> list[int]:
        """Return a number below ``limit`` for each record."""
        return [stream.below(n, limit) for n in self.numbers]

    def uuids(self, stream: RandomStream) -> list[str]:
        """Return a UUID for each record."""
        return [stream.uuid(n) for n in self.numbers]

    def shuffles(self, streams: Sequence[RandomStream], numbers: Sequence[int], sizes: Sequence[int]) -> list[int]:
        """Return the position of each number in the shuffled range of its size; each has a stream of its own."""
        return [stream.shuffled(n, size) for stream, n, size in zip(streams, numbers, sizes, strict=True)]

    def reshuffles(self, stream: RandomStream, sizes: Sequence[int]) -> tuple[list[int], list[int]]:
        """Return each record's round and its position in that round, with the given numbers of positions a round."""
        found = [stream.reshuffled(n, size) for n, size in zip(self.numbers, sizes, strict=True)]
        return [turn for turn, _ in found], [position for _, position in found]

    def highest(self, streams: Sequence[RandomStream]) -> list[int]:
        """Return, for each record, the position of the stream with the highest number."""
        positions = range(len(streams))
        return [max(positions, key=lambda at: streams[at].draw(n)) for n in self.numbers]

    def picks(self, stream: RandomStream, items: Sequence[T]) -> list[T]:
        """Return one of the items for each record."""
        return [items[at] for at in self.belows(stream, len(items))]

    def picks_from(self, stream: RandomStream, choices: Iterable[Sequence[T]]) -> list[T]:
        """Return one item for each record, from the sequence at its position in ``choices``."""
        return [items[high * len(items) >> 32] for high, items in zip(self.highs(stream), choices, strict=True)]

    def shares(self, stream: RandomStream, percent: int) -> list[bool]:
        """Return for each record whether it is in a share of ``percent``."""
        return [at < percent for at in self.belows(stream, 100)]

    def deals(self, stream: RandomStream, decks: Sequence[Deck[T]]) -> tuple[list[T], list[int]]:
        """Return the item that each record gets from its deck, and the item's rank; all decks use this stream."""
        rounds, positions = self.reshuffles(stream, [deck.size for deck in decks])
        dealt = [deck.card(turn, position) for deck, turn, position in zip(decks, rounds, positions, strict=True)]
        return [item for item, _ in dealt], [rank for _, rank in dealt]
