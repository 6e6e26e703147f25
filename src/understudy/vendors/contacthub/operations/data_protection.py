"""Data protection requests of a customer: export of all its data, and erasure."""

from collections.abc import Generator

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.aggregates.aggregation import entry_customers
from understudy.vendors.contacthub.customers.consent_log import DATA_PORTABILITY_REQUESTED, FORCED_DELETE, log_operation
from understudy.vendors.contacthub.customers.customer_store import find_customer, remove_customer
from understudy.vendors.contacthub.erasure.erase_from_jobs import CustomerIdentifiers, erase_from_jobs
from understudy.vendors.contacthub.erasure.erase_from_updates import erase_from_updates
from understudy.vendors.contacthub.events.event_store import drop_events_of
from understudy.vendors.contacthub.nodes.node_access import check_node_access
from understudy.vendors.contacthub.retention.expiry import drop_expired
from understudy.vendors.contacthub.tables import CUSTOMERS, EVENTS
from understudy.vendors.contacthub.workspace_access import enter_workspace


def export_customer(
    state: VendorState, workspace_id: str, customer_id: str, caller: Caller
) -> Generator[None, None, Reply]:
    """Return a customer and all its events, the newest first, and log the request."""
    enter_workspace(state, caller, workspace_id)
    yield from drop_expired(state, workspace_id)
    customer = find_customer(state, caller, workspace_id, customer_id)
    customers = _stored_customers(state, customer)
    events = [row["data"] for each in customers for row in state.collection(EVENTS).find("data.customerId", each["id"])]
    events.sort(key=lambda event: str(event["date"]), reverse=True)
    for each in customers:
        log_operation(state, workspace_id, each["nodeId"], each["id"], DATA_PORTABILITY_REQUESTED, caller)
    return Reply({"customer": customer, "events": events})


def forget_customer(
    state: VendorState, workspace_id: str, customer_id: str, caller: Caller
) -> Generator[None, None, Reply]:
    """Delete a customer with all its data, also from the update stream and bulk jobs, and log the erasure."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    customer = find_customer(state, caller, workspace_id, customer_id)
    check_node_access(caller, customer["nodeId"], is_write=True)
    customers = _stored_customers(state, customer)
    identifiers = [CustomerIdentifiers.of(state, each) for each in customers]
    for each in customers:
        yield from drop_events_of(state, each["id"])
        if each["id"] in state.collection(CUSTOMERS):
            remove_customer(state, workspace_id, each)
        log_operation(state, workspace_id, each["nodeId"], each["id"], FORCED_DELETE, caller)
    yield from erase_from_updates(state, {each["id"] for each in customers})
    yield from erase_from_jobs(state, identifiers)
    return Reply(status=204)


def _stored_customers(state: VendorState, customer: Json) -> list[Json]:
    """Return the customer itself, or the members of an aggregate customer."""
    return entry_customers(state, customer) or [customer]
