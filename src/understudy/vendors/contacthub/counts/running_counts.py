"""Running counts of marks, kept up to date with every write of a customer or an event (decision 6).

One row counts the marks of a node's events or customers under a key in a block of days, column by column and cell by
cell, and adds up the amounts of the block's orders; those of its cells are in a second row. The rows go with all
others into forks and snapshots. See ``readings.py`` for what is made of them.
"""

from collections.abc import Iterable

from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.counts.increments import (
    EVERYONE,
    KINDS,
    Increment,
    customer_increments,
    deletion_increments,
    deletion_row,
    event_increments,
    event_key,
)
from understudy.vendors.contacthub.counts.time_buckets import BUCKETS, bucket_of
from understudy.vendors.contacthub.tables import AMOUNTS, CUSTOMERS, DELETIONS, EVENTS, TALLIES
from understudy.vendors.contacthub.timestamps import now_text


def count_event(state: VendorState, before: Json | None, after: Json | None) -> None:
    """Count an event's row as it becomes; ``before`` is ``None`` for a new one, ``after`` for one that goes."""
    if before is not None:
        _recount(
            state, f"{before['nodeId']}/{EVENTS}", event_increments(before), event_increments(after) if after else []
        )
    elif after is not None:
        _recount(state, f"{after['nodeId']}/{EVENTS}", [], event_increments(after))
    if before is not None and after is None:
        _count_deletion(state, deletion_row(EVENTS, before, event_key(before), now_text(state)))


def count_customer(state: VendorState, before: Json | None, after: Json | None) -> None:
    """Count a customer as it becomes; ``before`` is ``None`` for a new one, ``after`` for one that goes."""
    if before is not None:
        marks = customer_increments(after) if after else []
        _recount(state, f"{before['nodeId']}/{CUSTOMERS}", customer_increments(before), marks)
    elif after is not None:
        _recount(state, f"{after['nodeId']}/{CUSTOMERS}", [], customer_increments(after))
    if before is not None and after is None:
        _count_deletion(state, deletion_row(CUSTOMERS, before, EVERYONE, now_text(state)))


def _recount(state: VendorState, of: str, before: list[Increment], after: list[Increment]) -> None:
    gone = [(mark, -1) for mark in before if mark not in after]
    _tally(state, of, [*gone, *((mark, 1) for mark in after if mark not in before)])


def _count_deletion(state: VendorState, row: Json) -> None:
    state.collection(DELETIONS).put(row)
    _tally(state, f"{row['nodeId']}/{row['of']}", [(mark, 1) for mark in deletion_increments(row)])


def _tally(state: VendorState, of: str, changes: Iterable[tuple[Increment, int]]) -> None:
    """Add one to what is counted where each mark belongs, or take it off."""
    tallies = state.collection(TALLIES)
    rows: dict[str, Json] = {}
    for mark, step in changes:
        block, cell = bucket_of(mark.at)
        key = f"{of}/{block}/{mark.key}"
        row = rows.get(key)
        if row is None:
            row = rows[key] = tallies.get(key) or {"id": key, "of": of, "latest": "", "counts": {}, "amounts": {}}
        row["latest"] = max(row["latest"], mark.at)
        if mark.column not in row["counts"]:
            row["counts"][mark.column] = [0] * BUCKETS
        row["counts"][mark.column][cell] += step
        if mark.column in KINDS:
            _add_amounts(row["amounts"], mark.column, mark, step)
            _add_to_cell(state, key, f"{mark.column}/{cell}", mark, step)
    for row in rows.values():
        tallies.put(row)


def _add_to_cell(state: VendorState, key: str, place: str, mark: Increment, step: int) -> None:
    """Add an order's amounts to those of its cell, in a row of their own: only blocks that are cut need them."""
    amounts = state.collection(AMOUNTS)
    row = amounts.get(key) or {"id": key, "amounts": {}}
    _add_amounts(row["amounts"], place, mark, step)
    amounts.put(row)


def _add_amounts(amounts: Json, place: str, mark: Increment, step: int) -> None:
    """Add an order's amounts to those of a place; they are kept as text, for they may be past 64 bits."""
    total, revenue = amounts.get(place, "0 0").split()
    amounts[place] = f"{int(total) + step * mark.total} {int(revenue) + step * mark.revenue}"
