"""Records that are made when they are asked for."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar, overload

T_co = TypeVar("T_co", covariant=True)


class Roster(Sequence[T_co]):
    """A sequence that holds nothing: ``roster[41]`` makes that one record, a slice is another roster."""

    __slots__ = ("_make", "_numbers")

    def __init__(self, make: Callable[[int], T_co], numbers: range) -> None:
        """Take the function that makes record n, and the numbers of the records."""
        self._make = make
        self._numbers = numbers

    @overload
    def __getitem__(self, at: int) -> T_co: ...
    @overload
    def __getitem__(self, at: slice) -> "Roster[T_co]": ...
    def __getitem__(self, at: int | slice) -> "T_co | Roster[T_co]":
        if isinstance(at, slice):
            return Roster(self._make, self._numbers[at])
        return self._make(self._numbers[at])

    def __iter__(self) -> Iterator[T_co]:
        return map(self._make, self._numbers)

    @property
    def make(self) -> Callable[[int], T_co]:
        """The function that makes record n, also beyond the sequence's end."""
        return self._make

    def __len__(self) -> int:
        return len(self._numbers)
