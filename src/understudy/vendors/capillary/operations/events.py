"""Event definitions."""

from typing import Any

from understudy.core.reply import Reply
from understudy.state.vendor_state import World
from understudy.vendors.capillary.attribution_headers import attributed
from understudy.vendors.capillary.envelope import done, listed
from understudy.vendors.capillary.event_definitions import live_event, live_events, new_event, refuse_taken, shown
from understudy.vendors.capillary.field_types import check_fields, complete_field

Json = dict[str, Any]


@attributed
def create_event(world: World, body: Json) -> Reply:
    """Define a custom event."""
    refuse_taken(world, body["eventName"])
    fields = [complete_field(field) for field in body.get("fields", ())]
    check_fields(fields, [])
    world.collection("events").put(new_event(world, body["eventName"], body, fields))
    return done()


@attributed
def update_event(world: World, body: Json) -> Reply:
    """Replace an event's definition whole; only what the API cannot set stays."""
    event = live_event(world, body["eventName"])
    meta = event["meta"]
    fields = [complete_field(field) for field in body.get("fields", ())]
    check_fields(fields, meta["fields"])
    meta.pop("description", None)
    meta |= {"actions": body["actions"], "fields": fields}
    if "description" in body:
        meta["description"] = body["description"]
    world.collection("events").put(event)
    return done()


def list_events(world: World) -> Reply:
    """Return every event of the organisation that is not disabled."""
    return listed([shown(event) for event in live_events(world)])


def get_event(world: World, event_name: str) -> Reply:
    """Return one event by its name; this answer alone has neither ``data`` nor ``errors``."""
    return Reply({**shown(live_event(world, event_name)), "warnings": []})


@attributed
def disable_event(world: World, event_name: str) -> Reply:
    """Disable an event for good; its name stays taken."""
    event = live_event(world, event_name)
    world.collection("events").put({**event, "isDisabled": True})
    return done()
