"""Running counts of marks, kept up to date with every write of a customer or an event (decision 6).

One row counts the marks of a node under a measure and a key in a month, cell by cell. It goes with the world's other
rows into forks and snapshots. See ``readings.py`` for what is made of it.
"""

from collections.abc import Callable

from understudy.state.collection import Json
from understudy.state.world import World
from understudy.vendors.contacthub.cells import A_MONTH, cell_of
from understudy.vendors.contacthub.marks import (
    ORDERS,
    Mark,
    deletion,
    marks_of_customer,
    marks_of_deletion,
    marks_of_event,
)
from understudy.vendors.contacthub.stamps import now_text
from understudy.vendors.contacthub.tables import DELETIONS, TALLIES
from understudy.vendors.contacthub.updates import CUSTOMER, EVENT


def count_event(world: World, before: Json | None, after: Json | None) -> None:
    """Count an event's row as it becomes; ``before`` is ``None`` for a new one, ``after`` for one that goes."""
    _recount(world, marks_of_event, before, after)
    if before is not None and after is None:
        _count_deletion(world, deletion(EVENT, before["data"]["type"], before, now_text(world)))


def count_customer(world: World, before: Json | None, after: Json | None) -> None:
    """Count a customer as it becomes; ``before`` is ``None`` for a new one, ``after`` for one that goes."""
    _recount(world, marks_of_customer, before, after)
    if before is not None and after is None:
        _count_deletion(world, deletion(CUSTOMER, "customers", before, now_text(world)))


def _recount(world: World, marks_of: Callable[[Json], list[Mark]], before: Json | None, after: Json | None) -> None:
    old = [] if before is None else marks_of(before)
    new = [] if after is None else marks_of(after)
    if before is not None:
        for mark in old:
            if mark not in new:
                _tally(world, before["nodeId"], mark, -1)
    if after is not None:
        for mark in new:
            if mark not in old:
                _tally(world, after["nodeId"], mark, 1)


def _count_deletion(world: World, row: Json) -> None:
    world.collection(DELETIONS).put(row)
    for mark in marks_of_deletion(row):
        _tally(world, row["nodeId"], mark, 1)


def _tally(world: World, node_id: str, mark: Mark, step: int) -> None:
    """Add one to what is counted where a mark belongs, or take it off."""
    of = f"{node_id}/{mark.measure}"
    key = f"{of}/{mark.at[:7]}/{mark.key}"
    tallies = world.collection(TALLIES)
    row = tallies.get(key)
    if row is None:
        row = {"id": key, "of": of, "latest": "", "counts": [0] * A_MONTH}
        row |= {"sums": {}} if mark.measure == ORDERS else {}
    cell = cell_of(mark.at)
    row["counts"][cell] += step
    row["latest"] = max(row["latest"], mark.at)
    if mark.measure == ORDERS:
        total, revenue = row["sums"].get(str(cell), "0 0").split()
        row["sums"][str(cell)] = f"{int(total) + step * mark.total} {int(revenue) + step * mark.revenue}"
    tallies.put(row)
