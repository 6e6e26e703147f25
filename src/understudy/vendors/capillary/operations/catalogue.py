"""Handlers of the vendor's catalogues: field types and standard events."""

from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.attribution_headers import requires_header_pair
from understudy.vendors.capillary.audit_logs import CREATION, log_change
from understudy.vendors.capillary.envelope import list_reply, write_reply
from understudy.vendors.capillary.errors import EVENT_NAME, MESSAGES
from understudy.vendors.capillary.event_definitions import new_event, refuse_taken
from understudy.vendors.capillary.field_types import FIELD_TYPES
from understudy.vendors.capillary.standard_events import (
    ACTIONS,
    BY_NAME,
    STANDARD_EVENTS,
    catalogue_entry,
    mapping,
    stored_fields,
)


def list_field_types(state: VendorState) -> Reply:  # noqa: ARG001 - the same in every world
    """Return the field types with their attributes."""
    return list_reply([kind.catalogue_entry() for kind in FIELD_TYPES])


def list_standard_events(state: VendorState) -> Reply:  # noqa: ARG001 - the same in every world
    """Return the standard events."""
    return list_reply([catalogue_entry(event) for event in STANDARD_EVENTS])


@requires_header_pair
def enable_standard_event(
    state: VendorState,
    event_name: str,
    use_standard_adapter_mappings: bool,  # noqa: FBT001 - the parameter is the vendor's
) -> Reply:
    """Add a standard event to the organisation's events."""
    standard = BY_NAME.get(event_name)
    if standard is None:
        raise Refused(400, MESSAGES[EVENT_NAME], code=EVENT_NAME)
    refuse_taken(state, event_name)
    body = {"actions": ACTIONS, "description": standard.label}
    event = new_event(state, event_name, body, stored_fields(standard), is_standard=True)
    event["meta"] |= {"eventType": standard.event_type, "label": standard.label}
    if use_standard_adapter_mappings:
        event["mappings"]["webEngageTransformerMapping"] = mapping(standard)
    state.collection("events").put(event)
    log_change(state, CREATION, None, event["meta"])
    return write_reply()
