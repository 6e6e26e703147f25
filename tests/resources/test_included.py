"""JSON:API: ``include`` adds related records to an answer, and fields are chosen by type."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.own_document import TEXT, OwnDocument, answer, document, ref, sent, serve

NAMES = {"type": "array", "items": {**TEXT, "enum": ["author", "author.city", "tags"]}}


def one_of(*kinds: str) -> dict[str, Any]:
    identifier = {
        "type": "object",
        "required": ["type", "id"],
        "properties": {"type": {**TEXT, "enum": [*kinds]}, "id": TEXT},
    }
    return {"type": "object", "properties": {"data": identifier}}


def many_of(kind: str) -> dict[str, Any]:
    data = one_of(kind)["properties"]["data"]
    return {"type": "object", "properties": {"data": {"type": "array", "items": data}}}


def resource_object(kind: str, relationships: dict[str, Any], **attributes: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["type", "id", "attributes"],
        "properties": {
            "type": {**TEXT, "enum": [kind]},
            "id": TEXT,
            "attributes": {"type": "object", "properties": attributes},
            "relationships": {"type": "object", "properties": relationships},
        },
    }


ARTICLE = resource_object("article", {"author": one_of("author"), "tags": many_of("tag")}, title=TEXT, text=TEXT)
AUTHOR = resource_object("author", {"city": one_of("city")}, name=TEXT, email=TEXT)
RELATED = {"type": "array", "items": {"anyOf": [ref("Author"), ref("City"), ref("Tag")]}}
FIELDS = ("fields[article]", "fields[author]")


def paths(path: str, noun: str) -> dict[str, Any]:
    query: list[Any] = [{"name": "include", "in": "query", "explode": False, "schema": NAMES}]
    query += [
        {"name": name, "in": "query", "explode": False, "schema": {"type": "array", "items": TEXT}} for name in FIELDS
    ]

    query += [{"name": name, "in": "query", "schema": TEXT} for name in ("sort", "filter[title]")]

    def shown(data: Any) -> dict[str, Any]:
        return answer({"type": "object", "required": ["data"], "properties": {"data": data, "included": RELATED}})

    body = {"type": "object", "properties": {"data": {"type": "object"}}}
    return {
        path: {
            "get": {"parameters": query, "responses": {"200": shown({"type": "array", "items": ref(noun)})}},
            "post": {"requestBody": sent(body), "responses": {"201": shown(ref(noun))}},
        },
        f"{path}/{{id}}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": TEXT}],
            "get": {"parameters": query, "responses": {"200": shown(ref(noun)), "404": answer(ref("Error"))}},
            "delete": {"responses": {"204": {"description": ""}}},
        },
    }


BLOG = document(
    {
        **paths("/articles", "Article"),
        **paths("/authors", "Author"),
        **paths("/cities", "City"),
        **paths("/tags", "Tag"),
    },
    Article=ARTICLE,
    Author=AUTHOR,
    City=resource_object("city", {}, name=TEXT),
    Tag=resource_object("tag", {}, name=TEXT),
)


def to(kind: str, *keys: str) -> dict[str, Any]:
    found = [{"type": kind, "id": key} for key in keys]
    return {"data": found if kind == "tag" else found[0]}


RECORDS: dict[str, list[dict[str, Any]]] = {
    "/cities": [{"type": "city", "id": "turin", "attributes": {"name": "Turin"}}],
    "/tags": [{"type": "tag", "id": each, "attributes": {"name": each}} for each in "xyz"],
    "/authors": [
        {
            "type": "author",
            "id": each,
            "attributes": {"name": each, "email": "e"},
            "relationships": {"city": to("city", "turin")},
        }
        for each in ("ann", "bob")
    ],
    "/articles": [
        {
            "type": "article",
            "id": key,
            "attributes": {"title": title, "text": "x"},
            "relationships": {"author": to("author", author), "tags": to("tag", *tags)},
        }
        for key, title, author, tags in [("1", "t", "ann", "xy"), ("2", "z", "ann", "yq"), ("3", "a", "gone", "")]
    ],
}


@pytest.fixture(scope="module")
def blog(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Any]:
    served = serve(tmp_path_factory.mktemp("blog"), BLOG, records=0)
    for path, records in RECORDS.items():
        for record in records:
            assert served.call("post", path, {"data": record}).status == 201
    return lambda path: served.call("get", path)


def keys(found: Any) -> list[str]:
    return [f"{each['type']} {each['id']}" for each in found["included"]]


@pytest.mark.parametrize(
    ("path", "included"),
    [
        ("/articles/1?include=author", ["author ann"]),
        ("/articles/1?include=author,tags", ["author ann", "tag x", "tag y"]),
        ("/articles/1?include=author.city", ["author ann", "city turin"]),
        ("/articles?include=author,tags", ["author ann", "tag x", "tag y"]),
        ("/articles/3?include=author,tags", []),
        ("/tags/x?include=author", []),
    ],
)
def test_related_records_are_included_once_each(blog: Callable[[str], Any], path: str, included: list[str]) -> None:
    assert sorted(keys(blog(path).json)) == included


def test_nothing_is_included_that_is_not_asked_for(blog: Callable[[str], Any]) -> None:
    assert blog("/articles/1").json == {"data": RECORDS["/articles"][0]}
    assert "included" not in blog("/articles").json


def test_a_name_that_the_enum_does_not_have_is_refused(blog: Callable[[str], Any]) -> None:
    assert blog("/articles/1?include=autor").status == 400


def test_fields_are_chosen_by_type_in_the_included_records_too(blog: Callable[[str], Any]) -> None:
    found = blog("/articles/1?include=author&fields[author]=name&fields[article]=title,author").json

    assert found["data"]["attributes"] == {"title": "t"}
    assert found["data"]["relationships"] == {"author": to("author", "ann")}
    assert [each["attributes"] for each in found["included"]] == [{"name": "ann"}]
    assert blog("/articles/1?fields[author]=name").json["data"] == RECORDS["/articles"][0]


@pytest.mark.parametrize(
    ("query", "found"),
    [("sort=title", "312"), ("sort=-title", "213"), ("filter[title]=z", "2"), ("sort=unknown", "123")],
)
def test_lists_are_sorted_and_filtered_by_attributes(blog: Callable[[str], Any], query: str, found: str) -> None:
    assert "".join(each["id"] for each in blog(f"/articles?{query}").json["data"]) == found


def test_start_records_are_related_to_each_other(tmp_path_factory: pytest.TempPathFactory) -> None:
    served: OwnDocument = serve(tmp_path_factory.mktemp("blog"), json.loads(json.dumps(BLOG)))

    found = served.call("get", "/articles?include=author,tags").json
    there = {each["id"] for path in ("/authors", "/tags") for each in served.call("get", path).json["data"]}
    assert len(found["data"]) == 3
    assert found["included"]
    assert {each["id"] for each in found["included"]} <= there
