"""Running counts, updated on each write of a customer or an event (docs/decisions/0006).

A row holds the counts of a node's events or customers under a key in a block of days, by column and bucket, and the
amounts of the block's orders; a second row holds the amounts by bucket. The rows are part of copies and snapshots of a
world. ``analytics/count_queries`` reads them.
"""

from collections.abc import Iterable

from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.counts.increments import (
    CUSTOMERS_KEY,
    ORDER_KINDS,
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
    """Update the counts for a written event's row; ``before`` is ``None`` for a new, ``after`` for a deleted row."""
    if before is not None:
        _replace_increments(
            state, f"{before['nodeId']}/{EVENTS}", event_increments(before), event_increments(after) if after else []
        )
    elif after is not None:
        _replace_increments(state, f"{after['nodeId']}/{EVENTS}", [], event_increments(after))
    if before is not None and after is None:
        _count_deletion(state, deletion_row(EVENTS, before, event_key(before), now_text(state)))


def count_customer(state: VendorState, before: Json | None, after: Json | None) -> None:
    """Update the counts for a written customer; ``before`` is ``None`` for a new, ``after`` for a deleted customer."""
    if before is not None:
        increments = customer_increments(after) if after else []
        _replace_increments(state, f"{before['nodeId']}/{CUSTOMERS}", customer_increments(before), increments)
    elif after is not None:
        _replace_increments(state, f"{after['nodeId']}/{CUSTOMERS}", [], customer_increments(after))
    if before is not None and after is None:
        _count_deletion(state, deletion_row(CUSTOMERS, before, CUSTOMERS_KEY, now_text(state)))


def _replace_increments(state: VendorState, of: str, before: list[Increment], after: list[Increment]) -> None:
    removed = [(increment, -1) for increment in before if increment not in after]
    _add_increments(state, of, [*removed, *((increment, 1) for increment in after if increment not in before)])


def _count_deletion(state: VendorState, row: Json) -> None:
    state.collection(DELETIONS).put(row)
    _add_increments(state, f"{row['nodeId']}/{row['of']}", [(increment, 1) for increment in deletion_increments(row)])


def _add_increments(state: VendorState, of: str, changes: Iterable[tuple[Increment, int]]) -> None:
    """Add each increment, or subtract it where its factor is -1."""
    tallies = state.collection(TALLIES)
    rows: dict[str, Json] = {}
    for increment, step in changes:
        block, bucket = bucket_of(increment.at)
        key = f"{of}/{block}/{increment.key}"
        row = rows.get(key)
        if row is None:
            row = rows[key] = tallies.get(key) or {"id": key, "of": of, "latest": "", "counts": {}, "amounts": {}}
        row["latest"] = max(row["latest"], increment.at)
        if increment.column not in row["counts"]:
            row["counts"][increment.column] = [0] * BUCKETS
        row["counts"][increment.column][bucket] += step
        if increment.column in ORDER_KINDS:
            _add_amounts(row["amounts"], increment.column, increment, step)
            _add_to_bucket(state, key, f"{increment.column}/{bucket}", increment, step)
    for row in rows.values():
        tallies.put(row)


def _add_to_bucket(state: VendorState, key: str, name: str, increment: Increment, step: int) -> None:
    """Add an order's amounts to its bucket, in a separate row, because only blocks that a period cuts need it."""
    amounts = state.collection(AMOUNTS)
    row = amounts.get(key) or {"id": key, "amounts": {}}
    _add_amounts(row["amounts"], name, increment, step)
    amounts.put(row)


def _add_amounts(amounts: Json, name: str, increment: Increment, step: int) -> None:
    """Add an order's amounts to a name; amounts are stored as text because they may exceed 64 bits."""
    total, revenue = amounts.get(name, "0 0").split()
    amounts[name] = f"{int(total) + step * increment.total} {int(revenue) + step * increment.revenue}"
