"""Records that are made when they are asked for."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar, overload

T_co = TypeVar("T_co", covariant=True)

AT_ONCE = 64
"""How many are made at a time when one after the other is asked for."""


class Roster(Sequence[T_co]):
    """A sequence that holds nothing: ``roster[41]`` makes that one record, a slice is another roster."""

    __slots__ = ("_make", "_numbers")

    def __init__(self, make: Callable[[range], list[T_co]], numbers: range) -> None:
        """Take the function that makes the records of some numbers, and the numbers of these records."""
        self._make = make
        self._numbers = numbers

    @overload
    def __getitem__(self, at: int) -> T_co: ...
    @overload
    def __getitem__(self, at: slice) -> "Roster[T_co]": ...
    def __getitem__(self, at: int | slice) -> "T_co | Roster[T_co]":
        if isinstance(at, slice):
            return Roster(self._make, self._numbers[at])
        return self.make(self._numbers[at])

    def __iter__(self) -> Iterator[T_co]:
        for start in range(0, len(self._numbers), AT_ONCE):
            yield from self._make(self._numbers[start : start + AT_ONCE])

    def make(self, n: int) -> T_co:
        """Return record n, also beyond the sequence's end."""
        [made] = self._make(range(n, n + 1))
        return made

    def make_all(self, numbers: range) -> list[T_co]:
        """Return the records with these numbers, also beyond the sequence's end."""
        return self._make(numbers)

    def __len__(self) -> int:
        return len(self._numbers)
