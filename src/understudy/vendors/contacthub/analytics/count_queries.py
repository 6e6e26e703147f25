"""Counts of a period: whole cells from the tallies, and those that the period cuts from the records themselves.

Everything is read at the first step, so that writes between two turns change nothing in an answer.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.analytics.node_scope import NodeScope
from understudy.vendors.contacthub.analytics.periods import BucketCover, Period, cover_period
from understudy.vendors.contacthub.counts.increments import (
    ADDED,
    CHANGED,
    DATED,
    DELETED,
    KINDS,
    Increment,
    customer_increments,
    deletion_increments,
    event_increments,
)
from understudy.vendors.contacthub.counts.time_buckets import BLOCK_LENGTH, BUCKETS, Calendar, block_hours
from understudy.vendors.contacthub.tables import AGGREGATED, AMOUNTS, CUSTOMERS, DELETIONS, EVENTS, TALLIES

TURN = 100
"""How many rows are read before other requests have their turn: about a millisecond."""

Wanted = Callable[[str], bool]
Series = dict[str, dict[str, int]]
"""By key, how many in each step that has any."""

Found = tuple[int, list[Increment]]
"""Marks of a record, and how often each counts: once, or -1 times where the whole cell was counted."""

_RECORDS: dict[str, tuple[tuple[str, ...], Callable[[Json], list[Increment]]]] = {
    EVENTS: ((EVENTS,), event_increments),
    CUSTOMERS: ((CUSTOMERS, AGGREGATED), customer_increments),
}
"""Where the records are that are counted, and the marks that they leave."""

_HOURS = {ADDED: "hour.added", CHANGED: "hour.changed"} | dict.fromkeys((DATED, *KINDS), "hour.date")
"""The records' look-up by node and hour that serves a column."""


@dataclass(frozen=True, slots=True)
class CountQuery:
    """What to count: ``of`` is ``events`` or ``customers``, ``wanted`` says which keys.

    ``texts``, if there are any: each record that is wanted has one of them as a text somewhere.
    """

    scope: NodeScope
    of: str
    columns: tuple[str, ...]
    period: Period
    wanted: Wanted = field(default=lambda _key: True)
    texts: tuple[str, ...] = ()


@dataclass(slots=True)
class CountSum:
    """How many, and an order's amounts in millionths."""

    count: int = 0
    total: int = 0
    revenue: int = 0

    def add(self, other: "CountSum | Increment", times: int = 1) -> None:
        """Add another sum, or one mark; -1 ``times`` takes it off."""
        self.count += times * (1 if isinstance(other, Increment) else other.count)
        self.total += times * other.total
        self.revenue += times * other.revenue


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The whole cells of a period in one row of the tallies: from ``first`` to before ``last``.

    ``amounts`` are those of its cells, and nothing for a block that is not cut.
    """

    key: str
    block: str
    row: Json
    first: int
    last: int
    amounts: Json | None


def count_by_step(state: VendorState, asked: CountQuery, calendar: Calendar) -> Generator[None, None, Series]:
    """Count the marks that are asked for by key and step."""
    series: defaultdict[str, Counter[str]] = defaultdict(Counter)
    stretches, marks = _take(state, asked)
    for number, stretch in enumerate(stretches):
        if number % TURN == TURN - 1:
            yield
        steps, bounds = series[stretch.key], calendar.steps_of(stretch.block)
        for counts in _columns(stretch, asked):
            for step, first, last in bounds:
                found = sum(counts[max(first, stretch.first) : min(last, stretch.last)])
                if found:
                    steps[step] += found
    for number, (times, found_marks) in enumerate(marks):
        if number % TURN == TURN - 1:
            yield
        for mark in found_marks:
            series[mark.key][calendar.step_at(mark.at)] += times
    counted = {key: {step: count for step, count in sorted(series[key].items()) if count} for key in sorted(series)}
    return {key: steps for key, steps in counted.items() if steps}


def sum_by_key(state: VendorState, asked: CountQuery) -> Generator[None, None, dict[tuple[str, str], CountSum]]:
    """Count the marks that are asked for by key and column, and add up their amounts."""
    sums: defaultdict[tuple[str, str], CountSum] = defaultdict(CountSum)
    stretches, marks = _take(state, asked)
    for number, stretch in enumerate(stretches):
        if number % TURN == TURN - 1:
            yield
        for column in asked.columns:
            sums[stretch.key, column].add(_sum_of(stretch, column))
    for number, (times, found_marks) in enumerate(marks):
        if number % TURN == TURN - 1:
            yield
        for mark in found_marks:
            sums[mark.key, mark.column].add(mark, times)
    return dict(sums)


def _columns(stretch: _Stretch, asked: CountQuery) -> Iterator[list[int]]:
    return (stretch.row["counts"][column] for column in asked.columns if column in stretch.row["counts"])


def _sum_of(stretch: _Stretch, column: str) -> CountSum:
    counts = stretch.row["counts"].get(column, ())
    found = CountSum(sum(counts[stretch.first : stretch.last]))
    if stretch.amounts is None:
        amounts, places = stretch.row["amounts"], [column]
    else:
        amounts, places = stretch.amounts, [f"{column}/{cell}" for cell in range(stretch.first, stretch.last)]
    for place in places:
        if place in amounts:
            total, revenue = amounts[place].split()
            found.total += int(total)
            found.revenue += int(revenue)
    return found


def _take(state: VendorState, asked: CountQuery) -> tuple[Iterator[_Stretch], Iterator[Found]]:
    """Read all that a count needs, as it is now: the rows of the tallies, and of the records in cut cells the marks.

    A period that ends after the latest mark of its last block cuts no cell there. Where only members count, there are
    no tallies: the marks of all their records are read one after the other.
    """
    if asked.scope.is_member is not None:
        return iter(()), _marks(_members_records(state, asked), asked)
    tallies, period = state.collection(TALLIES), asked.period
    rows: list[tuple[BucketCover, Iterator[Json], Json]] = []
    more: list[Iterator[Json]] = []
    less: list[Iterator[Json]] = []
    for node_id in asked.scope.nodes:
        blocks = _blocks(state, node_id, asked)
        last_rows = tallies.read(key for key, block in blocks.items() if block == period.last_block)
        covered = cover_period(period, is_open=all(row["latest"] <= period.end for row in last_rows))
        cut = [key for key, block in blocks.items() if covered.cells_in(block) != (0, BUCKETS)]
        amounts = {row["id"]: row["amounts"] for row in state.collection(AMOUNTS).read(cut)}
        rows.append((covered, tallies.read(blocks), amounts))
        more += [_records(state, asked, f"{node_id}/{hour}") for hour in covered.more]
        less += [_records(state, asked, f"{node_id}/{hour}") for hour in covered.less]
    return _stretches(rows), chain(_marks(more, asked), _marks(less, asked, is_inside=False))


def _blocks(state: VendorState, node_id: str, asked: CountQuery) -> dict[str, str]:
    """The keys of the rows that count in a node during a period, each with its block."""
    of = f"{node_id}/{asked.of}"
    first, last, wanted = asked.period.first_block, asked.period.last_block, asked.wanted
    start, end = len(of) + 1, len(of) + 1 + BLOCK_LENGTH
    keys = state.collection(TALLIES).keys_of("of", of)
    return {key: key[start:end] for key in keys if first <= key[start:end] <= last and wanted(key[end + 1 :])}


def _records(state: VendorState, asked: CountQuery, place: str) -> Iterator[Json]:
    """Read the records of a node and hour that have a mark in a column; those of no time of their own have no hour."""
    if DELETED in asked.columns:
        deletions = state.collection(DELETIONS)
        return (row for row in deletions.read(deletions.keys_of("hour", place)) if row["of"] == asked.of)
    index = _HOURS[asked.columns[0]]
    tables = map(state.collection, _RECORDS[asked.of][0])
    return chain.from_iterable([table.read(table.keys_of(index, place), asked.texts) for table in tables])


def _members_records(state: VendorState, asked: CountQuery) -> Iterator[Iterator[Json]]:
    """Give the records of each hour in which any are counted; of events, those of members."""
    period = asked.period
    for node_id in asked.scope.nodes:
        for block in sorted(set(_blocks(state, node_id, asked).values())):
            for hour in block_hours(block):
                if period.start[:13] <= hour <= period.end[:13]:
                    found = _records(state, asked, f"{node_id}/{hour}")
                    yield (each for each in found if "data" not in each or _is_member(asked.scope, each))


def _is_member(scope: NodeScope, event: Json) -> bool:
    return scope.is_member is None or scope.is_member(event["data"]["customerId"])


def _stretches(rows: Iterable[tuple[BucketCover, Iterator[Json], Json]]) -> Iterator[_Stretch]:
    for covered, found, amounts in rows:
        for row in found:
            block, key = _place(row["id"], row["of"])
            yield _Stretch(key, block, row, *covered.cells_in(block), amounts.get(row["id"]))


def _marks(records: Iterable[Iterator[Json]], asked: CountQuery, *, is_inside: bool = True) -> Iterator[Found]:
    """Give the marks of each record that are asked for: those in the period, to add, or out of it, to take off."""
    marks_of = deletion_increments if DELETED in asked.columns else _RECORDS[asked.of][1]
    for record in chain.from_iterable(records):
        yield (
            1 if is_inside else -1,
            [
                mark
                for mark in marks_of(record)
                if mark.column in asked.columns and (mark.at in asked.period) is is_inside and asked.wanted(mark.key)
            ],
        )


def _place(key: str, of: str) -> tuple[str, str]:
    """The block and the key that a row of the tallies counts, given what its id begins with."""
    first = len(of) + 1
    return key[first : first + BLOCK_LENGTH], key[first + BLOCK_LENGTH + 1 :]
