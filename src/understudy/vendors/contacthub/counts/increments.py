"""Increments of counts: the keys and columns that a customer, an event or a deletion adds to, at a time.

The key of an event is ``<type>/<context>``, the key of a customer ``customers``.
"""

from decimal import Decimal
from typing import Any, NamedTuple

from understudy.core.json_types import Json
from understudy.vendors.contacthub.timestamps import EARLIEST

DATED = "date"
"""Column of events by their date."""
ADDED, CHANGED, DELETED = "added", "changed", "deleted"
"""Columns of customers and events by time of registration, of the last change after it, and of deletion."""
COLUMN_BY_CHANGE = {"ADDED": ADDED, "UPDATED": CHANGED, "DELETED": DELETED}
"""Column by value of the analytics' parameter ``type``."""
SALE, RETURN, EXCHANGE = ORDER_KINDS = "sale", "return", "sale-return"
"""Columns of orders by their date, with amounts; an order without a kind is a sale."""
EMAIL_MOBILE, EMAIL_ONLY, MOBILE_ONLY, NOT_REACHABLE = "emailMobile", "emailOnly", "mobileOnly", "notReachable"
CHANNELS = EMAIL_MOBILE, EMAIL_ONLY, MOBILE_ONLY, NOT_REACHABLE
"""Columns of customers by channel, counted without a time."""

CUSTOMERS_KEY = "customers"
COMPLETED_ORDER = "completedOrder"


class Increment(NamedTuple):
    """Increment of one count. ``total`` and ``revenue`` are an order's amounts in millionths."""

    column: str
    at: str
    key: str
    total: int = 0
    revenue: int = 0


def event_key(row: Json) -> str:
    """Return the key under which an event is counted."""
    return f"{row['data']['type']}/{row['data']['context']}"


def event_increments(row: Json) -> list[Increment]:
    """Return the increments of an event's row."""
    event, key = row["data"], event_key(row)
    increments = [Increment(DATED, event["date"], key), Increment(ADDED, event["registeredAt"], key)]
    if event["version"]:
        increments.append(Increment(CHANGED, event["updatedAt"], key))
    if event["type"] == COMPLETED_ORDER:
        increments.append(order_increment(row))
    return increments


def order_increment(row: Json) -> Increment:
    """Return the increment of a completed order. A return has negative amounts, with either sign in the event."""
    properties = row["data"]["properties"]
    kind, amount = properties.get("type"), properties.get("amount") or {}
    total, revenue = _millionths(amount.get("total")), _millionths(amount.get("revenue"))
    if kind == RETURN:
        total, revenue = -abs(total), -abs(revenue)
    return Increment(kind if kind in ORDER_KINDS else SALE, row["data"]["date"], event_key(row), total, revenue)


def customer_increments(customer: Json) -> list[Increment]:
    """Return the increments of a customer."""
    increments = [
        Increment(ADDED, customer["registeredAt"], CUSTOMERS_KEY),
        Increment(_channel(customer["base"]["contacts"] or {}), EARLIEST, CUSTOMERS_KEY),
    ]
    if customer["version"]:
        increments.append(Increment(CHANGED, customer["updatedAt"], CUSTOMERS_KEY))
    return increments


def deletion_row(table: str, record: Json, key: str, at: str) -> Json:
    """Return a row with the time of deletion of a record; ``key`` is the key under which it was counted."""
    return {"id": f"{table}/{record['id']}", "of": table, "nodeId": record["nodeId"], "key": key, "at": at}


def deletion_increments(row: Json) -> list[Increment]:
    """Return the increment of a deletion's row."""
    return [Increment(DELETED, row["at"], row["key"])]


def _channel(contacts: Json) -> str:
    if contacts.get("email"):
        return EMAIL_MOBILE if contacts.get("mobilePhone") else EMAIL_ONLY
    return MOBILE_ONLY if contacts.get("mobilePhone") else NOT_REACHABLE


def _millionths(amount: Any) -> int:
    """Return an amount as a whole number, so that sums stay exact."""
    return round(Decimal(str(amount)).scaleb(6)) if amount else 0
