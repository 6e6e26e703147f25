"""Create, change (PATCH) and replace (PUT) of an event, with all rules applied."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.absent_values import without_nulls
from understudy.vendors.contacthub.customers.customer_store import create_empty_customer, find_writable
from understudy.vendors.contacthub.customers.unknown_keys import unknown_keys
from understudy.vendors.contacthub.events.consent_policy import check_consents
from understudy.vendors.contacthub.events.event_rules import (
    INVALID,
    check_content,
    check_immutable,
    check_owner,
    check_repeated,
    check_type,
    invalid_event,
)
from understudy.vendors.contacthub.events.event_store import find_event, merged, rewrite_event, store_event
from understudy.vendors.contacthub.events.pending_events import EXTERNAL_ID, find_owner
from understudy.vendors.contacthub.nodes.node_access import AGGREGATE, find_node
from understudy.vendors.contacthub.schemas.event_models import event_times
from understudy.vendors.contacthub.timestamps import normalise_time, now_text
from understudy.vendors.contacthub.update_stream import CREATE

IMMUTABLE = ("id", "customerId", "bringBackProperties", "type")
CLIENT_PROPERTIES = (
    "customerId",
    "bringBackProperties",
    "type",
    "context",
    "properties",
    "contextInfo",
    "date",
    "tracking",
)
SERVER_PROPERTIES = ("id", "origin", "registeredAt", "updatedAt", "version")


def add_event(state: VendorState, caller: Caller, workspace_id: str, body: Json) -> str:
    """Store an event of a known customer, or of one found by its session or external id; return the event's id."""
    _check_keys(state, body)
    check_owner(body)
    node_id, customer_id = _owner(state, caller, workspace_id, body)
    check_type(state, workspace_id, body["type"])
    check_content(state, workspace_id, body)
    wanted = body.get("bringBackProperties") or {}
    if customer_id is not None or wanted["type"] == EXTERNAL_ID:
        check_consents(state, workspace_id, body["type"], customer_id)

    if customer_id is None and wanted["type"] == EXTERNAL_ID:
        customer_id = create_empty_customer(state, workspace_id, node_id, wanted["value"])
    event_id, now = state.new_id(), now_text(state)
    event = {
        "id": event_id,
        "customerId": customer_id,
        "bringBackProperties": wanted or None,
        "type": body["type"],
        "properties": _with_stored_times(body["type"], body["properties"]),
        "context": body["context"],
        "contextInfo": body.get("contextInfo"),
        "date": _date(body) or now,
        "origin": "NATIVE",
        "tracking": without_nulls(body.get("tracking")),
        "registeredAt": now,
        "updatedAt": now,
        "version": 0,
    }
    row = {"id": event_id, "workspaceId": workspace_id, "nodeId": node_id, "data": event}
    store_event(state, row, CREATE)
    return event_id


def replace_event(state: VendorState, caller: Caller, workspace_id: str, event_id: str, body: Json) -> None:
    """Replace an event by the body; without a date in the body, the old date stays."""
    row = find_event(state, caller, workspace_id, event_id, is_write=True)
    _check_keys(state, body)
    check_immutable(row["data"], body, IMMUTABLE)
    check_repeated(row["data"], body)
    check_content(state, workspace_id, body)

    changes = {
        "properties": _with_stored_times(row["data"]["type"], body["properties"]),
        "context": body["context"],
        "contextInfo": body.get("contextInfo"),
        "date": _date(body) or row["data"]["date"],
        "tracking": without_nulls(body.get("tracking")),
    }
    rewrite_event(state, row, changes)


def change_event(state: VendorState, caller: Caller, workspace_id: str, event_id: str, body: Json) -> None:
    """Merge the body into an event, property by property; null unsets a value.

    If ``properties`` is null it becomes empty, and a null date leaves the old one.
    """
    row = find_event(state, caller, workspace_id, event_id, is_write=True)
    event = row["data"]
    _check_keys(state, body)
    check_immutable(event, body, (*IMMUTABLE, "context"))
    changes: Json = {name: merged(event[name], body[name]) for name in ("contextInfo", "tracking") if name in body}
    changes["properties"] = merged(event["properties"], body.get("properties", {})) or {}
    changed = {name: event[name] for name in CLIENT_PROPERTIES} | changes
    check_content(state, workspace_id, changed | {"date": body.get("date") or event["date"]})

    changes["properties"] = _with_stored_times(event["type"], changes["properties"])
    rewrite_event(state, row, {**changes, "date": _date(body) or event["date"]})


def _check_keys(state: VendorState, body: Json) -> None:
    """Refuse an event with an unknown key, if such keys are refused."""
    found = [*unknown_keys(state, body, (*CLIENT_PROPERTIES, *SERVER_PROPERTIES))]
    if found:
        raise Refused(400, INVALID, violations=found)


def _owner(state: VendorState, caller: Caller, workspace_id: str, body: Json) -> tuple[str, str | None]:
    """Return the id of an event's node, and of its customer; the latter is ``None`` if it is not known yet."""
    if body.get("customerId") is not None:
        customer, _ = find_writable(state, caller, workspace_id, body["customerId"])
        return customer["nodeId"], customer["id"]
    wanted = body["bringBackProperties"]
    node = find_node(state, caller, workspace_id, wanted["nodeId"], is_write=True)
    if node["kind"] == AGGREGATE:
        message = "bringBackProperties are not allowed for aggregate nodes"
        raise invalid_event("/bringBackProperties/nodeId", "kind", message)
    return node["id"], find_owner(state, workspace_id, wanted)


def _with_stored_times(event_type: str, properties: Json) -> Json:
    """Return an event's properties with those that its type has as times in the form of all times."""
    sent = {name: properties[name] for name in event_times(event_type) if isinstance(properties.get(name), str)}
    return {**properties, **{name: normalise_time(text) or text for name, text in sent.items()}} if sent else properties


def _date(body: Json) -> str | None:
    text = body.get("date")
    return None if text is None else normalise_time(text)
