"""Deletion of events that are older than their retention, once a day of the world's clock."""

from collections.abc import Iterator

from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.events.event_store import delete_events
from understudy.vendors.contacthub.retention.retention_policy import earliest_retained, is_in_force, months_by_type
from understudy.vendors.contacthub.sequences import last_number, raise_number
from understudy.vendors.contacthub.tables import EVENTS, NODES

RETENTION = "retention"
DAY = 24 * 60 * 60
EVENTS_PER_STEP = 500
"""Number of events deleted in one step."""


def mark_done_today(state: VendorState, workspace_id: str) -> None:
    """Mark today's deletion of a workspace's expired events as done."""
    raise_number(state, f"{RETENTION}/{workspace_id}", _today(state))


def is_due(state: VendorState, workspace_id: str) -> bool:
    """Return whether today's deletion of a workspace's expired events is still to be done."""
    return last_number(state, f"{RETENTION}/{workspace_id}") != _today(state)


def drop_expired(state: VendorState, workspace_id: str) -> Iterator[None]:
    """Delete a workspace's expired events in steps, unless that was done today.

    If a request stops after some steps, the next request deletes the rest.
    """
    if not is_due(state, workspace_id):
        return
    today = _today(state)
    limits: dict[tuple[str, str], str] = {}

    def expired_keys() -> Iterator[str]:
        for node_and_type, limit in _limits(state, workspace_id):
            limits[node_and_type] = limit
            yield from _expired(state, node_and_type, limit)

    def is_expired(row: Json) -> bool:
        return bool(row["data"]["date"] < limits[row["nodeId"], row["data"]["type"]])

    yield from delete_events(state, expired_keys(), is_expired, EVENTS_PER_STEP)
    raise_number(state, f"{RETENTION}/{workspace_id}", today)


def _today(state: VendorState) -> int:
    """Return the days since 1970; a number, because every request needs it and a date takes longer."""
    return int(state.clock.timestamp()) // DAY


def _limits(state: VendorState, workspace_id: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the earliest date to retain, by entry node whose retention is in force and event type."""
    now = state.now()
    for node in state.collection(NODES).find("workspaceId", workspace_id):
        if is_in_force(state, node["id"]):
            for event_type, months in months_by_type(state, workspace_id, node["id"]).items():
                yield (node["id"], event_type), earliest_retained(now, months)


def _expired(state: VendorState, node_and_type: tuple[str, str], limit: str) -> list[str]:
    """Return the keys of the events of a node and an event type that are before a date, oldest first."""
    events = state.collection(EVENTS)
    oldest = events.first("nodeId+type", node_and_type)
    if oldest is None or oldest["data"]["date"] >= limit:
        return []
    expired = []
    for row in events.read(events.keys_of("nodeId+type", node_and_type)):
        if row["data"]["date"] >= limit:
            break
        expired.append(row["id"])
    return expired
