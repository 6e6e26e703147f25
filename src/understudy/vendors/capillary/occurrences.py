"""Processing of pushed occurrences: checked field by field, linked to a customer, stored.

Capillary answers a push before it checks the occurrence. So nothing here refuses; errors are recorded as states of the
run, which the operation ``get_running_status`` returns.
"""

import math
import re
from dataclasses import dataclass, field
from typing import Any

import orjson

from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.customers import add_customer, canonical_type, find_customer
from understudy.vendors.capillary.epoch_millis import to_millis
from understudy.vendors.capillary.event_definitions import enabled_events
from understudy.vendors.capillary.event_notifications import notify_customer_added
from understudy.vendors.capillary.event_times import parse_event_time
from understudy.vendors.capillary.field_patterns import BadPattern, is_match
from understudy.vendors.capillary.field_types import Field, customer_field, is_on, value_of
from understudy.vendors.capillary.organisation import ORG_ID, till_id

NO_PARENT = -1
NO_CUSTOMER = "customerId not present,cant proceed further"
"""Words of the vendor's log for a push without a customer, as printed."""

SUCCESS = "Event processed successfully"
SHORTEST_MILLIS = 13
NUMBER = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*", re.ASCII)

INTEGER = re.compile(r"[-+]?[0-9]{1,18}(\.0)?", re.ASCII)
"""Whole number, as text or as a number of JSON with an empty fraction."""


class InvalidFieldValue(Exception):  # noqa: N818 - recorded as a state of the run, not raised to the caller
    """Value that does not fit the definition of its field."""


@dataclass(slots=True)
class OccurrenceRun:
    """Processing run of one occurrence, with the states that it has gone through."""

    state: VendorState
    request_id: str
    event_name: str
    states: list[Json] = field(default_factory=list)
    failure: str = ""

    def add_state(self, status: str, message: str) -> None:
        """Add a state, dated now, to the run."""
        date = self.state.now().isoformat(timespec="seconds")
        self.states.append({"message": message, "date": date, "status": status})

    def fail(self, status: str, message: str, failure: str = "") -> None:
        """Add the last state of a run that failed, with the words of the log if they differ from the state's."""
        self.add_state(status, message)
        self.failure = failure or message

    def store(self) -> None:
        """Store the run for ``get_running_status``."""
        self.state.collection("runs").put(
            {
                "id": self.request_id,
                "orgId": ORG_ID,
                "stateList": self.states,
                "eventName": self.event_name,
                "warnings": [],
            }
        )


def take_occurrence(state: VendorState, webhook: Json, payload: Json, request_id: str) -> None:
    """Check an occurrence, store it for its customer if it is valid, and store its run in any case."""
    run = OccurrenceRun(state, request_id, payload["event_name"])
    run.add_state("EVENT_PROCESSING_STARTED", run.event_name)
    event = _find_event(state, run.event_name)
    if event is None:
        run.fail("EVENT_VALIDATION_FAILED", f"{run.event_name} is no event of the organisation")
    else:
        _check_and_store(run, webhook, event, payload)
    run.store()
    _log(run, webhook, payload)


def _log(run: OccurrenceRun, webhook: Json, payload: Json) -> None:
    """Store what ``list_event_logs`` returns about a push; the time that it took is made up from the request id."""
    run.state.collection("event_logs").put(
        {
            "startTime": to_millis(run.state.now()),
            "responseTime": SHORTEST_MILLIS + int(run.request_id[-2:], 16),
            "orgId": ORG_ID,
            "status": "EMF_PROCESSOR_FAILED" if run.failure else "EVENT_SUCCESS",
            "eventName": run.event_name,
            "inputRequest": orjson.dumps(payload).decode(),
            "id": run.request_id,
            "webhookId": webhook["webHookId"],
            "parentOrgId": NO_PARENT,
            "message": f"Error while processing emfEvent: {run.failure}" if run.failure else SUCCESS,
        }
    )


def _find_event(state: VendorState, name: str) -> Json | None:
    """Return the event with this name, or else the event to which a mapping translates this name of a source."""
    event = state.collection("events").get(name)
    if event is not None and not event["isDisabled"]:
        return event
    for other in enabled_events(state):
        for mapping in other["mappings"].values():
            if mapping and mapping["eventNameMapping"]["valueMap"].get(name) == other["eventName"]:
                return other
    return None


def _check_and_store(run: OccurrenceRun, webhook: Json, event: Json, payload: Json) -> None:
    fields = event["meta"]["fields"]
    aliases = _aliases(event)
    values: dict[str, str] = {}
    for each in fields:
        run.add_state("EVENT_FIELD_VALIDATION_STARTED", each["name"])
        try:
            text = _read(
                run.state, each, payload.get(aliases.get(each["name"], each["name"]), payload.get(each["name"]))
            )
            if each["type"] == "CUSTOMER":
                _check_customer(run.state, each, text)
        except InvalidFieldValue as reason:
            failure = NO_CUSTOMER if each["type"] == "CUSTOMER" else ""
            run.fail("EVENT_FIELD_VALIDATION_FAILED", f"{each['name']}: {reason}", failure)
            return
        if text is not None:
            values[each["name"]] = text
        run.add_state("EVENT_FIELD_VALIDATION_FINISHED", each["name"])
    given_time = payload.get("eventDateTime")
    happened = to_millis(run.state.now()) if given_time is None else parse_event_time(str(given_time), run.state.now())
    if happened is None:
        run.fail("EVENT_VALIDATION_FAILED", "eventDateTime: is no date and time")
        return
    run.add_state("EVENT_VALIDATION_FINISHED", event["eventName"])
    _store_occurrence(run, webhook, event, values, happened)
    for action in event["meta"]["actions"]:
        run.add_state("EVENT_CONSUMER_STARTED", action)
        run.add_state("EVENT_CONSUMER_FINISHED", action)
    event["meta"]["testStatus"] = "VERIFIED"
    run.state.collection("events").put(event)


def _aliases(event: Json) -> dict[str, str]:
    """Return the name of each mapped field at its source, by the field's own name."""
    found: dict[str, str] = {}
    for mapping in event["mappings"].values():
        for each in mapping["eventFieldMappings"] if mapping else ():
            found[each["eventFieldName"]] = each["fieldName"]
    return found


def _read(state: VendorState, definition: Field, value: Any) -> str | None:
    if value is None or value == "":
        if is_on(definition, "isRequired") or definition["type"] == "CUSTOMER":
            raise InvalidFieldValue("is required")
        return None
    if isinstance(value, list | dict):
        raise InvalidFieldValue("is not a single value")
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if (read := READERS.get(definition["type"])) is not None:
        text = read(text)
    if definition["type"] == "DATE" and parse_event_time(text, state.now()) is None:
        raise InvalidFieldValue("is no date")
    _check_pattern(value_of(definition, "regex"), text)
    possible = definition["attributes"].get("possibleValues", {}).get("values")
    if definition["type"] == "ENUM" and possible and text not in possible:
        raise InvalidFieldValue("is none of the possible values")
    return text


def _check_pattern(regex: str, text: str) -> None:
    try:
        fits = not regex or is_match(regex, text)
    except BadPattern:
        raise InvalidFieldValue("has a regex that cannot be read") from None
    if not fits:
        raise InvalidFieldValue("does not match the regex")


def _double(text: str) -> str:
    number = float(text) if NUMBER.fullmatch(text) else math.inf
    if not math.isfinite(number):
        raise InvalidFieldValue("is no number")
    return str(number)


def _integer(text: str) -> str:
    if not INTEGER.fullmatch(text):
        raise InvalidFieldValue("is no whole number")
    return str(int(text.removesuffix(".0")))


def _boolean(text: str) -> str:
    if text.lower() not in {"true", "false"}:
        raise InvalidFieldValue("is neither true nor false")
    return text.lower()


READERS = {"DOUBLE": _double, "INTEGER": _integer, "BOOLEAN": _boolean}
"""Functions from the text of a value to the text that is stored, by type; other types store the text unchanged."""


def _check_customer(state: VendorState, definition: Field, value: str | None) -> None:
    kind = canonical_type(value_of(definition, "identifierType"))
    if find_customer(state, kind, value or "") is None and (
        kind == "userId" or not is_on(definition, "addCustomerIfNotExists")
    ):
        raise InvalidFieldValue("is no customer")


def _customer(run: OccurrenceRun, webhook: Json, event: Json, values: dict[str, str]) -> tuple[int, str]:
    """Return the user id and source of the occurrence's customer; an unknown one is stored first, and notified."""
    state = run.state
    definition = customer_field(event["meta"]["fields"])
    if definition is None:
        raise LookupError(f"{event['eventName']} has no customer field")
    kind, value = canonical_type(value_of(definition, "identifierType")), values[definition["name"]]
    source = value_of(definition, "source")
    user_id = find_customer(state, kind, value)
    if user_id is None:
        user_id = add_customer(state, {kind: value})
        notify_customer_added(state, user_id, (kind, value), source, webhook["tillCode"], run.request_id)
    return user_id, source


def _store_occurrence(run: OccurrenceRun, webhook: Json, event: Json, values: dict[str, str], happened: int) -> None:
    state = run.state
    fields = event["meta"]["fields"]
    user_id, source = _customer(run, webhook, event, values)
    own = {name: text for name, text in values.items() if name not in _names(fields, "CUSTOMER")}
    parts = [values[each["name"]] for each in fields if is_on(each, "isUniqueKeyField")]
    key = "_".join([event["eventName"], str(user_id), *parts]) if parts and webhook["uniquenessCheckEnabled"] else None
    occurrences = state.collection("occurrences")
    is_duplicate = key is not None and occurrences.first("uniqueKey", key) is not None
    processed = state.now()
    shared = {"orgId": ORG_ID, "eventName": event["eventName"], "source": source}
    unique_id = key or run.request_id
    attributes: Json = {
        **own,
        **shared,
        "accountId": None,
        "autoUpdateTimeStamp": to_millis(processed),
        "customerId": str(user_id),
        "displayName": event["meta"].get("label"),
        "eventDateTime": str(happened),
        "isDuplicate": is_duplicate,
        "is_mongo_push": True,
        "requestId": run.request_id,
        "source_till_id": till_id(state, webhook["tillCode"]),
        "source_user_id": user_id,
        "uniqueId": unique_id,
    }
    data: Json = {
        **shared,
        "userId": user_id,
        "date": processed.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventId": run.request_id,
        "tillCode": webhook["tillCode"],
        "additonalAttributes": attributes,
        "psiAttributes": [each["name"] for each in fields if is_on(each, "isPsiData")],
        "uniqueId": unique_id,
    }
    if "label" in event["meta"]:
        data["displayName"] = event["meta"]["label"]
    occurrences.put(
        {"requestId": run.request_id, "customerId": user_id, "uniqueKey": key, "happened": happened, "data": data}
    )


def _names(fields: list[Field], kind: str) -> set[str]:
    return {each["name"] for each in fields if each["type"] == kind}
