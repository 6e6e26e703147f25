"""A create keeps what was sent, in the shape in which the record is read."""

from pathlib import Path
from typing import Any

import pytest

from tests.own_document import TEXT, OwnDocument, answer, document, empty, ref, sent, serve

NUMBER = {"type": "integer"}


def thing(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties}


def shop(
    folder: Path,
    record: Any,
    *,
    path: str = "/items",
    created: Any = None,
    name: str = "id",
    **schemas: Any,
) -> OwnDocument:
    missing = {"404": answer(ref("Error"))}
    one = {"name": name, "in": "path", "required": True, "schema": TEXT}
    paths = {
        path: {"post": {"requestBody": sent({"type": "object"}), "responses": created or {"201": answer(record)}}},
        f"{path}/{{{name}}}": {
            "parameters": [one],
            "get": {"responses": {"200": answer(record), **missing}},
            "patch": {"requestBody": sent({"type": "object"}), "responses": {"200": answer(record), **missing}},
        },
    }
    return serve(folder, document(paths, **schemas))


@pytest.mark.parametrize("key", ["anyOf", "oneOf"])
def test_a_record_that_may_be_deleted_keeps_what_is_sent(key: str, tmp_path: Path) -> None:
    item = thing(["id", "object"], id=TEXT, object={"type": "string", "enum": ["item"]}, name=TEXT)
    gone = thing(["id", "object", "deleted"], id=TEXT, object=TEXT, deleted={"type": "boolean", "enum": [True]})
    item["properties"]["deleted"] = {"type": "boolean", "enum": [False]}
    item["required"].append("deleted")
    served = shop(tmp_path, {key: [ref("Item"), ref("Gone")]}, Item=item, Gone=gone)

    made = served.call("post", "/items", {"name": "pen"}).json

    assert made["name"] == "pen"
    assert served.call("get", f"/items/{made['id']}").json == made


def test_an_object_that_is_sent_has_nothing_of_a_sample(tmp_path: Path) -> None:
    address = thing([], city=TEXT, street=TEXT)
    served = shop(tmp_path, thing(["id"], id=TEXT, address=address))

    made = served.call("post", "/items", {"address": {"city": "Bath"}}).json
    changed = served.call("patch", f"/items/{made['id']}", {"address": {"street": "Milsom Street"}}).json

    assert made["address"] == {"city": "Bath"}
    assert changed["address"] == {"city": "Bath", "street": "Milsom Street"}


def test_an_object_that_is_sent_is_completed_with_what_it_requires(tmp_path: Path) -> None:
    address = thing(["city", "country"], city=TEXT, country={"type": "string", "enum": ["GB"]})
    served = shop(tmp_path, thing(["id", "address"], id=TEXT, address=address))

    assert served.call("post", "/items", {"address": {"city": "Bath"}}).json["address"] == {
        "city": "Bath",
        "country": "GB",
    }


def test_of_an_object_the_members_are_kept_that_the_record_has(tmp_path: Path) -> None:
    plan = {**thing(["name"], name=TEXT, seats=NUMBER, limits={**thing([], low=NUMBER), "additionalProperties": False})}
    plan["additionalProperties"] = False
    served = shop(tmp_path, thing(["id"], id=TEXT, plan=plan))

    body = {"plan": {"name": "big", "coupon": "X", "seats": "4", "limits": {"low": 1, "high": 9}}}

    assert served.call("post", "/items", body).json["plan"] == {"name": "big", "seats": 4, "limits": {"low": 1}}


def test_an_id_is_shown_in_the_object_to_which_it_leads(tmp_path: Path) -> None:
    price = thing(["id", "amount"], id=TEXT, amount=NUMBER)
    served = shop(tmp_path, thing(["id", "price"], id=TEXT, price=price))

    made = served.call("post", "/items", {"price": "price_1"}).json

    assert made["price"]["id"] == "price_1"
    assert served.call("get", f"/items/{made['id']}").json["price"]["id"] == "price_1"


def test_ids_of_which_the_schema_describes_one_are_numbered(tmp_path: Path) -> None:
    key = {"type": "string", "example": "ITEM-1", "description": 'Compound, such as "ITEM-1".', "enum": None}
    del key["enum"]
    served = shop(tmp_path, thing(["id", "name"], id=key, name=TEXT))

    made = [served.call("post", "/items", {"name": name}) for name in ("a", "b", "c")]

    assert [each.status for each in made] == [201] * 3
    assert len({each.json["id"] for each in made}) == 3
    assert [served.call("get", f"/items/{each.json['id']}").json["name"] for each in made] == ["a", "b", "c"]


def test_a_resource_with_a_longer_name_has_its_records_under_its_last_word(tmp_path: Path) -> None:
    key = thing(["id", "name"], id=TEXT, name=TEXT)
    plain = answer(thing(["key"], key=ref("Key")))
    one = {"name": "id", "in": "path", "required": True, "schema": TEXT}
    paths: dict[str, Any] = {}
    for path in ("/users/keys", "/spaces/keys"):
        paths[path] = {"post": {"requestBody": sent(thing([], name=TEXT)), "responses": {"201": plain}}}
        shown = answer(thing(["keys"], keys={"type": "array", "items": ref("Key")}))
        paths[path]["get"] = {"responses": {"200": shown}}
        paths[f"{path}/{{id}}"] = {
            "parameters": [one],
            "get": {"responses": {"200": plain, "404": answer(ref("Error"))}},
        }
    served = serve(tmp_path, document(paths, Key=key))

    for path in ("/users/keys", "/spaces/keys"):
        made = served.call("post", path, {"name": path}).json["key"]
        assert served.call("get", f"{path}/{made['id']}").json["key"] == made
        assert made in served.call("get", path).json["keys"]


@pytest.mark.parametrize("created", [{"201": empty()}, {"204": empty()}, {"default": empty()}])
def test_a_create_without_a_body_keeps_the_id_that_is_sent(created: dict[str, Any], tmp_path: Path) -> None:
    served = shop(tmp_path, thing(["username"], username=TEXT, id=NUMBER, name=TEXT), name="username", created=created)

    served.call("post", "/items", {"username": "ada", "name": "Ada"})

    assert served.call("get", "/items/ada").json == {"username": "ada", "name": "Ada"}


@pytest.mark.parametrize(
    "headers", [{}, {"Location": {"required": True, "schema": TEXT}}, {"location": {"schema": TEXT}}]
)
def test_the_location_of_a_new_record_leads_to_it(headers: dict[str, Any], tmp_path: Path) -> None:
    created = {"201": {"description": "", "headers": headers}}
    served = shop(tmp_path, thing(["id"], id=TEXT, name=TEXT), created=created)

    made = served.call("post", "/items", {"name": "pen"})

    assert served.call("get", made.headers["location"].removeprefix("http://127.0.0.1")).json["name"] == "pen"


def test_an_answer_that_shows_the_record_has_the_location_that_it_declares(tmp_path: Path) -> None:
    item = thing(["id"], id=TEXT)
    served = shop(tmp_path, item, created={"201": answer(item, Location={"type": "string", "format": "uri"})})
    other = shop(tmp_path, item)

    made = served.call("post", "/items", {})

    assert made.headers["location"].endswith(f"/items/{made.json['id']}")
    assert "location" not in other.call("post", "/items", {}).headers


def test_a_location_that_may_not_be_an_address_stays_a_sample(tmp_path: Path) -> None:
    item = thing(["id"], id=TEXT)
    header = {
        "description": "",
        "headers": {"Location": {"required": True, "schema": {"type": "string", "enum": ["/a"]}}},
    }

    assert shop(tmp_path, item, created={"201": header}).call("post", "/items", {}).headers["location"] == "/a"
