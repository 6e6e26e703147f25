"""Handlers of a business unit's settings, which the vendor's users make in its web application."""

from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState


def list_customer_attributes(state: VendorState) -> Reply:
    """Return the customer attributes of the business unit."""
    return _listed(state, "attributes")


def list_order_attributes(state: VendorState) -> Reply:
    """Return the attributes of orders of the business unit."""
    return _listed(state, "order_attributes")


def list_product_attributes(state: VendorState) -> Reply:
    """Return the attributes of an order's products of the business unit."""
    return _listed(state, "product_attributes")


def list_customer_consents(state: VendorState) -> Reply:
    """Return the consents of the business unit."""
    return _listed(state, "consents")


def _listed(state: VendorState, collection: str) -> Reply:
    rows = [
        {"id": int(each["id"]), "name": each["name"], "type": each["type"]} for each in state.collection(collection)
    ]
    return Reply({"status": 0, "data": rows})
