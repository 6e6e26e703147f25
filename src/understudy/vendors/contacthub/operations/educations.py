"""Operations on the educations of a customer."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.customers.sub_resources import EDUCATIONS, add, find, remove, replace


def create_education(state: VendorState, workspace_id: str, customer_id: str, body: Json, caller: Caller) -> Reply:
    """Add an education to a customer."""
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
    """Replace an education of a customer by the body."""
    return Reply(replace(state, caller, workspace_id, customer_id, EDUCATIONS, id, body))


def delete_education(state: VendorState, workspace_id: str, customer_id: str, id: str, caller: Caller) -> Reply:  # noqa: A002 - the spec's name
    """Delete an education of a customer."""
    remove(state, caller, workspace_id, customer_id, EDUCATIONS, id)
    return Reply()
