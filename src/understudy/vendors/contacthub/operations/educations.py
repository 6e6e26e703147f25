"""Educations of a customer."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.customers.sub_resources import EDUCATIONS, add, find, remove, replace


def create_education(state: VendorState, workspace_id: str, customer_id: str, body: Json, caller: Caller) -> Reply:
    """Give a customer an education."""
    return Reply(add(state, caller, workspace_id, customer_id, EDUCATIONS, body))


def get_education(state: VendorState, workspace_id: str, customer_id: str, id: str, caller: Caller) -> Reply:  # noqa: A002 - the spec's name
    """Return an education of a customer."""
    return Reply(find(state, caller, workspace_id, customer_id, EDUCATIONS, id))


def update_education(
    state: VendorState,
    workspace_id: str,
    customer_id: str,
    id: str,  # noqa: A002 - the spec's name
    body: Json,
    caller: Caller,
) -> Reply:
    """Put what is sent in an education's place."""
    return Reply(replace(state, caller, workspace_id, customer_id, EDUCATIONS, id, body))


def delete_education(state: VendorState, workspace_id: str, customer_id: str, id: str, caller: Caller) -> Reply:  # noqa: A002 - the spec's name
    """Take an education from a customer."""
    remove(state, caller, workspace_id, customer_id, EDUCATIONS, id)
    return Reply()
