"""Records written directly: the identifiers of a customer, and the run of an occurrence."""

from understudy.core.json_types import Json
from understudy.core.steps import Steps
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.customers import index_identifiers
from understudy.vendors.capillary.occurrences import OccurrenceRun


def complete(_state: VendorState, collection: str, record: Json) -> Json:
    """Return a customer with its number and identifiers; any other record unchanged."""
    if collection != "customers":
        return record
    number = record["id"]
    if not (number.isascii() and number.isdigit()) or record.get("userId", int(number)) != int(number):
        raise ValueError(f"the id {number!r} is not the userId as text")
    identifiers = record.get("identifiers") or {}
    if not all(isinstance(value, str) for value in identifiers.values()):
        raise ValueError("identifiers are texts by their kinds")
    return {**record, "userId": int(number), "identifiers": identifiers}


def derive(state: VendorState, collection: str, before: Json | None, after: Json | None) -> Steps[None]:
    """Update the look-up of customers by their identifiers, and the run of an occurrence."""
    if collection == "customers":
        index_identifiers(state, before, after)
    elif collection == "occurrences" and after is None:
        state.collection("runs").delete((before or {})["requestId"])
        state.collection("event_logs").delete((before or {})["requestId"])
    elif collection == "occurrences" and after is not None and after["requestId"] not in state.collection("runs"):
        run = OccurrenceRun(state, after["requestId"], after["data"]["eventName"])
        run.add_state("EVENT_PROCESSING_STARTED", run.event_name)
        run.add_state("EVENT_VALIDATION_FINISHED", run.event_name)
        run.store()
    yield
