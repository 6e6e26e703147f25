"""Counts after random writes, changes and deletes, compared with counts by plain loops over the records."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.vendors.contacthub.calls import CLIENT, NODE, OTHER_NODE, WORKSPACE, sent
from tests.vendors.contacthub.steps import finish
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.stored_settings import write_setting
from understudy.vendors.contacthub.operations.customer_analytics import (
    count_customers,
    count_customers_by_channel,
    count_customers_by_creation_date,
    count_customers_by_update_date,
    get_customer_buying_behaviors,
)
from understudy.vendors.contacthub.operations.customers import create_customer, delete_customer, patch_customer
from understudy.vendors.contacthub.operations.event_analytics import (
    count_events_by_type_and_context,
    count_events_by_update_date,
    get_ecommerce_kpis,
    get_purchase_kpis,
    get_web_kpis,
)
from understudy.vendors.contacthub.operations.events import create_event, delete_event, patch_event
from understudy.vendors.contacthub.operations.sessions import create_session
from understudy.vendors.contacthub.start_data.fixed_ids import PRINTED_NODE
from understudy.vendors.contacthub.tables import CUSTOMERS, EVENTS

Json = dict[str, Any]

NOW = datetime(2030, 3, 31, 20, 59, 59, 500_000, tzinfo=UTC)
NODES = (NODE, OTHER_NODE)
TYPES = ("completedOrder", "completedOrder", "viewedPage", "searched", "abandonedCart")
CONTEXTS = ("WEB", "ECOMMERCE", "RETAIL")
STEPS = 250


class Walk:
    """Random operations on a state, with the times of deletions, which no record has."""

    def __init__(self, state: VendorState, seed: int) -> None:
        self.state, self.chance = state, Random(seed)
        self.deleted: list[tuple[str, str, str]] = []
        """Node, what is counted, and when."""

    def step(self) -> None:
        self.state.clock.move(timedelta(milliseconds=self.chance.choice([0, 1, 500, 3_600_000, 40_000_000])))
        weighted = [self.join] * 3 + [self.happen] * 6 + [self.alter] * 2 + [self.edit] * 3 + [self.undo, self.leave]
        self.chance.choice([*weighted, self.tie])()

    def join(self) -> None:
        contacts = self.chance.choice([{}, {"mobilePhone": "+390000000001"}])
        email = f"walker-{self.chance.randrange(60)}@example.com"
        body = sent(email, node=self.chance.choice(NODES), contacts={"email": email, **contacts})
        create_customer(self.state, WORKSPACE, body, CLIENT)

    def alter(self) -> None:
        change = self.chance.choice([{"mobilePhone": None}, {"mobilePhone": "+390000000002"}])
        patch_customer(self.state, WORKSPACE, self.someone()["id"], {"base": {"contacts": change}}, CLIENT)

    def leave(self) -> None:
        customer = self.someone()
        at = self.now()
        for row in self.state.collection(EVENTS).find("data.customerId", customer["id"]):
            self.deleted.append((row["nodeId"], row["data"]["type"], at))
        self.deleted.append((customer["nodeId"], "customers", at))
        finish(delete_customer(self.state, WORKSPACE, customer["id"], CLIENT))

    def happen(self) -> None:
        event_type, properties = self.chance.choice(TYPES), {}
        if event_type == "completedOrder":
            properties = self.order()
        body = {"type": event_type, "context": self.chance.choice(CONTEXTS), "properties": properties}
        body |= self.chance.choice([{}, {"date": self.random_time()}, {"date": self.random_time()}])
        if self.chance.random() < 0.2:
            visit = {"type": "SESSION_ID", "value": f"visit-{self.chance.randrange(9)}", "nodeId": NODE}
            body["bringBackProperties"] = visit
        else:
            body["customerId"] = self.someone()["id"]
        create_event(self.state, WORKSPACE, body, CLIENT)

    def edit(self) -> None:
        row = self.chance.choice(list(self.state.collection(EVENTS)))
        body: Json = self.chance.choice([{"date": self.random_time()}, {"contextInfo": {}}])
        if row["data"]["type"] == "completedOrder":
            body = body | {"properties": self.order()}
        patch_event(self.state, WORKSPACE, row["id"], body, CLIENT)

    def undo(self) -> None:
        row = self.chance.choice(list(self.state.collection(EVENTS)))
        self.deleted.append((row["nodeId"], row["data"]["type"], self.now()))
        delete_event(self.state, WORKSPACE, row["id"], CLIENT)

    def tie(self) -> None:
        customer = self.chance.choice(self.state.collection(CUSTOMERS).find("nodeId", NODE))
        session = {"value": f"visit-{self.chance.randrange(9)}"}
        with suppress(Refused):  # the customer, or another one, has it
            create_session(self.state, WORKSPACE, customer["id"], session, CLIENT)

    def someone(self) -> Json:
        return dict(self.chance.choice(list(self.state.collection(CUSTOMERS))))

    def order(self) -> Json:
        amount = {name: round(self.chance.uniform(-50, 500), 3) for name in ("total", "revenue")}
        kind = self.chance.choice([{}, {"type": "sale"}, {"type": "return"}, {"type": "sale-return"}])
        return kind | self.chance.choice([{}, {"amount": amount}, {"amount": amount}, {"amount": {"total": 1}}])

    def random_time(self) -> str:
        """Return a time in the last fourteen months or the next month, often at the end of an hour or a day."""
        at = self.state.now() + timedelta(seconds=self.chance.randrange(-36_000_000, 2_600_000))
        at = at.replace(
            minute=self.chance.choice([0, 59, at.minute]), hour=self.chance.choice([21, 22, 23, 0, at.hour])
        )
        return text(at)

    def now(self) -> str:
        return text(self.state.now())


class Plain:
    """The same counts, by plain loops over the records."""

    def __init__(self, walk: Walk, nodes: tuple[str, ...], zone: ZoneInfo) -> None:
        self.walk, self.nodes, self.zone = walk, nodes, zone
        self.events = [row["data"] for row in walk.state.collection(EVENTS) if row["nodeId"] in nodes]
        self.customers = [each for each in walk.state.collection(CUSTOMERS) if each["nodeId"] in nodes]

    def day(self, at: str) -> str:
        return datetime.fromisoformat(at).astimezone(self.zone).date().isoformat()

    def by_day(self, times: Iterator[tuple[str, str]], start: str, end: str) -> Json:
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for key, at in times:
            if start <= at <= end:
                found[key][self.day(at)] += 1
        return {key: dict(days) for key, days in found.items()}

    def changes(self, kind: str, records: list[Json], key: Callable[[Json], str]) -> Iterator[tuple[str, str]]:
        if kind == "DELETED":
            is_customer = records is self.customers
            return (
                (what, at)
                for node, what, at in self.walk.deleted
                if node in self.nodes and (what == "customers") == is_customer
            )
        name = {"ADDED": "registeredAt", "UPDATED": "updatedAt"}[kind]
        return ((key(each), each[name]) for each in records if kind == "ADDED" or each["version"])

    def purchases(self, start: str, end: str, contexts: tuple[str, ...]) -> tuple[Decimal, Decimal, int, int]:
        """Return amount spent, revenue, orders and returns."""
        spent, revenue, orders, returns = Decimal(0), Decimal(0), 0, 0
        for event in self.events:
            if (
                event["type"] != "completedOrder"
                or event["context"] not in contexts
                or not start <= event["date"] <= end
            ):
                continue
            kind, amount = event["properties"].get("type", "sale"), event["properties"].get("amount", {})
            parts = [Decimal(str(amount.get(name, 0))) for name in ("total", "revenue")]
            total, earned = (-abs(part) if kind == "return" else part for part in parts)
            spent, revenue = spent + total, revenue + earned
            orders, returns = orders + (kind != "return"), returns + (kind != "sale")
        return spent, revenue, orders, returns


def text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def series(body: Json) -> Json:
    found = {}
    for each in body["data"]:
        key = f"{each['category']}/{each['context']}" if "context" in each else each["category"]
        found[key] = {step["datetime"]: step["value"] for step in each["values"]}
    return {key: steps for key, steps in found.items() if steps}


def figures(body: Json) -> Json:
    return {each["name"]: each["value"] for each in body["data"]}


@pytest.fixture
def walk(state: VendorState, request: pytest.FixtureRequest) -> Walk:
    for node_id in (*NODES, PRINTED_NODE):
        write_setting(state, node_id, "retentionState", {"enabled": False})
    state.clock.set(NOW, rate=0)
    walk = Walk(state, request.param)
    for _ in range(STEPS):
        walk.step()
    return walk


def periods(walk: Walk) -> list[tuple[str, str]]:
    """Return periods that cut cells in every way; one of them has no end."""
    cuts = sorted(walk.random_time() for _ in range(6))
    within = [cuts[2], text(datetime.fromisoformat(cuts[2]) + timedelta(minutes=50))]
    until_end = (text(walk.state.now() - timedelta(days=20)), text(walk.state.now() + timedelta(days=1)))
    return [(cuts[0], cuts[3]), (cuts[1], cuts[5]), (cuts[4], cuts[4]), (within[0], within[1]), until_end]


@pytest.mark.parametrize("walk", [1, 2, 3], indirect=True)
@pytest.mark.parametrize("zone", ["Europe/Rome", "Europe/London"])
@pytest.mark.parametrize("node", [None, *NODES])
def test_every_count_equals_one_by_plain_loops(walk: Walk, zone: str, node: str | None) -> None:
    state = walk.state
    write_setting(state, WORKSPACE, "configuration", {"timezone": zone})
    plain = Plain(walk, (*NODES, PRINTED_NODE) if node is None else (node,), ZoneInfo(zone))
    asked: Json = {"node_id": node, "caller": CLIENT}

    total = finish(count_customers(state, WORKSPACE, **asked)).body["data"]["values"][0]["value"]
    assert total == len(plain.customers)
    channels = finish(count_customers_by_channel(state, WORKSPACE, **asked)).body["data"]["values"]
    assert {each["key"]: int(each["value"]) for each in channels} == by_channel(plain)
    for start, end in periods(walk):
        check_counts(plain, start, end, asked)
        check_figures(plain, start, end, asked)


def by_channel(plain: Plain) -> Json:
    names = {(True, True): "emailMobile", (True, False): "emailOnly", (False, True): "mobileOnly"}
    found = Counter(dict.fromkeys((*names.values(), "notReachable"), 0))
    for customer in plain.customers:
        contacts = customer["base"]["contacts"]
        found[names.get((bool(contacts["email"]), bool(contacts["mobilePhone"])), "notReachable")] += 1
    return dict(found)


def check_counts(plain: Plain, start: str, end: str, asked: Json) -> None:
    state = plain.walk.state
    asked = {"start": start, "end": end, **asked}
    for kind in ("ADDED", "UPDATED", "DELETED"):
        body = finish(count_customers_by_update_date(state, WORKSPACE, type=kind, **asked)).body
        since = body["parameters"]["start"]
        expected = plain.by_day(plain.changes(kind, plain.customers, lambda _: "customers"), since, end)
        assert series(body) == expected

        body = finish(count_events_by_update_date(state, WORKSPACE, type=kind, **asked)).body
        expected = plain.by_day(plain.changes(kind, plain.events, lambda event: str(event["type"])), since, end)
        assert series(body) == expected

    body = finish(count_customers_by_creation_date(state, WORKSPACE, mode="DAILY", **asked)).body
    added = ((("addedCustomers"), each["registeredAt"]) for each in plain.customers)
    assert series(body) == plain.by_day(added, body["parameters"]["start"], end)

    body = finish(count_events_by_type_and_context(state, WORKSPACE, context="ALL", **asked)).body
    dated = ((f"{event['type']}/{event['context']}", event["date"]) for event in plain.events)
    assert series(body) == plain.by_day(dated, body["parameters"]["start"], end)


def check_figures(plain: Plain, start: str, end: str, asked: Json) -> None:
    state = plain.walk.state
    asked = {"start": start, "end": end, **asked}
    for kind, contexts in (("ALL", CONTEXTS), ("RETAIL", ("RETAIL",))):
        _, revenue, orders, returns = plain.purchases(start, end, contexts)
        found = figures(finish(get_purchase_kpis(state, WORKSPACE, type=kind, **asked)).body)
        assert close(found["totalRevenue"], revenue)
        assert (int(found["totalOrders"]), int(found["totalReturns"])) == (orders, returns)

    spent, _, orders, _ = plain.purchases(start, end, ("ECOMMERCE",))
    found = figures(finish(get_ecommerce_kpis(state, WORKSPACE, **asked)).body)
    carts = [each for each in plain.events if each["type"] == "abandonedCart" and start <= each["date"] <= end]
    assert close(found["totalSales"], spent)
    assert (found["averageSales"] is None) == (orders == 0)
    assert int(found["abandonedCarts"]) == sum(each["context"] == "ECOMMERCE" for each in carts)

    views = [each for each in plain.events if each["type"] == "viewedPage" and each["context"] == "WEB"]
    found = {
        each["name"]: each["values"][0]["value"]
        for each in finish(get_web_kpis(state, WORKSPACE, **asked)).body["data"]
    }
    assert found["pageViews"] == sum(start <= each["date"] <= end for each in views)


@pytest.mark.parametrize("walk", [1], indirect=True)
def test_what_each_customer_bought_adds_up_to_the_whole(walk: Walk) -> None:
    state, (start, end) = walk.state, ("2000-01-01T00:00:00.000+0000", "2040-01-01T00:00:00.000+0000")
    asked: Json = {"start": start, "end": end, "caller": CLIENT}
    bought = [
        figures(finish(get_customer_buying_behaviors(state, WORKSPACE, each["id"], **asked)).body)
        for each in state.collection(CUSTOMERS)
    ]
    plain = Plain(walk, (*NODES, PRINTED_NODE), ZoneInfo("Europe/Rome"))
    plain.events = [event for event in plain.events if event["customerId"]]

    spent, _, orders, returns = plain.purchases(start, end, CONTEXTS)

    assert abs(sum(Decimal(each["totalSpending"]) for each in bought) - spent) < Decimal("0.005") * len(bought)
    assert sum(int(each["totalOrders"]) for each in bought) == orders
    assert sum(int(each["totalReturns"]) for each in bought) == returns


def close(found: str, exact: Decimal) -> bool:
    """Return whether a text is an amount rounded to two decimals."""
    return abs(Decimal(found) - exact) <= Decimal("0.005")
