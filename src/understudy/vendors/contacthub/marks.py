"""What the analytics count: each customer, event or deletion leaves marks, each under a measure, a key and a time."""

from decimal import Decimal
from typing import Any, NamedTuple

from understudy.state.collection import Json
from understudy.vendors.contacthub.retention import FIRST_MOMENT
from understudy.vendors.contacthub.updates import CUSTOMER, EVENT

EVENTS_BY_DATE = "eventsByDate"
"""Under ``<type>/<context>``, by the event's own date."""
ORDERS = "orders"
"""Under ``<context>/<kind>``, by the event's own date; with amounts."""
EVENTS_ADDED, EVENTS_CHANGED, EVENTS_DELETED = "eventsAdded", "eventsChanged", "eventsDeleted"
"""Under the event's type: by registration, by the last change since, by deletion."""
CUSTOMERS_ADDED, CUSTOMERS_CHANGED, CUSTOMERS_DELETED = "customersAdded", "customersChanged", "customersDeleted"
"""Under ``customers``: likewise."""
CHANNELS = "channels"
"""Customers under what they can be reached at, at no time of their own."""

SALE, RETURN, EXCHANGE = "sale", "return", "sale-return"
"""The kinds of orders; one that does not say is a sale."""

EMAIL_MOBILE, EMAIL_ONLY, MOBILE_ONLY, NOT_REACHABLE = "emailMobile", "emailOnly", "mobileOnly", "notReachable"


class Mark(NamedTuple):
    """One thing to count. ``total`` and ``revenue`` are an order's amounts in millionths."""

    measure: str
    at: str
    key: str
    total: int = 0
    revenue: int = 0


def marks_of_event(row: Json) -> list[Mark]:
    """Return the marks of an event's row."""
    event = row["data"]
    event_type, context, date = event["type"], event["context"], event["date"]
    marks = [
        Mark(EVENTS_BY_DATE, date, f"{event_type}/{context}"),
        Mark(EVENTS_ADDED, event["registeredAt"], event_type),
    ]
    if event["version"]:
        marks.append(Mark(EVENTS_CHANGED, event["updatedAt"], event_type))
    if event_type == "completedOrder":
        marks.append(mark_of_order(event))
    return marks


def mark_of_order(event: Json) -> Mark:
    """Return the mark of a completed order. A return takes its amounts off, whatever sign they are sent with."""
    properties = event["properties"]
    kind, amount = properties.get("type") or SALE, properties.get("amount") or {}
    total, revenue = _millionths(amount.get("total")), _millionths(amount.get("revenue"))
    if kind == RETURN:
        total, revenue = -abs(total), -abs(revenue)
    return Mark(ORDERS, event["date"], f"{event['context']}/{kind}", total, revenue)


def marks_of_customer(customer: Json) -> list[Mark]:
    """Return the marks of a customer."""
    marks = [
        Mark(CUSTOMERS_ADDED, customer["registeredAt"], "customers"),
        Mark(CHANNELS, FIRST_MOMENT, _channel(customer["base"]["contacts"] or {})),
    ]
    if customer["version"]:
        marks.append(Mark(CUSTOMERS_CHANGED, customer["updatedAt"], "customers"))
    return marks


def deletion(kind: str, key: str, record: Json, at: str) -> Json:
    """Return the row that remembers when a record was deleted; ``key`` is what it is counted under."""
    return {"id": f"{kind}/{record['id']}", "kind": kind, "nodeId": record["nodeId"], "key": key, "at": at}


def marks_of_deletion(row: Json) -> list[Mark]:
    """Return the mark of a deletion's row."""
    measure = {CUSTOMER: CUSTOMERS_DELETED, EVENT: EVENTS_DELETED}[row["kind"]]
    return [Mark(measure, row["at"], row["key"])]


def _channel(contacts: Json) -> str:
    if contacts.get("email"):
        return EMAIL_MOBILE if contacts.get("mobilePhone") else EMAIL_ONLY
    return MOBILE_ONLY if contacts.get("mobilePhone") else NOT_REACHABLE


def _millionths(amount: Any) -> int:
    """An amount as a whole number, so that sums are exact however often something is added and taken off."""
    return round(Decimal(str(amount)).scaleb(6)) if amount else 0
