"""Writing of one record of a bulk job, with the same rules as a request for one customer or event.

The vendor's page only names the operations; the rest is inferred. UPSERT changes the existing record or creates it,
INSERT refuses an existing record, and DELETE deletes it.
"""

from functools import cache
from typing import Any

from understudy.contract.json_schema_validator import Validator
from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.customers.customer_rules import check_profile
from understudy.vendors.contacthub.customers.customer_store import find_writable, remove_customer
from understudy.vendors.contacthub.events.event_store import drop_event, find_event
from understudy.vendors.contacthub.nodes.node_access import ENTRY, find_node
from understudy.vendors.contacthub.nodes.unique_index import find_equal
from understudy.vendors.contacthub.schemas.event_models import context_names
from understudy.vendors.contacthub.schemas.property_schemas import TIME_FORMS
from understudy.vendors.contacthub.tables import CUSTOMERS
from understudy.vendors.contacthub.writing.customers import add_customer, change_customer
from understudy.vendors.contacthub.writing.events import add_event, change_event

INSERT, DELETE = "INSERT", "DELETE"
CUSTOMER, EVENT = "CUSTOMER", "EVENT"

_TEXT: Json = {"type": "string"}
_OBJECT: Json = {"type": "object"}
_TAGS: Json = {"type": ["array", "null"], "items": _TEXT}
_CUSTOMER: Json = {
    "type": "object",
    "properties": {
        "id": _TEXT,
        "externalId": _TEXT,
        "base": _OBJECT,
        "consents": _OBJECT,
        "extended": _OBJECT,
        "extra": _TEXT,
        "tags": {"type": "object", "properties": {"auto": _TAGS, "manual": _TAGS}, "additionalProperties": False},
        "enabled": {"type": "boolean"},
    },
}
_UTM = ("utm_source", "utm_medium", "utm_term", "utm_content", "utm_campaign")
_GA: Json = {"type": "object", "properties": dict.fromkeys(_UTM, _TEXT), "additionalProperties": False}
_BRING_BACK: Json = {
    "type": "object",
    "required": ["type", "value", "nodeId"],
    "properties": {
        "type": {"enum": ["SESSION_ID", "EXTERNAL_ID"]},
        "value": {"type": "string", "minLength": 1},
        "nodeId": _TEXT,
    },
    "additionalProperties": False,
}


def write_record(state: VendorState, caller: Caller, job: Json, record: Json) -> str:
    """Write or delete a record as the job's operation requires; return the id of its customer or event."""
    if job["entity"] == EVENT:
        return _write_event(state, caller, job, record)
    return _write_customer(state, caller, job, record)


def _write_customer(state: VendorState, caller: Caller, job: Json, record: Json) -> str:
    workspace_id, node_id = job["workspaceId"], job["nodeId"]
    _check(_customer_validator(), record, "source customer is not valid")
    node = find_node(state, caller, workspace_id, node_id, ENTRY, is_write=True)
    body = {name: value for name, value in record.items() if name != "id"}
    if job["operation"] == INSERT and "id" in record:
        raise Refused(400, "the id of a new customer is the server's")
    named = _named_customer(state, caller, job, record)
    known = named or find_equal(state, node, body)
    if job["operation"] == DELETE:
        if known is None:
            raise Refused(404, "customer not found")
        remove_customer(state, workspace_id, find_writable(state, caller, workspace_id, known)[0])
        return known
    if job["operation"] == INSERT and known is not None:
        raise Refused(409, f"Conflict with exiting customer {known}")
    check_profile(state, workspace_id, body)
    if named is not None:
        return str(change_customer(state, caller, workspace_id, named, body)["id"])
    return str(add_customer(state, caller, workspace_id, {**body, "nodeId": node_id})["id"])


def _named_customer(state: VendorState, caller: Caller, job: Json, record: Json) -> str | None:
    """Return the id of the customer that a record names by its id, or else by its external id in the node."""
    if "id" in record:
        customer, node = find_writable(state, caller, job["workspaceId"], record["id"])
        if node["id"] != job["nodeId"]:
            raise Refused(404, f"customer not found {record['id']}")
        return str(customer["id"])
    found = state.collection(CUSTOMERS).first("externalId", (job["nodeId"], record.get("externalId")))
    return None if found is None else str(found["id"])


def _write_event(state: VendorState, caller: Caller, job: Json, record: Json) -> str:
    workspace_id, event_id = job["workspaceId"], record.get("id")
    if job["operation"] == DELETE or (event_id is not None and job["operation"] != INSERT):
        if event_id is None:
            raise Refused(400, "an event is deleted by its id")
        return _write_known_event(state, caller, job, event_id, record)
    if event_id is not None:
        raise Refused(400, "the id of a new event is the server's")
    body = {"properties": {}, **record, "type": job["eventType"]}
    if isinstance(body.get("bringBackProperties"), dict):
        body["bringBackProperties"] = {"nodeId": job["nodeId"], **body["bringBackProperties"]}
    _check(_event_validator(is_new=True), body, "the event is not valid")
    _check_node(state, caller, job, body)
    return add_event(state, caller, workspace_id, body)


def _write_known_event(state: VendorState, caller: Caller, job: Json, event_id: str, record: Json) -> str:
    row = find_event(state, caller, job["workspaceId"], event_id, is_write=True)
    if row["nodeId"] != job["nodeId"] or row["data"]["type"] != job["eventType"]:
        raise Refused(404, f"event not found {event_id}")
    if job["operation"] == DELETE:
        drop_event(state, row)
        return event_id
    _check(_event_validator(is_new=False), record, "the event is not valid")
    change_event(state, caller, job["workspaceId"], event_id, record)
    return event_id


def _check_node(state: VendorState, caller: Caller, job: Json, body: Json) -> None:
    """Refuse an event of a customer of another node."""
    wanted = body.get("bringBackProperties") or {"nodeId": job["nodeId"]}
    if wanted["nodeId"] != job["nodeId"]:
        raise Refused(400, f"bringBackProperties are of another node {wanted['nodeId']}")
    customer_id = body.get("customerId")
    if customer_id is not None:
        _named_customer(state, caller, job, {"id": customer_id})


def _check(validator: Validator, value: Json, message: str) -> None:
    if not validator.is_valid(value):
        raise Refused(400, message, violations=validator.violations(value))


@cache
def _customer_validator() -> Validator:
    return Validator(_CUSTOMER)


@cache
def _event_validator(*, is_new: bool) -> Validator:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {
            "customerId": _TEXT,
            "bringBackProperties": _BRING_BACK,
            "context": {"enum": list(context_names())},
            "properties": _OBJECT,
            "contextInfo": _OBJECT,
            "date": {"anyOf": TIME_FORMS},
            "tracking": {"type": "object", "properties": {"ga": _GA}, "additionalProperties": False},
        },
    }
    return Validator(schema | {"required": ["context"]} if is_new else schema)
