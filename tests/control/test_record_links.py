"""Links between records: keys under a record's name, long keys under any, and the references of users' documents."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.asgi import call
from tests.control.conftest import Steering
from tests.own_document import OwnDocument, answer, document, ref, sent, serve
from understudy.control.record_links import RecordLink, links_from, links_of, links_to
from understudy.core.steps import run_to_end
from understudy.core.table import Table
from understudy.state.collection import Collection

LONG = "3c9f1c2e-7d54-4b1a-9f00-0a1b2c3d5000"


def collections(**records: list[dict[str, Any]]) -> dict[str, Collection]:
    made = {}
    for name, each in {"customers": [], "products": [], "orders": [], "@outbox": [], **records}.items():
        made[name] = Collection(Table(name))
        for record in each:
            made[name].put(record)
    return made


@pytest.mark.parametrize(
    ("record", "paths"),
    [
        ({"customer_id": "7"}, ["/customer_id"]),
        ({"customerId": 7}, ["/customerId"]),
        ({"customer": "7"}, ["/customer"]),
        ({"buyerCustomer": "7"}, ["/buyerCustomer"]),
        ({"customer": {"id": "7"}}, ["/customer/id"]),
        ({"customers": ["7", "8"]}, ["/customers/0"]),
        ({"customer_ids": [8, 7]}, ["/customer_ids/1"]),
        ({"a/b~": {"customer": "7"}}, ["/a~1b~0/customer"]),
        ({"age": 7, "name": "7", "id": "7", "code": "7"}, []),
        ({"customer_id": True, "customer": None, "customers": "70"}, []),
        ({"anything": LONG}, ["/anything"]),
        ({"customer": "x" * 201}, []),
    ],
)
def test_values_lead_to_records(record: dict[str, Any], paths: list[str]) -> None:
    found = collections(customers=[{"id": "7"}, {"id": LONG}], products=[{"id": "7"}])

    links = list(links_from(found, record))
    assert [link.path for link in links] == paths
    assert {link.collection for link in links} <= {"customers"}


def test_a_record_does_not_link_to_itself() -> None:
    found = collections(customers=[{"id": LONG, "self": LONG}], orders=[{"id": LONG}])

    assert links_of(found, "customers", LONG, None) == [
        RecordLink("/id", "orders", LONG),
        RecordLink("/self", "orders", LONG),
    ]


@pytest.mark.parametrize(("count", "has_more"), [(2, False), (3, False), (4, True)])
def test_records_that_link_to_one_are_listed_up_to_a_limit(count: int, *, has_more: bool) -> None:
    orders = [{"id": f"o{number}", "customer_id": 7} for number in range(count)]
    found = collections(customers=[{"id": "7"}], orders=orders, products=[{"id": "p", "weight": 7}])

    [linked] = run_to_end(links_to(found, "customers", "7", 3, None))
    keys = [each["id"] for each in orders][:3]
    assert linked == {"collection": "orders", "path": "/customer_id", "keys": keys, "has_more": has_more}


def test_records_that_only_hold_the_key_do_not_hide_one_that_links() -> None:
    others = [{"id": f"x{number}", "weight": 7} for number in range(600)]
    found = collections(customers=[{"id": "7"}], orders=[*others, {"id": "o", "customer_id": 7}])

    [linked] = run_to_end(links_to(found, "customers", "7", 3, None))
    assert linked["keys"] == ["o"]


def test_internal_collections_are_no_target_and_no_source() -> None:
    found = collections(customers=[{"id": LONG}], **{"@outbox": [{"id": LONG, "customer": LONG}]})

    assert run_to_end(links_to(found, "customers", LONG, 3, None)) == []
    assert list(links_from({"@outbox": found["@outbox"]}, {"x": LONG})) == []


@pytest.mark.parametrize("key", ['a"b', "a\\b", "č", "a.b*", "a/b"])
def test_a_key_of_any_letters_is_found(key: str) -> None:
    found = collections(
        customers=[{"id": key}], orders=[{"id": "o", "customer": key}, {"id": "p", "customer": key + "x"}]
    )

    [linked] = run_to_end(links_to(found, "customers", key, 3, None))
    assert linked["keys"] == ["o"]


def test_a_customer_leads_to_events_and_they_to_products(steering: Steering) -> None:
    register = steering.world.vendors["contacthub"].collection("products")
    event = next(
        each
        for each in steering.world.vendors["contacthub"].collection("events")
        if each["data"]["type"] == "completedOrder" and each["data"]["customerId"]
    )
    product = event["data"]["properties"]["products"][0]["id"]
    key = f"{event['workspaceId']}/{product}"
    register.put(
        {"id": key, "workspaceId": event["workspaceId"], "date": event["data"]["date"], "data": {"id": product}}
    )

    links = steering.get(f"/worlds/{{world}}/links/contacthub/events/{event['id']}")["links"]
    assert {"path": "/data/properties/products/0/id", "collection": "products", "key": key} in links
    assert ("customers", event["data"]["customerId"]) in [(each["collection"], each["key"]) for each in links]
    back = steering.get(f"/worlds/{{world}}/links/contacthub/products/{quote(key, safe='')}?limit=1000")["linked_from"]
    assert event["id"] in {each["collection"]: each["keys"] for each in back}["events"]


def item(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def resource(path: str, noun: str, *parents: str) -> dict[str, Any]:
    """Return the paths of a resource of the schema ``noun``."""
    one, schema = f"{noun.lower()}_id", ref(noun)
    return {
        path: {
            "parameters": item(*parents),
            "get": {"operationId": f"list{noun}", "responses": {"200": answer({"type": "array", "items": schema})}},
            "post": {"operationId": f"add{noun}", "requestBody": sent(schema), "responses": {"201": answer(schema)}},
        },
        f"{path}/{{{one}}}": {
            "parameters": item(*parents, one),
            "get": {"operationId": f"get{noun}", "responses": {"200": answer(schema)}},
        },
    }


def schema(**properties: str) -> dict[str, Any]:
    named = {name: {"type": kind} for name, kind in {"id": "string", **properties}.items()}
    return {"type": "object", "required": ["id"], "properties": named}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> OwnDocument:
    """Server of a document with customers, their orders, and cards below a customer."""
    paths = {
        **resource("/customers", "Customer"),
        **resource("/orders", "Order"),
        **resource("/customers/{customer_id}/cards", "Card", "customer_id"),
    }
    made = document(paths, Customer=schema(), Order=schema(customer_ref="string"), Card=schema(number="string"))
    return serve(tmp_path_factory.mktemp("links"), made)


def links(shop: OwnDocument, collection: str, key: str) -> Any:
    answered = call(shop.app.asgi, "GET", f"/_understudy/api/worlds/main/links/shop/{collection}/{key}?limit=100")
    assert answered.status == 200, answered.body
    return answered.json


def test_the_references_of_a_users_document_are_followed(shop: OwnDocument) -> None:
    customer = shop.call("POST", "/customers", {"id": "ada"}).json
    order = shop.call("POST", "/orders", {"id": "o-1", "customer_ref": customer["id"]}).json
    card = shop.call("POST", f"/customers/{customer['id']}/cards", {"id": "visa", "number": "1"}).json

    assert links(shop, "orders", order["id"])["links"] == [
        {"path": "/customer_ref", "collection": "customers", "key": customer["id"]}
    ]
    state = shop.app.worlds.get_or_create().vendors["shop"]
    keys = [(name, key) for name, rows in state.collections.items() for key in rows.keys()]  # noqa: SIM118 - no mapping
    [(cards, below)] = [(name, key) for name, key in keys if key.endswith(card["id"])]
    assert [each["collection"] for each in links(shop, cards, below)["links"]] == ["customers"]
    assert {each["collection"] for each in links(shop, "customers", customer["id"])["linked_from"]} == {"orders", cards}
