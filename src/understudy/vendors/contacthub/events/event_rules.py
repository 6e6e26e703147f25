"""Rules that an event must keep: the schemas of its type and context, a date in the calendar, and its size.

The checks are documented on the vendor's page; their messages are not, and are our own.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import orjson

from understudy.contract.json_schema_validator import Validator
from understudy.core.json_types import Json
from understudy.core.refused import Refused, Violation
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.stored_settings import (
    extended_definitions,
    is_event_enabled,
    payload_limit,
)
from understudy.vendors.contacthub.events.product_register import product_violations
from understudy.vendors.contacthub.schemas.event_models import context_model, event_model
from understudy.vendors.contacthub.schemas.property_schemas import TIME_FORMS, extended_violations
from understudy.vendors.contacthub.timestamps import normalise_time

INVALID = "the event is not valid"


def invalid_event(path: str, rule: str, message: str) -> Refused:
    """Return the refusal of an event with one violation, at ``path`` in the body."""
    return Refused(400, INVALID, violations=[Violation("body", path, rule, message)])


def check_owner(body: Json) -> None:
    """Refuse an event unless it has exactly one of ``customerId`` and ``bringBackProperties``."""
    is_known, is_pending = (body.get(name) is not None for name in ("customerId", "bringBackProperties"))
    if is_known and is_pending:
        raise invalid_event("/bringBackProperties", "not", "customerId and bringBackProperties exclude each other")
    if not is_known and not is_pending:
        raise invalid_event("/customerId", "required", "customerId or bringBackProperties is required")


def check_type(state: VendorState, workspace_id: str, event_type: str) -> None:
    """Refuse an event of a type that the workspace has disabled."""
    if not is_event_enabled(state, workspace_id, event_type):
        raise invalid_event("/type", "enabled", f"events of type {event_type} are disabled")


def check_content(state: VendorState, workspace_id: str, event: Json) -> None:
    """Refuse an event, in the form in which a client sends it, whose properties, context, date or size break a rule."""
    violations = [
        *_property_violations(state, workspace_id, event["type"], event["properties"]),
        *_context_violations(event["context"], event.get("contextInfo")),
        *_date_violations(event.get("date")),
    ]
    if violations:
        raise Refused(400, INVALID, violations=violations)
    limit = payload_limit(state, workspace_id, event["type"])
    if len(orjson.dumps(event)) > limit:
        raise invalid_event("", "size", f"an event of type {event['type']} has at most {limit} bytes")


def check_immutable(event: Json, body: Json, names: Iterable[str]) -> None:
    """Refuse a body that changes one of these properties; leaving one out, or null, is no change."""
    changed = [name for name in names if body.get(name) is not None and body[name] != event[name]]
    if changed:
        violations = [Violation("body", f"/{name}", "immutable", f"{name} is immutable") for name in changed]
        raise Refused(400, INVALID, violations=violations)


def check_repeated(event: Json, body: Json) -> None:
    """Refuse a replacement without the ``customerId`` or ``bringBackProperties`` that the event has."""
    names = ("customerId", "bringBackProperties")
    missing = [name for name in names if event[name] is not None and body.get(name) is None]
    if missing:
        violations = [Violation("body", f"/{name}", "required", f"{name} is required") for name in missing]
        raise Refused(400, INVALID, violations=violations)


def _property_violations(state: VendorState, workspace_id: str, event_type: str, properties: Json) -> list[Violation]:
    found = [violation.below("/properties") for violation in _type_validator(event_type).violations(properties)]
    extended = properties.get("extended")
    if isinstance(extended, Mapping):
        definitions = extended_definitions(state, workspace_id, f"events/{event_type}")
        found += [violation.below("/properties") for violation in extended_violations(dict(extended), definitions)]
    if not found:
        products = product_violations(state, workspace_id, event_type, properties)
        found = [violation.below("/properties") for violation in products]
    return found


def _context_violations(context: str, info: Json | None) -> list[Violation]:
    if info is None:
        return []
    return [violation.below("/contextInfo") for violation in _context_validator(context).violations(info)]


def _date_violations(date: str | None) -> list[Violation]:
    if date is None or normalise_time(date) is not None:
        return []
    return [Violation("body", "/date", "format", "the date is not in the calendar", date)]


@cache
def _type_validator(event_type: str) -> Validator:
    return Validator(_with_time_forms(event_model(event_type)["propertiesSchema"]))


@cache
def _context_validator(context: str) -> Validator:
    return Validator(_with_time_forms(context_model(context)["contextInfoSchema"]))


def _with_time_forms(schema: Any) -> Any:
    """Return a schema that also accepts date-times with an offset like ``+0000``, which the vendor's libraries send."""
    if isinstance(schema, list):
        return [_with_time_forms(part) for part in schema]
    if not isinstance(schema, Mapping):
        return schema
    if schema.get("format") == "date-time":
        return {name: part for name, part in schema.items() if name != "format"} | {"anyOf": TIME_FORMS}
    return {name: _with_time_forms(part) for name, part in schema.items()}
