"""Properties of customers: base properties to enable, extended properties to define, JSON schema of both."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.base_properties import base_properties, switch_base_property
from understudy.vendors.contacthub.configuration.customer_schema import customer_schema
from understudy.vendors.contacthub.configuration.extended_properties import define_properties
from understudy.vendors.contacthub.configuration.stored_settings import extended_definitions
from understudy.vendors.contacthub.workspace_access import enter_workspace


def list_base_properties(state: VendorState, workspace_id: str, caller: Caller) -> Reply:
    """Return all base properties, each with whether it is enabled."""
    enter_workspace(state, caller, workspace_id)
    return Reply({"elements": base_properties(state, workspace_id)})


def update_base_property(state: VendorState, workspace_id: str, name: str, body: Json, caller: Caller) -> Reply:
    """Enable or disable a base property (the older operation)."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    return Reply(switch_base_property(state, workspace_id, name, enabled=body.get("enabled")))


def update_base_property_state(
    state: VendorState, workspace_id: str, base_property: str, body: Json, caller: Caller
) -> Reply:
    """Enable or disable a base property (the newer operation)."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    switched = switch_base_property(state, workspace_id, base_property, enabled=body.get("value"))
    return Reply({"value": switched["enabled"]})


def get_customer_extended_properties(state: VendorState, workspace_id: str, caller: Caller) -> Reply:
    """Return the workspace's extended properties of customers."""
    enter_workspace(state, caller, workspace_id)
    return Reply(extended_definitions(state, workspace_id, "customers"))


def update_customer_extended_properties(state: VendorState, workspace_id: str, body: Json, caller: Caller) -> Reply:
    """Replace the workspace's extended properties of customers."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    return Reply(define_properties(state, caller, workspace_id, "customers", body))


def get_customer_properties(state: VendorState, workspace_id: str, caller: Caller) -> Reply:
    """Return the JSON schema of the workspace's customers."""
    enter_workspace(state, caller, workspace_id)
    return Reply(customer_schema(state, workspace_id))
