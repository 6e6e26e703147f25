"""Operations on the subscriptions of a customer."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.customers.sub_resources import SUBSCRIPTIONS, add, find, remove, replace


def create_subscription(state: VendorState, workspace_id: str, customer_id: str, body: Json, caller: Caller) -> Reply:
    """Add a subscription to a customer."""
    return Reply(add(state, caller, workspace_id, customer_id, SUBSCRIPTIONS, body), status=201)


def get_subscription(
    state: VendorState, workspace_id: str, customer_id: str, property_id: str, caller: Caller
) -> Reply:
    """Return a subscription of a customer."""
    return Reply(find(state, caller, workspace_id, customer_id, SUBSCRIPTIONS, property_id))


def update_subscription(
    state: VendorState, workspace_id: str, customer_id: str, property_id: str, body: Json, caller: Caller
) -> Reply:
    """Replace a subscription of a customer by the body."""
    return Reply(replace(state, caller, workspace_id, customer_id, SUBSCRIPTIONS, property_id, body))


def delete_subscription(
    state: VendorState, workspace_id: str, customer_id: str, property_id: str, caller: Caller
) -> Reply:
    """Delete a subscription of a customer."""
    remove(state, caller, workspace_id, customer_id, SUBSCRIPTIONS, property_id)
    return Reply()
