"""Operations on customers."""

from collections.abc import Generator

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.aggregates.aggregation import entry_customers
from understudy.vendors.contacthub.customers.customer_store import (
    find_customer,
    find_writable,
    read_customer,
    remove_customer,
)
from understudy.vendors.contacthub.events.event_store import drop_events_of
from understudy.vendors.contacthub.paging import page_info
from understudy.vendors.contacthub.tables import CUSTOMERS
from understudy.vendors.contacthub.workspace_access import enter_workspace
from understudy.vendors.contacthub.writing.customers import add_customer, change_customer, replace_customer


def create_customer(
    state: VendorState, workspace_id: str, body: Json, caller: Caller, session_id: str | None = None
) -> Reply:
    """Create a customer, or merge the body into the one with the same unique properties."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    customer = add_customer(state, caller, workspace_id, body, session_id)
    return Reply(customer, status=201, text=state.collection(CUSTOMERS).text(customer["id"]))


def get_customer(state: VendorState, workspace_id: str, customer_id: str, caller: Caller) -> Reply:
    """Return a customer."""
    enter_workspace(state, caller, workspace_id)
    return read_customer(state, caller, workspace_id, customer_id)


def patch_customer(
    state: VendorState,
    workspace_id: str,
    customer_id: str,
    body: Json,
    caller: Caller,
    session_id: str | None = None,
    mode: str | None = None,
) -> Reply:
    """Merge the body into a customer."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    return Reply(change_customer(state, caller, workspace_id, customer_id, body, session_id, mode))


def update_customer(
    state: VendorState,
    workspace_id: str,
    customer_id: str,
    body: Json,
    caller: Caller,
    session_id: str | None = None,
    mode: str | None = None,
) -> Reply:
    """Replace a customer by the body."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    return Reply(replace_customer(state, caller, workspace_id, customer_id, body, session_id, mode))


def delete_customer(
    state: VendorState, workspace_id: str, customer_id: str, caller: Caller
) -> Generator[None, None, Reply]:
    """Delete a customer with its events and sessions."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    customer, _ = find_writable(state, caller, workspace_id, customer_id)
    for _ in drop_events_of(state, customer_id):
        yield
        customer, _ = find_writable(state, caller, workspace_id, customer_id)  # it may have changed, or be deleted
    remove_customer(state, workspace_id, customer)
    return Reply()


def list_entry_customers(
    state: VendorState, workspace_id: str, customer_id: str, page: int, size: int, caller: Caller
) -> Reply:
    """Return a page of the members of an aggregate customer, the one with priority first."""
    enter_workspace(state, caller, workspace_id)
    customer = find_customer(state, caller, workspace_id, customer_id)
    members = entry_customers(state, customer)
    info = page_info(len(members), size, page, is_search=True)
    return Reply({"elements": members[page * size : (page + 1) * size], "page": info})
