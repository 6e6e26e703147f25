"""Policies by event type: required consents and size limits."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.event_type_checks import require_event_types
from understudy.vendors.contacthub.configuration.stored_settings import (
    PAYLOAD_BYTES,
    payload_limit,
    read_setting,
    write_setting,
)
from understudy.vendors.contacthub.events.consent_policy import check_policy
from understudy.vendors.contacthub.schemas.event_models import event_types
from understudy.vendors.contacthub.workspace_access import enter_workspace


def update_workspace_consent_policy(state: VendorState, workspace_id: str, body: Json, caller: Caller) -> Reply:
    """Replace the required consents of each event type."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    require_event_types(body, "consent policy")
    check_policy(body)
    write_setting(state, workspace_id, "consentPolicy", body)
    return Reply(body)


def get_workspace_payload_size(state: VendorState, workspace_id: str, caller: Caller) -> Reply:
    """Return the workspace's size limit of each event type."""
    enter_workspace(state, caller, workspace_id)
    return Reply(_payload_sizes(state, workspace_id))


def update_workspace_payload_size(state: VendorState, workspace_id: str, body: Json, caller: Caller) -> Reply:
    """Change the workspace's size limits of the event types that are sent."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    require_event_types(body, "payload size")
    sizes = {event_type: {"maxBytes": size.get("maxBytes") or PAYLOAD_BYTES} for event_type, size in body.items()}
    write_setting(state, workspace_id, "payloadSize", {**read_setting(state, workspace_id, "payloadSize", {}), **sizes})
    return Reply(_payload_sizes(state, workspace_id))


def _payload_sizes(state: VendorState, workspace_id: str) -> Json:
    return {event_type: {"maxBytes": payload_limit(state, workspace_id, event_type)} for event_type in event_types()}
