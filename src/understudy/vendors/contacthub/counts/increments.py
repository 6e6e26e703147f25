"""What the analytics count: each customer, event or deletion leaves marks, each in a column, under a key, at a time.

Events are counted under ``<type>/<context>``, customers under ``customers``.
"""

from decimal import Decimal
from typing import Any, NamedTuple

from understudy.core.json_types import Json
from understudy.vendors.contacthub.timestamps import EARLIEST

DATED = "date"
"""Events by their own date."""
ADDED, CHANGED, DELETED = "added", "changed", "deleted"
"""By registration, by the last change since, by deletion."""
CHANGES = {"ADDED": ADDED, "UPDATED": CHANGED, "DELETED": DELETED}
"""The same, as the analytics' parameter ``type`` names them."""
SALE, RETURN, EXCHANGE = KINDS = "sale", "return", "sale-return"
"""Orders by their own date, with amounts, each kind in a column; one that does not say is a sale."""
EMAIL_MOBILE, EMAIL_ONLY, MOBILE_ONLY, NOT_REACHABLE = "emailMobile", "emailOnly", "mobileOnly", "notReachable"
CHANNELS = EMAIL_MOBILE, EMAIL_ONLY, MOBILE_ONLY, NOT_REACHABLE
"""Customers by what they can be reached at, at no time of their own."""

EVERYONE = "customers"
ORDER = "completedOrder"


class Increment(NamedTuple):
    """One thing to count. ``total`` and ``revenue`` are an order's amounts in millionths."""

    column: str
    at: str
    key: str
    total: int = 0
    revenue: int = 0


def event_key(row: Json) -> str:
    """Return what an event is counted under."""
    return f"{row['data']['type']}/{row['data']['context']}"


def event_increments(row: Json) -> list[Increment]:
    """Return the marks of an event's row."""
    event, key = row["data"], event_key(row)
    marks = [Increment(DATED, event["date"], key), Increment(ADDED, event["registeredAt"], key)]
    if event["version"]:
        marks.append(Increment(CHANGED, event["updatedAt"], key))
    if event["type"] == ORDER:
        marks.append(order_increment(row))
    return marks


def order_increment(row: Json) -> Increment:
    """Return the mark of a completed order. A return takes its amounts off, whatever sign they are sent with."""
    properties = row["data"]["properties"]
    kind, amount = properties.get("type"), properties.get("amount") or {}
    total, revenue = _millionths(amount.get("total")), _millionths(amount.get("revenue"))
    if kind == RETURN:
        total, revenue = -abs(total), -abs(revenue)
    return Increment(kind if kind in KINDS else SALE, row["data"]["date"], event_key(row), total, revenue)


def customer_increments(customer: Json) -> list[Increment]:
    """Return the marks of a customer."""
    marks = [
        Increment(ADDED, customer["registeredAt"], EVERYONE),
        Increment(_channel(customer["base"]["contacts"] or {}), EARLIEST, EVERYONE),
    ]
    if customer["version"]:
        marks.append(Increment(CHANGED, customer["updatedAt"], EVERYONE))
    return marks


def deletion_row(table: str, record: Json, key: str, at: str) -> Json:
    """Return the row that remembers when a record of a table was deleted; ``key`` is what it was counted under."""
    return {"id": f"{table}/{record['id']}", "of": table, "nodeId": record["nodeId"], "key": key, "at": at}


def deletion_increments(row: Json) -> list[Increment]:
    """Return the mark of a deletion's row."""
    return [Increment(DELETED, row["at"], row["key"])]


def _channel(contacts: Json) -> str:
    if contacts.get("email"):
        return EMAIL_MOBILE if contacts.get("mobilePhone") else EMAIL_ONLY
    return MOBILE_ONLY if contacts.get("mobilePhone") else NOT_REACHABLE


def _millionths(amount: Any) -> int:
    """An amount as a whole number, so that sums are exact however often something is added and taken off."""
    return round(Decimal(str(amount)).scaleb(6)) if amount else 0
