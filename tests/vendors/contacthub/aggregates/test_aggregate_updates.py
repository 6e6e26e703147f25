"""Update stream and writes of an aggregate node, and what may be left out when one is made."""

from typing import Any

import pytest

from tests.vendors.contacthub.api import Api
from tests.vendors.contacthub.calls import AGGREGATE, CUSTOMER, ID, NODE, OTHER_NODE
from understudy.core.json_types import Json
from understudy.vendors.contacthub.start_data.fixed_ids import PRINTED_ENTRY_NODES

SHARED = "shared@example.com"


def updates(api: Api, offset: int, **filters: str) -> list[Json]:
    query = "".join(f"&{name}={value}" for name, value in filters.items())
    return list(api.read(f"/updates?offset={offset}&size=4000&nodeId={AGGREGATE}{query}")["updates"])


def last(api: Api, **filters: str) -> int:
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    return int(api.read(f"/updates/last-offset?{query}")["lastOffset"])


def seen(found: list[Json]) -> list[tuple[str, str]]:
    return [(update["operation"], update["entity"]["data"]["id"]) for update in found]


def aggregates(api: Api) -> dict[str, Json]:
    """Return the customers of the aggregate node by id."""
    found: dict[str, Json] = {}
    for number in range(10):
        elements = api.read(f"/customers?nodeId={AGGREGATE}&size=50&page={number}")["elements"]
        found |= {element["id"]: element for element in elements}
    return found


def create(api: Api, node: str, email: str = SHARED, **base: Any) -> str:
    body = {"nodeId": node, "base": {"contacts": {"email": email}, **base}}
    answer = api.send("POST", "/customers", body)
    assert answer.status == 201, answer.body
    return str(answer.json["id"])


def aggregate_of(api: Api, email: str = SHARED) -> str:
    [found] = [key for key, each in aggregates(api).items() if each["base"]["contacts"]["email"] == email]
    return found


def test_who_applies_all_updates_has_the_customers_of_the_aggregate_node(api: Api) -> None:
    aggregates(api)
    create(api, NODE)
    second = create(api, OTHER_NODE, lastName="Second")
    moved = create(api, NODE, "moves@example.com")
    api.send("PATCH", f"/customers/{moved}", {"base": {"contacts": {"email": "moved@example.com"}}})
    api.send("DELETE", f"/customers/{second}")
    gone = create(api, NODE, "gone@example.com")
    api.send("DELETE", f"/customers/{gone}")

    copy: dict[str, Json] = {}
    for update in updates(api, 0, entity="CUSTOMER"):
        data = update["entity"]["data"]
        if update["operation"] == "DELETE":
            assert data["deleted"] == 1
            copy.pop(data["id"], None)
        else:
            copy[data["id"]] = data

    assert copy == aggregates(api)


def test_a_client_that_follows_sees_a_customer_made_changed_moved_and_deleted(api: Api) -> None:
    aggregates(api)
    offset = last(api)
    member = create(api, NODE)
    first = aggregate_of(api)
    assert seen(updates(api, offset)) == [("CREATE", first)]

    offset = last(api)
    create(api, OTHER_NODE)
    assert seen(updates(api, offset)) == [("UPDATE", first)]

    offset = last(api)
    api.send("PATCH", f"/customers/{member}", {"base": {"contacts": {"email": "moved@example.com"}}})
    second = aggregate_of(api, "moved@example.com")
    assert sorted(seen(updates(api, offset))) == sorted([("UPDATE", first), ("UPDATE", second)])

    offset = last(api)
    api.send("PATCH", f"/customers/{member}", {"base": {"contacts": {"email": SHARED}}})
    assert seen(updates(api, offset)) == [("DELETE", second), ("UPDATE", first)]

    offset = last(api)
    api.send("DELETE", f"/customers/{member}")
    assert seen(updates(api, offset, entity="CUSTOMER")) == [("UPDATE", first)]


def test_the_events_of_members_are_in_the_stream(api: Api) -> None:
    offset = last(api)
    body = {"customerId": CUSTOMER, "type": "loggedIn", "context": "WEB", "properties": {}}
    event = api.send("POST", "/events", body).json["id"]

    assert seen(updates(api, offset, entity="EVENT")) == [("CREATE", event)]
    assert updates(api, offset, entity="CUSTOMER") == []


def test_the_last_offset_is_that_of_the_aggregate_node(api: Api) -> None:
    aggregates(api)
    create(api, NODE)
    reached = last(api, nodeId=AGGREGATE)
    api.send("POST", "/configuration/nodes/entries", {"name": "Apart"})
    apart = api.read("/configuration/nodes/entries?size=50")["elements"][-1]["id"]
    create(api, apart)

    assert last(api) > reached
    assert last(api, nodeId=AGGREGATE) == reached
    assert updates(api, reached) == []


def test_a_new_aggregate_node_has_no_updates(api: Api) -> None:
    assert api.read(f"/updates?nodeId={ID}0202")["updates"] == []
    assert last(api, nodeId=f"{ID}0202") == 0


def test_the_stream_of_the_workspace_shows_no_aggregate_customer(api: Api) -> None:
    aggregates(api)
    member = create(api, NODE, "moves@example.com")
    offset = last(api)
    api.send("PATCH", f"/customers/{member}", {"base": {"contacts": {"email": "moved@example.com"}}})

    assert seen(api.read(f"/updates?offset={offset}")["updates"]) == [("UPDATE", member)]


def test_an_excluded_customer_leaves_the_stream(api: Api) -> None:
    filters = [{"property": "base.lastName", "value": "Staff", "pattern": "CONTAINS"}]
    api.send("PUT", f"/configuration/nodes/aggregates/{AGGREGATE}", {"exclusionFilters": filters})
    member = create(api, NODE)
    aggregate = aggregate_of(api)
    offset = last(api)

    api.send("PATCH", f"/customers/{member}", {"base": {"lastName": "Staff"}})

    assert seen(updates(api, offset)) == [("DELETE", aggregate)]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "", {"base": {"firstName": "Ada"}}),
        ("PUT", "", {"nodeId": AGGREGATE, "base": {"contacts": {"email": SHARED}}}),
        ("DELETE", "", None),
        ("POST", "/sessions", {"value": "6b1c5b0e-6f5e-4f1b-9a54-7b2a0c6d3e10"}),
        ("POST", "/likes", {"id": "like", "name": "Tea"}),
        ("POST", "/subscriptions", {"id": "weekly", "subscribed": True}),
        ("DELETE", "/jobs/job", None),
    ],
)
def test_a_customer_of_an_aggregate_node_is_read_only(api: Api, method: str, path: str, body: Json | None) -> None:
    create(api, NODE)
    customer = aggregate_of(api)

    answer = api.send(method, f"/customers/{customer}{path}", body)

    assert answer.status == 403
    assert answer.json["message"] == f"customer {customer} is of the aggregate node {AGGREGATE} and is read only"


def test_an_event_of_an_aggregate_customer_is_refused_as_read_only(api: Api) -> None:
    create(api, NODE)
    body = {"customerId": aggregate_of(api), "type": "loggedIn", "context": "WEB", "properties": {}}

    answer = api.send("POST", "/events", body)

    assert (answer.status, "read only" in answer.json["message"]) == (403, True)


def test_an_aggregate_node_needs_nothing(api: Api) -> None:
    made = api.send("POST", "/configuration/nodes/aggregates", {})

    assert made.status == 201
    assert (made.json["name"], made.json["entryNodes"]) == ("", [NODE, OTHER_NODE, *PRINTED_ENTRY_NODES])
    assert made.json["matchingProperties"] == {"properties": ["base.contacts.email"], "caseSensitive": False}


def test_an_aggregate_node_keeps_a_name_that_is_left_out(api: Api) -> None:
    path = f"/configuration/nodes/aggregates/{AGGREGATE}"

    assert api.send("PUT", path, {"description": "All of them"}).json["name"] == "Everyone"
    assert api.send("PUT", path, {"name": "All"}).json["name"] == "All"


def test_a_list_of_entry_nodes_that_is_given_is_not_empty(api: Api) -> None:
    assert api.places("POST", "/configuration/nodes/aggregates", {"entryNodes": []}) == ["/entryNodes"]
