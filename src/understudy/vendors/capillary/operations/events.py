"""Handlers of event definitions."""

from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.attribution_headers import requires_header_pair
from understudy.vendors.capillary.audit_logs import CREATION, DELETION, MODIFICATION, log_change
from understudy.vendors.capillary.envelope import list_reply, write_reply
from understudy.vendors.capillary.event_definitions import (
    enabled_event,
    enabled_events,
    event_response,
    new_event,
    refuse_taken,
)
from understudy.vendors.capillary.field_types import check_fields, complete_field, mark_standard_fields
from understudy.vendors.capillary.limits import check_limits


@requires_header_pair
def create_event(state: VendorState, body: Json) -> Reply:
    """Store a new event definition."""
    refuse_taken(state, body["eventName"])
    fields = [complete_field(field) for field in body.get("fields") or ()]
    check_fields(fields, [])
    check_limits(state, fields)
    event = new_event(state, body["eventName"], body, fields)
    state.collection("events").put(event)
    log_change(state, CREATION, None, event["meta"])
    return write_reply()


@requires_header_pair
def update_event(state: VendorState, body: Json) -> Reply:
    """Replace an event's definition; only members that the API cannot set stay, but for ``eventType``.

    No stored event that was last written by the API has an ``eventType`` (inferred).
    """
    event = enabled_event(state, body["eventName"])
    before, meta = event["meta"], dict(event["meta"])
    fields = [complete_field(field) for field in body.get("fields") or ()]
    check_fields(fields, meta["fields"])
    check_limits(state, fields)
    mark_standard_fields(fields, meta["fields"])
    meta.pop("description", None)
    meta.pop("eventType", None)
    meta |= {"actions": body["actions"], "fields": fields}
    if body.get("description") is not None:
        meta["description"] = body["description"]
    state.collection("events").put({**event, "meta": meta})
    log_change(state, MODIFICATION, before, meta)
    return write_reply()


def list_events(state: VendorState, event_name: str | None) -> Reply:
    """Return all events that are not disabled, or the one with a name; none if there is no such event."""
    wanted = (event for event in enabled_events(state) if event_name is None or event["eventName"] == event_name)
    return list_reply([event_response(state, event) for event in wanted])


def get_event(state: VendorState, event_name: str) -> Reply:
    """Return an event by name; only this response has neither ``data`` nor ``errors``."""
    return Reply({**event_response(state, enabled_event(state, event_name)), "warnings": []})


@requires_header_pair
def disable_event(state: VendorState, event_name: str) -> Reply:
    """Disable an event permanently; its name cannot be used again."""
    event = enabled_event(state, event_name)
    state.collection("events").put({**event, "isDisabled": True})
    log_change(state, DELETION, event["meta"], None)
    return write_reply()
