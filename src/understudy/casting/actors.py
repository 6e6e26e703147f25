"""Who does something, and what the cast must have for it to be done."""

from collections.abc import Sequence, Sized
from functools import lru_cache

from understudy.casting.draw import Field
from understudy.core.cast import Person
from understudy.core.misconfigured import Misconfigured


class Actors:
    """Deals people their turns: ``stretch`` records in a row are one person's, and some people come more often."""

    def __init__(self, seed: int, kind: str, people: Sequence[Person], stretch: int) -> None:
        require(kind, people=people)
        self.stretch = stretch
        self._who = Field(seed, kind, "person")
        self._often = Field(seed, kind, "person/often")
        self._count = len(people)
        self._people = lru_cache(64)(people.__getitem__)

    def of(self, n: int) -> Person:
        """Return the person that record n is about."""
        turn = n // self.stretch
        return self._people(min(self._who.below(turn, self._count), self._often.below(turn, self._count)))


def require(kind: str, **rosters: Sized) -> None:
    """Raise ``Misconfigured`` for a cast without what a kind of record is about."""
    for name, roster in rosters.items():
        if not len(roster):
            raise Misconfigured(f"{kind}: nobody has any without {name}; set {name} to 1 or more in the scenario")
