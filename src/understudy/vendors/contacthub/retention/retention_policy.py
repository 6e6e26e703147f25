"""Retention policy: months that events are kept, by event type.

A node's months override those of its workspace, which override the vendor's defaults.
"""

from calendar import monthrange
from datetime import datetime

from understudy.core.json_types import Json, ReadOnlyJson
from understudy.core.timestamps import iso_microseconds
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.stored_settings import read_setting, write_setting
from understudy.vendors.contacthub.schemas.event_models import event_model, event_types
from understudy.vendors.contacthub.timestamps import EARLIEST, parse_time, time_text

POLICY, STATE = "retention", "retentionState"


def workspace_policy(state: VendorState, workspace_id: str) -> ReadOnlyJson:
    """Return the workspace's policy with all event types; those that were never sent have the vendor's months."""
    return {**default_policy(), **read_setting(state, workspace_id, POLICY, {})}


def node_policy(state: VendorState, workspace_id: str, node_id: str) -> ReadOnlyJson:
    """Return the node's policy with all event types; those that were never sent have the workspace's months."""
    return {**workspace_policy(state, workspace_id), **read_setting(state, node_id, POLICY, {})}


def store_policy(state: VendorState, owner_id: str, sent: Json) -> None:
    """Change the months of the sent event types in the policy of a workspace or node; the others stay."""
    policy = {event_type: {"months": months["months"]} for event_type, months in sent.items()}
    write_setting(state, owner_id, POLICY, {**read_setting(state, owner_id, POLICY, {}), **policy})


def is_in_force(state: VendorState, node_id: str) -> bool:
    """Return whether a node's expired events are deleted; the default is true."""
    return bool(read_setting(state, node_id, STATE, {"enabled": True})["enabled"])


def set_in_force(state: VendorState, node_id: str, sent: Json) -> Json:
    """Enable or disable a node's retention if ``enabled`` is sent, and return its state."""
    if "enabled" in sent:
        write_setting(state, node_id, STATE, {"enabled": sent["enabled"]})
    return {"enabled": is_in_force(state, node_id)}


def months_by_type(state: VendorState, workspace_id: str, node_id: str) -> dict[str, int]:
    """Return the months of each event type in a node, defaults included."""
    policy = node_policy(state, workspace_id, node_id)
    return {event_type: policy[event_type]["months"] for event_type in event_types()}


def earliest_retained(now: datetime, months: int) -> str:
    """Return the earliest date of an event that is retained, as responses show times.

    It is the same day and time ``months`` months ago, or the last day of a month that has no such day.
    """
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    if year < 1:
        return EARLIEST
    day = min(now.day, monthrange(year, month + 1)[1])
    return time_text(now.replace(year=year, month=month + 1, day=day))


def retained_until(date: str, months: int) -> str:
    """Return the time until which an event of a date is retained, as text."""
    at = parse_time(date)
    if at is None:
        return date
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    day = min(at.day, monthrange(year, month + 1)[1])
    return iso_microseconds(at.replace(year=year, month=month + 1, day=day))


def default_policy() -> Json:
    """Return the vendor's policy, with every built-in event type."""
    return {event_type: {"months": event_model(event_type)["defaultRetentionMonths"]} for event_type in event_types()}
