"""Start data: records with the ids that the vendor's page prints, so that its requests work as they are pasted.

They come after all others, in nodes of their own: no list begins with them, and no other node counts them.
"""

from datetime import datetime, timedelta

from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.customers.customer_store import store_customer
from understudy.vendors.contacthub.customers.document_changes import new_document
from understudy.vendors.contacthub.events.event_store import store_event
from understudy.vendors.contacthub.nodes.node_access import AGGREGATE, ENTRY
from understudy.vendors.contacthub.nodes.nodes import put_node
from understudy.vendors.contacthub.nodes.sources import store_source
from understudy.vendors.contacthub.start_data.fixed_ids import (
    PRINTED_AGGREGATES,
    PRINTED_CUSTOMER,
    PRINTED_ENTRY_NODES,
    PRINTED_ID,
    PRINTED_NODE,
    PRINTED_SEND_SOURCE,
    PRINTED_USER,
    Places,
    example_token,
)
from understudy.vendors.contacthub.tables import SESSIONS, USERS
from understudy.vendors.contacthub.timestamps import time_text
from understudy.vendors.contacthub.update_stream import CREATE

CUSTOMERS = {PRINTED_CUSTOMER: ("printed@example.com", 4001), PRINTED_ID: ("user@example.com", 4002)}
"""E-mail address and internal number of each customer; those of the others begin at 5000."""

_BY_EMAIL = {"caseSensitive": False, "properties": ["base.contacts.email"]}
_DATABASE = {"userdbId": 0, "groupPk": 0}
_SINCE = timedelta(days=120)


def add_printed_records(state: VendorState, places: Places, today: datetime) -> None:
    """Add the nodes, sources, user, customers, session and event of the page to the first workspace."""
    since = time_text(today - _SINCE)
    _add_nodes(state, places)
    _add_sources(state, places)
    row: Json = {"id": str(PRINTED_USER), "workspaceId": places.workspace, "surname": "Example", "username": "carla"}
    row |= {"email": f"user-{PRINTED_USER}@example.com", "lang": "en"}
    nodes = [{"id": next(iter(PRINTED_ENTRY_NODES)), "permission": "RW"}]
    data = {"id": PRINTED_USER, "name": "Carla", "registeredAt": None, "updatedAt": None, "nodes": nodes}
    state.collection(USERS).put(row | {"data": data})
    for customer_id, (email, number) in CUSTOMERS.items():
        _add_customer(state, places, customer_id, email, number, since)
    state.collection(SESSIONS).put(
        {"id": PRINTED_ID, "value": PRINTED_ID, "customerId": PRINTED_ID, "nodeId": PRINTED_NODE}
    )
    _add_event(state, places, since)


def _add_nodes(state: VendorState, places: Places) -> None:
    for node_id, (name, description) in PRINTED_ENTRY_NODES.items():
        node: Json = {"id": node_id, "name": name, "description": description, "imageUrl": None}
        node |= {"uniqueCustomer": _BY_EMAIL, "sourcePriority": [], "mandatoryProperties": []}
        put_node(state, places.workspace, ENTRY, node)
    for node_id, (name, description, node_state) in PRINTED_AGGREGATES.items():
        node = {"id": node_id, "name": name, "description": description, "imageUrl": None, "state": node_state}
        entries = [next(reversed(PRINTED_ENTRY_NODES))]
        node |= {"entryNodes": entries, "matchingProperties": _BY_EMAIL, "exclusionFilters": []}
        put_node(state, places.workspace, AGGREGATE, node)


def _add_sources(state: VendorState, places: Places) -> None:
    """Add a Contactplan source, and the Contactsend source without which it cannot be."""
    send: Json = {"provider": "CONTACTSEND", "name": "Printed database", "nodes": [PRINTED_NODE]}
    send |= {"id": PRINTED_SEND_SOURCE, "token": example_token(306)}
    send |= {"properties": {**_DATABASE, "mappedColumns": [], "options": None, "subscriptions": []}}
    plan: Json = {"provider": "CONTACTPLAN", "name": "Printed plans", "nodes": [PRINTED_ID]}
    plan |= {"id": PRINTED_ID, "token": example_token(307)}
    plan |= {"properties": {**_DATABASE, "exportProducts": True, "exportStores": True, "classifications": []}}
    for source in (send, plan):
        store_source(state, places.workspace, {"description": None, "enabled": True, **source})


def _add_customer(state: VendorState, places: Places, customer_id: str, email: str, number: int, since: str) -> None:
    customer: Json = {
        "id": customer_id,
        "intId": number,
        "nodeId": PRINTED_NODE,
        "base": {"contacts": {"email": email}},
        "registeredAt": since,
        "updatedAt": since,
        "version": 0,
        "deleted": 0,
        "sourceInfo": {"registeredBy": None, "updatedBy": None},
    }
    if customer_id == PRINTED_ID:  # its subscription can be changed, that of the other customer can be created
        customer["base"]["subscriptions"] = [{"id": "string", "subscribed": True}]
    store_customer(state, places.workspace, new_document(customer, customer, since))


def _add_event(state: VendorState, places: Places, since: str) -> None:
    event: Json = {
        "id": PRINTED_ID,
        "customerId": PRINTED_CUSTOMER,
        "bringBackProperties": None,
        "type": "abandonedCart",
        "properties": {},
        "context": "WEB",
        "contextInfo": {},
        "date": since,
        "origin": "NATIVE",
        "tracking": None,
        "registeredAt": since,
        "updatedAt": since,
        "version": 0,
    }
    row = {"id": PRINTED_ID, "workspaceId": places.workspace, "nodeId": PRINTED_NODE, "data": event}
    store_event(state, row, CREATE)
