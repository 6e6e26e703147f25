"""Records written directly: the full form of a customer or an order, and the segments of a deleted one."""

from understudy.core.json_types import Json
from understudy.core.steps import Steps, run_to_end
from understudy.state.vendor_state import VendorState
from understudy.vendors.ecdp.customer_record import empty_customer
from understudy.vendors.ecdp.order_record import stored_order


def complete(state: VendorState, collection: str, record: Json) -> Json:
    """Return a customer or an order with all its properties; any other record unchanged."""
    if collection == "orders":
        return {**run_to_end(stored_order({"id": "", "customer": {}, "products": []}, "0")), **record}
    if collection != "customers":
        return record
    number = record["id"]
    if not (number.isascii() and number.isdigit()):
        raise ValueError(f"the id {number!r} is not a number")
    return {**empty_customer(number, str(record.get("guid") or state.new_id())), **record}


def derive(state: VendorState, collection: str, before: Json | None, after: Json | None) -> Steps[None]:
    """Take a deleted customer out of its segments."""
    if collection != "customers" or before is None or after is not None:
        return
    segments, number = state.collection("segments"), int(before["id"])
    for segment in segments:
        if number in segment["customerIds"]:
            segments.put({**segment, "customerIds": [each for each in segment["customerIds"] if each != number]})
        yield
