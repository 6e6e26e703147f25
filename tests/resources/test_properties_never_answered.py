"""Properties that are only sent, such as passwords: no answer holds them."""

from pathlib import Path
from typing import Any

import pytest

from tests.own_document import OwnDocument, answer, document, ref, sent, serve

TEXT = {"type": "string"}
SECRET = {"type": "string", "writeOnly": True}
ACCOUNT = {
    "type": "object",
    "required": ["id", "password"],
    "properties": {
        "id": TEXT,
        "password": SECRET,
        "owner": {"type": "object", "properties": {"name": TEXT, "pin": SECRET}},
        "keys": {"type": "array", "items": {"type": "object", "properties": {"name": TEXT, "secret": SECRET}}},
    },
    "example": {"id": "a1", "password": "hidden", "owner": {"name": "Ada", "pin": "12"}},
}
BODY = {
    "id": "a2",
    "password": "s3cret",
    "owner": {"name": "Bo", "pin": "s3cret"},
    "keys": [{"name": "first", "secret": "s3cret"}],
}
SHOWN = {"id": "a2", "owner": {"name": "Bo"}, "keys": [{"name": "first"}]}


@pytest.fixture
def shop(tmp_path: Path) -> OwnDocument:
    one = {"200": answer(ref("Account")), "404": answer(ref("Error"))}
    item = {"name": "id", "in": "path", "required": True, "schema": TEXT}
    paths: dict[str, Any] = {
        "/accounts": {
            "get": {"responses": {"200": answer({"type": "array", "items": ref("Account")})}},
            "post": {"requestBody": sent(ref("Account")), "responses": {"201": answer(ref("Account"))}},
        },
        "/accounts/{id}": {
            "parameters": [item],
            "get": {"responses": one},
            "put": {"requestBody": sent(ref("Account")), "responses": one},
        },
        "/me": {"get": {"responses": {"200": answer(ref("Account"))}}},
    }
    return serve(tmp_path, document(paths, Account=ACCOUNT))


def test_a_created_record_is_answered_without_them(shop: OwnDocument) -> None:
    assert shop.call("post", "/accounts", BODY).json == SHOWN
    assert shop.call("get", "/accounts/a2").json == SHOWN
    assert shop.call("get", "/accounts").json[-1] == SHOWN


def test_a_replaced_record_is_answered_without_them(shop: OwnDocument) -> None:
    shop.call("post", "/accounts", BODY)

    answered = shop.call("put", "/accounts/a2", {**BODY, "owner": {"name": "Cy", "pin": "s3cret"}})

    assert answered.json == {**SHOWN, "owner": {"name": "Cy"}}


def test_an_example_is_answered_without_them(shop: OwnDocument) -> None:
    answered = shop.call("get", "/me")

    assert answered.status == 200
    assert answered.json["id"] == "a1"
    assert not {"password", "pin", "secret"} & {*answered.json, *answered.json.get("owner", {})}


def test_a_request_without_a_required_one_is_refused(shop: OwnDocument) -> None:
    assert shop.call("post", "/accounts", {"id": "a3"}).status == 400
