"""Handlers of custom events, which add customers to the vendor's scenarios."""

from collections.abc import Iterable

from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.steps import Steps
from understudy.state.vendor_state import VendorState
from understudy.vendors.ecdp.customer_identifiers import customer_of

OCCURRENCES_PER_STEP = 64
"""Number of a segment's customers for whom an occurrence is stored in one step."""


def trigger_custom_event(state: VendorState, body: Json) -> Reply:
    """Store an occurrence of a custom event for one customer."""
    _require_event(state, body)
    customer = customer_of(state, body)
    _store_occurrence(state, body, int(customer["id"]), ())
    return Reply(status=201)


def trigger_custom_event_for_segments(state: VendorState, body: Json) -> Steps[Reply]:
    """Store an occurrence of a custom event for each customer of some segments, once for each customer."""
    _require_event(state, body)
    segments = [_segment(state, number) for number in dict.fromkeys(map(int, body["segments"]))]
    segments_by_customer: dict[int, list[int]] = {}
    for segment in segments:
        for customer_id in segment["customerIds"]:
            segments_by_customer.setdefault(customer_id, []).append(int(segment["id"]))
        yield
    for position, (customer_id, holders) in enumerate(segments_by_customer.items()):
        if position % OCCURRENCES_PER_STEP == OCCURRENCES_PER_STEP - 1:
            yield
        _store_occurrence(state, body, customer_id, holders)
    return Reply(status=201)


def _require_event(state: VendorState, body: Json) -> None:
    number = int(body["customEventId"])
    if str(number) not in state.collection("custom_events"):
        raise Refused(404, f"There is no custom event {number}.")


def _segment(state: VendorState, number: int) -> Json:
    segment = state.collection("segments").get(str(number))
    if segment is None:
        raise Refused(404, f"There is no segment {number}.")
    return segment


def _store_occurrence(state: VendorState, body: Json, customer_id: int, segments: Iterable[int]) -> None:
    fields = [
        {name: value for name, value in field.items() if value is not None} for field in body.get("dataFields") or ()
    ]
    state.collection("occurrences").put(
        {
            "id": state.new_id(),
            "customEventId": int(body["customEventId"]),
            "customerId": customer_id,
            "segments": list(segments),
            "dataFields": fields,
            "occurredAt": state.now().isoformat(),
        }
    )
