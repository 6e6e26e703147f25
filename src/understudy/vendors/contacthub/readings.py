"""Counts of a period: whole cells from the tallies, and those that the period cuts from the records themselves.

Everything is read at the first step, so that writes between two turns change nothing in an answer.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, product

from understudy.state.collection import Json
from understudy.state.world import World
from understudy.vendors.contacthub.cells import Calendar
from understudy.vendors.contacthub.marks import (
    CUSTOMERS_ADDED,
    CUSTOMERS_CHANGED,
    CUSTOMERS_DELETED,
    EVENTS_ADDED,
    EVENTS_BY_DATE,
    EVENTS_CHANGED,
    EVENTS_DELETED,
    ORDERS,
    Mark,
    marks_of_customer,
    marks_of_deletion,
    marks_of_event,
)
from understudy.vendors.contacthub.periods import Cover, Period, cover
from understudy.vendors.contacthub.scopes import Scope
from understudy.vendors.contacthub.tables import AGGREGATED, CUSTOMERS, DELETIONS, EVENTS, TALLIES

TURN = 100
"""How many rows are read before other requests have their turn: about a millisecond."""

Wanted = Callable[[str], bool]
Series = dict[str, dict[str, int]]
"""By key, how many in each step that has any."""

_PEOPLE = (CUSTOMERS, AGGREGATED)
_RECORDS: dict[str, tuple[tuple[str, ...], str, Callable[[Json], list[Mark]]]] = {
    EVENTS_BY_DATE: ((EVENTS,), "hour.date", marks_of_event),
    ORDERS: ((EVENTS,), "hour.date", marks_of_event),
    EVENTS_ADDED: ((EVENTS,), "hour.added", marks_of_event),
    EVENTS_CHANGED: ((EVENTS,), "hour.changed", marks_of_event),
    EVENTS_DELETED: ((DELETIONS,), "hour", marks_of_deletion),
    CUSTOMERS_ADDED: (_PEOPLE, "hour.added", marks_of_customer),
    CUSTOMERS_CHANGED: (_PEOPLE, "hour.changed", marks_of_customer),
    CUSTOMERS_DELETED: ((DELETIONS,), "hour", marks_of_deletion),
}
"""Where the records of a measure are, the look-up of theirs by node and hour, and the marks that they leave."""


@dataclass(slots=True)
class Sum:
    """How many, and an order's amounts in millionths."""

    count: int = 0
    total: int = 0
    revenue: int = 0

    def add(self, other: "Sum | Mark") -> None:
        """Add another sum, or one mark."""
        self.count += 1 if isinstance(other, Mark) else other.count
        self.total += other.total
        self.revenue += other.revenue


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The whole cells of a period in one row of the tallies: from ``first`` to before ``last``."""

    key: str
    month: str
    row: Json
    first: int
    last: int


def everything(_key: str) -> bool:
    """Want every key."""
    return True


def count_by_step(
    world: World, scope: Scope, measure: str, period: Period, calendar: Calendar, wanted: Wanted = everything
) -> Generator[None, None, Series]:
    """Count a measure's marks in a period by key and step."""
    series: defaultdict[str, Counter[str]] = defaultdict(Counter)
    stretches, marks = _take(world, scope, measure, period, wanted)
    for number, stretch in enumerate(stretches):
        if number % TURN == TURN - 1:
            yield
        counts, steps = stretch.row["counts"], series[stretch.key]
        for step, first, last in calendar.steps_of(stretch.month):
            found = sum(counts[max(first, stretch.first) : min(last, stretch.last)])
            if found:
                steps[step] += found
    for number, found_marks in enumerate(marks):
        if number % TURN == TURN - 1:
            yield
        for mark in found_marks:
            series[mark.key][calendar.step_at(mark.at)] += 1
    return {key: dict(sorted(steps.items())) for key, steps in sorted(series.items()) if steps}


def sum_by_key(
    world: World, scope: Scope, measure: str, period: Period, wanted: Wanted = everything
) -> Generator[None, None, dict[str, Sum]]:
    """Count a measure's marks in a period by key, and add up their amounts."""
    sums: defaultdict[str, Sum] = defaultdict(Sum)
    stretches, marks = _take(world, scope, measure, period, wanted)
    for number, stretch in enumerate(stretches):
        if number % TURN == TURN - 1:
            yield
        sums[stretch.key].add(_sum_of(stretch))
    for number, found_marks in enumerate(marks):
        if number % TURN == TURN - 1:
            yield
        for mark in found_marks:
            sums[mark.key].add(mark)
    return dict(sums)


def _sum_of(stretch: _Stretch) -> Sum:
    found = Sum(sum(stretch.row["counts"][stretch.first : stretch.last]))
    for cell, amounts in stretch.row.get("sums", {}).items():
        if stretch.first <= int(cell) < stretch.last:
            total, revenue = amounts.split()
            found.total += int(total)
            found.revenue += int(revenue)
    return found


def _take(
    world: World, scope: Scope, measure: str, period: Period, wanted: Wanted
) -> tuple[Iterator[_Stretch], Iterator[list[Mark]]]:
    """Read all that a count needs, as it is now: the rows of the tallies, and of each record in a cut cell the marks.

    A period that ends after the latest mark of its last month cuts no cell there. Where only members count, there are
    no tallies: the marks of all their records are read one after the other.
    """
    if scope.is_member is not None:
        return iter(()), _marks(_members_records(world, scope, measure, period), measure, period, wanted)
    tallies = world.collection(TALLIES)
    rows: list[tuple[Cover, Iterator[Json]]] = []
    records: list[Iterator[Json]] = []
    for node_id in scope.nodes:
        months = _months(world, node_id, measure, period, wanted)
        last_rows = tallies.read(key for key, month in months.items() if month == period.end[:7])
        covered = cover(period, is_open=all(row["latest"] <= period.end for row in last_rows))
        rows.append((covered, tallies.read(months)))
        records += [_records(world, measure, f"{node_id}/{hour}") for hour in covered.hours]
    return _stretches(rows), _marks(records, measure, period, wanted)


def _months(world: World, node_id: str, measure: str, period: Period, wanted: Wanted) -> dict[str, str]:
    """The keys of the rows that count a measure in a node during a period, each with its month."""
    of = f"{node_id}/{measure}"
    places = ((key, *_place(key, of)) for key in world.collection(TALLIES).keys_of("of", of))
    first, last = period.start[:7], period.end[:7]
    return {key: month for key, month, name in places if first <= month <= last and wanted(name)}


def _records(world: World, measure: str, place: str) -> Iterator[Json]:
    if measure not in _RECORDS:
        return iter(())
    tables, index, _ = _RECORDS[measure]
    collections = [world.collection(table) for table in tables]
    return chain.from_iterable(each.read(each.keys_of(index, place)) for each in collections)


def _members_records(world: World, scope: Scope, measure: str, period: Period) -> Iterator[Iterator[Json]]:
    """Give the records of each hour in which a measure counts any; of events, those of members."""
    for node_id in scope.nodes:
        for month in sorted(set(_months(world, node_id, measure, period, everything).values())):
            for day, hour in product(range(1, 32), range(24)):
                at = f"{month}-{day:02}T{hour:02}"
                if period.start[:13] <= at <= period.end[:13]:
                    found = _records(world, measure, f"{node_id}/{at}")
                    yield (each for each in found if "data" not in each or _is_member(scope, each))


def _is_member(scope: Scope, event: Json) -> bool:
    return scope.is_member is None or scope.is_member(event["data"]["customerId"])


def _stretches(rows: Iterable[tuple[Cover, Iterator[Json]]]) -> Iterator[_Stretch]:
    for covered, found in rows:
        for row in found:
            month, key = _place(row["id"], row["of"])
            yield _Stretch(key, month, row, *covered.cells_in(month))


def _marks(records: Iterable[Iterator[Json]], measure: str, period: Period, wanted: Wanted) -> Iterator[list[Mark]]:
    for found in records:
        for record in found:
            marks = _RECORDS[measure][2](record)
            yield [mark for mark in marks if mark.measure == measure and mark.at in period and wanted(mark.key)]


def _place(key: str, of: str) -> tuple[str, str]:
    """The month and the key that a row of the tallies counts, given what its id begins with."""
    month = len(of) + 1
    return key[month : month + 7], key[month + 8 :]
