"""Ids of recognised records: of the kind that the path takes, and apart below each parent."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.own_document import OwnDocument, answer, document, sent, serve

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def record(name: str, **schema: object) -> dict[str, Any]:
    return {
        "type": "object",
        "required": [name, "title"],
        "properties": {name: {"type": "string", **schema}, "title": {"type": "string"}},
    }


def paths(collection: str, parameter: str, shown: dict[str, Any], asked: object, **more: object) -> dict[str, Any]:
    """Return the paths of a resource with GET, PUT and DELETE on an item, and POST on its collection."""
    body = sent({"type": "object", "properties": {"title": {"type": "string"}}})
    own = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", collection)
    ]
    item = [*own, {"name": parameter, "in": "path", "required": True, "schema": asked}]
    gone = {"description": "", **more}
    return {
        collection: {"parameters": own, "post": {"requestBody": body, "responses": {"201": answer(shown)}}},
        f"{collection}/{{{parameter}}}": {
            "parameters": item,
            "get": {"responses": {"200": answer(shown), "404": gone}},
            "put": {"requestBody": body, "responses": {"200": answer(shown), "201": answer(shown)}},
            "delete": {"responses": {"204": {"description": ""}, "404": gone}},
        },
    }


def served(folder: Path, *found: dict[str, Any]) -> OwnDocument:
    return serve(folder, document({name: item for each in found for name, item in each.items()}))


def test_an_id_is_of_the_kind_that_the_path_takes(tmp_path: Path) -> None:
    own = served(tmp_path, paths("/rules", "rule_id", record("id"), {"type": "string", "format": "uuid"}))

    made = own.call("POST", "/rules", {"title": "one"}).json

    assert UUID.fullmatch(made["id"])
    assert own.call("GET", f"/rules/{made['id']}").json == made


def test_an_id_keeps_the_pattern_of_the_path_and_the_bounds_of_the_record(tmp_path: Path) -> None:
    own = served(
        tmp_path, paths("/rules", "rule_id", record("id", maxLength=6), {"type": "string", "pattern": "^r[0-9]+$"})
    )

    made = [own.call("POST", "/rules", {"title": "one"}).json["id"] for _ in range(5)]

    assert all(re.fullmatch("r[0-9]{1,5}", each) for each in made)
    assert len(set(made)) == 5


@pytest.mark.parametrize("name", ["sink_id", "access_key", "run_uuid"])
def test_a_record_in_a_member_has_the_id_that_the_path_names(tmp_path: Path, name: str) -> None:
    shown = {"type": "object", "required": ["target"], "properties": {"target": record(name)}}
    own = served(tmp_path, paths("/sinks", name, shown, {"type": "string"}))

    made = own.call("POST", "/sinks", {"title": "one"}).json["target"]

    assert own.call("GET", f"/sinks/{made[name]}").json == {"target": made}


@pytest.fixture
def nested(tmp_path: Path) -> OwnDocument:
    shelves = paths("/shelves", "shelfId", record("id"), {"type": "string"})
    return served(tmp_path, shelves, paths("/shelves/{shelfId}/books", "bookId", record("id"), {"type": "string"}))


def test_records_below_two_parents_may_have_one_id(nested: OwnDocument) -> None:
    for shelf in ("a", "b"):
        assert nested.call("PUT", f"/shelves/{shelf}/books/1", {"title": f"of {shelf}"}).status == 201

    assert [nested.call("GET", f"/shelves/{shelf}/books/1").json["title"] for shelf in ("a", "b")] == ["of a", "of b"]


def test_a_record_that_is_deleted_below_one_parent_stays_below_the_other(nested: OwnDocument) -> None:
    for shelf in ("a", "b"):
        nested.call("PUT", f"/shelves/{shelf}/books/1", {"title": f"of {shelf}"})

    assert nested.call("DELETE", "/shelves/a/books/1").status == 204

    assert nested.call("GET", "/shelves/a/books/1").status == 404
    assert nested.call("GET", "/shelves/b/books/1").json["title"] == "of b"
    assert nested.call("PUT", "/shelves/a/books/1", {"title": "again"}).status == 201
    assert nested.call("GET", "/shelves/a/books/1").json["title"] == "again"
    assert nested.call("GET", "/shelves/b/books/1").json["title"] == "of b"


def test_a_change_below_one_parent_leaves_the_other_alone(nested: OwnDocument) -> None:
    for shelf in ("a", "b"):
        nested.call("PUT", f"/shelves/{shelf}/books/1", {"title": f"of {shelf}"})

    assert nested.call("PUT", "/shelves/b/books/1", {"title": "changed"}).status == 200

    assert [nested.call("GET", f"/shelves/{shelf}/books/1").json["title"] for shelf in ("a", "b")] == [
        "of a",
        "changed",
    ]
