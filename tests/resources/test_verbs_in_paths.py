"""Verbs at the end of paths: some create records beside their collection, others read and change nothing."""

from pathlib import Path
from typing import Any

import pytest

from tests.own_document import TEXT, OwnDocument, answer, document, ref, sent, serve

ITEM = {"type": "object", "required": ["id"], "properties": {"id": TEXT, "name": TEXT}}
LISTED = answer({"type": "array", "items": ref("Item")})
ONE = {"name": "id", "in": "path", "required": True, "schema": TEXT}


def post(response: Any, status: str = "200", *parameters: Any) -> dict[str, Any]:
    operation = {"requestBody": sent({"type": "object"}), "responses": {status: response}}
    return {"parameters": [*parameters], "post": operation}


def shop(folder: Path, paths: dict[str, Any], collection: str = "/pets") -> OwnDocument:
    read = {"get": {"responses": {"200": answer(ref("Item")), "404": answer(ref("Error"))}}}
    all_paths: dict[str, Any] = {
        collection: {"get": {"responses": {"200": LISTED}}},
        f"{collection}/{{id}}": {"parameters": [ONE], **read},
    }
    for path, item in paths.items():
        all_paths[path] = {**all_paths.get(path, {}), **item}
    return serve(folder, document(all_paths, Item=ITEM))


@pytest.mark.parametrize("verb", ["create", "add", "new"])
@pytest.mark.parametrize("status", ["200", "201"])
def test_a_verb_beside_a_collection_creates(verb: str, status: str, tmp_path: Path) -> None:
    served = shop(tmp_path, {f"/pets/{verb}": post(answer(ref("Item")), status)})

    made = served.call("post", f"/pets/{verb}", {"name": "rex"}).json

    assert made["name"] == "rex"
    assert served.call("get", f"/pets/{made['id']}").json == made
    assert made in served.call("get", "/pets").json


def test_a_collection_that_creates_itself_has_no_other_create(tmp_path: Path) -> None:
    shown = answer(ref("Item"))
    served = shop(tmp_path, {"/pets": post(shown, "201"), "/pets/new": post(shown)})

    assert served.call("post", "/pets", {"name": "rex"}).headers["understudy-fidelity"] == "resource"
    assert served.call("post", "/pets/new", {"name": "rex"}).headers["understudy-fidelity"] == "sample"


@pytest.mark.parametrize("verb", ["search", "query", "validate", "count"])
def test_a_verb_that_reads_creates_nothing(verb: str, tmp_path: Path) -> None:
    path = f"/pets/{verb}"
    served = shop(tmp_path, {path: post(answer(ref("Item")))}, path)
    before = served.call("get", path).json

    assert served.call("post", path, {"name": "rex"}).status == 200
    assert served.call("get", path).json == before


@pytest.mark.parametrize("status", ["201", "202"])
def test_a_search_that_answers_created_is_a_record(status: str, tmp_path: Path) -> None:
    served = shop(tmp_path, {"/search": post(answer(ref("Item")), status)}, "/search")

    made = served.call("post", "/search", {"name": "rex"}).json

    assert served.call("get", f"/search/{made['id']}").json == made


@pytest.mark.parametrize(("verb", "changes"), [("query", False), ("preview", False), ("rename", True)])
def test_a_verb_that_reads_changes_no_record(verb: str, changes: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a claim's value
    action = post(answer(ref("Item")), "200", ONE)
    action["post"]["responses"]["404"] = answer(ref("Error"))
    served = shop(tmp_path, {"/pets": post(answer(ref("Item")), "201"), f"/pets/{{id}}/{verb}": action})
    made = served.call("post", "/pets", {"name": "rex"}).json

    assert served.call("post", f"/pets/{made['id']}/{verb}", {"name": "bob"}).status == 200
    assert served.call("get", f"/pets/{made['id']}").json["name"] == ("bob" if changes else "rex")
    assert served.call("post", f"/pets/unknown/{verb}", {"name": "bob"}).status == 404
