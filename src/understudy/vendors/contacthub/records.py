"""Records written directly: the full form of a customer, and all that follows from a record elsewhere in the state."""

from collections.abc import Callable, Mapping

from understudy.core.json_types import Json
from understudy.core.steps import Steps
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.aggregates.aggregation import remove_from_aggregates, update_aggregates
from understudy.vendors.contacthub.counts.increments import event_increments
from understudy.vendors.contacthub.counts.running_counts import count_customer, count_event
from understudy.vendors.contacthub.customers.full_document import expand
from understudy.vendors.contacthub.events.event_store import drop_events_of
from understudy.vendors.contacthub.events.pending_events import EXTERNAL_ID, SESSION_ID, attach_events
from understudy.vendors.contacthub.events.product_register import register_products
from understudy.vendors.contacthub.nodes.node_access import ENTRY
from understudy.vendors.contacthub.nodes.sources import check_source_form, store_source
from understudy.vendors.contacthub.nodes.unique_index import index_customer, reindex_node, unindex_customer
from understudy.vendors.contacthub.sequences import last_number, raise_number
from understudy.vendors.contacthub.tables import (
    CONSENT_LOGS,
    CUSTOMERS,
    EVENTS,
    NODES,
    SESSIONS,
    SOURCES,
    TOKENS,
    UPDATES,
)
from understudy.vendors.contacthub.timestamps import normalise_time, now_text
from understudy.vendors.contacthub.update_stream import CREATE, CUSTOMER, DELETE, DELETED, EVENT, UPDATE, append_update

Derive = Callable[[VendorState, Json | None, Json | None], Steps[None] | None]
"""Function that updates what follows from a record: (state, before, after); ``None`` for a new and a deleted one."""


def complete(state: VendorState, collection: str, record: Json) -> Json:
    """Return a customer in full form, an event with its times in the stored form, any other record unchanged.

    Raises an error for a shape that none has.
    """
    if collection == EVENTS:
        event_increments(record)
        return {**record, "data": _with_stored_times(record["data"])}
    if collection == SOURCES:
        check_source_form(record["data"])
        token = state.collection(TOKENS).get(record["data"]["token"])
        if token is not None and token["sourceId"] != record["id"]:
            raise ValueError("the token is that of another client")
    if collection != CUSTOMERS:
        return record
    node = state.collection(NODES).view(record["nodeId"])
    if node is None or node["kind"] != ENTRY:
        raise ValueError(f"{record['nodeId']!r} is no entry node")
    now = now_text(state)
    server_properties = {
        "intId": last_number(state, CUSTOMERS) + 1,
        "registeredAt": now,
        "updatedAt": record.get("registeredAt", now),
        "version": 0,
        "deleted": 0,
        "sourceInfo": {"registeredBy": None, "updatedBy": None},
    }
    return {**record, **expand(_with_stored_times({**server_properties, **record}))}


def _with_stored_times(data: Json) -> Json:
    """Return a customer or an event whose own times are in the stored form, so that they sort with those of others."""
    given = {name: data[name] for name in ("date", "registeredAt", "updatedAt") if isinstance(data.get(name), str)}
    return {**data, **{name: normalise_time(text) or text for name, text in given.items()}}


def derive(state: VendorState, collection: str, before: Json | None, after: Json | None) -> Steps[None]:
    """Update indexes, counts, aggregates, the update stream and sequences after the write of a record."""
    steps = DERIVED[collection](state, before, after) if collection in DERIVED else None
    if steps is not None:
        yield from steps
    yield


def _customer(state: VendorState, before: Json | None, after: Json | None) -> Steps[None]:
    count_customer(state, before, after)
    if after is None:
        if before is not None:
            yield from _customer_removed(state, before)
        return
    node = state.collection(NODES).view(after["nodeId"])
    if node is None:
        raise LookupError(after["nodeId"])
    index_customer(state, node, after)
    update_aggregates(state, after)
    _raise_to(state, CUSTOMERS, after["intId"])
    append_update(state, UPDATE if before else CREATE, CUSTOMER, node["workspaceId"], after["nodeId"], after)
    if after["externalId"] is not None:
        attach_events(state, after["nodeId"], EXTERNAL_ID, after["externalId"], after["id"])


def _customer_removed(state: VendorState, customer: Json) -> Steps[None]:
    yield from drop_events_of(state, customer["id"])
    sessions = state.collection(SESSIONS)
    for session in sessions.find("customerId", customer["id"]):
        sessions.delete(session["id"])
    unindex_customer(state, customer["id"])
    remove_from_aggregates(state, customer["id"])
    node = state.collection(NODES).view(customer["nodeId"])
    if node is not None:
        append_update(state, DELETE, CUSTOMER, node["workspaceId"], customer["nodeId"], customer | {"deleted": DELETED})


def _event(state: VendorState, before: Json | None, after: Json | None) -> None:
    count_event(state, before, after)
    row = after or before
    if row is None:
        return
    if after is not None:
        register_products(state, after)
    operation = DELETE if after is None else UPDATE if before else CREATE
    append_update(state, operation, EVENT, row["workspaceId"], row["nodeId"], row["data"])


def _session(state: VendorState, _before: Json | None, after: Json | None) -> None:
    if after is not None:
        attach_events(state, after["nodeId"], SESSION_ID, after["value"], after["customerId"])


def _source(state: VendorState, before: Json | None, after: Json | None) -> None:
    if after is not None:
        store_source(state, after["workspaceId"], after["data"])
        return
    tokens = state.collection(TOKENS)
    for token in tokens.find("sourceId", (before or {})["id"]):
        tokens.delete(token["token"])


def _node(state: VendorState, before: Json | None, after: Json | None) -> None:
    if after is None or after["kind"] != ENTRY:
        return
    if before is None or before["data"]["uniqueCustomer"] != after["data"]["uniqueCustomer"]:
        reindex_node(state, after)


def _update(state: VendorState, _before: Json | None, after: Json | None) -> None:
    if after is not None:
        _raise_to(state, UPDATES, int(after["id"]))


def _consent_log(state: VendorState, _before: Json | None, after: Json | None) -> None:
    if after is not None:
        _raise_to(state, CONSENT_LOGS, int(after["id"]))


def _raise_to(state: VendorState, name: str, number: int) -> None:
    """Make a sequence go on after a number."""
    if number > last_number(state, name):
        raise_number(state, name, number)


DERIVED: Mapping[str, Derive] = {
    CUSTOMERS: _customer,
    EVENTS: _event,
    SESSIONS: _session,
    SOURCES: _source,
    NODES: _node,
    UPDATES: _update,
    CONSENT_LOGS: _consent_log,
}
"""Functions by collection; of the others nothing follows, or they are companions themselves."""
