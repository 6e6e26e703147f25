"""Declared entity tags: kept with the record, and conditions of requests held."""

from pathlib import Path
from typing import Any

import pytest

from tests.own_document import TEXT, OwnDocument, answer, document, empty, header, ref, sent, serve

PAGE = {"type": "object", "required": ["id"], "properties": {"id": TEXT, "title": TEXT}}


def wiki(*, statuses: tuple[str, ...] = ("304", "412"), tag: Any = TEXT, parameters: bool = True) -> dict[str, Any]:
    more: dict[str, Any] = {"304": empty(), "412": answer(ref("Error")), "default": answer(ref("Error"))}
    declared = {status: more[status] for status in statuses}
    shown = {"200": answer(ref("Page"), ETag=tag), **declared}
    conditions: dict[str, Any] = {"parameters": [header("If-Match"), header("If-None-Match")] if parameters else []}
    items = {
        "get": {"responses": {**shown, "404": answer(ref("Error"))}},
        "put": {**conditions, "requestBody": sent(ref("Page")), "responses": {**shown, "201": answer(ref("Page"))}},
        "patch": {**conditions, "requestBody": sent(ref("Page")), "responses": shown},
        "delete": {**conditions, "responses": {"204": {"description": ""}, **declared}},
    }
    made = {"requestBody": sent({"type": "object"}), "responses": {"201": answer(ref("Page"), ETag=tag)}}
    lists = {"responses": {"200": answer({"type": "array", "items": ref("Page")}, ETag=tag), **declared}}
    return document({"/pages": {"post": made, "get": lists}, "/pages/{id}": items}, Page=PAGE)


@pytest.fixture
def served(tmp_path: Path) -> OwnDocument:
    return serve(tmp_path, wiki())


def page(served: OwnDocument) -> tuple[str, str]:
    made = served.call("post", "/pages", {"title": "one"})
    return f"/pages/{made.json['id']}", made.headers["etag"]


def test_a_record_has_the_same_tag_until_it_is_changed(served: OwnDocument) -> None:
    path, tag = page(served)
    assert served.call("get", path).headers["etag"] == tag

    changed = served.call("patch", path, {"id": "x", "title": "two"}).headers["etag"]

    assert changed != tag
    assert served.call("get", path).headers["etag"] == changed


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_a_change_with_an_old_tag_is_refused_and_changes_nothing(served: OwnDocument, method: str) -> None:
    path, tag = page(served)
    served.call("patch", path, {"id": "x", "title": "two"}, if_match=tag)
    body = None if method == "delete" else {"id": "x", "title": "three"}

    refused = served.call(method, path, body, if_match=tag)

    assert refused.status == 412
    assert "does not hold" in refused.json["message"]
    assert served.call("get", path).json["title"] == "two"


@pytest.mark.parametrize("given", ["{}", '"other", {}', "*"])
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_a_change_with_the_records_tag_is_made(served: OwnDocument, method: str, given: str) -> None:
    path, tag = page(served)
    body = None if method == "delete" else {"id": "x", "title": "two"}

    assert served.call(method, path, body, if_match=given.format(tag)).status in (200, 204)


def test_a_weak_tag_is_none_that_a_change_may_name(served: OwnDocument) -> None:
    path, tag = page(served)

    assert served.call("patch", path, {"id": "x", "title": "two"}, if_match=f"W/{tag}").status == 412
    assert served.call("get", path, if_none_match=f"W/{tag}").status == 304


def test_what_the_client_has_is_not_sent_again(served: OwnDocument) -> None:
    path, tag = page(served)

    same = served.call("get", path, if_none_match=tag)
    other = served.call("get", path, if_none_match='"other"')

    assert (same.status, same.body, same.headers["etag"]) == (304, b"", tag)
    assert other.status == 200


def test_a_lists_tag_changes_with_the_list(served: OwnDocument) -> None:
    tag = served.call("get", "/pages").headers["etag"]
    assert served.call("get", "/pages", if_none_match=tag).status == 304

    page(served)

    assert served.call("get", "/pages", if_none_match=tag).status == 200


def test_a_record_is_created_only_where_none_is(served: OwnDocument) -> None:
    path, _ = page(served)

    assert served.call("put", path, {"id": "x", "title": "two"}, if_none_match="*").status == 412
    assert served.call("put", "/pages/new", {"id": "new", "title": "two"}, if_none_match="*").status == 201


def test_conditions_that_are_not_declared_count_where_the_tag_is(tmp_path: Path) -> None:
    served = serve(tmp_path, wiki(parameters=False))
    path, _ = page(served)

    assert served.call("patch", path, {"id": "x", "title": "two"}, if_match='"old"').status == 412


def test_a_status_that_is_not_declared_is_not_sent(tmp_path: Path) -> None:
    served = serve(tmp_path, wiki(statuses=()))
    path, tag = page(served)

    assert served.call("get", path, if_none_match=tag).status == 200
    assert served.call("patch", path, {"id": "x", "title": "two"}, if_match='"old"').status == 200


def test_a_deleted_record_is_unknown_whatever_the_condition(served: OwnDocument) -> None:
    path, tag = page(served)
    served.call("delete", path)

    assert served.call("get", path, if_match=tag).status == 404


def test_a_tag_has_the_form_of_its_schema(tmp_path: Path) -> None:
    served = serve(tmp_path, wiki(tag={"type": "string", "pattern": "^[0-9a-f]+$"}))
    path, tag = page(served)

    assert '"' not in tag
    assert served.call("patch", path, {"id": "x", "title": "two"}, if_match=tag).status == 200
