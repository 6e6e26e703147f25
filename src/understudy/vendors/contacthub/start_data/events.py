"""Start data: events of the first customer, and an order of every third other customer."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from understudy.core.cast import Cast, Product
from understudy.core.json_types import Json
from understudy.core.steps import Steps
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.cast_mapping import order_amount, order_line, product_values
from understudy.vendors.contacthub.events.event_store import store_event
from understudy.vendors.contacthub.start_data.fixed_ids import FIRST_EVENT, FIRST_ORDER, Places, example_id
from understudy.vendors.contacthub.timestamps import time_text
from understudy.vendors.contacthub.update_stream import CREATE

FIRST_CUSTOMER_EVENTS = 40
DAYS_BETWEEN = 2
"""Number of events of the first customer, and days between two events."""

CUSTOMERS_PER_ORDER, MAX_ORDERS = 3, 1000
"""Number of customers for each order, and greatest number of orders."""

KEYWORDS = ("espresso", "winter coat", "gift", "size 42")
CAMPAIGN = {"ga": {"utm_source": "newsletter", "utm_medium": "email", "utm_campaign": "winter"}}
CLIENT = {"client": {"userAgent": "Understudy/1.0", "ip": "192.0.2.17"}}
HOME_PAGE = "https://shop.example.com/"


def add_start_events(
    state: VendorState, places: Places, cast: Cast, customers: Sequence[Json], today: datetime
) -> Steps[None]:
    """Add the customers' events; the newest event is of the day before."""
    first, *others = customers
    for position in reversed(range(FIRST_CUSTOMER_EVENTS)):
        at = today - timedelta(days=1 + DAYS_BETWEEN * position, hours=-8)
        _store(state, places, example_id(FIRST_EVENT + position), first, at, _visit(cast.products, position))
        yield
    for position, customer in enumerate(others[: CUSTOMERS_PER_ORDER * MAX_ORDERS : CUSTOMERS_PER_ORDER]):
        at = today - timedelta(days=1 + position, hours=-10)
        products = cast.products_of(customer["locale"]) if customer["locale"] else cast.products
        _store(state, places, example_id(FIRST_ORDER + position), customer, at, _order(products, position, "RETAIL"))
        yield


def _visit(products: Sequence[Product], position: int) -> Json:
    """Return type, context and properties of an event of the first customer; products only if the cast has any."""
    viewed = {"type": "viewedPage", "context": "WEB", "properties": {"title": "Home", "url": HOME_PAGE}}
    searched = {"keyword": KEYWORDS[position % len(KEYWORDS)], "resultCount": position % 7}
    visits = [viewed, {"type": "searched", "context": "WEB", "properties": searched}]
    if products:
        product = products[position % len(products)]
        visits.append({"type": "viewedProduct", "context": "WEB", "properties": product_values(product)})
        visits.append(
            {"type": "addedProduct", "context": "WEB", "properties": product_values(product) | {"quantity": 1}}
        )
        visits.append(_order(products, position, "ECOMMERCE"))
    return visits[position % len(visits)]


def _order(products: Sequence[Product], position: int, context: str) -> Json:
    bought = [products[(position + step) % len(products)] for step in range(1 + position % 3)] if products else []
    total, tax = sum(product.price for product in bought), sum(product.price - product.net_price for product in bought)
    currency = bought[0].currency if bought else "EUR"
    properties = {
        "orderId": f"{context}-{position:04}",
        "type": "sale",
        "paymentMethod": "creditcard",
        "amount": order_amount(total, tax, currency),
        "products": [order_line(product) for product in bought],
        "extended": {"giftWrapped": position % 2 == 0},
    }
    return {"type": "completedOrder", "context": context, "properties": properties}


def _store(state: VendorState, places: Places, event_id: str, customer: Json, at: datetime, details: Json) -> None:
    registered = time_text(at + timedelta(milliseconds=250))
    event = {
        "id": event_id,
        "customerId": customer["id"],
        "bringBackProperties": None,
        **details,
        "contextInfo": CLIENT if details["context"] == "WEB" else {},
        "date": time_text(at),
        "origin": "NATIVE",
        "tracking": CAMPAIGN if details["type"] == "viewedPage" else None,
        "registeredAt": registered,
        "updatedAt": registered,
        "version": 0,
    }
    row = {"id": event_id, "workspaceId": places.workspace, "nodeId": customer["nodeId"], "data": event}
    store_event(state, row, CREATE)
