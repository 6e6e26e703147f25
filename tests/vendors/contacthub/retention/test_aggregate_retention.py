"""Retention of an aggregate node: it hides its members' older events, which their entry nodes keep."""

from datetime import timedelta

import pytest

from tests.vendors.contacthub.api import Api
from tests.vendors.contacthub.calls import AGGREGATE, CUSTOMER, NODE
from understudy.core.timestamps import iso_milliseconds
from understudy.state.vendor_state import VendorState

POLICY = f"/configuration/nodes/{AGGREGATE}/retention-policy"


@pytest.fixture
def old_event(api: Api, state: VendorState) -> str:
    """Id of an event of 40 days ago, whose retention in its entry node is three months."""
    body = {
        "customerId": CUSTOMER,
        "type": "viewedPage",
        "context": "WEB",
        "properties": {"url": "https://shop.example.com/"},
        "date": iso_milliseconds(state.now() - timedelta(days=40)),
    }
    return str(api.send("POST", "/events", body).json["id"])


def ids(api: Api, query: str) -> list[str]:
    return [event["id"] for event in api.read(f"/events?size=50&type=viewedPage&{query}")["elements"]]


def aggregate_customer(api: Api) -> str:
    """Return the id of the aggregate customer that the first customer is part of."""
    for customer in api.read(f"/customers?nodeId={AGGREGATE}&size=50")["elements"]:
        members = api.read(f"/customers/{customer['id']}/entry-customers?page=0&size=50")["elements"]
        if CUSTOMER in [member["id"] for member in members]:
            return str(customer["id"])
    raise LookupError(CUSTOMER)


def test_an_aggregate_node_hides_what_is_older_than_its_months(api: Api, old_event: str) -> None:
    assert old_event in ids(api, f"nodeId={AGGREGATE}")

    api.send("PUT", POLICY, {"events": {"viewedPage": {"months": 1}}})

    assert old_event not in ids(api, f"nodeId={AGGREGATE}")
    assert old_event in ids(api, f"nodeId={NODE}")
    assert api.send("GET", f"/events/{old_event}").status == 200


def test_a_node_hides_nothing_while_its_retention_is_switched_off(api: Api, old_event: str) -> None:
    api.send("PUT", POLICY, {"enabled": False, "events": {"viewedPage": {"months": 1}}})

    assert old_event in ids(api, f"nodeId={AGGREGATE}")


def test_a_longer_retention_of_the_aggregate_node_hides_nothing(api: Api, old_event: str) -> None:
    api.send("PUT", POLICY, {"events": {"viewedPage": {"months": 2}}})

    assert old_event in ids(api, f"nodeId={AGGREGATE}")


def test_the_events_of_another_type_stay_visible(api: Api, old_event: str) -> None:
    api.send("PUT", POLICY, {"events": {"viewedProduct": {"months": 0}}})

    assert old_event in ids(api, f"nodeId={AGGREGATE}")


def test_an_aggregate_customer_shows_no_hidden_event(api: Api, old_event: str) -> None:
    customer = aggregate_customer(api)
    assert old_event in ids(api, f"customerId={customer}")

    api.send("PUT", POLICY, {"events": {"viewedPage": {"months": 1}}})

    assert old_event not in ids(api, f"customerId={customer}")
    assert old_event in ids(api, f"customerId={CUSTOMER}")


@pytest.mark.parametrize(("months", "is_hidden"), [(1, True), (2, False)])
@pytest.mark.usefixtures("old_event")
def test_analytics_of_an_aggregate_node_count_no_hidden_event(
    api: Api, state: VendorState, months: int, *, is_hidden: bool
) -> None:
    start = iso_milliseconds(state.now() - timedelta(days=45))
    end = iso_milliseconds(state.now() - timedelta(days=35))
    before = viewed(api, f"nodeId={AGGREGATE}&start={start}&end={end}")

    api.send("PUT", POLICY, {"events": {"viewedPage": {"months": months}}})

    after = viewed(api, f"nodeId={AGGREGATE}&start={start}&end={end}")
    assert after < before if is_hidden else after == before


@pytest.mark.usefixtures("old_event")
def test_the_categories_of_an_aggregate_customer_count_no_hidden_event(api: Api) -> None:
    customer = aggregate_customer(api)
    path = f"/customers/{customer}/stats/event-category-distribution"

    def browsing() -> int:
        rows = [row["values"] for row in api.read(path)["data"] if row["category"] == "browsing"]
        return sum(int(value["value"]) for values in rows for value in values)

    before = browsing()
    api.send("PUT", POLICY, {"events": {"viewedPage": {"months": 0}}})

    assert browsing() < before


def viewed(api: Api, query: str) -> int:
    """Return the number of pages viewed that the analytics count."""
    rows = api.read(f"/stats/events/type-context?{query}")["data"]
    return sum(value["value"] for row in rows if row["type"] == "timeseries" for value in row["values"])
