"""Sequence whose records are made on demand."""

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from functools import lru_cache
from typing import Self, TypeVar, overload

T_co = TypeVar("T_co", covariant=True)
MANY = 5000
"""Number of records from which iteration makes larger blocks."""


class LazySequence(Sequence[T_co]):
    """Sequence that makes a record when it is read; a slice is another such sequence."""

    at_once, at_once_of_many = 64, 512
    """Number of records made at a time by iteration, and the least number in a sequence of ``MANY`` or more."""

    def __init__(self, make: Callable[[range], list[T_co]], numbers: range, *, cache_size: int = 0) -> None:
        """Set the function that makes the records with given numbers, and the numbers of this sequence.

        ``cache_size`` is the number of records that are cached when read one by one.
        """
        self._make = make
        self.numbers = numbers
        self._one = lru_cache(cache_size)(self._make_one) if cache_size else self._make_one

    @overload
    def __getitem__(self, at: int) -> T_co: ...
    @overload
    def __getitem__(self, at: slice) -> Self: ...
    def __getitem__(self, at: int | slice) -> T_co | Self:
        if isinstance(at, slice):
            return self.numbered(self.numbers[at])
        return self.make(self.numbers[at])

    def numbered(self, numbers: range) -> Self:
        """Return a sequence of the records with other numbers, also beyond this sequence's end."""
        other = copy(self)
        other.numbers = numbers
        return other

    def __iter__(self) -> Iterator[T_co]:
        for block in self.blocks():
            yield from block

    def blocks(self) -> Iterator[list[T_co]]:
        """Yield the records in blocks."""
        step = self.at_once if len(self.numbers) < MANY else max(self.at_once, self.at_once_of_many)
        for start in range(0, len(self.numbers), step):
            yield self._make(self.numbers[start : start + step])

    def make(self, n: int) -> T_co:
        """Return record n, also beyond the sequence's end."""
        return self._one(n)

    def make_all(self, numbers: range) -> list[T_co]:
        """Return the records with these numbers, also beyond the sequence's end."""
        return self._make(numbers)

    def _make_one(self, n: int) -> T_co:
        [made] = self._make(range(n, n + 1))
        return made

    def __len__(self) -> int:
        return len(self.numbers)


class Selection(Sequence[T_co]):
    """Selection of records of a lazy sequence, by their numbers."""

    def __init__(self, records: LazySequence[T_co], numbers: Sequence[int]) -> None:
        self._records = records
        self._numbers = numbers

    @overload
    def __getitem__(self, at: int) -> T_co: ...
    @overload
    def __getitem__(self, at: slice) -> Self: ...
    def __getitem__(self, at: int | slice) -> T_co | Self:
        if isinstance(at, slice):
            return type(self)(self._records, self._numbers[at])
        return self._records.make(self._numbers[at])

    def __len__(self) -> int:
        return len(self._numbers)
