"""Built-in event types: configuration, properties, extended properties and state."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.absent_values import without_nulls
from understudy.vendors.contacthub.configuration.event_type_settings import (
    event_configuration,
    properties_schema,
    switch_event,
)
from understudy.vendors.contacthub.configuration.extended_properties import define_properties
from understudy.vendors.contacthub.configuration.stored_settings import extended_definitions, is_event_enabled
from understudy.vendors.contacthub.paging import whole_page
from understudy.vendors.contacthub.schemas.event_models import event_types
from understudy.vendors.contacthub.workspace_access import enter_workspace


def list_event_configurations(state: VendorState, workspace_id: str, caller: Caller) -> Reply:
    """Return all event types with their settings in the workspace."""
    enter_workspace(state, caller, workspace_id)
    return Reply(whole_page([event_configuration(state, workspace_id, name) for name in event_types()]))


def get_event_configuration(state: VendorState, workspace_id: str, event_type: str, caller: Caller) -> Reply:
    """Return an event type with its settings in the workspace."""
    enter_workspace(state, caller, workspace_id)
    return Reply(event_configuration(state, workspace_id, event_type))


def update_event_configuration(
    state: VendorState, workspace_id: str, event_type: str, body: Json, caller: Caller
) -> Reply:
    """Enable or disable an event type, by default enable it (the older operation)."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    switch_event(state, workspace_id, event_type, enabled=without_nulls(body).get("enabled", True))
    return Reply(event_configuration(state, workspace_id, event_type))


def get_event_properties(state: VendorState, workspace_id: str, event_type: str, caller: Caller) -> Reply:
    """Return the JSON schema of an event type's properties."""
    enter_workspace(state, caller, workspace_id)
    return Reply(properties_schema(state, workspace_id, event_type))


def get_event_extended_properties(state: VendorState, workspace_id: str, event_type: str, caller: Caller) -> Reply:
    """Return the workspace's extended properties of an event type."""
    enter_workspace(state, caller, workspace_id)
    return Reply(extended_definitions(state, workspace_id, f"events/{event_type}"))


def update_event_extended_properties(
    state: VendorState, workspace_id: str, event_type: str, body: Json, caller: Caller
) -> Reply:
    """Replace the workspace's extended properties of an event type."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    return Reply(define_properties(state, caller, workspace_id, f"events/{event_type}", body))


def update_event_state(state: VendorState, workspace_id: str, event_type: str, body: Json, caller: Caller) -> Reply:
    """Enable or disable an event type; without a value it stays as it is."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    enabled = without_nulls(body).get("value", is_event_enabled(state, workspace_id, event_type))
    switch_event(state, workspace_id, event_type, enabled=enabled)
    return Reply({"value": enabled})
