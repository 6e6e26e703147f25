"""Records that are made when they are asked for."""

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from functools import lru_cache
from typing import Self, TypeVar, overload

T_co = TypeVar("T_co", covariant=True)
MANY = 5000


class LazySequence(Sequence[T_co]):
    """A sequence that makes its records: ``roster[41]`` makes that one record, a slice is another roster."""

    at_once, at_once_of_many = 64, 2048
    """How many are made at a time when one after the other is asked for, and where there are many of them."""

    def __init__(self, make: Callable[[range], list[T_co]], numbers: range, *, kept: int = 0) -> None:
        """Take the function that makes the records of some numbers, and the numbers of these records.

        ``kept`` is how many records that were asked for one by one are remembered.
        """
        self._make = make
        self.numbers = numbers
        self._one = lru_cache(kept)(self._made) if kept else self._made

    @overload
    def __getitem__(self, at: int) -> T_co: ...
    @overload
    def __getitem__(self, at: slice) -> Self: ...
    def __getitem__(self, at: int | slice) -> T_co | Self:
        if isinstance(at, slice):
            return self.numbered(self.numbers[at])
        return self.make(self.numbers[at])

    def numbered(self, numbers: range) -> Self:
        """Return the records with other numbers, also beyond the sequence's end."""
        other = copy(self)
        other.numbers = numbers
        return other

    def __iter__(self) -> Iterator[T_co]:
        for block in self.blocks():
            yield from block

    def blocks(self) -> Iterator[list[T_co]]:
        """Yield the records, a block at a time."""
        step = self.at_once if len(self.numbers) < MANY else max(self.at_once, self.at_once_of_many)
        for start in range(0, len(self.numbers), step):
            yield self._make(self.numbers[start : start + step])

    def make(self, n: int) -> T_co:
        """Return record n, also beyond the sequence's end."""
        return self._one(n)

    def make_all(self, numbers: range) -> list[T_co]:
        """Return the records with these numbers, also beyond the sequence's end."""
        return self._make(numbers)

    def _made(self, n: int) -> T_co:
        [made] = self._make(range(n, n + 1))
        return made

    def __len__(self) -> int:
        return len(self.numbers)
