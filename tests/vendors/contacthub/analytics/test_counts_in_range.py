"""Counts by creation and update date: within the range that the same response states, whatever the clock."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.asgi import call
from tests.vendors.contacthub.api import Api
from tests.vendors.contacthub.calls import CUSTOMER, NODE
from understudy.app import Understudy
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.tables import CUSTOMERS

LISTS = (
    "/stats/customers/creation-date?mode=DAILY",
    "/stats/customers/creation-date?mode=WEEKLY",
    "/stats/customers/update-date",
    "/stats/customers/update-date?type=UPDATED",
    "/stats/customers/update-date?type=DELETED",
    "/stats/events/update-date",
    "/stats/events/update-date?type=UPDATED",
    "/stats/events/update-date?type=DELETED",
)


def change(api: Api) -> None:
    """Change and delete records in the world's present."""
    api.send("PATCH", f"/customers/{CUSTOMER}", {"base": {"firstName": "Now"}})
    made = api.send("POST", "/customers", {"nodeId": NODE, "base": {"contacts": {"email": "now@example.com"}}}).json
    event = {"customerId": made["id"], "type": "loggedIn", "context": "WEB", "properties": {}}
    made_event = api.send("POST", "/events", event).json["id"]
    api.send("PATCH", f"/events/{made_event}", {"properties": {}})
    api.send("DELETE", f"/customers/{made['id']}")


def points(found: dict[str, Any]) -> list[str]:
    return [value["datetime"] for row in found["data"] for value in row["values"]]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("days", [-400, -30, -1, 0, 45])
def test_no_point_is_outside_the_range_of_its_response(api: Api, state: VendorState, path: str, days: int) -> None:
    change(api)
    state.clock.set(state.now() + timedelta(days=days), rate=0)
    change(api)

    found = api.read(path)

    start, end = found["parameters"]["start"][:10], found["parameters"]["end"][:10]
    if "WEEKLY" in path:
        start = (datetime.fromisoformat(start) - timedelta(days=6)).date().isoformat()
    assert [point for point in points(found) if not start <= point <= end] == []


def test_changes_of_the_present_second_are_counted_while_the_clock_stands_still(api: Api, state: VendorState) -> None:
    state.clock.set(state.now().replace(microsecond=0), rate=0)
    before = sum(
        value["value"]
        for row in api.read("/stats/customers/update-date?type=UPDATED")["data"]
        for value in row["values"]
    )
    for number in range(5):
        api.send("PATCH", f"/customers/{CUSTOMER}", {"base": {"firstName": str(number)}})

    after = api.read("/stats/customers/update-date?type=UPDATED")

    assert api.read(f"/customers/{CUSTOMER}")["updatedAt"] > after["parameters"]["end"]
    assert sum(value["value"] for row in after["data"] for value in row["values"]) == before + 1


@pytest.mark.parametrize("now", ["1970-01-01T00:00:00Z", "2021-06-15T12:00:00Z", "2999-12-31T23:59:59Z"])
def test_a_world_with_a_clock_is_filled_by_its_own_clock(understudy: Understudy, now: str) -> None:
    name = f"dated-{now[:4]}"
    made = call(
        understudy.asgi,
        "POST",
        "/_understudy/api/worlds",
        headers={"Content-Type": "application/json"},
        body=f'{{"name": "{name}", "clock": {{"now": "{now}", "rate": 0}}}}'.encode(),
    )
    assert made.status == 201, made.body
    world = understudy.worlds.get(name)
    assert world is not None

    customers = list(world.vendors["contacthub"].collection(CUSTOMERS))
    registered = [datetime.fromisoformat(customer["registeredAt"]) for customer in customers]

    assert customers
    at = datetime.fromisoformat(now)
    assert all(at - timedelta(days=400) < each <= at for each in registered)
    counted = Api(understudy, world).read("/stats/customers/creation-date")
    assert sum(value["value"] for row in counted["data"] for value in row["values"]) == len(customers)
    understudy.worlds.delete(name)
