"""Indicators of ten thousand customers and their events, over real HTTP, compared with plain loops over the input."""

import csv
import io
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from operator import attrgetter
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

Json = dict[str, Any]

CUSTOMERS, ORDERS, VISITS, CARTS, SEARCHES = 10_000, 1_200, 1_600, 300, 400
CHANGED, LEAVING, RETITLED, UNDONE = 500, 300, 200, 100
FIRST_DAY = datetime(2027, 2, 10, 22, 30, tzinfo=UTC)
"""Time of the first file, so late in UTC that the later files come on the next day in Rome."""
ZONE = ZoneInfo("Europe/Rome")
SINCE = datetime(2027, 3, 9, 9, 17, 3, 250_000, tzinfo=UTC)
"""Start of the requested ranges, within an hour."""


@dataclass(slots=True)
class Customer:
    """Line of the register, with the customer made of it."""

    number: int
    email: str
    mobile: str
    id: str = ""
    added: datetime = FIRST_DAY
    changed: datetime | None = None
    deleted: datetime | None = None


@dataclass(slots=True)
class Event:
    """Line of the files of events, with the event made of it."""

    type: str
    context: str
    customer: Customer
    date: datetime
    kind: str = ""
    total: Decimal = Decimal(0)
    revenue: Decimal = Decimal(0)
    id: str = ""
    added: datetime = FIRST_DAY
    changed: datetime | None = None
    deleted: datetime | None = None


Record = Customer | Event


def text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


@dataclass(slots=True)
class Hub:
    """New node of a workspace, with all records that were sent to it."""

    stand_in: Any
    client: httpx.Client
    node: str = ""
    customers: list[Customer] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        found: datetime = self.stand_in.clock.now()
        return found

    def send(self, method: str, path: str, status: int = 200, **more: Any) -> Any:
        answer = self.client.request(method, path, **more)
        assert answer.status_code == status, answer.text
        return answer.json()

    def ask(self, path: str, **asked: Any) -> Any:
        return self.send("GET", path, params=asked)

    def load(self, records: Sequence[Record], columns: dict[str, Callable[[Any], Any]], **form: str) -> None:
        """Load a file of records by a job, a column for each property, and set the records' ids."""
        file = io.StringIO()
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([cell(record) for cell in columns.values()] for record in records)
        path = f"/nodes/{self.node}/bulk-jobs"
        job = self.send("POST", path, 201, data={"operation": "UPSERT", **form}, files={"file": file.getvalue()})
        deadline = time.monotonic() + 60
        while job["status"] != "PROCESSED" and time.monotonic() < deadline:
            job = self.ask(f"{path}/{job['id']}")
        assert (job["status"], job["failedEntities"], job["processedEntities"]) == ("PROCESSED", 0, len(records))
        results = csv.DictReader(io.StringIO(self.client.get(f"{path}/{job['id']}/results").text))
        for record, line in zip(records, results, strict=True):
            record.id = line["id"]

    def load_customers(self, customers: Sequence[Customer], **form: str) -> None:
        columns = {"externalId": lambda each: f"register-{each.number}", **CUSTOMER_COLUMNS}
        self.load(customers, columns, entity="CUSTOMER", **form)

    def load_events(self, event_type: str, events: Sequence[Event], columns: Any, **form: str) -> None:
        self.load(events, columns, entity="EVENT", eventType=event_type, **form)

    def there(self, records: Iterable[Any]) -> list[Any]:
        return [record for record in records if record.deleted is None]


CUSTOMER_COLUMNS: dict[str, Callable[[Any], Any]] = {
    "base.contacts.email": attrgetter("email"),
    "base.contacts.mobilePhone": attrgetter("mobile"),
}
EVENT_COLUMNS: dict[str, Callable[[Any], Any]] = {
    "customerId": attrgetter("customer.id"),
    "context": attrgetter("context"),
    "date": lambda event: text(event.date),
}
ORDER_COLUMNS: dict[str, Callable[[Any], Any]] = {
    "properties.type": attrgetter("kind"),
    "properties.amount.total": attrgetter("total"),
    "properties.amount.revenue": attrgetter("revenue"),
}


@pytest.fixture
def hub(stand_in: Any) -> Iterator[Hub]:
    known = stand_in.credentials("contacthub")
    stand_in.clock.set(FIRST_DAY, rate=0)
    headers = {"Authorization": f"Bearer {known['token']}"}
    url = f"{stand_in.url('contacthub')}/workspaces/{known['workspace']}"
    with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
        found = Hub(stand_in, client)
        node = {"name": "Register", "uniqueCustomer": {"caseSensitive": False, "properties": ["externalId"]}}
        found.node = found.send("POST", "/configuration/nodes/entries", 201, json=node)["id"]
        yield found


def move_in(hub: Hub, chance: Random) -> None:
    """Load the register in four files, twelve days apart; then change some customers and delete some."""
    for number in range(CUSTOMERS):
        email = f"register-{number}@example.com" if chance.random() < 0.8 else ""
        hub.customers.append(Customer(number, email, f"+39{number:09}" if chance.random() < 0.5 else ""))
    quarter = CUSTOMERS // 4
    for first in range(0, CUSTOMERS, quarter):
        part = hub.customers[first : first + quarter]
        hub.load_customers(part)
        for customer in part:
            customer.added = hub.now
        hub.stand_in.clock.move(timedelta(days=12, minutes=17))
    some = chance.sample(hub.customers, CHANGED + LEAVING)
    changing, leaving = some[:CHANGED], some[CHANGED:]
    for customer in changing:
        customer.mobile, customer.changed = f"+41{customer.number:09}", hub.now
    hub.load_customers(changing)
    hub.stand_in.clock.move(timedelta(days=1))
    for customer in leaving:
        customer.deleted = hub.now
    hub.load_customers(leaving, operation="DELETE")


def live(hub: Hub, chance: Random) -> None:
    """Load the events of the remaining customers, a file by type; then change some events and delete some."""
    hub.stand_in.clock.move(timedelta(hours=1))
    staying = hub.there(hub.customers)
    kinds = [
        ("completedOrder", ORDERS, ("ECOMMERCE", "RETAIL", "WEB")),
        ("viewedPage", VISITS, ("WEB", "MOBILE")),
        ("abandonedCart", CARTS, ("ECOMMERCE", "MOBILE")),
        ("searched", SEARCHES, ("WEB",)),
    ]
    for event_type, count, contexts in kinds:
        made = [
            Event(
                event_type,
                chance.choice(contexts),
                chance.choice(staying[:1000]),
                random_time(hub, chance),
                added=hub.now,
            )
            for _ in range(count)
        ]
        columns = EVENT_COLUMNS | (ORDER_COLUMNS if event_type == "completedOrder" else {})
        for event in made if event_type == "completedOrder" else ():
            event.kind = chance.choice(["sale", "sale", "sale", "return", "sale-return"])
            event.total = Decimal(chance.randrange(1, 90_000)) / 100
            event.revenue = (event.total / 2).quantize(Decimal("0.01"))
        hub.load_events(event_type, made, columns)
        hub.events += made
    hub.stand_in.clock.move(timedelta(days=1))
    for event_type, operation, count in (("viewedPage", "UPSERT", RETITLED), ("searched", "DELETE", UNDONE)):
        some = chance.sample([event for event in hub.events if event.type == event_type], count)
        columns = {"id": attrgetter("id"), **({"properties.title": lambda _: "Home"} if operation == "UPSERT" else {})}
        hub.load_events(event_type, some, columns, operation=operation)
        for event in some:
            setattr(event, "changed" if operation == "UPSERT" else "deleted", hub.now)


def random_time(hub: Hub, chance: Random) -> datetime:
    """Return a random time in the last 40 days, to the millisecond."""
    return hub.now - timedelta(milliseconds=chance.randrange(1, 40 * 86_400_000))


# By other means


def steps(times: Iterable[datetime | None], mode: str = "DAILY", since: datetime = SINCE) -> Counter[str]:
    """Count times by the first day of their step, in the workspace's time zone."""
    found: Counter[str] = Counter()
    for at in times:
        if at is not None and at >= since:
            day = at.astimezone(ZONE).date()
            back = {"DAILY": 0, "WEEKLY": day.weekday(), "MONTHLY": day.day - 1}[mode]
            found[(day - timedelta(days=back)).isoformat()] += 1
    return found


def series(counts: Counter[str]) -> list[Json]:
    return [{"datetime": day, "value": count} for day, count in sorted(counts.items())]


def money(amount: Decimal, count: int = 1) -> str | None:
    return str((amount / count).quantize(Decimal("0.01"), ROUND_HALF_UP)) if count else None


@dataclass(slots=True)
class Bought:
    """Sums of orders; a return is subtracted, an exchange is an order and a return."""

    orders: int = 0
    returns: int = 0
    total: Decimal = Decimal(0)
    revenue: Decimal = Decimal(0)
    ordered: Decimal = Decimal(0)
    earned: Decimal = Decimal(0)

    @classmethod
    def of(cls, events: Iterable[Event]) -> "Bought":
        found = cls()
        for event in events:
            sign = -1 if event.kind == "return" else 1
            found.orders += event.kind != "return"
            found.returns += event.kind != "sale"
            found.total += sign * event.total
            found.revenue += sign * event.revenue
            if sign > 0:
                found.ordered += event.total
                found.earned += event.revenue
        return found


def figures(data: list[Json]) -> dict[str, tuple[Any, Any]]:
    return {figure["name"]: (figure["value"], figure["total"]) for figure in data}


def by_type(data: list[Json]) -> dict[str, list[Json]]:
    return {each["category"]: each["values"] for each in data}


def check_customers(hub: Hub, before: Json) -> None:
    """Compare the counts of customers."""
    there, node = hub.there(hub.customers), {"nodeId": hub.node}
    stats = {each["id"]: each for each in hub.ask("/stats/nodes")["elements"]}
    assert stats[hub.node]["customers"] == len(there) == CUSTOMERS - LEAVING
    assert hub.ask("/stats/info")["customers"] == before["customers"] + len(there)
    assert hub.ask("/stats/customers/count", **node)["data"]["values"] == [{"key": "total", "value": len(there)}]

    channels: Counter[str] = Counter()
    for each in there:
        names = {(True, True): "emailMobile", (True, False): "emailOnly", (False, True): "mobileOnly"}
        channels[names.get((bool(each.email), bool(each.mobile)), "notReachable")] += 1
    found = hub.ask("/stats/customers/communication-channels", **node)["data"]["values"]
    assert {each["key"]: int(each["value"]) for each in found} == channels

    for mode in ("DAILY", "WEEKLY", "MONTHLY"):
        since = FIRST_DAY + timedelta(milliseconds=1)  # the first file is just out of the range
        asked = {"mode": mode, "start": text(since), **node}
        [data] = hub.ask("/stats/customers/creation-date", **asked)["data"]
        assert data["values"] == series(steps((each.added for each in there), mode, since))
    everyone: dict[str, list[Any]] = {"ADDED": there, "UPDATED": there, "DELETED": hub.customers}
    for kind, name in (("ADDED", "added"), ("UPDATED", "changed"), ("DELETED", "deleted")):
        asked = {"type": kind, "start": text(SINCE), **node}
        [data] = hub.ask("/stats/customers/update-date", **asked)["data"]
        assert data["values"] == series(steps(getattr(each, name) for each in everyone[kind]))


def check_events(hub: Hub) -> None:
    """Compare the counts of events."""
    there, asked = hub.there(hub.events), {"nodeId": hub.node, "start": text(SINCE)}
    everything: dict[str, list[Any]] = {"ADDED": there, "UPDATED": there, "DELETED": hub.events}
    for kind, name in (("ADDED", "added"), ("UPDATED", "changed"), ("DELETED", "deleted")):
        counted: dict[str, list[Json]] = {}
        for event_type in {event.type for event in hub.events}:
            found = steps(getattr(event, name) for event in everything[kind] if event.type == event_type)
            counted |= {event_type: series(found)} if found else {}
        assert by_type(hub.ask("/stats/events/update-date", type=kind, **asked)["data"]) == counted

    for context in ("ALL", "WEB"):
        dated = {}
        for place in {(event.type, event.context) for event in there if context in ("ALL", event.context)}:
            dated[place] = series(steps(event.date for event in there if (event.type, event.context) == place))
        data = hub.ask("/stats/events/type-context", context=context, **asked)["data"]
        assert {(each["category"], each["context"]): each["values"] for each in data} == dated

    seen: Counter[str] = Counter()
    for event in there:
        if event.context == "WEB" and event.date >= SINCE:
            seen[event.type] += 1
    web = {each["name"]: each["values"][0]["value"] for each in hub.ask("/stats/events/kpi/web", **asked)["data"]}
    assert (web["pageViews"], web["searches"]) == (seen["viewedPage"], seen["searched"])
    assert sum(web.values()) == seen["viewedPage"] + seen["searched"]


def check_purchases(hub: Hub) -> None:
    """Compare the KPIs of purchases and of e-commerce."""
    asked = {"nodeId": hub.node, "start": text(SINCE)}
    recent = [event for event in hub.there(hub.events) if event.date >= SINCE]
    orders = [event for event in recent if event.type == "completedOrder"]
    of = {where: Bought.of(each for each in orders if each.context == where) for where in ("ECOMMERCE", "RETAIL")}
    of["ALL"] = everywhere = Bought.of(orders)
    for where, bought in of.items():
        pair = (bought, everywhere)
        assert figures(hub.ask("/stats/events/kpi/purchases", type=where, **asked)["data"]) == {
            "totalRevenue": tuple(money(each.revenue) for each in pair),
            "averageRevenue": tuple(money(each.revenue, each.orders) for each in pair),
            "totalOrders": tuple(str(each.orders) for each in pair),
            "totalReturns": tuple(str(each.returns) for each in pair),
        }
    pair = (of["ECOMMERCE"], everywhere)
    carts = [event for event in recent if event.type == "abandonedCart"]
    left = [event for event in carts if event.context == "ECOMMERCE"]
    assert figures(hub.ask("/stats/events/kpi/ecommerce", **asked)["data"]) == {
        "totalSales": tuple(money(each.total) for each in pair),
        "averageSales": tuple(money(each.total, each.orders) for each in pair),
        "totalOrders": tuple(str(each.orders) for each in pair),
        "totalReturns": tuple(str(each.returns) for each in pair),
        "abandonedCarts": (str(len(left)), str(len(carts))),
    }


def check_one_customer(hub: Hub) -> None:
    """Compare the counts and purchases of the customer with the most events."""
    there = hub.there(hub.events)
    [(busiest, _)] = Counter(event.customer.id for event in there).most_common(1)
    own = [event for event in there if event.customer.id == busiest and event.date >= SINCE]
    named = {"completedOrder": "orders", "viewedPage": "browsing", "searched": "browsing", "abandonedCart": "shopping"}
    for mode in ("DAILY", "WEEKLY", "MONTHLY"):
        counted = {}
        for category in {named[event.type] for event in own}:
            found = steps((event.date for event in own if named[event.type] == category), mode)
            counted[category] = [{**step, "value": str(step["value"])} for step in series(found)]
        path = f"/customers/{busiest}/stats/event-category-distribution"
        assert by_type(hub.ask(path, mode=mode, start=text(SINCE))["data"]) == counted

    bought = Bought.of(event for event in own if event.type == "completedOrder")
    data = hub.ask(f"/customers/{busiest}/stats/buying-behaviors", start=text(SINCE))["data"]
    back, unearned = bought.total - bought.ordered, bought.revenue - bought.earned
    assert {each["name"]: (each["value"], each["total"], each["revenue"]) for each in data} == {
        "totalSpending": (money(bought.total), money(bought.total), money(bought.revenue)),
        "averageSpending": (money(bought.ordered, bought.orders), money(bought.ordered), money(bought.earned)),
        "totalOrders": (str(bought.orders), money(bought.ordered), money(bought.earned)),
        "totalReturns": (str(bought.returns), money(back), money(unearned)),
    }


def test_every_indicator_of_ten_thousand_customers_is_what_plain_loops_count(hub: Hub) -> None:
    chance, before = Random(27), hub.ask("/stats/info")
    move_in(hub, chance)
    live(hub, chance)

    check_customers(hub, before)
    check_events(hub)
    check_purchases(hub)
    check_one_customer(hub)
