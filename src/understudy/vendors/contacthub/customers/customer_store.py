"""Customers: finding, making, writing and removing one, with all that hangs on it."""

from datetime import timedelta

from understudy.core.caller import Caller
from understudy.core.json_types import Json, ReadOnlyJson
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.timestamps import iso_milliseconds
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.aggregates.aggregation import (
    find_aggregate,
    remove_from_aggregates,
    update_aggregates,
)
from understudy.vendors.contacthub.counts.running_counts import count_customer
from understudy.vendors.contacthub.customers.consent_log import log_consents
from understudy.vendors.contacthub.customers.customer_document import expand
from understudy.vendors.contacthub.events.event_store import drop_event
from understudy.vendors.contacthub.events.pending_events import attach_events
from understudy.vendors.contacthub.nodes.node_access import ENTRY, check_node_access
from understudy.vendors.contacthub.nodes.unique_index import index_customer, unindex_customer
from understudy.vendors.contacthub.sequences import next_number
from understudy.vendors.contacthub.tables import CUSTOMERS, EVENTS, NODES, SESSIONS
from understudy.vendors.contacthub.timestamps import now_text, parse_time
from understudy.vendors.contacthub.update_stream import CREATE, CUSTOMER, DELETE, UPDATE, append_update

NOTHING_KNOWN: Json = dict.fromkeys(("disclaimer", "marketing", "profiling", "softSpam", "thirdPartyTransfer"))
"""The consents of a customer before it is there."""


def find_customer(state: VendorState, caller: Caller, workspace_id: str, customer_id: str) -> Json:
    """Return a customer; refuse an unknown one with 404, and one of a node that is not the caller's with 403."""
    return _find(state, caller, workspace_id, customer_id)[0]


def read_customer(state: VendorState, caller: Caller, workspace_id: str, customer_id: str) -> Reply:
    """Answer with a customer as it is kept; refuse as ``find_customer`` does."""
    customers = state.collection(CUSTOMERS)
    text = customers.text(customer_id)
    if text is None:
        return Reply(find_customer(state, caller, workspace_id, customer_id))
    _check_place(state, caller, workspace_id, customer_id, str(customers.value("nodeId", customer_id)))
    return Reply(text=text)


def find_writable(state: VendorState, caller: Caller, workspace_id: str, customer_id: str) -> tuple[Json, ReadOnlyJson]:
    """Return a customer and its node's row. A customer of an aggregate node is made by it and is not found here."""
    customer, node = _find(state, caller, workspace_id, customer_id)
    if node["kind"] != ENTRY:
        raise Refused(404, f"customer not found {customer_id}")
    return customer, node


def _find(state: VendorState, caller: Caller, workspace_id: str, customer_id: str) -> tuple[Json, ReadOnlyJson]:
    customer = state.collection(CUSTOMERS).get(customer_id) or find_aggregate(state, customer_id)
    if customer is None:
        raise Refused(404, f"customer not found {customer_id}")
    return customer, _check_place(state, caller, workspace_id, customer_id, customer["nodeId"])


def _check_place(state: VendorState, caller: Caller, workspace_id: str, customer_id: str, node_id: str) -> ReadOnlyJson:
    node = state.collection(NODES).view(node_id)
    if node is None or node["workspaceId"] != workspace_id:
        raise Refused(404, f"customer not found {customer_id}")
    check_node_access(caller, node_id)
    return node


def new_customer(state: VendorState, node_id: str, source_id: str | None) -> Json:
    """Return what the server makes of a new customer, under a new id; what is written of it is missing."""
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
    """Return a customer as it is about to be written: its version, its time and who writes it.

    Its time grows on every write, also where the clock stands (notes, section 5).
    """
    now = now_text(state)
    before = parse_time(customer["updatedAt"])
    if before is not None and now <= customer["updatedAt"]:
        now = iso_milliseconds(before + timedelta(milliseconds=1))
    source = {**customer["sourceInfo"], "updatedBy": caller.claims.get("sourceId")}
    return {**customer, "version": customer["version"] + 1, "updatedAt": now, "sourceInfo": source}


def create_empty_customer(state: VendorState, workspace_id: str, node_id: str, external_id: str) -> str:
    """Make a customer of whom only the external id is known; return its id."""
    customer = expand(new_customer(state, node_id, None) | {"externalId": external_id})
    store_customer(state, workspace_id, customer)
    return str(customer["id"])


def store_customer(state: VendorState, workspace_id: str, customer: Json, before: Json | None = None) -> None:
    """Keep a customer as it is, recognise it by its unique properties, count it, and tell the stream of updates.

    ``before`` is what it was; nothing for a new one.
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
    """Store a customer that a request made or changed, log its consents, and give it the events that waited for it."""
    store_customer(state, workspace_id, after, before)
    consents = None if before is None else before["consents"]
    if after["consents"] != (consents or NOTHING_KNOWN):
        log_consents(state, workspace_id, after["nodeId"], after["id"], consents, after["consents"], caller)
    external = after["externalId"]
    if external is not None and (before is None or before["externalId"] != external):
        attach_events(state, after["nodeId"], "EXTERNAL_ID", external, after["id"])


def remove_customer(state: VendorState, workspace_id: str, customer: Json) -> None:
    """Delete a customer with its events and sessions; the stream of updates tells of each."""
    node_id, customer_id = customer["nodeId"], customer["id"]
    customers, sessions = state.collection(CUSTOMERS), state.collection(SESSIONS)
    for event in state.collection(EVENTS).find("data.customerId", customer_id):
        drop_event(state, event)
    for session in sessions.find("customerId", customer_id):
        sessions.delete(session["id"])
    unindex_customer(state, customer_id)
    count_customer(state, customers.get(customer_id), None)
    customers.delete(customer_id)
    remove_from_aggregates(state, customer_id)
    append_update(state, DELETE, CUSTOMER, workspace_id, node_id, customer)
