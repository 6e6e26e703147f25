"""Store of events."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.counts.running_counts import count_event
from understudy.vendors.contacthub.events.product_register import register_products
from understudy.vendors.contacthub.nodes.node_access import check_node_access
from understudy.vendors.contacthub.tables import EVENTS
from understudy.vendors.contacthub.timestamps import next_time
from understudy.vendors.contacthub.update_stream import CREATE, DELETE, EVENT, UPDATE, append_update

EVENTS_PER_STEP = 100
"""Number of events deleted in one step, which takes about ten milliseconds."""


def find_event(state: VendorState, caller: Caller, workspace_id: str, event_id: str, *, is_write: bool = False) -> Json:
    """Return an event's row; refuse an unknown one with 404, and one in a node that the caller may not use with 403."""
    row = state.collection(EVENTS).get(event_id)
    if row is None or row["workspaceId"] != workspace_id:
        raise Refused(404, f"event not found {event_id}")
    check_node_access(caller, row["nodeId"], is_write=is_write)
    return row


def store_event(state: VendorState, row: Json, operation: str) -> None:
    """Store an event's row, and update the counts, the register of products and the update stream.

    ``operation`` is CREATE for a new event, UPDATE for a changed one.
    """
    events = state.collection(EVENTS)
    count_event(state, None if operation == CREATE else events.get(row["id"]), row)
    events.put(row)
    register_products(state, row)
    append_update(state, operation, EVENT, row["workspaceId"], row["nodeId"], row["data"])


def rewrite_event(state: VendorState, row: Json, changes: Json) -> None:
    """Store an event with some properties changed, a higher version, and a later ``updatedAt``."""
    event = row["data"]
    written = {"updatedAt": next_time(state, event["updatedAt"]), "version": event["version"] + 1}
    store_event(state, {**row, "data": {**event, **changes, **written}}, UPDATE)


def drop_event(state: VendorState, row: Json) -> None:
    """Delete an event, and append it to the update stream."""
    events = state.collection(EVENTS)
    count_event(state, events.get(row["id"]), None)
    events.delete(row["id"])
    append_update(state, DELETE, EVENT, row["workspaceId"], row["nodeId"], row["data"])


def delete_events(
    state: VendorState, keys: Iterable[str], is_wanted: Callable[[Json], bool], portion: int
) -> Iterator[None]:
    """Delete the events with these keys whose row is wanted; yield after each ``portion`` of keys.

    Each row is read right before it is deleted, because other requests run between two steps and may change it.
    """
    events = state.collection(EVENTS)
    for number, key in enumerate(keys, start=1):
        row = events.get(key)
        if row is not None and is_wanted(row):
            drop_event(state, row)
        if number % portion == 0:
            yield


def drop_events_of(state: VendorState, customer_id: str) -> Iterator[None]:
    """Delete a customer's events in steps."""
    keys = state.collection(EVENTS).keys_of("data.customerId", customer_id)
    return delete_events(state, keys, lambda row: row["data"]["customerId"] == customer_id, EVENTS_PER_STEP)


def neighbours(state: VendorState, event: Json) -> Json:
    """Return ``prev`` and ``next``: the ids of the customer's events before and after this one, by date."""
    rows = state.collection(EVENTS).find("data.customerId", event["customerId"]) if event["customerId"] else []
    ordered = sorted(map(_sort_key, (row["data"] for row in rows)))
    if not ordered:
        return {"prev": None, "next": None}
    at = ordered.index(_sort_key(event))
    return {
        "prev": ordered[at - 1][-1] if at else None,
        "next": ordered[at + 1][-1] if at + 1 < len(ordered) else None,
    }


def merged(value: Any, change: Any) -> Any:
    """Return a value merged with a change: objects property by property, null unsets, other values are replaced."""
    if not isinstance(change, dict):
        return change
    result = dict(value) if isinstance(value, dict) else {}
    for name, part in change.items():
        if part is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), part)
    return result


def _sort_key(event: Json) -> tuple[str, str, str]:
    return event["date"], event["registeredAt"], event["id"]
