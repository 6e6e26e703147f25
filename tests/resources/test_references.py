"""References in bodies: checked if the user asks for it."""

from pathlib import Path
from typing import Any

import pytest

from tests.own_document import TEXT, OwnDocument, answer, document, ref, sent, serve

CUSTOMER = {"type": "object", "required": ["id"], "properties": {"id": TEXT, "name": TEXT}}
LINE = {"type": "object", "properties": {"product_id": {"type": "integer"}, "count": {"type": "integer"}}}
ORDER = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": TEXT,
        "customer_id": {**TEXT, "nullable": True},
        "customer": ref("Customer"),
        "customer_ids": {"type": "array", "items": TEXT},
        "lines": {"type": "array", "items": LINE},
        "product": TEXT,
        "note": TEXT,
    },
}
PRODUCT = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}


def resource(name: str, *refusals: str) -> dict[str, Any]:
    statuses = {status: answer(ref("Error")) for status in refusals}
    return {
        f"/{name.lower()}s": {
            "get": {"responses": {"200": answer({"type": "array", "items": ref(name)})}},
            "post": {"requestBody": sent({"type": "object"}), "responses": {"201": answer(ref(name)), **statuses}},
        },
        f"/{name.lower()}s/{{id}}": {
            "get": {"responses": {"200": answer(ref(name)), "404": answer(ref("Error"))}},
            "patch": {"requestBody": sent({"type": "object"}), "responses": {"200": answer(ref(name)), **statuses}},
        },
    }


def shop(*refusals: str) -> dict[str, Any]:
    paths = {**resource("Order", *refusals), **resource("Customer"), **resource("Product")}
    return document(paths, Order=ORDER, Customer=CUSTOMER, Product=PRODUCT)


@pytest.fixture
def served(tmp_path: Path) -> OwnDocument:
    return serve(tmp_path, shop("422"), references="checked")


@pytest.mark.parametrize(
    ("body", "place", "what"),
    [
        ({"customer_id": "nobody"}, "customer_id", "customer 'nobody'"),
        ({"customerId": "nobody"}, "customerId", "customer 'nobody'"),
        ({"customer": {"id": "nobody"}}, "customer", "customer 'nobody'"),
        ({"customer": "nobody"}, "customer", "customer 'nobody'"),
        ({"customer_ids": ["nobody"]}, "customer_ids[0]", "customer 'nobody'"),
        ({"lines": [{"product_id": 987}]}, "lines[0].product_id", "product '987'"),
    ],
)
def test_a_reference_to_nothing_is_refused_by_its_name(
    served: OwnDocument, body: dict[str, Any], place: str, what: str
) -> None:
    before = served.call("get", "/orders").json

    refused = served.call("post", "/orders", body)

    assert (refused.status, refused.json["message"]) == (422, f"{place}: there is no {what}")
    assert served.call("get", "/orders").json == before


def test_a_change_is_checked_too(served: OwnDocument) -> None:
    made = served.call("post", "/orders", {"note": "tea"}).json["id"]

    assert served.call("patch", f"/orders/{made}", {"customer_id": "nobody"}).status == 422
    assert served.call("patch", f"/orders/{made}", {"note": "nobody"}).status == 200


def test_a_reference_to_a_record_is_taken(served: OwnDocument) -> None:
    customer = served.call("post", "/customers", {"name": "Ann"}).json["id"]
    product = served.call("get", "/products").json[0]["id"]
    body = {"customer_id": customer, "customer_ids": [customer], "lines": [{"product_id": product}]}

    assert served.call("post", "/orders", body).status == 201


@pytest.mark.parametrize("body", [{"customer_id": None}, {"product": "a nice one"}, {"customer": {"name": "Ann"}}])
def test_what_is_plainly_no_reference_is_taken(served: OwnDocument, body: dict[str, Any]) -> None:
    assert served.call("post", "/orders", body).status == 201


@pytest.mark.parametrize("statuses", [("422", "400"), ("400", "404"), ("404", "409"), ("409",)])
def test_the_refusal_has_a_status_that_the_document_declares(tmp_path: Path, statuses: tuple[str, ...]) -> None:
    served = serve(tmp_path, shop(*statuses), references="checked")

    assert served.call("post", "/orders", {"customer_id": "nobody"}).status == int(statuses[0])


@pytest.mark.parametrize(("status", "sent_status"), [("404", 404), ("422", 422)])
def test_a_record_is_not_created_below_one_that_does_not_exist(tmp_path: Path, status: str, sent_status: int) -> None:
    raw = shop("422")
    paths = resource("Order", status)
    for path, item in (("/customers/{cid}/orders", "/orders"), ("/customers/{cid}/orders/{id}", "/orders/{id}")):
        raw["paths"][path] = paths[item]
    served = serve(tmp_path, raw, references="checked")
    known = served.call("get", "/customers").json[0]["id"]

    refused = served.call("post", "/customers/nobody/orders", {})

    assert (refused.status, refused.json["message"]) == (sent_status, "there is no customer 'nobody'")
    assert served.call("post", f"/customers/{known}/orders", {}).status == 201


def test_references_are_free_unless_asked_for(tmp_path: Path) -> None:
    assert serve(tmp_path, shop("422")).call("post", "/orders", {"customer_id": "nobody"}).status == 201


@pytest.mark.parametrize("count", [0, 1, 3, 40])
def test_collections_start_with_as_many_records_as_asked_for(tmp_path: Path, count: int) -> None:
    served = serve(tmp_path, shop(), records=count)

    state = served.app.worlds.get_or_create().vendors["shop"]
    assert [len(state.collection(name)) for name in ("orders", "customers", "products")] == [count] * 3


def test_references_of_start_records_lead_to_each_other(tmp_path: Path) -> None:
    served = serve(tmp_path, shop(), records=5)
    customers = {each["id"] for each in served.call("get", "/customers").json}

    found = {each["customer_id"] for each in served.call("get", "/orders").json if each.get("customer_id")}
    assert found
    assert found <= customers
