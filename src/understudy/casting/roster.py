"""Records that are made when they are asked for."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TypeVar, overload

T_co = TypeVar("T_co", covariant=True)

AT_ONCE = 64
"""How many are made at a time when one after the other is asked for."""


class Roster(Sequence[T_co]):
    """A sequence that makes its records: ``roster[41]`` makes that one, a slice is another roster."""

    __slots__ = ("_kept", "_make", "_numbers", "_one")

    def __init__(self, make: Callable[[range], list[T_co]], numbers: range, *, kept: int = 0) -> None:
        """Take the function that makes the records of some numbers, and the numbers of these records.

        ``kept`` is how many records that were asked for one by one are remembered.
        """
        self._make = make
        self._numbers = numbers
        self._kept = kept
        self._one = lru_cache(kept)(self._made) if kept else self._made

    @overload
    def __getitem__(self, at: int) -> T_co: ...
    @overload
    def __getitem__(self, at: slice) -> "Roster[T_co]": ...
    def __getitem__(self, at: int | slice) -> "T_co | Roster[T_co]":
        if isinstance(at, slice):
            return Roster(self._make, self._numbers[at], kept=self._kept)
        return self.make(self._numbers[at])

    def __iter__(self) -> Iterator[T_co]:
        for start in range(0, len(self._numbers), AT_ONCE):
            yield from self._make(self._numbers[start : start + AT_ONCE])

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
        return len(self._numbers)
