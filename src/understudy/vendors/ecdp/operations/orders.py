"""Handlers of orders."""

from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
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


def save_orders(state: VendorState, body: Json) -> Reply:
    """Add or replace orders, and add their customers: all of them, or none if one is refused."""
    field = matching_field(state, body.get("matchBy"))
    staged, orders = StagedCustomers(state), Collection(state.collection(ORDERS).table)
    errors: list[str] = []
    for position, order in enumerate(body["data"]):
        found = orders.get(order["id"]) or state.collection(ORDERS).get(order["id"])
        reasons = _mode_errors(body["mode"], order["id"], found) + order_errors(state, order)
        customer_id, refusals = find_or_add_customer(state, staged, order["customer"], field)
        errors += [f"data.{position}: {each}" for each in (*reasons, *refusals)]
        if not reasons and not refusals:
            orders.put(stored_order(order, customer_id))
    if errors:
        raise Refused(400, "No order was saved.", data=errors)
    staged.commit()
    for order in orders:
        state.collection(ORDERS).put(order)
    return Reply(status=201)


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
