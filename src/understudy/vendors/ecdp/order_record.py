"""Record of an order in a request: checks, the order that is stored, and the response."""

from understudy.core.json_types import Json
from understudy.core.steps import Steps
from understudy.state.vendor_state import VendorState
from understudy.vendors.ecdp.attribute_values import attribute_errors
from understudy.vendors.ecdp.customer_identifiers import FIELD_BY_MATCH, check_matching, default_matching
from understudy.vendors.ecdp.customer_record import apply_record, empty_customer, record_errors
from understudy.vendors.ecdp.staged_customers import StagedCustomers

ORDERS = "orders"
IDENTIFIERS = ("email", "phone", "crmId")
"""Identifiers of an order's customer, in the order in which they are looked up where none is prescribed."""

PLAIN = ("date", "timeZone", "websiteId", "status", "currency")
AMOUNTS = ("totalValue", "returnsValue")
PRODUCTS_PER_STEP = 64
"""Number of products of one order that are read in one step."""

PRODUCT_TEXTS = ("id", "name", "url", "imageUrl", "category")
CONSENTS = "consentsData"
CUSTOMER_FIELDS = (*IDENTIFIERS, CONSENTS)
"""Members of an order's customer; others are not declared, and ignored."""


def matching_field(state: VendorState, match_by: str | None) -> str | None:
    """Return the field by which customers are found: that of ``matchBy``, else the business unit's, if it has one."""
    if match_by is not None:
        check_matching(state, match_by)
    found = match_by or default_matching(state)
    return None if found is None else FIELD_BY_MATCH[found.lower()]


def order_errors(state: VendorState, order: Json) -> Steps[list[str]]:
    """Return the reasons to refuse an order for its attributes."""
    orders, products = state.collection("order_attributes"), state.collection("product_attributes")
    reasons = attribute_errors(orders, "order", order.get("orderAttributes"))
    for position, product in enumerate(order["products"]):
        if position % PRODUCTS_PER_STEP == PRODUCTS_PER_STEP - 1:
            yield
        found = attribute_errors(products, "product", product.get("productAttributes"))
        reasons += [f"products.{position}: {each}" for each in found]
    return reasons


def find_or_add_customer(
    state: VendorState, staged: StagedCustomers, given: Json, field: str | None
) -> tuple[str, list[str]]:
    """Find an order's customer, or add it; return its number and the reasons to refuse it.

    Consents that the order has are the customer's from now on; nothing else of a customer who exists is changed.
    """
    field = field or next(name for name in IDENTIFIERS if given.get(name))
    if not given.get(field):
        return "", [f"customer: {field} is required, as customers are found by it"]
    found = staged.find(field, given[field])
    record = {name: given.get(name) for name in CUSTOMER_FIELDS if found is None or name == CONSENTS}
    reasons = record_errors(state, staged, record, found)
    if reasons:
        return "", [f"customer: {each}" for each in reasons]
    customer = apply_record(record, found or empty_customer(staged.next_id(), state.new_id()))
    staged.put(customer)
    return str(customer["id"]), []


def stored_order(order: Json, customer_id: str) -> Steps[Json]:
    """Return an order as it is stored: with all properties, amounts as numbers, and its customer's number."""
    given, products = order["customer"], []
    for position, product in enumerate(order["products"]):
        if position % PRODUCTS_PER_STEP == PRODUCTS_PER_STEP - 1:
            yield
        products.append(_stored_product(product))
    return {
        "id": order["id"],
        **{name: order.get(name) for name in PLAIN},
        **{name: _number(order.get(name)) for name in AMOUNTS},
        "customer": {"id": int(customer_id), **{name: given.get(name) or None for name in IDENTIFIERS}},
        "products": products,
        "orderAttributes": _stored_attributes(order.get("orderAttributes")),
        "isDeleted": False,
    }


def _stored_product(product: Json) -> Json:
    return {
        **{name: product.get(name) for name in PRODUCT_TEXTS},
        "price": _number(product.get("price")),
        "quantity": _integer(product.get("quantity")),
        "returned": _integer(product.get("returned")),
        "productAttributes": _stored_attributes(product.get("productAttributes")),
    }


def _stored_attributes(given: list[Json] | None) -> list[Json]:
    values = {each["name"]: each.get("value") for each in given or ()}
    return [{"name": name, "value": value} for name, value in values.items() if value is not None]


def _number(value: str | float | None) -> float | None:
    """Return an amount as a number: shop plug-ins send texts."""
    return float(value) if isinstance(value, str) else value


def _integer(value: float | None) -> int | None:
    return None if value is None else int(value)
