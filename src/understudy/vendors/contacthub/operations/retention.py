"""Operations on the retention of events: policies, whether they are in force, and counts of expired events."""

from collections.abc import Generator

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.absent_values import without_nulls
from understudy.vendors.contacthub.configuration.event_type_checks import require_event_types
from understudy.vendors.contacthub.nodes.node_access import ENTRY, find_node
from understudy.vendors.contacthub.nodes.nodes import nodes_of
from understudy.vendors.contacthub.retention.expiry import drop_expired
from understudy.vendors.contacthub.retention.retention_policy import (
    earliest_retained,
    is_in_force,
    months_by_type,
    node_policy,
    set_in_force,
    store_policy,
    workspace_policy,
)
from understudy.vendors.contacthub.tables import EVENTS
from understudy.vendors.contacthub.workspace_access import enter_workspace

NOUN = "retention policy"
EVENTS_PER_STEP = 500
"""Number of events that are counted in one step."""


def get_workspace_retention_policy(state: VendorState, workspace_id: str, caller: Caller) -> Reply:
    """Return the workspace's retention policy: months by event type."""
    enter_workspace(state, caller, workspace_id)
    return Reply(workspace_policy(state, workspace_id))


def update_workspace_retention_policy(state: VendorState, workspace_id: str, body: Json, caller: Caller) -> Reply:
    """Change the months of the workspace's event types that are sent."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    require_event_types(body, NOUN)
    store_policy(state, workspace_id, body)
    return Reply(workspace_policy(state, workspace_id))


def get_node_retention_policy(state: VendorState, workspace_id: str, node_id: str, caller: Caller) -> Reply:
    """Return the policy of a node of either kind, and whether it is in force."""
    enter_workspace(state, caller, workspace_id)
    find_node(state, caller, workspace_id, node_id)
    return Reply(_whole_policy(state, workspace_id, node_id))


def update_node_retention_policy(
    state: VendorState, workspace_id: str, node_id: str, body: Json, caller: Caller
) -> Reply:
    """Change the policy of a node of either kind, or whether it is in force, or both."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    find_node(state, caller, workspace_id, node_id)
    body = without_nulls(body)
    require_event_types(body.get("events", {}), NOUN, "/events")
    if "events" in body:
        store_policy(state, node_id, body["events"])
    set_in_force(state, node_id, body)
    return Reply(_whole_policy(state, workspace_id, node_id))


def get_entry_node_retention_policy(state: VendorState, workspace_id: str, node_id: str, caller: Caller) -> Reply:
    """Return an entry node's policy."""
    enter_workspace(state, caller, workspace_id)
    find_node(state, caller, workspace_id, node_id, ENTRY)
    return Reply(node_policy(state, workspace_id, node_id))


def update_entry_node_retention_policy(
    state: VendorState, workspace_id: str, node_id: str, body: Json, caller: Caller
) -> Reply:
    """Change the months of an entry node's event types that are sent."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    find_node(state, caller, workspace_id, node_id, ENTRY)
    require_event_types(body, NOUN)
    store_policy(state, node_id, body)
    return Reply(node_policy(state, workspace_id, node_id))


def get_entry_node_retention_state(state: VendorState, workspace_id: str, node_id: str, caller: Caller) -> Reply:
    """Return whether an entry node's policy is in force."""
    enter_workspace(state, caller, workspace_id)
    find_node(state, caller, workspace_id, node_id, ENTRY)
    return Reply({"enabled": is_in_force(state, node_id)})


def update_entry_node_retention_state(
    state: VendorState, workspace_id: str, node_id: str, body: Json, caller: Caller
) -> Reply:
    """Set whether an entry node's policy is in force."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    find_node(state, caller, workspace_id, node_id, ENTRY)
    return Reply(set_in_force(state, node_id, without_nulls(body)))


def get_workspace_retention_status(
    state: VendorState, workspace_id: str, caller: Caller
) -> Generator[None, None, Reply]:
    """Return the numbers of valid and expired events, and the oldest date, by entry node and event type."""
    enter_workspace(state, caller, workspace_id)
    yield from drop_expired(state, workspace_id)
    events, status = state.collection(EVENTS), {}
    for node in nodes_of(state, workspace_id, ENTRY):
        months = months_by_type(state, workspace_id, node["id"])
        limits = {event_type: earliest_retained(state.now(), months[event_type]) for event_type in months}
        counts = {event_type: _no_events(months[event_type]) for event_type in months}
        for number, row in enumerate(events.read(events.keys_of("nodeId", node["id"]))):
            if number % EVENTS_PER_STEP == 0:
                yield
            event = row["data"]
            _count(counts[event["type"]], event["date"], limits[event["type"]])
        status[node["id"]] = counts
    return Reply(status)


def _whole_policy(state: VendorState, workspace_id: str, node_id: str) -> Json:
    return {"enabled": is_in_force(state, node_id), "events": node_policy(state, workspace_id, node_id)}


def _no_events(months: int) -> Json:
    return {"months": months, "total": 0, "valid": 0, "expired": 0, "oldestDate": None}


def _count(counts: Json, date: str, limit: str) -> None:
    """Count an event; stored dates have one format, so their texts compare like the dates."""
    counts["total"] += 1
    counts["valid" if date >= limit else "expired"] += 1
    counts["oldestDate"] = min(date, counts["oldestDate"] or date)
