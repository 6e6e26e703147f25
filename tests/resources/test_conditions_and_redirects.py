"""Conditions on records below others, with two names, and not there yet; redirections that lead somewhere."""

from pathlib import Path
from typing import Any

import pytest

from tests.own_document import TEXT, OwnDocument, answer, document, empty, ref, sent, serve

ITEM = {"type": "object", "required": ["id"], "properties": {"id": TEXT, "name": TEXT, "slug": TEXT}}
ERRORS = {status: answer(ref("Error")) for status in ("404", "412")}
BODY = sent({"type": "object"})


def at_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": TEXT}


def collection(*above: str) -> dict[str, Any]:
    created = {"201": answer(ref("Item"), ETag=TEXT), **ERRORS}
    return {"parameters": [*map(at_path, above)], "post": {"requestBody": BODY, "responses": created}}


def item(*names: str) -> dict[str, Any]:
    shown = answer(ref("Item"), ETag=TEXT)
    return {
        "parameters": [*map(at_path, names)],
        "get": {"responses": {"200": shown, "304": empty(), **ERRORS}},
        "put": {"requestBody": BODY, "responses": {"200": shown, "201": shown, **ERRORS}},
        "patch": {"requestBody": BODY, "responses": {"200": shown, **ERRORS}},
        "delete": {"responses": {"204": empty(), **ERRORS}},
    }


def shop(folder: Path) -> OwnDocument:
    paths = {
        "/shops/{shop}/items": collection("shop"),
        "/shops/{shop}/items/{id}": item("shop", "id"),
        "/pages": collection(),
        "/pages/{id_or_slug}": item("id_or_slug"),
    }
    return serve(folder, document(paths, Item=ITEM))


def test_records_of_one_id_below_two_others_have_tags_of_their_own(tmp_path: Path) -> None:
    served = shop(tmp_path)
    made = {name: served.call("post", f"/shops/{name}/items", {"id": "x", "name": name}) for name in ("a", "b")}

    assert made["a"].headers["etag"] != made["b"].headers["etag"]
    for name, created in made.items():
        path, tag = f"/shops/{name}/items/x", created.headers["etag"]
        assert served.call("get", path).headers["etag"] == tag
        assert served.call("patch", path, {"name": "n"}, if_match='"other"').status == 412
        assert served.call("patch", path, {"name": "n"}, if_match=tag).status == 200
        assert served.call("patch", path, {"name": "m"}, if_match=tag).status == 412
        assert served.call("get", path).json["name"] == "n"


@pytest.mark.parametrize("method", ["patch", "put", "delete"])
def test_a_condition_holds_by_the_other_name_of_a_record_too(method: str, tmp_path: Path) -> None:
    served = shop(tmp_path)
    tag = served.call("post", "/pages", {"slug": "home"}).headers["etag"]
    body = None if method == "delete" else {"name": "n"}

    assert served.call(method, "/pages/home", body, if_match='"other"').status == 412
    assert served.call(method, "/pages/home", body, if_match=tag).status in (200, 204)


@pytest.mark.parametrize(
    ("condition", "status"),
    [({"if_match": '"other"'}, 412), ({"if_match": "*"}, 412), ({"if_none_match": "*"}, 201), ({}, 201)],
)
def test_a_condition_on_a_record_that_is_not_there(condition: dict[str, str], status: int, tmp_path: Path) -> None:
    served = shop(tmp_path)

    answered = served.call("put", "/shops/a/items/new", {"name": "n"}, **condition)

    assert answered.status == status
    assert served.call("get", "/shops/a/items/new").status == (200 if status == 201 else 404)


def test_a_condition_that_nothing_is_there_fails_the_second_time(tmp_path: Path) -> None:
    served = shop(tmp_path)
    path = "/shops/a/items/new"

    assert served.call("put", path, {"name": "n"}, if_none_match="*").status == 201
    assert served.call("put", path, {"name": "m"}, if_none_match="*").status == 412
    assert served.call("get", path).json["name"] == "n"


@pytest.mark.parametrize("status", ["301", "302", "303", "307", "308"])
@pytest.mark.parametrize("required", ["required", "optional"])
def test_a_redirection_leads_somewhere(status: str, required: str, tmp_path: Path) -> None:
    header = {"required": required == "required", "schema": TEXT}
    paths = {"/old": {"get": {"responses": {status: {"description": "", "headers": {"Location": header}}}}}}

    answered = serve(tmp_path, document(paths)).call("get", "/old")

    assert answered.status == int(status)
    assert answered.headers["location"].startswith("https://example.com/")


def test_a_redirection_is_chosen_by_prefer(tmp_path: Path) -> None:
    moved = {"description": "", "headers": {"Location": {"schema": TEXT, "example": "/new"}}}
    served = serve(tmp_path, document({"/old": {"get": {"responses": {"200": answer(ref("Error")), "302": moved}}}}))

    assert served.call("get", "/old").status == 200
    assert served.call("get", "/old", prefer="code=302").headers["location"] == "/new"


def test_a_preference_without_value_is_applied_as_it_was_sent(tmp_path: Path) -> None:
    served = serve(tmp_path, document({"/a": {"get": {"responses": {"200": answer(ref("Error"))}}}}))

    assert served.call("get", "/a", prefer="dynamic").headers["preference-applied"] == "dynamic"
    assert (
        served.call("get", "/a", prefer="dynamic=true, code=200").headers["preference-applied"]
        == "code=200, dynamic=true"
    )
