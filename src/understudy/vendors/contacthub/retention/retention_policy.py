"""How long events are kept: the vendor's months, those of the workspace over them, those of the node over both."""

from calendar import monthrange
from datetime import datetime

from understudy.core.json_types import Json, ReadOnlyJson
from understudy.core.timestamps import iso_milliseconds
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.stored_settings import read_setting, write_setting
from understudy.vendors.contacthub.schemas.event_models import event_model, event_types
from understudy.vendors.contacthub.timestamps import EARLIEST

POLICY, STATE = "retention", "retentionState"


def workspace_policy(state: VendorState, workspace_id: str) -> ReadOnlyJson:
    """Return the workspace's own map of months; the vendor's defaults until it has one."""
    return read_setting(state, workspace_id, POLICY, default_policy())


def node_policy(state: VendorState, workspace_id: str, node_id: str) -> ReadOnlyJson:
    """Return the node's own map of months; until it has one, all that it inherits."""
    return read_setting(state, node_id, POLICY, {**default_policy(), **workspace_policy(state, workspace_id)})


def store_policy(state: VendorState, owner_id: str, sent: Json) -> Json:
    """Keep the map of months of a workspace or node in place of what it was, and return it."""
    policy = {event_type: {"months": months["months"]} for event_type, months in sent.items()}
    write_setting(state, owner_id, POLICY, policy)
    return policy


def is_in_force(state: VendorState, node_id: str) -> bool:
    """Tell whether a node drops events that are past its months; a node does unless switched off."""
    return bool(read_setting(state, node_id, STATE, {"enabled": True})["enabled"])


def set_in_force(state: VendorState, node_id: str, sent: Json) -> Json:
    """Put a node's retention into or out of force if ``enabled`` says so, and return how it stands."""
    if "enabled" in sent:
        write_setting(state, node_id, STATE, {"enabled": sent["enabled"]})
    return {"enabled": is_in_force(state, node_id)}


def months_by_type(state: VendorState, workspace_id: str, node_id: str) -> dict[str, int]:
    """Return the months that apply to each event type in a node."""
    inherited = {**default_policy(), **workspace_policy(state, workspace_id)}
    whole = {**inherited, **node_policy(state, workspace_id, node_id)}
    return {event_type: whole[event_type]["months"] for event_type in event_types()}


def earliest_retained(now: datetime, months: int) -> str:
    """Return the date from which on events are within their months, as answers show times.

    It is the same day and time so many months ago, or that month's last day where it has no such day.
    """
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    if year < 1:
        return EARLIEST
    day = min(now.day, monthrange(year, month + 1)[1])
    return iso_milliseconds(now.replace(year=year, month=month + 1, day=day))


def default_policy() -> Json:
    """Return the vendor's months of every built-in event type."""
    return {event_type: {"months": event_model(event_type)["defaultRetentionMonths"]} for event_type in event_types()}
