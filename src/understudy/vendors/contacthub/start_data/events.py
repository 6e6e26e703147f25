"""What the customers of a new world did: the first one's visits to the shop, and an order of some others."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from understudy.core.cast import Cast, Product
from understudy.core.json_types import Json
from understudy.core.timestamps import iso_milliseconds
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.events.event_store import store_event
from understudy.vendors.contacthub.start_data.fixed_ids import FIRST_EVENT, FIRST_ORDER, WORKSPACE, example_id
from understudy.vendors.contacthub.start_data.product_values import order_amount, order_line, product_values
from understudy.vendors.contacthub.update_stream import CREATE

OF_THE_FIRST = 40
DAYS_BETWEEN = 2
"""How many events the first customer has, the newest first, and how many days lie between two of them."""

ORDERING, MOST_ORDERS = 3, 1000
"""Every how many customers one has ordered, and how many orders that makes at most."""

KEYWORDS = ("espresso", "winter coat", "gift", "size 42")
CAMPAIGN = {"ga": {"utm_source": "newsletter", "utm_medium": "email", "utm_campaign": "winter"}}
CLIENT = {"client": {"userAgent": "Understudy/1.0", "ip": "192.0.2.17"}}
HOME = "https://shop.example.com/"


def add_start_events(state: VendorState, cast: Cast, customers: Sequence[Json], today: datetime) -> None:
    """Let the customers do what they did before the world begins; the newest event is of yesterday."""
    first, *others = customers
    for position in reversed(range(OF_THE_FIRST)):
        at = today - timedelta(days=1 + DAYS_BETWEEN * position, hours=-8)
        _keep(state, example_id(FIRST_EVENT + position), first, at, _visit(cast.products, position))
    for position, customer in enumerate(others[: ORDERING * MOST_ORDERS : ORDERING]):
        at = today - timedelta(days=1 + position, hours=-10)
        _keep(state, example_id(FIRST_ORDER + position), customer, at, _order(cast.products, position, "RETAIL"))


def _visit(products: Sequence[Product], position: int) -> Json:
    """Return what an event of the first customer is about: pages and searches, and products if there are any."""
    viewed = {"type": "viewedPage", "context": "WEB", "properties": {"title": "Home", "url": HOME}}
    searched = {"keyword": KEYWORDS[position % len(KEYWORDS)], "resultCount": position % 7}
    kinds = [viewed, {"type": "searched", "context": "WEB", "properties": searched}]
    if products:
        product = products[position % len(products)]
        kinds.append({"type": "viewedProduct", "context": "WEB", "properties": product_values(product)})
        kinds.append(
            {"type": "addedProduct", "context": "WEB", "properties": product_values(product) | {"quantity": 1}}
        )
        kinds.append(_order(products, position, "ECOMMERCE"))
    return kinds[position % len(kinds)]


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


def _keep(state: VendorState, event_id: str, customer: Json, at: datetime, about: Json) -> None:
    registered = iso_milliseconds(at + timedelta(milliseconds=250))
    event = {
        "id": event_id,
        "customerId": customer["id"],
        "bringBackProperties": None,
        **about,
        "contextInfo": CLIENT if about["context"] == "WEB" else {},
        "date": iso_milliseconds(at),
        "origin": "NATIVE",
        "tracking": CAMPAIGN if about["type"] == "viewedPage" else None,
        "registeredAt": registered,
        "updatedAt": registered,
        "version": 0,
    }
    row = {"id": event_id, "workspaceId": WORKSPACE, "nodeId": customer["nodeId"], "data": event}
    store_event(state, row, CREATE)
