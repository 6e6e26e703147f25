"""Event definitions of the organisation: look-up, creation, response."""

from collections.abc import Iterator

from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.epoch_millis import to_millis
from understudy.vendors.capillary.errors import EVENT_EXISTS, EVENT_NAME, MESSAGES
from understudy.vendors.capillary.organisation import ORG_ID, ORG_TYPE

NO_MAPPINGS: dict[str, None] = {"defaultTransformerMapping": None, "webEngageTransformerMapping": None}


def enabled_events(state: VendorState) -> Iterator[Json]:
    """Return the events that are not disabled, oldest first."""
    return (event for event in state.collection("events") if not event["isDisabled"])


def enabled_event(state: VendorState, name: str) -> Json:
    """Return an event that is not disabled, or refuse; a disabled event cannot be enabled again."""
    event = state.collection("events").get(name)
    if event is None or event["isDisabled"]:
        raise Refused(400, MESSAGES[EVENT_NAME], code=EVENT_NAME)
    return event


def refuse_taken(state: VendorState, name: str) -> None:
    """Refuse a name that an event has, disabled or not."""
    if name in state.collection("events"):
        raise Refused(400, f"Event_{name} event already exists", code=EVENT_EXISTS)


def new_event(state: VendorState, name: str, body: Json, fields: list[Json], *, is_standard: bool = False) -> Json:
    """Return a new event as stored: unpublished and not verified, as the API creates it."""
    meta: Json = {
        "eventId": state.new_id().replace("-", ""),
        "eventName": name,
        "actions": body["actions"],
        "fields": fields,
        "orgId": ORG_ID,
        "status": "UNPUBLISHED",
        "testStatus": "NOT_VERIFIED",
        "connectedOrgContext": {"orgType": ORG_TYPE},
        "standardEvent": is_standard,
    }
    if body.get("description") is not None:
        meta["description"] = body["description"]
    return {"eventName": name, "meta": meta, "mappings": dict(NO_MAPPINGS), "isDisabled": False}


def event_response(state: VendorState, event: Json) -> Json:
    """Return an event as responses contain it; its ``date`` is the time of the response."""
    meta = {**event["meta"], "date": to_millis(state.now())}
    return {"clickEventsMeta": meta, "transformerMappings": event["mappings"]}
