"""Store of customers, with the indexes, counts, logs and events that depend on a customer."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json, ReadOnlyJson
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.aggregates.aggregation import (
    find_aggregate,
    remove_from_aggregates,
    update_aggregates,
)
from understudy.vendors.contacthub.counts.running_counts import count_customer
from understudy.vendors.contacthub.customers.consent_log import log_consents
from understudy.vendors.contacthub.customers.full_document import expand
from understudy.vendors.contacthub.events.event_store import drop_events_of
from understudy.vendors.contacthub.events.pending_events import attach_events
from understudy.vendors.contacthub.nodes.node_access import ENTRY, check_node_access
from understudy.vendors.contacthub.nodes.unique_index import index_customer, unindex_customer
from understudy.vendors.contacthub.sequences import next_number
from understudy.vendors.contacthub.tables import CUSTOMERS, NODES, SESSIONS
from understudy.vendors.contacthub.timestamps import next_time, now_text
from understudy.vendors.contacthub.update_stream import CREATE, CUSTOMER, DELETE, DELETED, UPDATE, append_update


def find_customer(state: VendorState, caller: Caller, workspace_id: str, customer_id: str) -> Json:
    """Return a customer; refuse an unknown one with 404, and one in a node that the caller may not use with 403."""
    return _find(state, caller, workspace_id, customer_id)[0]


def read_customer(state: VendorState, caller: Caller, workspace_id: str, customer_id: str) -> Reply:
    """Return a reply with the stored JSON text of a customer; refuse as ``find_customer`` does."""
    customers = state.collection(CUSTOMERS)
    text = customers.text(customer_id)
    if text is None:
        return Reply(find_customer(state, caller, workspace_id, customer_id))
    _check_customer_node(state, caller, workspace_id, customer_id, str(customers.value("nodeId", customer_id)))
    return Reply(text=text)


def find_writable(state: VendorState, caller: Caller, workspace_id: str, customer_id: str) -> tuple[Json, ReadOnlyJson]:
    """Return a customer of an entry node, and the node's row; refuse one of an aggregate node with 403, read only."""
    customer, node = _find(state, caller, workspace_id, customer_id)
    check_node_access(caller, node["id"], is_write=True)
    if node["kind"] != ENTRY:
        raise Refused(403, f"customer {customer_id} is of the aggregate node {node['id']} and is read only")
    return customer, node


def _find(state: VendorState, caller: Caller, workspace_id: str, customer_id: str) -> tuple[Json, ReadOnlyJson]:
    customer = state.collection(CUSTOMERS).get(customer_id) or find_aggregate(state, customer_id)
    if customer is None:
        raise Refused(404, f"customer not found {customer_id}")
    return customer, _check_customer_node(state, caller, workspace_id, customer_id, customer["nodeId"])


def _check_customer_node(
    state: VendorState, caller: Caller, workspace_id: str, customer_id: str, node_id: str
) -> ReadOnlyJson:
    node = state.collection(NODES).view(node_id)
    if node is None or node["workspaceId"] != workspace_id:
        raise Refused(404, f"customer not found {customer_id}")
    check_node_access(caller, node_id)
    return node


def new_customer(state: VendorState, node_id: str, source_id: str | None) -> Json:
    """Return the properties of a new customer that the server sets, with a new id."""
    now = now_text(state)
    return {
        "id": state.new_id(),
        "intId": next_number(state, CUSTOMERS),
        "nodeId": node_id,
        "registeredAt": now,
        "updatedAt": now,
        "version": 0,
        "deleted": 0,
        "sourceInfo": {"registeredBy": source_id, "updatedBy": source_id},
    }


def next_version(state: VendorState, customer: Json, caller: Caller) -> Json:
    """Return a customer with the version, ``updatedAt`` and ``sourceInfo`` of its next write."""
    source = {**customer["sourceInfo"], "updatedBy": caller.claims.get("sourceId")}
    updated_at = next_time(state, customer["updatedAt"])
    return {**customer, "version": customer["version"] + 1, "updatedAt": updated_at, "sourceInfo": source}


def create_empty_customer(state: VendorState, workspace_id: str, node_id: str, external_id: str) -> str:
    """Create a customer with only an external id; return its id."""
    customer = expand(new_customer(state, node_id, None) | {"externalId": external_id})
    store_customer(state, workspace_id, customer)
    return str(customer["id"])


def store_customer(state: VendorState, workspace_id: str, customer: Json, before: Json | None = None) -> None:
    """Store a customer, and update the unique index, the counts, the aggregates and the update stream.

    ``before`` is the previous version; ``None`` for a new customer.
    """
    node = state.collection(NODES).view(customer["nodeId"])
    count_customer(state, before, customer)
    text = state.collection(CUSTOMERS).put(customer)
    if node is not None and node["kind"] == ENTRY:
        index_customer(state, node, customer)
    update_aggregates(state, customer)
    operation = CREATE if before is None else UPDATE
    append_update(state, operation, CUSTOMER, workspace_id, customer["nodeId"], text)


def write_customer(state: VendorState, caller: Caller, workspace_id: str, before: Json | None, after: Json) -> None:
    """Store a customer that a request created or changed, log its consents, and attach its pending events."""
    store_customer(state, workspace_id, after, before)
    consents = None if before is None else before["consents"]
    if after["consents"] != consents:
        known = None if before is None else consents or {}
        log_consents(state, workspace_id, after["nodeId"], after["id"], known, after["consents"] or {}, caller)
    external = after["externalId"]
    if external is not None and (before is None or before["externalId"] != external):
        attach_events(state, after["nodeId"], "EXTERNAL_ID", external, after["id"])


def remove_customer(state: VendorState, workspace_id: str, customer: Json) -> None:
    """Delete a customer with its events and sessions; the update stream gets the customer and each event."""
    node_id, customer_id = customer["nodeId"], customer["id"]
    customers, sessions = state.collection(CUSTOMERS), state.collection(SESSIONS)
    for _ in drop_events_of(state, customer_id):
        pass  # in one step: no other request sees the customer without its events
    for session in sessions.find("customerId", customer_id):
        sessions.delete(session["id"])
    unindex_customer(state, customer_id)
    count_customer(state, customers.get(customer_id), None)
    customers.delete(customer_id)
    remove_from_aggregates(state, customer_id)
    append_update(state, DELETE, CUSTOMER, workspace_id, node_id, customer | {"deleted": DELETED})
