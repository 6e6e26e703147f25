"""Events as they are kept: found, stored, changed and followed by one another."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.timestamps import iso_milliseconds
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.counts.running_counts import count_event
from understudy.vendors.contacthub.events.product_register import register_products
from understudy.vendors.contacthub.nodes.node_access import check_node_access
from understudy.vendors.contacthub.tables import EVENTS
from understudy.vendors.contacthub.timestamps import now_text, parse_time
from understudy.vendors.contacthub.update_stream import CREATE, DELETE, EVENT, UPDATE, append_update

PORTION = 100
"""How many events are forgotten before other requests have their turn: about ten milliseconds."""


def find_event(state: VendorState, caller: Caller, workspace_id: str, event_id: str) -> Json:
    """Return an event's row; refuse one that the workspace lacks with 404, and one of a node not the caller's."""
    row = state.collection(EVENTS).get(event_id)
    if row is None or row["workspaceId"] != workspace_id:
        raise Refused(404, f"event not found {event_id}")
    check_node_access(caller, row["nodeId"])
    return row


def store_event(state: VendorState, row: Json, operation: str) -> None:
    """Keep an event's row, count it, learn of its products, and tell it to the stream of updates."""
    events = state.collection(EVENTS)
    count_event(state, None if operation == CREATE else events.get(row["id"]), row)
    events.put(row)
    register_products(state, row)
    append_update(state, operation, EVENT, row["workspaceId"], row["nodeId"], row["data"])


def rewrite_event(state: VendorState, row: Json, changes: Json) -> None:
    """Write some of an event's properties; version and updatedAt grow."""
    event = row["data"]
    written = {"updatedAt": _later(state, event["updatedAt"]), "version": event["version"] + 1}
    store_event(state, {**row, "data": {**event, **changes, **written}}, UPDATE)


def drop_event(state: VendorState, row: Json) -> None:
    """Forget an event; the stream of updates tells what it was."""
    events = state.collection(EVENTS)
    count_event(state, events.get(row["id"]), None)
    events.delete(row["id"])
    append_update(state, DELETE, EVENT, row["workspaceId"], row["nodeId"], row["data"])


def drop_events_of(state: VendorState, customer_id: str) -> Iterator[None]:
    """Forget a customer's events; gives others their turn after each portion."""
    events = state.collection(EVENTS)
    for number, key in enumerate(events.keys_of("data.customerId", customer_id), start=1):
        row = events.get(key)
        if row is not None and row["data"]["customerId"] == customer_id:
            drop_event(state, row)
        if number % PORTION == 0:
            yield


def neighbours(state: VendorState, event: Json) -> Json:
    """Return ``prev`` and ``next``: the ids of the customer's events before and after this one, by date."""
    rows = state.collection(EVENTS).find("data.customerId", event["customerId"]) if event["customerId"] else []
    ordered = sorted(map(_place, (row["data"] for row in rows)))
    if not ordered:
        return {"prev": None, "next": None}
    at = ordered.index(_place(event))
    return {
        "prev": ordered[at - 1][-1] if at else None,
        "next": ordered[at + 1][-1] if at + 1 < len(ordered) else None,
    }


def merged(value: Any, change: Any) -> Any:
    """Return a value with a change merged into it: objects property by property, null unsets, all else is replaced."""
    if not isinstance(change, dict):
        return change
    result = dict(value) if isinstance(value, dict) else {}
    for name, part in change.items():
        if part is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), part)
    return result


def _place(event: Json) -> tuple[str, str, str]:
    return event["date"], event["registeredAt"], event["id"]


def _later(state: VendorState, previous: str | None) -> str:
    """The time of a write, at least a millisecond after the one before (notes, section 5: it grows on each)."""
    now = now_text(state)
    if previous is None or now > previous:
        return now
    before = parse_time(previous)
    return now if before is None else iso_milliseconds(before + timedelta(milliseconds=1))
