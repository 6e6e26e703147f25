"""Operations on the products policy and on the extended properties of products."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.extended_properties import define_properties
from understudy.vendors.contacthub.configuration.stored_settings import (
    extended_definitions,
    read_setting,
    write_setting,
)
from understudy.vendors.contacthub.events.product_register import NO_POLICY, POLICY
from understudy.vendors.contacthub.workspace_access import enter_workspace


def get_products_update_policy(state: VendorState, workspace_id: str, caller: Caller) -> Reply:
    """Return the event types that update the register of products."""
    enter_workspace(state, caller, workspace_id)
    return Reply(read_setting(state, workspace_id, POLICY, NO_POLICY))


def update_products_update_policy(state: VendorState, workspace_id: str, body: Json, caller: Caller) -> Reply:
    """Set the event types that update the register of products; duplicates are dropped."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    policy = read_setting(state, workspace_id, POLICY, NO_POLICY)
    if "eventTypes" in body:
        sent = body["eventTypes"]
        policy = {"eventTypes": None if sent is None else list(dict.fromkeys(sent))}
        write_setting(state, workspace_id, POLICY, policy)
    return Reply(policy)


def get_product_extended_properties(state: VendorState, workspace_id: str, caller: Caller) -> Reply:
    """Return the definitions of the extended properties of products."""
    enter_workspace(state, caller, workspace_id)
    return Reply(extended_definitions(state, workspace_id, "products"))


def update_product_extended_properties(state: VendorState, workspace_id: str, body: Json, caller: Caller) -> Reply:
    """Replace the definitions of the extended properties of products."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    return Reply(define_properties(state, caller, workspace_id, "products", body))
