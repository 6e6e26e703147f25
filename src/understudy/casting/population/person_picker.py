"""Choice of the person that a record is about, and a check of the cast for what a kind of record needs."""

from collections.abc import Sized
from functools import lru_cache

from understudy.casting.engine.lazy_sequence import LazySequence
from understudy.casting.population.lazy_cast import LazyCast
from understudy.core.cast import Person
from understudy.core.misconfigured import Misconfigured

GROUP = 64
"""Number of people made at once: consecutive records are about a group of neighbours in the cast, shuffled."""


class PersonPicker:
    """Picker of a person for each record: first each person once, in random order, then some people more often.

    After the first ones, each run of ``run_length`` consecutive records is about one person. The first records of
    each person are in runs of ``first_run``.
    """

    def __init__(self, cast: LazyCast, kind: str, run_length: int, *, first_run: int = 1) -> None:
        require_cast(kind, people=cast.people)
        self._run_length = run_length
        self._first_run = first_run
        self._start, self._other_start = cast.stream(kind, "people"), cast.stream(kind, "people/often")
        self._position, self._order = cast.stream(kind, "people/seat"), cast.stream(kind, "people/order")
        self._size = len(cast.people)
        self._starts = max(1, self._size - GROUP + 1)
        make = cast.people.make_all
        self._group = lru_cache(8)(lambda start: make(range(start, min(start + GROUP, self._size))))

    def of(self, n: int) -> Person:
        """Return the person that record n is about."""
        position = n // self._first_run
        if position < self._size:
            return self._in_order(position)
        turn = n // self._run_length
        group = turn // GROUP
        start = min(self._start.below(group, self._starts), self._other_start.below(group, self._starts))
        people = self._group(start)
        return people[self._position.reshuffled(turn, GROUP)[1] % len(people)]

    def _in_order(self, position: int) -> Person:
        """Return the person at a position of the random order: groups are shuffled, and the people of each."""
        group, place = divmod(position, GROUP)
        whole_groups = self._size // GROUP
        if group < whole_groups:
            start = GROUP * self._order.shuffled(group, whole_groups)
            return self._group(start)[self._position.reshuffled(position, GROUP)[1]]
        rest = self._size - GROUP * whole_groups
        return self._group(GROUP * whole_groups)[self._order.shuffled(place, rest)]


def people_in_turn(people: LazySequence[Person], numbers: range) -> list[Person]:
    """Return the people of the records with these numbers: person n, and from the first again after the last."""
    found: list[Person] = []
    n = numbers.start
    while n < numbers.stop:
        first = n % len(people)
        count = min(numbers.stop - n, len(people) - first)
        found += people.make_all(range(first, first + count))
        n += count
    return found


def require_cast(kind: str, **parts: Sized) -> None:
    """Raise ``Misconfigured`` if a part of the cast that a kind of record needs is empty."""
    for name, part in parts.items():
        if not len(part):
            raise Misconfigured(f"{kind}: such records need {name}; set {name} to 1 or more in the scenario")
