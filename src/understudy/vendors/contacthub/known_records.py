"""Records that a scenario states, with their ids: customers, and extended properties. The vendor's rules apply."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from understudy.core.json_types import Json
from understudy.core.known_record import KnownRecord
from understudy.core.misconfigured import nearest
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.extended_properties import define_properties
from understudy.vendors.contacthub.configuration.stored_settings import extended_definitions
from understudy.vendors.contacthub.nodes.node_access import ENTRY
from understudy.vendors.contacthub.security import anyone
from understudy.vendors.contacthub.tables import CUSTOMERS, NODES, WORKSPACES
from understudy.vendors.contacthub.writing.customers import add_customer

UUID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
EXTENDED = {"customers": "update_customer_extended_properties", "products": "update_product_extended_properties"}
"""Operation that defines the extended properties of each kind; those of events are by type."""

EVENTS = "update_event_extended_properties"


def customers(state: VendorState, record: Json) -> Iterator[KnownRecord]:
    """Yield a customer: the body of ``create_customer`` with an ``id``; ``nodeId`` is by default the first node's."""
    customer_id = record.get("id")
    if not isinstance(customer_id, str) or not UUID.fullmatch(customer_id):
        raise Refused(400, f"id must be a UUID in lower case, not {customer_id!r}")
    if customer_id in state.collection(CUSTOMERS):
        raise Refused(409, f"id {customer_id} is another customer's")
    body = {"nodeId": _first_node(state)} | {name: value for name, value in record.items() if name != "id"}
    yield KnownRecord("create_customer", body, partial(_add_customer, state, body, customer_id))


def extended_properties(state: VendorState, record: Json) -> Iterator[KnownRecord]:
    """Yield definitions of ``customers`` and ``products``, and of ``events`` by type; those that exist stay."""
    for kind, definitions in record.items():
        if kind in EXTENDED:
            yield _definitions(state, EXTENDED[kind], kind, definitions)
        elif kind == "events" and isinstance(definitions, dict):
            for event_type, each in definitions.items():
                yield _definitions(state, EVENTS, f"events/{event_type}", each)
        else:
            raise Refused(400, f"extended_properties are of customers, products and events, not of {kind!r}")


def _first_node(state: VendorState) -> str:
    return next(str(node["id"]) for node in state.collection(NODES) if node["kind"] == ENTRY)


def _add_customer(state: VendorState, body: Json, customer_id: str) -> None:
    node = state.collection(NODES).view(body["nodeId"])
    if node is None:
        raise Refused(404, f"there is no node {body['nodeId']}")
    stored = add_customer(state, anyone(state), node["workspaceId"], body, customer_id=customer_id)
    check_known(body, stored, "")


def check_known(stated: Any, stored: Any, path: str) -> None:
    """Raise ``Refused`` for a property that the vendor ignores: a request may have it, a scenario may not."""
    if isinstance(stated, Mapping) and isinstance(stored, Mapping):
        for name, value in stated.items():
            if name not in stored:
                raise Refused(400, f"{path}/{name}: a customer has no such property{nearest(name, stored)}")
            check_known(value, stored[name], f"{path}/{name}")
    elif isinstance(stated, list) and isinstance(stored, list):
        for number, (value, kept) in enumerate(zip(stated, stored, strict=False)):
            check_known(value, kept, f"{path}/{number}")


def _definitions(state: VendorState, operation: str, kind: str, new: Any) -> KnownRecord:
    workspace_id = next(str(row["id"]) for row in state.collection(WORKSPACES))
    body = {**extended_definitions(state, workspace_id, kind), **new} if isinstance(new, Mapping) else new
    return KnownRecord(operation, body, lambda: _define(state, workspace_id, kind, body))


def _define(state: VendorState, workspace_id: str, kind: str, body: Json) -> None:
    define_properties(state, anyone(state), workspace_id, kind, body)


KNOWN_RECORDS = {"customers": customers, "extended_properties": extended_properties}
