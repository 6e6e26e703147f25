"""Queries over the running counts: whole time buckets from stored counts, buckets covered in part from the records.

All rows and records are selected in the first step, so that writes between two steps do not change a response.
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
    ORDER_KINDS,
    Increment,
    customer_increments,
    deletion_increments,
    event_increments,
)
from understudy.vendors.contacthub.counts.time_buckets import BLOCK_LENGTH, BUCKETS, Calendar, block_hours
from understudy.vendors.contacthub.tables import AGGREGATED, AMOUNTS, CUSTOMERS, DELETIONS, EVENTS, TALLIES

ROWS_PER_STEP = 100
"""Number of rows read in one step, which takes about a millisecond."""

KeyFilter = Callable[[str], bool]
Series = dict[str, dict[str, int]]
"""Counts by key and by the first day of a step of the series; zeros are left out."""

RecordIncrements = tuple[int, list[Increment]]
"""Increments of one record, and the sign with which they are added; -1 is for a record outside the period."""

_RECORDS: dict[str, tuple[tuple[str, ...], Callable[[Json], list[Increment]]]] = {
    EVENTS: ((EVENTS,), event_increments),
    CUSTOMERS: ((CUSTOMERS, AGGREGATED), customer_increments),
}
"""Collections of the counted records and the function that returns the increments of a record."""

_HOURS = {ADDED: "hour.added", CHANGED: "hour.changed"} | dict.fromkeys((DATED, *ORDER_KINDS), "hour.date")
"""Index of the records by node and hour, by column."""


@dataclass(frozen=True, slots=True)
class CountQuery:
    """Query over the counts of ``events`` or ``customers`` (``of``), by columns, keys and period.

    ``is_wanted`` selects keys. If there are ``texts``, only records whose JSON contains one of them are read.
    """

    scope: NodeScope
    of: str
    columns: tuple[str, ...]
    period: Period
    is_wanted: KeyFilter = field(default=lambda _key: True)
    texts: tuple[str, ...] = ()


@dataclass(slots=True)
class CountSum:
    """Sum of increments: number, and amounts of orders in millionths."""

    count: int = 0
    total: int = 0
    revenue: int = 0

    def add(self, other: "CountSum | Increment", times: int = 1) -> None:
        """Add another sum or one increment; ``times`` is -1 to subtract it."""
        self.count += times * (1 if isinstance(other, Increment) else other.count)
        self.total += times * other.total
        self.revenue += times * other.revenue


@dataclass(frozen=True, slots=True)
class _RowSlice:
    """Buckets of one row of the running counts, from ``first`` up to, not including, ``last``.

    ``amounts`` holds amounts by bucket; ``None`` if the period covers the block whole: the row's totals are used.
    """

    key: str
    block: str
    row: Json
    first: int
    last: int
    amounts: Json | None


def count_by_step(state: VendorState, query: CountQuery, calendar: Calendar) -> Generator[None, None, Series]:
    """Return the counts of a query by key and step of the series."""
    series: defaultdict[str, Counter[str]] = defaultdict(Counter)
    row_slices, increments = _read_counts(state, query)
    for number, row_slice in enumerate(row_slices):
        if number % ROWS_PER_STEP == ROWS_PER_STEP - 1:
            yield
        steps, bounds = series[row_slice.key], calendar.steps_of(row_slice.block)
        for counts in _columns(row_slice, query):
            for step, first, last in bounds:
                found = sum(counts[max(first, row_slice.first) : min(last, row_slice.last)])
                if found:
                    steps[step] += found
    for number, (times, of_record) in enumerate(increments):
        if number % ROWS_PER_STEP == ROWS_PER_STEP - 1:
            yield
        for increment in of_record:
            series[increment.key][calendar.step_at(increment.at)] += times
    counted = {key: {step: count for step, count in sorted(series[key].items()) if count} for key in sorted(series)}
    return {key: steps for key, steps in counted.items() if steps}


def sum_by_key(state: VendorState, query: CountQuery) -> Generator[None, None, dict[tuple[str, str], CountSum]]:
    """Return the counts and amounts of a query by key and column."""
    sums: defaultdict[tuple[str, str], CountSum] = defaultdict(CountSum)
    row_slices, increments = _read_counts(state, query)
    for number, row_slice in enumerate(row_slices):
        if number % ROWS_PER_STEP == ROWS_PER_STEP - 1:
            yield
        for column in query.columns:
            sums[row_slice.key, column].add(_slice_sum(row_slice, column))
    for number, (times, of_record) in enumerate(increments):
        if number % ROWS_PER_STEP == ROWS_PER_STEP - 1:
            yield
        for increment in of_record:
            sums[increment.key, increment.column].add(increment, times)
    return dict(sums)


def _columns(row_slice: _RowSlice, query: CountQuery) -> Iterator[list[int]]:
    return (row_slice.row["counts"][column] for column in query.columns if column in row_slice.row["counts"])


def _slice_sum(row_slice: _RowSlice, column: str) -> CountSum:
    counts = row_slice.row["counts"].get(column, ())
    found = CountSum(sum(counts[row_slice.first : row_slice.last]))
    if row_slice.amounts is None:
        amounts, places = row_slice.row["amounts"], [column]
    else:
        amounts, places = row_slice.amounts, [f"{column}/{bucket}" for bucket in range(row_slice.first, row_slice.last)]
    for place in places:
        if place in amounts:
            total, revenue = amounts[place].split()
            found.total += int(total)
            found.revenue += int(revenue)
    return found


def _read_counts(state: VendorState, query: CountQuery) -> tuple[Iterator[_RowSlice], Iterator[RecordIncrements]]:
    """Return the row slices of a query and, for buckets covered in part, the increments of single records.

    If nothing was counted after the period's end, its last bucket is covered whole. Aggregate nodes have no running
    counts of events: the records of all members are read.
    """
    if query.scope.is_visible is not None:
        return iter(()), _increments(_members_records(state, query), query)
    tallies, period = state.collection(TALLIES), query.period
    rows: list[tuple[BucketCover, Iterator[Json], Json]] = []
    added_hours: list[Iterator[Json]] = []
    subtracted_hours: list[Iterator[Json]] = []
    for node_id in query.scope.nodes:
        blocks = _blocks(state, node_id, query)
        last_rows = tallies.read(key for key, block in blocks.items() if block == period.last_block)
        covered = cover_period(period, is_open=all(row["latest"] <= period.end for row in last_rows))
        cut = [key for key, block in blocks.items() if covered.buckets_in(block) != (0, BUCKETS)]
        amounts = {row["id"]: row["amounts"] for row in state.collection(AMOUNTS).read(cut)}
        rows.append((covered, tallies.read(blocks), amounts))
        added_hours += [_records(state, query, f"{node_id}/{hour}") for hour in covered.added_hours]
        subtracted_hours += [_records(state, query, f"{node_id}/{hour}") for hour in covered.subtracted_hours]
    return _row_slices(rows), chain(
        _increments(added_hours, query), _increments(subtracted_hours, query, is_inside=False)
    )


def _blocks(state: VendorState, node_id: str, query: CountQuery) -> dict[str, str]:
    """Return the block by key of the rows that hold a node's wanted counts in the period."""
    of = f"{node_id}/{query.of}"
    first, last, is_wanted = query.period.first_block, query.period.last_block, query.is_wanted
    start, end = len(of) + 1, len(of) + 1 + BLOCK_LENGTH
    keys = state.collection(TALLIES).keys_of("of", of)
    return {key: key[start:end] for key in keys if first <= key[start:end] <= last and is_wanted(key[end + 1 :])}


def _records(state: VendorState, query: CountQuery, place: str) -> Iterator[Json]:
    """Read the records of a node and hour by the index of the query's first column."""
    if DELETED in query.columns:
        deletions = state.collection(DELETIONS)
        return (row for row in deletions.read(deletions.keys_of("hour", place)) if row["of"] == query.of)
    index = _HOURS[query.columns[0]]
    tables = map(state.collection, _RECORDS[query.of][0])
    return chain.from_iterable([table.read(table.keys_of(index, place), query.texts) for table in tables])


def _members_records(state: VendorState, query: CountQuery) -> Iterator[Iterator[Json]]:
    """Yield the records of each counted hour of the period; of events, only the members' events."""
    period = query.period
    for node_id in query.scope.nodes:
        for block in sorted(set(_blocks(state, node_id, query).values())):
            for hour in block_hours(block):
                if period.start[:13] <= hour <= period.end[:13]:
                    found = _records(state, query, f"{node_id}/{hour}")
                    yield (each for each in found if "data" not in each or _is_visible(query.scope, each))


def _is_visible(scope: NodeScope, event: Json) -> bool:
    return scope.is_visible is None or scope.is_visible(event["data"])


def _row_slices(rows: Iterable[tuple[BucketCover, Iterator[Json], Json]]) -> Iterator[_RowSlice]:
    for covered, found, amounts in rows:
        for row in found:
            block, key = _block_and_key(row["id"], row["of"])
            yield _RowSlice(key, block, row, *covered.buckets_in(block), amounts.get(row["id"]))


def _increments(
    records: Iterable[Iterator[Json]], query: CountQuery, *, is_inside: bool = True
) -> Iterator[RecordIncrements]:
    """Yield each record's increments that the query wants: inside the period to add, outside it to subtract."""
    increments_of = deletion_increments if DELETED in query.columns else _RECORDS[query.of][1]
    for record in chain.from_iterable(records):
        yield (
            1 if is_inside else -1,
            [
                increment
                for increment in increments_of(record)
                if increment.column in query.columns
                and (increment.at in query.period) is is_inside
                and query.is_wanted(increment.key)
            ],
        )


def _block_and_key(key: str, of: str) -> tuple[str, str]:
    """Return the block and the key of a row of counts with the id ``<of>/<block>/<key>``."""
    first = len(of) + 1
    return key[first : first + BLOCK_LENGTH], key[first + BLOCK_LENGTH + 1 :]
