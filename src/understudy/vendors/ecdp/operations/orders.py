"""Handlers of orders."""

from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.steps import Steps, run_to_end
from understudy.state.collection import Collection
from understudy.state.vendor_state import VendorState
from understudy.vendors.ecdp.order_record import (
    ORDERS,
    find_or_add_customer,
    matching_field,
    order_errors,
    stored_order,
)
from understudy.vendors.ecdp.staged_customers import StagedCustomers

ORDERS_PER_STEP = 8
"""Number of orders that are added or replaced in one step."""

RECORDS_AT_ONCE = 32
"""Number of orders and products that are saved in one piece."""

MAX_ERRORS = 100
"""Number of reasons that one refusal lists."""

MAX_TRIES = 5
"""Number of times that a request begins, because others have written meanwhile; the last is in one step."""


def save_orders(state: VendorState, body: Json) -> Reply | Steps[Reply]:
    """Add or replace orders, and add their customers: all of them, or none if one is refused."""
    field = matching_field(state, body.get("matchBy"))
    steps = _save(state, body, field)
    size = sum(1 + len(order["products"]) for order in body["data"])
    return run_to_end(steps) if size <= RECORDS_AT_ONCE else steps


def _save(state: VendorState, body: Json, field: str | None) -> Steps[Reply]:
    stored = state.collection(ORDERS)
    for tries_left in reversed(range(MAX_TRIES)):
        staged, orders, seen = StagedCustomers(state), Collection(stored.table), stored.changes
        steps = _prepare(state, body, field, staged, orders)
        errors = (yield from steps) if tries_left else run_to_end(steps)
        if staged.is_current() and stored.changes == seen:
            break
    if errors:
        raise Refused(400, "No order was saved.", data=errors)
    staged.commit()
    stored.put_all(orders)
    return Reply(status=201)


def _prepare(
    state: VendorState, body: Json, field: str | None, staged: StagedCustomers, orders: Collection
) -> Steps[list[str]]:
    """Stage all orders and their customers; return the reasons to refuse some of them."""
    errors: list[str] = []
    for position, order in enumerate(body["data"]):
        if position % ORDERS_PER_STEP == ORDERS_PER_STEP - 1:
            yield
        found = orders.get(order["id"]) or state.collection(ORDERS).get(order["id"])
        reasons = _mode_errors(body["mode"], order["id"], found) + (yield from order_errors(state, order))
        customer_id, refusals = find_or_add_customer(state, staged, order["customer"], field)
        reasons += refusals
        errors += [f"data.{position}: {each}" for each in reasons[: MAX_ERRORS - len(errors)]]
        if not reasons:
            orders.put((yield from stored_order(order, customer_id)))
    return errors


def _mode_errors(mode: str, order_id: str, found: Json | None) -> list[str]:
    """Return the reason to refuse an order for the mode; raise ``Refused`` if none is there to replace."""
    if mode == "Replace" and (found is None or found["isDeleted"]):
        raise _missing(order_id)
    return ["an order with this id exists already"] if mode == "Add" and found is not None else []


def get_order(state: VendorState, id: str) -> Reply:  # noqa: A002 - the parameter's name at the vendor
    """Return an order, a deleted one too."""
    order = state.collection(ORDERS).get(id)
    if order is None:
        raise _missing(id)
    return Reply({"status": 0, "data": order})


def change_order_status(state: VendorState, body: Json) -> Reply:
    """Change the status of an order."""
    order = _open_order(state, body["orderId"])
    website = body.get("websiteId")
    if website is not None and order["websiteId"] != website:
        raise Refused(404, f"The web site {int(website)} has no order {body['orderId']!r}.")
    state.collection(ORDERS).put({**order, "status": body["orderStatus"]})
    return Reply()


def delete_order(state: VendorState, id: str) -> Reply:  # noqa: A002 - the parameter's name at the vendor
    """Mark an order as deleted; it can still be read."""
    state.collection(ORDERS).put({**_open_order(state, id), "isDeleted": True})
    return Reply()


def _open_order(state: VendorState, order_id: str) -> Json:
    """Return an order that is not deleted."""
    order = state.collection(ORDERS).get(order_id)
    if order is None or order["isDeleted"]:
        raise _missing(order_id)
    return order


def _missing(order_id: str) -> Refused:
    return Refused(404, f"There is no order {order_id!r}.")
