"""Records that are any objects: what is sent is kept with an id, read back, listed, changed and deleted."""

from pathlib import Path
from typing import Any

import pytest

from tests.own_document import OwnDocument, answer, document, ref, sent, serve

ANY = {"type": "object"}


def shop(folder: Path, record: Any = ANY, *, example: Any = None, name: str = "id") -> OwnDocument:
    shown = answer(record)
    if example is not None:
        shown["content"]["application/json"]["example"] = example
    missing = {"404": answer(ref("Error"))}
    one = {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
    paths = {
        "/users": {
            "post": {"requestBody": sent(ANY), "responses": {"201": shown}},
            "get": {"responses": {"200": answer({"type": "array", "items": record})}},
        },
        f"/users/{{{name}}}": {
            "parameters": [one],
            "get": {"responses": {"200": shown, **missing}},
            "put": {"requestBody": sent(ANY), "responses": {"200": shown, **missing}},
            "delete": {"responses": {"204": {"description": ""}, **missing}},
        },
    }
    return serve(folder, document(paths))


@pytest.mark.parametrize("name", ["id", "user_id", "userId", "slug"])
def test_what_is_sent_is_read_back(name: str, tmp_path: Path) -> None:
    served, key = shop(tmp_path, name=name), "slug" if name == "slug" else "id"

    made = served.call("post", "/users", {"login": "ada", "tags": ["a"]})
    path = f"/users/{made.json[key]}"

    assert made.status == 201
    assert made.json == {"login": "ada", "tags": ["a"], key: made.json[key]}
    assert served.call("get", path).json == made.json
    assert made.json in served.call("get", "/users").json
    changed = served.call("put", path, {"login": "bob"}).json
    assert changed == {**made.json, "login": "bob"}
    assert served.call("delete", path).status == 204
    assert served.call("get", path).status == 404


def test_an_id_that_is_sent_is_kept(tmp_path: Path) -> None:
    served = shop(tmp_path)

    assert served.call("post", "/users", {"id": "ada"}).json == {"id": "ada"}
    assert served.call("get", "/users/ada").json == {"id": "ada"}


def test_the_document_s_example_is_the_first_record(tmp_path: Path) -> None:
    served = shop(tmp_path, example={"uid": "u-1", "login": "ada"}, name="uid")

    shown = served.call("get", "/users").json

    assert shown
    assert all(each["login"] == "ada" for each in shown)
    assert len({each["uid"] for each in shown}) == len(shown)
    assert served.call("post", "/users", {"login": "bob"}).json.keys() == {"login", "uid"}


@pytest.mark.parametrize(
    "record", [{}, {"type": "object", "additionalProperties": {"type": "string"}}, {"type": "array", "items": {}}]
)
def test_other_values_are_no_records(record: Any, tmp_path: Path) -> None:
    served = shop(tmp_path, record)

    assert served.call("post", "/users", {"login": "ada"}).headers["understudy-fidelity"] == "sample"
