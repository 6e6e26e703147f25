"""Behaviour of a user's own vendor: functions in place of what is recognised in a document."""

import json
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.asgi import Answer, call
from understudy.app import Understudy, create_app
from understudy.core.misconfigured import Misconfigured
from understudy.hot_reload import ReloadingApp
from understudy.settings import Settings

ORDER = {
    "type": "object",
    "required": ["id", "status", "total"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "status": {"type": "string", "enum": ["open", "paid", "cancelled"]},
        "total": {"type": "number", "minimum": 0},
    },
}
ERROR = {"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}}


def json_of(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": "", "content": {"application/json": {"schema": schema}}}


ORDERS = {
    "openapi": "3.0.3",
    "info": {"title": "Shop", "version": "1"},
    "paths": {
        "/orders": {
            "post": {
                "operationId": "create-order",
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}},
                },
                "responses": {"201": json_of({"$ref": "#/components/schemas/Order"})},
            },
            "get": {
                "operationId": "list_orders",
                "responses": {"200": json_of({"type": "array", "items": {"$ref": "#/components/schemas/Order"}})},
            },
        },
        "/orders/{orderId}": {
            "get": {
                "operationId": "get_order",
                "responses": {"200": json_of({"$ref": "#/components/schemas/Order"}), "404": json_of(ERROR)},
            },
        },
        "/orders/{orderId}/pay": {
            "post": {
                "operationId": "pay_order",
                "responses": {
                    "200": json_of({"$ref": "#/components/schemas/Order"}),
                    "404": json_of(ERROR),
                    "409": json_of(ERROR),
                },
            },
        },
    },
    "components": {"schemas": {"Order": ORDER}},
}

PAY = """
from understudy.behaviour import Refused, Reply

def pay_order(state, order_id, recognised):
    order = state.collection("orders").get(order_id)
    if order is not None and order["status"] == "cancelled":
        raise Refused(409, "a cancelled order cannot be paid")
    return recognised()
"""

Shop = Callable[..., Understudy]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """Return a function that serves the shop's document with files of behaviour, by their names."""
    document = tmp_path / "shop.json"
    document.write_text(json.dumps(ORDERS))

    def serve(**files: str) -> Understudy:
        for name, text in files.items():
            path = tmp_path / "behaviour" / f"{name.replace('__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))
        return create_app(settings(tmp_path))

    return serve


def settings(folder: Path) -> Settings:
    return Settings(documents=(("shop", str(folder / "shop.json")),), behaviour=(folder / "behaviour",), cache=None)


def post(understudy: Understudy, path: str, body: object = None) -> Answer:
    text = b"" if body is None else json.dumps(body).encode()
    return call(understudy.asgi, "POST", f"/shop{path}", headers={"Content-Type": "application/json"}, body=text)


def test_a_rule_in_five_lines_refuses_and_leaves_the_rest_to_what_is_recognised(shop: Shop) -> None:
    served = shop(shop__operations__orders=PAY)
    kept = post(served, "/orders", {"status": "open", "total": 3}).json["id"]
    gone = post(served, "/orders", {"status": "cancelled", "total": 3}).json["id"]

    paid, refused = post(served, f"/orders/{kept}/pay"), post(served, f"/orders/{gone}/pay")

    assert (paid.status, paid.json["status"]) == (200, "paid")
    assert (refused.status, refused.json["message"]) == (409, "a cancelled order cannot be paid")


def test_only_the_operation_of_the_function_is_behaviour(shop: Shop) -> None:
    endpoints = shop(shop__operations__orders=PAY).vendors["shop"].endpoints

    assert {name: each.fidelity for name, each in endpoints.items()} == {
        "create-order": "resource",
        "list_orders": "resource",
        "get_order": "resource",
        "pay_order": "behaviour",
    }


def test_an_operation_id_that_is_no_name_is_written_as_one(shop: Shop) -> None:
    served = shop(
        shop__operations__orders="""
            def create_order(state, body, recognised):
                return recognised(body={**body, "total": body["total"] * 2})
        """
    )

    assert post(served, "/orders", {"status": "open", "total": 3}).json["total"] == 6


def test_what_a_function_answers_is_held_to_the_document(shop: Shop) -> None:
    served = shop(
        shop__operations__orders="""
            from understudy.behaviour import Reply

            def get_order(state, order_id):
                return Reply({"id": "no number"})
        """
    )

    answer = call(served.asgi, "GET", "/shop/orders/1")

    assert answer.status == 500
    assert "status is required" in answer.json["breach"] or "is not of type" in answer.json["breach"]


def test_start_data_are_added_to_the_recognised_ones(shop: Shop) -> None:
    served = shop(
        shop__start="""
            def start(state, cast, options):
                state.collection("orders").put({"id": 900, "status": "paid", "total": 1, "@key": "900", "@parent": ""})
                return {"shop": "number 900"}
        """
    )

    assert call(served.asgi, "GET", "/shop/orders/900").json == {"id": 900, "status": "paid", "total": 1}
    assert served.credentials("")["shop"]["shop"] == "number 900"


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        (
            {"shop__operations__orders": "def pay_ordr(state):\n    pass"},
            "pay_ordr is no operationId of shop; did you mean 'pay_order'?",
        ),
        (
            {"shop__operations__orders": "def pay_order(state, ordr_id):\n    pass"},
            "the spec declares no 'ordr_id'; did you mean 'order_id'?",
        ),
        ({"shopp__operations__orders": PAY}, "no document of yours is named 'shopp'; did you mean 'shop'?"),
    ],
)
def test_a_mistake_is_named_with_the_nearest_right_name(shop: Shop, files: dict[str, str], reason: str) -> None:
    with pytest.raises(Misconfigured, match=reason.replace("?", r"\?")):
        shop(**files)


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    (tmp_path / "shop.json").write_text(json.dumps(ORDERS))

    with pytest.raises(Misconfigured, match="behaviour: no such folder of behaviour"):
        create_app(settings(tmp_path))


def test_a_changed_function_is_taken_up_and_records_stay(shop: Shop, tmp_path: Path) -> None:
    shop(shop__operations__orders=PAY)
    reloading = ReloadingApp(settings(tmp_path))
    made = post(reloading.understudy, "/orders", {"status": "cancelled", "total": 3}).json["id"]
    path = tmp_path / "behaviour/shop/operations/orders.py"
    path.write_text(path.read_text().replace("a cancelled order", "a dead order"))

    reloading.reload([path])

    assert post(reloading.understudy, f"/orders/{made}/pay").json["message"] == "a dead order cannot be paid"
