"""Patches of records: JSON Patch, JSON Merge Patch, and nulls in other changes."""

from pathlib import Path
from typing import Any

import pytest

from tests.asgi import Answer
from tests.own_document import TEXT, OwnDocument, answer, document, empty, ref, sent, serve

ITEM = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {
        "id": TEXT,
        "name": TEXT,
        "note": TEXT,
        "due": {"type": "string", "nullable": True},
        "tags": {"type": "array", "items": TEXT},
        "size": {"type": "object", "properties": {"w": {"type": "integer"}, "h": {"type": "integer"}}},
    },
    "additionalProperties": False,
}
FREE = {"schema": {"type": "object"}}
MEDIA = {
    "application/json": {"schema": {}},
    "application/merge-patch+json": FREE,
    "application/json-patch+json": {"schema": {"type": "array", "items": {"type": "object"}}},
}


def shop(folder: Path, wrap: str = "", statuses: tuple[str, ...] = ("400", "404", "409", "422")) -> OwnDocument:
    shown = answer({"type": "object", "required": [wrap], "properties": {wrap: ref("Item")}} if wrap else ref("Item"))
    errors = {status: answer(ref("Error")) for status in statuses}
    one = {"name": "id", "in": "path", "required": True, "schema": TEXT}
    patch = {"requestBody": {"required": True, "content": MEDIA}, "responses": {"200": shown, **errors}}
    paths = {
        "/items": {"post": {"requestBody": sent({"type": "object"}), "responses": {"201": shown}}},
        "/items/{id}": {
            "parameters": [one],
            "get": {"responses": {"200": shown, **errors}},
            "patch": patch,
            "put": {"requestBody": sent({"type": "object"}), "responses": {"200": shown, **errors}},
            "delete": {"responses": {"204": empty()}},
        },
    }
    return serve(folder, document(paths, Item=ITEM))


WHOLE = {"name": "pen", "note": "n", "due": "now", "tags": ["a"], "size": {"w": 1, "h": 2}}


def change(served: OwnDocument, media: str, body: Any, key: str) -> Answer:
    return served.call("patch", f"/items/{key}", body, content_type=f"application/{media}")


def created(served: OwnDocument) -> tuple[str, dict[str, Any]]:
    made = served.call("post", "/items", WHOLE).json
    record = made.get("item", made)
    return record["id"], {name: value for name, value in record.items() if name != "id"}


@pytest.mark.parametrize("wrap", ["", "item"])
@pytest.mark.parametrize("media", ["json-patch+json", "json-patch+json; charset=utf-8", "json"])
def test_a_json_patch_changes_the_record(media: str, wrap: str, tmp_path: Path) -> None:
    served = shop(tmp_path, wrap)
    key, record = created(served)
    operations = [
        {"op": "test", "path": "/name", "value": "pen"},
        {"op": "replace", "path": "/name", "value": "ink"},
        {"op": "remove", "path": "/note"},
        {"op": "add", "path": "/tags/-", "value": "b"},
        {"op": "replace", "path": "/size/w", "value": 5},
    ]

    answered = change(served, media, operations, key)
    wanted = {**record, "id": key, "name": "ink", "tags": ["a", "b"], "size": {"w": 5, "h": 2}}
    del wanted["note"]

    assert answered.status == 200
    assert answered.json == ({wrap: wanted} if wrap else wanted)
    assert served.call("get", f"/items/{key}").json == answered.json


@pytest.mark.parametrize(
    ("operation", "status", "reason"),
    [
        ({"op": "test", "path": "/name", "value": "ink"}, 409, "operation 0: the value at /name is another one"),
        ({"op": "remove", "path": "/nmae"}, 422, "operation 0: there is nothing at /nmae"),
        ({"op": "remove", "path": "/name"}, 422, "name is required"),
        ({"op": "add", "path": "/size/w", "value": "wide"}, 422, "/size/w"),
        ({"op": "add", "path": "/other", "value": 1}, 422, "other"),
        ({"op": "replace", "path": "/id", "value": "mine"}, 422, "the id of a item cannot be changed"),
        ({"op": "replace", "path": "", "value": [1]}, 422, "the patch leaves no object of the item"),
        ({"op": "swap", "path": "/name"}, 400, "operation 0: there is no operation 'swap'"),
    ],
)
def test_a_json_patch_that_cannot_be_leaves_the_record_as_it_is(
    operation: dict[str, Any], status: int, reason: str, tmp_path: Path
) -> None:
    served = shop(tmp_path)
    key, record = created(served)

    answered = change(served, "json-patch+json", [operation], key)

    assert answered.status == status
    assert reason in answered.json["message"]
    assert served.call("get", f"/items/{key}").json == {**record, "id": key}


@pytest.mark.parametrize(("statuses", "status"), [(("400", "404"), 400), (("409", "404"), 409), (("404",), 422)])
def test_a_refused_patch_has_a_status_that_the_document_declares(
    statuses: tuple[str, ...], status: int, tmp_path: Path
) -> None:
    served = shop(tmp_path, statuses=statuses)
    key, _ = created(served)

    assert change(served, "json-patch+json", [{"op": "remove", "path": "/x"}], key).status == status


@pytest.mark.parametrize(
    ("media", "patch", "changes"),
    [
        ("merge-patch+json", {"note": None, "due": None}, {"note": ..., "due": ...}),
        ("merge-patch+json", {"size": {"w": None}}, {"size": {"h": 2}}),
        ("merge-patch+json", {"name": "ink", "tags": []}, {"name": "ink", "tags": []}),
        ("merge-patch+json", {"name": None, "note": None}, {"note": ...}),
        ("merge-patch+json", {"id": "other", "note": "m"}, {"note": "m"}),
        ("merge-patch+json", {"unknown": 1, "size": {"h": None, "d": 3}}, {"size": {"w": 1, "d": 3}}),
        ("json", {"note": None, "due": None}, {"note": ..., "due": None}),
        ("json", {"size": {"w": None, "h": 3}}, {"size": {"h": 3}}),
        ("json", {"name": None}, {}),
    ],
)  # fmt: skip
def test_null_removes_what_may_be_lacking(media: str, patch: Any, changes: dict[str, Any], tmp_path: Path) -> None:
    served = shop(tmp_path)
    key, record = created(served)

    answered = change(served, media, patch, key)
    wanted = {**record, "id": key, **changes}

    assert answered.status == 200
    assert answered.json == {name: value for name, value in wanted.items() if value is not ...}
    assert served.call("get", f"/items/{key}").json == answered.json


def test_a_patch_of_an_unknown_record_is_refused(tmp_path: Path) -> None:
    assert change(shop(tmp_path), "json-patch+json", [{"op": "remove", "path": "/x"}], "none").status == 404
