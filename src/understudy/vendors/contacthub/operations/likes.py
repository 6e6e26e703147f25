"""Operations on the likes of a customer."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.customers.sub_resources import LIKES, add, find, remove, replace


def create_like(state: VendorState, workspace_id: str, customer_id: str, body: Json, caller: Caller) -> Reply:
    """Add a like to a customer."""
    return Reply(add(state, caller, workspace_id, customer_id, LIKES, body))


def get_like(state: VendorState, workspace_id: str, customer_id: str, id: str, caller: Caller) -> Reply:  # noqa: A002 - the spec's name
    """Return a like of a customer."""
    return Reply(find(state, caller, workspace_id, customer_id, LIKES, id))


def update_like(state: VendorState, workspace_id: str, customer_id: str, id: str, body: Json, caller: Caller) -> Reply:  # noqa: A002 - the spec's name
    """Replace a like of a customer by the body."""
    return Reply(replace(state, caller, workspace_id, customer_id, LIKES, id, body))


def delete_like(state: VendorState, workspace_id: str, customer_id: str, id: str, caller: Caller) -> Reply:  # noqa: A002 - the spec's name
    """Delete a like of a customer."""
    remove(state, caller, workspace_id, customer_id, LIKES, id)
    return Reply()
