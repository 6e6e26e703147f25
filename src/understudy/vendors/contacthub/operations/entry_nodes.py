"""Operations on entry nodes, the nodes that customers and events are written to."""

from collections.abc import Generator

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.absent_values import without_nulls
from understudy.vendors.contacthub.customers.customer_store import remove_customer
from understudy.vendors.contacthub.events.event_store import delete_events
from understudy.vendors.contacthub.nodes.matching_policy import DEFAULT_POLICY, complete_policy
from understudy.vendors.contacthub.nodes.node_access import ENTRY, find_node
from understudy.vendors.contacthub.nodes.node_rules import unknown_properties, unknown_sources
from understudy.vendors.contacthub.nodes.nodes import nodes_of, put_node
from understudy.vendors.contacthub.nodes.unique_index import reindex_node
from understudy.vendors.contacthub.paging import page_of
from understudy.vendors.contacthub.tables import CUSTOMERS, EVENTS
from understudy.vendors.contacthub.workspace_access import enter_workspace

RECORDS_PER_STEP = 50
"""Number of customers or events deleted in one step."""


def list_entry_nodes(state: VendorState, workspace_id: str, page: int, size: int, caller: Caller) -> Reply:
    """Return a page of the workspace's entry nodes."""
    enter_workspace(state, caller, workspace_id)
    return Reply(page_of([row["data"] for row in nodes_of(state, workspace_id, ENTRY)], size, page))


def create_entry_node(state: VendorState, workspace_id: str, body: Json, caller: Caller) -> Reply:
    """Create an entry node without customers."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    node = _node_from(state, workspace_id, state.new_id(), body)
    put_node(state, workspace_id, ENTRY, node)
    return Reply(node, status=201)


def get_entry_node(state: VendorState, workspace_id: str, node_id: str, caller: Caller) -> Reply:
    """Return an entry node."""
    enter_workspace(state, caller, workspace_id)
    return Reply(find_node(state, caller, workspace_id, node_id, ENTRY)["data"])


def update_entry_node(state: VendorState, workspace_id: str, node_id: str, body: Json, caller: Caller) -> Reply:
    """Replace the configuration of an entry node; a property that is left out gets its default."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    row = find_node(state, caller, workspace_id, node_id, ENTRY)
    node = _node_from(state, workspace_id, node_id, body)
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
    """Delete the events of an entry node and, unless ``events_only``, its customers with their sessions.

    Records that are added while this runs are not deleted.
    """
    enter_workspace(state, caller, workspace_id, is_write=True)
    find_node(state, caller, workspace_id, node_id, ENTRY)
    customers = state.collection(CUSTOMERS)
    customer_ids = [] if events_only else customers.keys_of("nodeId", node_id)
    event_ids = state.collection(EVENTS).keys_of("nodeId", node_id)
    yield from delete_events(state, event_ids, lambda row: row["nodeId"] == node_id, RECORDS_PER_STEP)
    for number, customer_id in enumerate(customer_ids):
        if number % RECORDS_PER_STEP == 0:
            yield
        customer = customers.get(customer_id)
        if customer is not None:
            remove_customer(state, workspace_id, customer)
    return Reply(status=204)


def _node_from(state: VendorState, workspace_id: str, node_id: str, body: Json) -> Json:
    """Return an entry node made of a body; refuse unknown properties and sources."""
    body = without_nulls(body)
    node: Json = {
        "id": node_id,
        "name": body["name"],
        "description": body.get("description"),
        "imageUrl": body.get("imageUrl"),
        "uniqueCustomer": complete_policy(body.get("uniqueCustomer", DEFAULT_POLICY)),
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
