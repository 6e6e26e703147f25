"""Counts of customers and events, and the KPIs made of them."""

from collections.abc import Callable, Generator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.vendors.contacthub.calls import CLIENT, NO_ONE, NODE, OTHER_NODE, STRANGER, WORKSPACE, create, patch, sent
from tests.vendors.contacthub.steps import finish
from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.analytics.event_categories import CATEGORY_OF
from understudy.vendors.contacthub.configuration.stored_settings import write_setting
from understudy.vendors.contacthub.operations.customer_analytics import (
    count_customer_events_by_category,
    count_customers,
    count_customers_by_channel,
    count_customers_by_creation_date,
    count_customers_by_update_date,
    get_customer_buying_behaviors,
    get_workspace_stats,
    list_node_stats,
)
from understudy.vendors.contacthub.operations.customers import delete_customer
from understudy.vendors.contacthub.operations.event_analytics import (
    count_events_by_type_and_context,
    count_events_by_update_date,
    get_ecommerce_kpis,
    get_purchase_kpis,
    get_web_kpis,
)
from understudy.vendors.contacthub.operations.events import create_event, delete_event, patch_event
from understudy.vendors.contacthub.operations.sessions import create_session
from understudy.vendors.contacthub.schemas.event_models import event_types
from understudy.vendors.contacthub.tables import NODES

Json = dict[str, Any]
Operation = Callable[..., Generator[None, None, Reply]]

OWN_NODE = f"{NODE[:-4]}0199"
AGGREGATE = f"{NODE[:-4]}0201"
NOW = datetime(2030, 1, 31, 12, tzinfo=UTC)
DEFAULTS: dict[Operation, Json] = {
    count_customer_events_by_category: {"mode": "DAILY"},
    get_customer_buying_behaviors: {},
    count_customers: {"node_id": OWN_NODE},
    count_customers_by_channel: {"node_id": OWN_NODE},
    count_customers_by_creation_date: {"mode": "MONTHLY", "node_id": OWN_NODE},
    count_customers_by_update_date: {"type": "ADDED", "node_id": OWN_NODE},
    count_events_by_update_date: {"type": "ADDED", "node_id": OWN_NODE},
    count_events_by_type_and_context: {"context": "ALL", "node_id": OWN_NODE},
    get_purchase_kpis: {"type": "ALL", "node_id": OWN_NODE},
    get_ecommerce_kpis: {"node_id": OWN_NODE},
    get_web_kpis: {"node_id": OWN_NODE},
}
RANGED = [each for each in DEFAULTS if each not in (count_customers, count_customers_by_channel)]
OF_A_CUSTOMER = (count_customer_events_by_category, get_customer_buying_behaviors)
OF_A_NODE = [each for each in DEFAULTS if each not in OF_A_CUSTOMER]


@pytest.fixture(autouse=True)
def _quiet(state: VendorState) -> None:
    """A node without customers, long after the start data; retention deletes nothing."""
    nodes = state.collection(NODES)
    like = nodes.get(NODE)
    assert like is not None
    nodes.put({**like, "id": OWN_NODE, "data": {**like["data"], "id": OWN_NODE}})
    for node_id in (NODE, OTHER_NODE, OWN_NODE):
        write_setting(state, node_id, "retentionState", {"enabled": False})
    state.clock.set(NOW, rate=0)


def ask(state: VendorState, operation: Operation, caller: Caller = CLIENT, **given: Any) -> Json:
    """Return the body of an operation's reply, by default in the test's own node."""
    parameters = {"start": None, "end": None} if operation in RANGED else {}
    body: Json = finish(operation(state, WORKSPACE, **parameters | DEFAULTS[operation] | given, caller=caller)).body
    return body


def newcomer(state: VendorState, email: str = "new@example.com", **base: Any) -> str:
    customer: str = create(state, sent(email, node=OWN_NODE, **base))["id"]
    return customer


def happen(state: VendorState, customer: str, date: str | None = None, **event: Any) -> str:
    body = {"customerId": customer, "type": "viewedPage", "context": "WEB", "properties": {}} | event
    body |= {} if date is None else {"date": date}
    event_id: str = create_event(state, WORKSPACE, body, CLIENT).body["id"]
    return event_id


def order(
    state: VendorState, customer: str, total: float, kind: str | None = "sale", context: str = "ECOMMERCE"
) -> str:
    properties: Json = {"amount": {"total": total, "revenue": total - 10}} | ({} if kind is None else {"type": kind})
    return happen(state, customer, type="completedOrder", context=context, properties=properties)


def values(body: Json) -> Json:
    """Return the steps of the only series of a reply."""
    (series,) = body["data"]
    return {step["datetime"]: step["value"] for step in series["values"]}


def figures(body: Json) -> Json:
    return {each["name"]: (each["value"], each["total"]) for each in body["data"]}


# A customer's events


def test_a_customers_events_are_counted_by_category(state: VendorState) -> None:
    customer = newcomer(state)
    happen(state, customer)
    happen(state, customer, type="searched")
    happen(state, customer, type="loggedIn")

    body = ask(state, count_customer_events_by_category, customer_id=customer)

    assert body["data"] == [
        {"category": "account", "type": "timeseries", "values": [{"datetime": "2030-01-31", "value": "1"}]},
        {"category": "browsing", "type": "timeseries", "values": [{"datetime": "2030-01-31", "value": "2"}]},
    ]


def test_every_type_of_event_has_a_category() -> None:
    assert CATEGORY_OF.keys() == set(event_types())


def test_events_of_others_are_not_counted_with_a_customers(state: VendorState) -> None:
    happen(state, newcomer(state, "other@example.com"))

    assert ask(state, count_customer_events_by_category, customer_id=newcomer(state))["data"] == []


def test_the_range_of_categories_is_the_last_year_by_default(state: VendorState) -> None:
    body = ask(state, count_customer_events_by_category, customer_id=newcomer(state))

    assert body["parameters"]["start"] == "2029-01-31T12:00:00.000+0000"
    assert body["parameters"]["end"] == "2030-01-31T12:00:00.000+0000"


def test_the_parameters_of_categories_are_repeated(state: VendorState) -> None:
    asked: Json = {"start": "2030-01-01T01:00:00+01:00", "end": "2030-01-02T00:00:00Z", "mode": "WEEKLY"}

    body = ask(state, count_customer_events_by_category, customer_id=newcomer(state), **asked)

    assert body["parameters"] == {
        "start": "2030-01-01T00:00:00.000+0000",
        "end": "2030-01-02T00:00:00.000+0000",
        "mode": "WEEKLY",
    }


@pytest.mark.parametrize(("mode", "start"), [("DAILY", "2029"), ("WEEKLY", "2025"), ("MONTHLY", "2020")])
@pytest.mark.parametrize("operation", [count_customer_events_by_category, count_customers_by_creation_date])
def test_a_range_too_long_for_its_mode_begins_later(
    state: VendorState, operation: Operation, mode: str, start: str
) -> None:
    whom: Json = {"customer_id": newcomer(state)} if operation in OF_A_CUSTOMER else {}

    body = ask(state, operation, start="2001-01-01T00:00:00Z", mode=mode, **whom)

    assert body["parameters"]["start"] == f"{start}-01-31T12:00:00.000+0000"


@pytest.mark.parametrize("operation", OF_A_CUSTOMER)
def test_an_unknown_customer_has_no_counts(state: VendorState, operation: Operation) -> None:
    with pytest.raises(Refused, match=f"customer not found {NO_ONE}") as caught:
        ask(state, operation, customer_id=NO_ONE)

    assert caught.value.status == 404


# What a customer bought


def test_buying_is_spending_orders_returns_and_an_average(state: VendorState) -> None:
    customer = newcomer(state)
    order(state, customer, 100)
    order(state, customer, 50.5)
    order(state, customer, 20, "return")

    body = ask(state, get_customer_buying_behaviors, customer_id=customer)

    assert [(each["name"], each["value"], each["total"], each["revenue"]) for each in body["data"]] == [
        ("totalSpending", "130.50", "130.50", "120.50"),
        ("averageSpending", "75.25", "150.50", "130.50"),
        ("totalOrders", "2", "150.50", "130.50"),
        ("totalReturns", "1", "-20.00", "-10.00"),
    ]


def test_the_range_of_buying_is_the_last_year_by_default(state: VendorState) -> None:
    body = ask(state, get_customer_buying_behaviors, customer_id=newcomer(state))

    assert body["parameters"] == {"start": "2029-01-31T12:00:00.000+0000", "end": "2030-01-31T12:00:00.000+0000"}


def test_an_order_without_a_type_is_a_sale(state: VendorState) -> None:
    customer = newcomer(state)
    order(state, customer, 100, None)

    body = ask(state, get_customer_buying_behaviors, customer_id=customer)

    assert figures(body)["totalOrders"] == ("1", "100.00")


def test_an_exchange_is_an_order_and_a_return(state: VendorState) -> None:
    customer = newcomer(state)
    order(state, customer, -30, "sale-return")

    found = figures(ask(state, get_customer_buying_behaviors, customer_id=customer))

    assert (found["totalSpending"], found["totalOrders"], found["totalReturns"]) == (
        ("-30.00", "-30.00"),
        ("1", "-30.00"),
        ("1", "0.00"),
    )


def test_nothing_bought_has_no_average(state: VendorState) -> None:
    body = ask(state, get_customer_buying_behaviors, customer_id=newcomer(state))

    assert figures(body)["averageSpending"] == (None, "0.00")


def test_amounts_are_in_the_workspaces_currency_with_its_decimals(state: VendorState) -> None:
    write_setting(state, WORKSPACE, "configuration", {"timezone": None, "currency": "JPY"})
    customer = newcomer(state)
    order(state, customer, 1000.5)

    body = ask(state, get_customer_buying_behaviors, customer_id=customer)

    assert (body["data"][0]["currency"], body["data"][0]["value"]) == ("JPY", "1001")


def test_an_order_past_all_measure_is_still_counted(state: VendorState) -> None:
    customer = newcomer(state)
    order(state, customer, 1e300)

    assert ask(state, get_purchase_kpis)["data"][0]["value"].startswith("1000000")
    assert ask(state, get_customer_buying_behaviors, customer_id=customer)["data"][0]["value"].startswith("1000000")


# The workspace and its nodes


def test_the_workspace_has_the_number_of_customers_of_its_entry_nodes(state: VendorState) -> None:
    before = finish(get_workspace_stats(state, WORKSPACE, CLIENT)).body
    newcomer(state)

    after = finish(get_workspace_stats(state, WORKSPACE, CLIENT)).body

    assert {**before, "customers": before["customers"] + 1} == after
    assert (after["name"], after["status"]) == ("Understudy", "ENABLED")


def test_every_node_has_its_number_of_customers_and_its_connections(state: VendorState) -> None:
    newcomer(state)

    body = finish(list_node_stats(state, WORKSPACE, CLIENT)).body

    found = {each["id"]: each for each in body["elements"]}
    assert (found[OWN_NODE]["customers"], found[OWN_NODE]["plan"], found[OWN_NODE]["send"]) == (1, False, None)
    assert (found[NODE]["plan"], found[NODE]["send"]) == (True, {"groupPk": 41, "userDbId": 4101})
    assert found[AGGREGATE]["type"] == "AGGREGATE"
    assert body["page"]["totalElements"] == len(body["elements"])


def test_a_token_of_some_nodes_gets_only_their_numbers(state: VendorState) -> None:
    here = ask(state, count_customers, STRANGER, node_id=None)["data"]["values"]

    assert here == ask(state, count_customers, node_id=OTHER_NODE)["data"]["values"]


# Customers


def test_customers_are_counted_in_all_or_in_a_node(state: VendorState) -> None:
    before = ask(state, count_customers, node_id=None)["data"]["values"][0]["value"]
    newcomer(state)

    assert ask(state, count_customers) == {
        "parameters": {"nodeId": OWN_NODE},
        "data": {"category": "CustomersSnapshot", "type": "keyValue", "values": [{"key": "total", "value": 1}]},
    }
    assert ask(state, count_customers, node_id=None)["data"]["values"][0]["value"] == before + 1


@pytest.mark.parametrize("operation", OF_A_NODE)
def test_an_unknown_node_is_refused(state: VendorState, operation: Operation) -> None:
    with pytest.raises(Refused, match=f"node not found {NO_ONE}") as caught:
        ask(state, operation, node_id=NO_ONE)

    assert caught.value.status == 404


@pytest.mark.parametrize("operation", OF_A_NODE)
def test_a_node_that_is_not_the_tokens_is_refused(state: VendorState, operation: Operation) -> None:
    with pytest.raises(Refused) as caught:
        ask(state, operation, STRANGER)

    assert caught.value.status == 403


def test_customers_are_counted_by_registration(state: VendorState) -> None:
    newcomer(state, "first@example.com")
    state.clock.set(NOW + timedelta(days=1))
    newcomer(state, "second@example.com")

    body = ask(state, count_customers_by_creation_date)

    assert values(body) == {"2030-01-01": 1, "2030-02-01": 1}
    assert (body["data"][0]["category"], body["data"][0]["type"]) == ("addedCustomers", "timeseries")


def test_the_range_of_registrations_is_the_last_year_by_default(state: VendorState) -> None:
    assert ask(state, count_customers_by_creation_date)["parameters"] == {
        "start": "2029-01-31T12:00:00.000+0000",
        "end": "2030-01-31T12:00:00.000+0000",
        "mode": "MONTHLY",
        "nodeId": OWN_NODE,
    }


def test_a_week_starts_on_monday(state: VendorState) -> None:
    newcomer(state)

    assert values(ask(state, count_customers_by_creation_date, mode="WEEKLY")) == {"2030-01-28": 1}


def test_a_day_starts_at_midnight_in_the_workspaces_time_zone(state: VendorState) -> None:
    state.clock.set(datetime(2030, 1, 31, 23, 0, tzinfo=UTC))
    newcomer(state)

    assert values(ask(state, count_customers_by_creation_date, mode="DAILY")) == {"2030-02-01": 1}
    write_setting(state, WORKSPACE, "configuration", {"timezone": "Europe/London"})
    assert values(ask(state, count_customers_by_creation_date, mode="DAILY")) == {"2030-01-31": 1}


def test_a_day_starts_an_hour_earlier_in_summer(state: VendorState) -> None:
    state.clock.set(datetime(2030, 6, 30, 22, 0, tzinfo=UTC))
    newcomer(state)

    assert values(ask(state, count_customers_by_creation_date, mode="MONTHLY")) == {"2030-07-01": 1}


def test_customers_are_counted_by_what_they_can_be_reached_at(state: VendorState) -> None:
    newcomer(state)
    newcomer(state, "both@example.com", contacts={"email": "both@example.com", "mobilePhone": "+390000000001"})

    body = ask(state, count_customers_by_channel)

    assert body["data"] == {
        "category": "communicationChannels",
        "type": "keyValue",
        "values": [
            {"key": "emailMobile", "value": "1"},
            {"key": "emailOnly", "value": "1"},
            {"key": "mobileOnly", "value": "0"},
            {"key": "notReachable", "value": "0"},
        ],
    }


def test_a_customer_who_gets_a_phone_number_is_reached_by_both(state: VendorState) -> None:
    customer = newcomer(state)
    patch(state, {"base": {"contacts": {"mobilePhone": "+390000000001"}}}, customer)

    found = ask(state, count_customers_by_channel)["data"]["values"]

    assert [each["value"] for each in found] == ["1", "0", "0", "0"]


def test_customers_are_counted_as_added_changed_and_deleted(state: VendorState) -> None:
    newcomer(state, "stays@example.com")
    patch(state, {"base": {"firstName": "Ada"}}, newcomer(state, "changes@example.com"))
    finish(delete_customer(state, WORKSPACE, newcomer(state, "goes@example.com"), CLIENT))

    counts = {
        kind: values(ask(state, count_customers_by_update_date, type=kind)) for kind in ("ADDED", "UPDATED", "DELETED")
    }

    assert counts == {"ADDED": {"2030-01-31": 2}, "UPDATED": {"2030-01-31": 1}, "DELETED": {"2030-01-31": 1}}


def test_a_customer_is_changed_on_the_day_of_its_last_change(state: VendorState) -> None:
    customer = newcomer(state)
    for _ in range(2):
        state.clock.move(timedelta(days=1))
        patch(state, {"base": {"firstName": "Ada"}}, customer)

    assert values(ask(state, count_customers_by_update_date, type="UPDATED")) == {"2030-02-02": 1}


@pytest.mark.parametrize("operation", [count_customers_by_update_date, count_events_by_update_date])
@pytest.mark.parametrize(("kind", "start"), [("ADDED", "2029-01"), ("UPDATED", "2029-01"), ("DELETED", "2029-12")])
def test_the_range_of_changes_is_at_most_a_year_and_a_month_of_deletions(
    state: VendorState, operation: Operation, kind: str, start: str
) -> None:
    body = ask(state, operation, start="2001-01-01T00:00:00Z", type=kind)

    assert body["parameters"]["start"] == f"{start}-31T12:00:00.000+0000"


@pytest.mark.parametrize(
    "operation", [each for each in RANGED if each not in (*OF_A_CUSTOMER, count_customers_by_creation_date)]
)
def test_the_range_of_all_else_is_the_last_month_by_default(state: VendorState, operation: Operation) -> None:
    state.clock.set(datetime(2030, 3, 30, 12, tzinfo=UTC))

    parameters = ask(state, operation)["parameters"]

    assert (parameters["start"], parameters["end"]) == ("2030-02-28T12:00:00.000+0000", "2030-03-30T12:00:00.000+0000")


@pytest.mark.parametrize("operation", RANGED)
def test_a_range_that_ends_before_it_starts_is_refused(state: VendorState, operation: Operation) -> None:
    whom: Json = {"customer_id": newcomer(state)} if operation in OF_A_CUSTOMER else {}

    with pytest.raises(Refused, match="a parameter is not valid") as caught:
        ask(state, operation, start="2030-01-02T00:00:00Z", end="2030-01-01T00:00:00Z", **whom)

    (violation,) = caught.value.violations
    assert (caught.value.status, violation.path, violation.message) == (400, "end", "end is before start")


@pytest.mark.parametrize("operation", RANGED)
def test_a_time_that_no_calendar_has_is_refused(state: VendorState, operation: Operation) -> None:
    whom: Json = {"customer_id": newcomer(state)} if operation in OF_A_CUSTOMER else {}

    with pytest.raises(Refused) as caught:
        ask(state, operation, start="0001-01-01T00:00:00+14:00", **whom)

    assert (caught.value.status, caught.value.violations[0].path) == (400, "start")


@pytest.mark.parametrize("operation", RANGED)
def test_a_range_may_be_the_first_or_the_last_there_is(state: VendorState, operation: Operation) -> None:
    whom: Json = {"customer_id": newcomer(state)} if operation in OF_A_CUSTOMER else {}

    for end in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999+0000"):
        body = ask(state, operation, start="0001-01-01T00:00:00Z", end=end, **whom)
        assert body["parameters"]["start"] <= body["parameters"]["end"]


def test_both_ends_of_a_range_are_counted_to_the_millisecond(state: VendorState) -> None:
    customer = newcomer(state)
    for millisecond in range(4):
        happen(state, customer, f"2030-01-30T10:20:30.00{millisecond}Z")
    asked: Json = {"start": "2030-01-30T10:20:30.001+0000", "end": "2030-01-30T10:20:30.002+0000"}

    assert values(ask(state, count_events_by_type_and_context, **asked)) == {"2030-01-30": 2}


def test_an_event_yet_to_come_is_not_in_a_range_until_now(state: VendorState) -> None:
    customer = newcomer(state)
    happen(state, customer, "2030-01-31T11:59:59.999+0000")
    happen(state, customer, "2030-01-31T12:00:00.001+0000")

    assert values(ask(state, count_events_by_type_and_context)) == {"2030-01-31": 1}


# Events


def test_events_are_counted_as_added_changed_and_deleted(state: VendorState) -> None:
    customer = newcomer(state)
    happen(state, customer)
    patch_event(state, WORKSPACE, happen(state, customer, type="searched"), {"properties": {"keyword": "tea"}}, CLIENT)
    delete_event(state, WORKSPACE, happen(state, customer, type="loggedIn"), CLIENT)

    counts = {
        kind: {each["category"]: each["values"] for each in ask(state, count_events_by_update_date, type=kind)["data"]}
        for kind in ("ADDED", "UPDATED", "DELETED")
    }

    once = [{"datetime": "2030-01-31", "value": 1}]
    assert counts == {
        "ADDED": {"searched": once, "viewedPage": once},
        "UPDATED": {"searched": once},
        "DELETED": {"loggedIn": once},
    }


def test_the_events_of_a_deleted_customer_are_counted_as_deleted(state: VendorState) -> None:
    customer = newcomer(state)
    happen(state, customer)
    finish(delete_customer(state, WORKSPACE, customer, CLIENT))

    assert values(ask(state, count_events_by_update_date, type="DELETED")) == {"2030-01-31": 1}
    assert ask(state, count_events_by_type_and_context)["data"] == []


def test_events_that_find_their_customer_are_counted_as_changed(state: VendorState) -> None:
    later = {"type": "SESSION_ID", "value": "a-session", "nodeId": OWN_NODE}
    body = {"bringBackProperties": later, "type": "viewedPage", "context": "WEB", "properties": {}}
    create_event(state, WORKSPACE, body, CLIENT)
    customer = newcomer(state)
    create_session(state, WORKSPACE, customer, {"value": "a-session"}, CLIENT)

    assert values(ask(state, count_events_by_update_date, type="UPDATED")) == {"2030-01-31": 1}
    assert values(ask(state, count_customer_events_by_category, customer_id=customer)) == {"2030-01-31": "1"}


def test_events_are_counted_by_type_and_context(state: VendorState) -> None:
    customer = newcomer(state)
    for context in ("WEB", "WEB", "MOBILE"):
        happen(state, customer, context=context)

    body = ask(state, count_events_by_type_and_context)

    assert [(each["category"], each["context"], each["values"]) for each in body["data"]] == [
        ("viewedPage", "MOBILE", [{"datetime": "2030-01-31", "value": 1}]),
        ("viewedPage", "WEB", [{"datetime": "2030-01-31", "value": 2}]),
    ]


def test_events_are_counted_in_one_context(state: VendorState) -> None:
    customer = newcomer(state)
    for context in ("WEB", "MOBILE"):
        happen(state, customer, context=context)

    body = ask(state, count_events_by_type_and_context, context="MOBILE")

    assert [each["context"] for each in body["data"]] == ["MOBILE"]
    assert body["parameters"]["context"] == "MOBILE"


def test_events_are_counted_by_their_own_date(state: VendorState) -> None:
    event = happen(state, newcomer(state), "2030-01-10T12:00:00Z")
    assert values(ask(state, count_events_by_type_and_context)) == {"2030-01-10": 1}

    patch_event(state, WORKSPACE, event, {"date": "2030-01-12T12:00:00Z"}, CLIENT)

    assert values(ask(state, count_events_by_type_and_context)) == {"2030-01-12": 1}


def test_the_range_of_types_and_contexts_is_at_most_a_year(state: VendorState) -> None:
    body = ask(state, count_events_by_type_and_context, start="2001-01-01T00:00:00Z")

    assert body["parameters"]["start"] == "2029-01-31T12:00:00.000+0000"


def test_events_of_another_node_are_not_counted(state: VendorState) -> None:
    happen(state, newcomer(state))

    assert ask(state, count_events_by_type_and_context, node_id=OTHER_NODE)["data"] == []
    assert values(ask(state, count_events_by_type_and_context, node_id=None)) == {"2030-01-31": 1}


def test_an_aggregate_node_has_the_events_and_customers_of_its_members(state: VendorState) -> None:
    customer = create(state, sent())["id"]
    happen(state, customer)

    assert values(ask(state, count_events_by_type_and_context, node_id=AGGREGATE)) == {"2030-01-31": 1}
    assert values(ask(state, count_customers_by_update_date, node_id=AGGREGATE)) == {"2030-01-31": 1}


# Key figures


def test_purchases_are_revenue_an_average_orders_and_returns(state: VendorState) -> None:
    customer = newcomer(state)
    order(state, customer, 110)
    order(state, customer, 60)
    order(state, customer, 30, "return")

    body = ask(state, get_purchase_kpis)

    assert figures(body) == {
        "totalRevenue": ("130.00", "130.00"),
        "averageRevenue": ("65.00", "65.00"),
        "totalOrders": ("2", "2"),
        "totalReturns": ("1", "1"),
    }
    assert body["data"][0] == {
        "name": "totalRevenue",
        "type": "currency",
        "currency": "EUR",
        "value": "130.00",
        "total": "130.00",
    }
    assert (body["data"][2]["type"], body["data"][2]["currency"]) == ("number", None)


def test_purchases_of_one_kind_are_shown_beside_all(state: VendorState) -> None:
    customer = newcomer(state)
    order(state, customer, 110, context="RETAIL")
    order(state, customer, 60, context="ECOMMERCE")
    order(state, customer, 20, context="MOBILE")

    assert figures(ask(state, get_purchase_kpis, type="RETAIL"))["totalRevenue"] == ("100.00", "160.00")
    assert figures(ask(state, get_purchase_kpis))["totalRevenue"] == ("160.00", "160.00")


def test_a_changed_order_is_counted_as_it_is_now(state: VendorState) -> None:
    event = order(state, newcomer(state), 110)

    patch_event(state, WORKSPACE, event, {"properties": {"amount": {"revenue": 0.1}}}, CLIENT)
    assert figures(ask(state, get_purchase_kpis))["totalRevenue"][0] == "0.10"
    delete_event(state, WORKSPACE, event, CLIENT)

    assert figures(ask(state, get_purchase_kpis))["totalRevenue"][0] == "0.00"


def test_ecommerce_is_sales_an_average_orders_returns_and_carts_left_behind(state: VendorState) -> None:
    customer = newcomer(state)
    order(state, customer, 110)
    order(state, customer, 50, context="RETAIL")
    happen(state, customer, type="abandonedCart", context="ECOMMERCE")
    happen(state, customer, type="abandonedCart", context="WEB")

    body = ask(state, get_ecommerce_kpis)

    assert figures(body) == {
        "totalSales": ("110.00", "160.00"),
        "averageSales": ("110.00", "80.00"),
        "totalOrders": ("1", "2"),
        "totalReturns": ("0", "0"),
        "abandonedCarts": ("1", "2"),
    }
    assert body["parameters"].keys() == {"start", "end"}


def test_the_web_is_counted_by_what_is_looked_at_there(state: VendorState) -> None:
    customer = newcomer(state)
    happen(state, customer)
    happen(state, customer, context="MOBILE")
    happen(state, customer, type="searched")

    body = ask(state, get_web_kpis)

    assert body["data"][0] == {
        "name": "pageViews",
        "category": "eventsKPI",
        "type": "keyValue",
        "values": [{"key": "pageViews", "value": 1}],
    }
    found = {each["name"]: each["values"][0]["value"] for each in body["data"]}
    assert {name: value for name, value in found.items() if value} == {"pageViews": 1, "searches": 1}


def test_a_fork_counts_on_its_own(state: VendorState) -> None:
    newcomer(state)
    twin = state.fork("twin", state.clock.copy())
    newcomer(twin, "second@example.com")

    assert [ask(each, count_customers_by_update_date)["data"][0]["values"][0]["value"] for each in (state, twin)] == [
        1,
        2,
    ]
