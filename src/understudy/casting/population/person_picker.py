"""Who does something, and what the cast must have for it to be done."""

from collections.abc import Sized
from functools import lru_cache

from understudy.casting.engine.lazy_sequence import LazySequence
from understudy.casting.population.lazy_cast import LazyCast
from understudy.core.cast import Person
from understudy.core.misconfigured import Misconfigured

GROUP = 64
"""How many people are made at once: those who come one after the other are neighbours in the cast, shuffled."""


class PersonPicker:
    """Deals people their turns: ``stretch`` records in a row are one person's, and some people come more often."""

    def __init__(self, cast: LazyCast, kind: str, stretch: int) -> None:
        require_cast(kind, people=cast.people)
        self._stretch = stretch
        self._where, self._often = cast.stream(kind, "people"), cast.stream(kind, "people/often")
        self._seat = cast.stream(kind, "people/seat")
        self._starts = max(1, len(cast.people) - GROUP + 1)
        people = cast.people
        self._group = lru_cache(8)(lambda start: people.make_all(range(start, min(start + GROUP, len(people)))))

    def of(self, n: int) -> Person:
        """Return the person that record n is about."""
        turn = n // self._stretch
        group = turn // GROUP
        start = min(self._where.below(group, self._starts), self._often.below(group, self._starts))
        people = self._group(start)
        return people[self._seat.reshuffled(turn, GROUP)[1] % len(people)]


def people_in_turn(people: LazySequence[Person], numbers: range) -> list[Person]:
    """Return the people that the records with these numbers are about, going round all of them."""
    found: list[Person] = []
    n = numbers.start
    while n < numbers.stop:
        first = n % len(people)
        count = min(numbers.stop - n, len(people) - first)
        found += people.make_all(range(first, first + count))
        n += count
    return found


def require_cast(kind: str, **rosters: Sized) -> None:
    """Raise ``Misconfigured`` for a cast without what a kind of record is about."""
    for name, roster in rosters.items():
        if not len(roster):
            raise Misconfigured(f"{kind}: nobody has any without {name}; set {name} to 1 or more in the scenario")
