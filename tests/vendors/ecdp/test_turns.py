"""Large requests of ECDP run in steps, and are saved whole or not at all, whatever others write meanwhile."""

import gc
import time
from collections.abc import Generator
from typing import Any

import pytest

from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.steps import run_to_end
from understudy.state.vendor_state import VendorState
from understudy.vendors.ecdp.operations.events import trigger_custom_event_for_segments
from understudy.vendors.ecdp.operations.orders import get_order, save_orders

Json = dict[str, Any]
LONGEST_STEP = 0.02


def order(number: int, products: int = 1, **customer: Any) -> Json:
    return {
        "id": f"order-{number}",
        "date": "2026-02-01T12:00:00Z",
        "customer": customer or {"email": f"sam.{number}@example.com"},
        "products": [{"id": f"p-{position}", "price": "1.50"} for position in range(products)],
    }


def begin(state: VendorState, *orders: Json, mode: str = "Add") -> Generator[None, None, Reply]:
    steps = save_orders(state, {"mode": mode, "data": list(orders)})
    assert not isinstance(steps, Reply)
    return steps


def longest_step(steps: Generator[Any, None, Any]) -> tuple[float, int]:
    """Return the processor time of the longest step, and the number of steps."""
    longest, count, found = 0.0, 0, None
    gc.collect()
    gc.disable()  # a server's collector is tuned, and this process has the objects of all tests
    try:
        while found != "over":
            started = time.process_time()
            found = next(steps, "over")
            longest, count = max(longest, time.process_time() - started), count + 1
    finally:
        gc.enable()
    return longest, count


@pytest.mark.parametrize(
    "orders", [[order(number) for number in range(1000)], [order(1, 10_000)]], ids=["orders", "products"]
)
def test_many_orders_and_an_order_of_many_products_are_saved_in_steps(state: VendorState, orders: list[Json]) -> None:
    longest, count = longest_step(begin(state, *orders))

    assert count > 100
    assert longest < LONGEST_STEP
    assert get_order(state, orders[-1]["id"]).body["data"]["products"][-1]["price"] == 1.5


def test_an_order_written_meanwhile_is_seen(state: VendorState) -> None:
    steps = begin(state, *(order(number) for number in range(40)))
    next(steps)
    run_to_end(begin(state, *(order(number) for number in range(30, 70))))

    with pytest.raises(Refused) as refused:
        run_to_end(steps)

    assert refused.value.data[0] == "data.30: an order with this id exists already"
    assert "order-0" not in state.collection("orders")


def test_a_customer_added_meanwhile_is_the_one_of_the_order(state: VendorState) -> None:
    steps = begin(state, *(order(number, email="kim@example.com") for number in range(40)))
    next(steps)
    run_to_end(begin(state, *(order(number, email="kim@example.com") for number in range(50, 90))))
    run_to_end(steps)

    assert len(state.collection("customers").find("email", "kim@example.com")) == 1


def test_one_refusal_lists_a_hundred_reasons(state: VendorState) -> None:
    steps = begin(state, *(order(1) for _ in range(300)))

    with pytest.raises(Refused) as refused:
        run_to_end(steps)

    assert len(refused.value.data) == 100


def test_occurrences_of_a_large_segment_are_stored_in_steps(state: VendorState) -> None:
    state.collection("segments").put({"id": "99", "name": "Many", "customerIds": list(range(1, 3001))})

    longest, count = longest_step(trigger_custom_event_for_segments(state, {"customEventId": 2, "segments": [99, 99]}))

    assert count > 40
    assert longest < LONGEST_STEP
    assert len(state.collection("occurrences")) == 3000
