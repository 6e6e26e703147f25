"""Entry nodes, which customers and events are written to."""

from collections.abc import Generator

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.customers.customer_store import remove_customer
from understudy.vendors.contacthub.events.event_store import drop_event
from understudy.vendors.contacthub.nodes.node_access import ENTRY, find_node
from understudy.vendors.contacthub.nodes.nodes import (
    USUAL_POLICY,
    matching_policy,
    nodes_of,
    put_node,
    unknown_properties,
    unknown_sources,
)
from understudy.vendors.contacthub.nodes.unique_index import reindex_node
from understudy.vendors.contacthub.paging import page_of
from understudy.vendors.contacthub.tables import CUSTOMERS, EVENTS
from understudy.vendors.contacthub.workspace_access import enter_workspace

TURN = 50
"""How many customers or events are deleted before other requests have their turn."""


def list_entry_nodes(state: VendorState, workspace_id: str, page: int, size: int, caller: Caller) -> Reply:
    """Return a page of the workspace's entry nodes."""
    enter_workspace(state, caller, workspace_id)
    return Reply(page_of([row["data"] for row in nodes_of(state, workspace_id, ENTRY)], size, page))


def create_entry_node(state: VendorState, workspace_id: str, body: Json, caller: Caller) -> Reply:
    """Add an entry node, empty at first."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    node = _checked(state, workspace_id, state.new_id(), body)
    put_node(state, workspace_id, ENTRY, node)
    return Reply(node, status=201)


def get_entry_node(state: VendorState, workspace_id: str, node_id: str, caller: Caller) -> Reply:
    """Return one entry node."""
    enter_workspace(state, caller, workspace_id)
    return Reply(find_node(state, caller, workspace_id, node_id, ENTRY)["data"])


def update_entry_node(state: VendorState, workspace_id: str, node_id: str, body: Json, caller: Caller) -> Reply:
    """Replace what an entry node is configured with; what is left out is emptied."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    row = find_node(state, caller, workspace_id, node_id, ENTRY)
    node = _checked(state, workspace_id, node_id, body)
    put_node(state, workspace_id, ENTRY, node)
    if node["uniqueCustomer"] != row["data"]["uniqueCustomer"]:
        reindex_node(state, {**row, "data": node})
    return Reply(node)


def empty_entry_node(
    state: VendorState,
    workspace_id: str,
    node_id: str,
    caller: Caller,
    *,
    events_only: bool,
) -> Generator[None, None, Reply]:
    """Delete the events of an entry node, and unless they alone are meant its customers with all that is theirs.

    What comes while that goes on is not deleted.
    """
    enter_workspace(state, caller, workspace_id, is_write=True)
    find_node(state, caller, workspace_id, node_id, ENTRY)
    events, customers = state.collection(EVENTS), state.collection(CUSTOMERS)
    doomed = [(events, key) for key in events.keys_of("nodeId", node_id)]
    if not events_only:
        doomed += [(customers, key) for key in customers.keys_of("nodeId", node_id)]
    for number, (collection, key) in enumerate(doomed):
        if number % TURN == 0:
            yield
        row = collection.get(key)
        if row is None:
            continue
        if collection is events:
            drop_event(state, row)
        else:
            remove_customer(state, workspace_id, row)
    return Reply(status=204)


def _checked(state: VendorState, workspace_id: str, node_id: str, body: Json) -> Json:
    """Return an entry node as it shall be; refuse properties and sources that are not there."""
    node: Json = {
        "id": node_id,
        "name": body["name"],
        "description": body.get("description"),
        "imageUrl": body.get("imageUrl"),
        "uniqueCustomer": matching_policy(body.get("uniqueCustomer", USUAL_POLICY)),
        "sourcePriority": body.get("sourcePriority", []),
        "mandatoryProperties": body.get("mandatoryProperties", []),
    }
    unique = node["uniqueCustomer"]["properties"]
    violations = [
        *unknown_properties(state, workspace_id, unique, "/uniqueCustomer/properties"),
        *unknown_sources(state, workspace_id, node["sourcePriority"], "/sourcePriority"),
        *unknown_properties(state, workspace_id, node["mandatoryProperties"], "/mandatoryProperties"),
    ]
    if violations:
        raise Refused(400, "entry node is not valid", violations=violations)
    return node
