"""Custom events: what sends customers through scenarios."""

from collections.abc import Iterable
from typing import Any

from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.ecdp.customer_identifiers import customer_of

Json = dict[str, Any]


def trigger_custom_event(world: VendorState, body: Json) -> Reply:
    """Add one customer to the scenarios that wait for an event."""
    _require_event(world, body)
    customer = customer_of(world, body)
    _keep_occurrence(world, body, int(customer["id"]), ())
    return Reply(status=201)


def trigger_custom_event_for_segments(world: VendorState, body: Json) -> Reply:
    """Add the customers of some segments to the scenarios that wait for an event, each of them once."""
    _require_event(world, body)
    segments = [_segment(world, number) for number in dict.fromkeys(map(int, body["segments"]))]
    segments_by_customer: dict[int, list[int]] = {}
    for segment in segments:
        for customer_id in segment["customerIds"]:
            segments_by_customer.setdefault(customer_id, []).append(int(segment["id"]))
    for customer_id, holders in segments_by_customer.items():
        _keep_occurrence(world, body, customer_id, holders)
    return Reply(status=201)


def _require_event(world: VendorState, body: Json) -> None:
    number = int(body["customEventId"])
    if str(number) not in world.collection("custom_events"):
        raise Refused(404, f"There is no custom event {number}.")


def _segment(world: VendorState, number: int) -> Json:
    segment = world.collection("segments").get(str(number))
    if segment is None:
        raise Refused(404, f"There is no segment {number}.")
    return segment


def _keep_occurrence(world: VendorState, body: Json, customer_id: int, segments: Iterable[int]) -> None:
    fields = [
        {name: value for name, value in field.items() if value is not None} for field in body.get("dataFields") or ()
    ]
    world.collection("occurrences").put(
        {
            "id": world.new_id(),
            "customEventId": int(body["customEventId"]),
            "customerId": customer_id,
            "segments": list(segments),
            "dataFields": fields,
            "occurredAt": world.now().isoformat(),
        }
    )
