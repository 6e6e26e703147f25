"""Lists of recognised records: complete, paged to the end, filtered, sorted; and records that a PUT creates."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from openapi_schema_validator import OAS31Validator

from tests.asgi import Answer, call
from understudy.app import Understudy, create_app
from understudy.settings import Settings

BOOK = {
    "type": "object",
    "required": ["id", "title", "pages"],
    "properties": {
        "id": {"type": "integer"},
        "title": {"type": "string"},
        "pages": {"type": "integer"},
        "published_at": {"type": "string"},
    },
}
ENVELOPE = {
    "type": "object",
    "required": ["data", "total", "has_more", "next"],
    "properties": {
        "data": {"type": "array", "items": {"$ref": "#/components/schemas/Book"}},
        "total": {"type": "integer"},
        "has_more": {"type": "boolean"},
        "next": {"type": ["string", "null"], "example": "https://api.example/books?page=2"},
    },
}


def json_of(schema: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"description": "", "content": {"application/json": {"schema": schema}}, **more}


def query(name: str, kind: str = "string") -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": kind}}


def library(
    *parameters: dict[str, Any], listed: Mapping[str, Any] = ENVELOPE, put: Mapping[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    book = {"$ref": "#/components/schemas/Book"}
    body = {"required": True, "content": {"application/json": {"schema": book}}}
    key = {"name": "bookId", "in": "path", "required": True, "schema": {"type": "integer"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Library", "version": "1"},
        "paths": {
            "/books": {
                "get": {"parameters": [*parameters], "responses": {"200": json_of(listed, **more)}},
                "post": {"requestBody": body, "responses": {"201": json_of(book)}},
                "put": {"requestBody": body, "responses": {"200": json_of(book), "404": {"description": ""}}},
            },
            "/books/findByTitle": {
                "get": {"parameters": [query("title")], "responses": {"200": json_of({"type": "array", "items": book})}}
            },
            "/books/{bookId}": {
                "parameters": [key],
                "get": {"responses": {"200": json_of(book), "404": {"description": ""}}},
                "put": {"requestBody": body, "responses": put or {"200": json_of(book)}},
                "delete": {"responses": {"204": {"description": ""}, "404": {"description": ""}}},
            },
        },
        "components": {"schemas": {"Book": BOOK}},
    }


def served(folder: Path, document: Mapping[str, Any]) -> Understudy:
    path = folder / "library.json"
    path.write_text(json.dumps(document))
    return create_app(Settings(documents=(("library", str(path)),), cache=None))


def send(app: Understudy, method: str, target: str, body: object = None) -> Answer:
    text = b"" if body is None else json.dumps(body).encode()
    return call(app.asgi, method, target, headers={"Content-Type": "application/json"}, body=text)


def add(app: Understudy, count: int) -> list[int]:
    """Add books with 100, 101, … pages and return the ids of all that there are."""
    for number in range(count):
        created = send(app, "POST", "/books", {"id": 1000 + number, "title": f"B{number % 3}", "pages": 100 + number})
        assert created.status == 201
    return [1, 2, 3, *(1000 + number for number in range(count))]


@pytest.mark.parametrize(
    ("parameters", "size"),
    [
        ((query("page", "integer"), query("per_page", "integer")), "per_page=4"),
        ((query("offset", "integer"), query("limit", "integer")), "limit=4"),
        ((query("cursor"), query("limit", "integer")), "limit=4"),
        ((query("starting_after"), query("limit", "integer")), "limit=4"),
    ],
    ids=["page", "offset", "cursor", "id of the last"],
)
def test_the_addresses_of_next_pages_lead_through_all_records_once(
    tmp_path: Path, parameters: tuple[dict[str, Any], ...], size: str
) -> None:
    app = served(tmp_path, library(*parameters))
    expected, target, seen = add(app, 9), f"/books?{size}", []

    while target:
        page = send(app, "GET", target).json
        assert page["next"] is None or page["next"].startswith("http://127.0.0.1/books?")
        OAS31Validator({**ENVELOPE, "components": {"schemas": {"Book": BOOK}}}).validate(page)
        assert page["total"] == 12
        assert page["has_more"] is (page["next"] is not None)
        assert len(page["data"]) == 4
        seen += [book["id"] for book in page["data"]]
        target = (page["next"] or "").removeprefix("http://127.0.0.1")

    assert seen == expected


def test_a_declared_link_header_leads_to_the_next_page_and_is_absent_on_the_last(tmp_path: Path) -> None:
    link = {"headers": {"Link": {"schema": {"type": "string"}}}}
    app = served(tmp_path, library(query("page", "integer"), query("limit", "integer"), **link))

    first, last = send(app, "GET", "/books?limit=2"), send(app, "GET", "/books?limit=2&page=2")

    assert first.headers["link"] == '<http://127.0.0.1/books?limit=2&page=2>; rel="next"'
    assert "link" not in last.headers


def test_a_page_after_the_last_is_empty(tmp_path: Path) -> None:
    app = served(tmp_path, library(query("page", "integer"), query("limit", "integer")))

    page = send(app, "GET", "/books?limit=2&page=9").json

    assert (page["data"], page["has_more"], page["next"], page["total"]) == ([], False, None, 3)


@pytest.mark.parametrize(
    ("wish", "ids"),
    [
        ("pages=101", [1001]),
        ("pages=99", []),
        ("pages[gte]=101&pages[lt]=103", [1001, 1002]),
        ("pages_min=103&pages_max=104", [1003, 1004]),
        ("pages_min=101&pages_max=104&sort=-pages", [1004, 1003, 1002, 1001]),
        ("pages_min=101&pages_max=104&sort=title,-pages", [1003, 1004, 1001, 1002]),
        ("pages_min=101&pages_max=103&sort=pages:desc", [1003, 1002, 1001]),
        ("pages_min=101&pages_max=103&sort=pages&order=desc", [1003, 1002, 1001]),
        ("pages_min=101&pages_max=103&order=desc", [1003, 1002, 1001]),
        ("pages_min=101&pages_max=103&sort=unknown", [1001, 1002, 1003]),
    ],
)
def test_a_list_is_filtered_and_sorted_as_its_parameters_ask(tmp_path: Path, wish: str, ids: list[int]) -> None:
    names = ("pages", "pages[gte]", "pages[lt]", "pages_min", "pages_max")
    app = served(tmp_path, library(*(query(name, "integer") for name in names), query("sort"), query("order")))
    add(app, 5)
    for key in (1, 2, 3):
        send(app, "DELETE", f"/books/{key}")

    found = send(app, "GET", f"/books?{quote(wish, safe='=&,:-')}").json["data"]

    assert [book["id"] for book in found] == ids


@pytest.mark.parametrize(("wish", "shelves"), [("shelf", ["a", "b", None]), ("-shelf", ["b", "a", None])])
def test_records_without_the_property_that_a_list_is_sorted_by_are_the_last(
    tmp_path: Path, wish: str, shelves: list[str | None]
) -> None:
    document = library(query("sort"))
    book_schema: dict[str, Any] = dict(BOOK)
    properties = {**book_schema["properties"], "shelf": {"type": ["string", "null"]}}
    document["components"] = {"schemas": {"Book": {**book_schema, "properties": properties}}}
    app = served(tmp_path, document)
    for number, shelf in enumerate(("b", None, "a")):
        book = {"id": 1000 + number, "title": "B", "pages": 9, "shelf": shelf}
        assert send(app, "POST", "/books", book).status == 201

    found = send(app, "GET", f"/books?sort={wish}").json["data"]

    assert [book["shelf"] for book in found if book["id"] >= 1000] == shelves


def test_a_list_whose_schema_has_no_form_for_a_record_does_not_leave_it_out_alone(tmp_path: Path) -> None:
    short = {"type": "object", "required": ["id", "title", "pages"], "properties": {**BOOK["properties"]}}  # type: ignore[dict-item]
    short["properties"] = {**short["properties"], "title": {"type": "string", "enum": ["Short"]}}  # type: ignore[dict-item]
    app = served(tmp_path, library(listed={"type": "array", "items": short}))
    add(app, 2)

    found = send(app, "GET", "/books").json

    OAS31Validator({"type": "array", "items": short}).validate(found)
    assert {1000, 1001}.isdisjoint(book["id"] for book in found) or {1000, 1001} <= {book["id"] for book in found}


def test_a_literal_path_beside_the_items_lists_the_same_records(tmp_path: Path) -> None:
    app = served(tmp_path, library())
    add(app, 4)

    assert [book["id"] for book in send(app, "GET", "/books/findByTitle?title=B0").json] == [1000, 1003]


def test_a_put_on_the_collection_changes_the_record_that_its_body_names(tmp_path: Path) -> None:
    app = served(tmp_path, library())
    add(app, 1)

    assert send(app, "PUT", "/books", {"id": 1000, "title": "New", "pages": 7}).json["title"] == "New"
    assert send(app, "GET", "/books/1000").json == {"id": 1000, "title": "New", "pages": 7}


def test_a_put_on_the_collection_is_refused_for_an_unknown_id_where_a_404_is_declared(tmp_path: Path) -> None:
    app = served(tmp_path, library())

    assert send(app, "PUT", "/books", {"id": 77, "title": "New", "pages": 7}).status == 404
    assert send(app, "GET", "/books/77").status == 404


@pytest.mark.parametrize(
    ("declared", "status", "read"),
    [
        (["200"], 200, 200),
        (["200", "201", "404"], 201, 200),
        (["200", "404"], 404, 404),
    ],
)
def test_a_put_on_an_unknown_item_creates_it_unless_only_a_404_is_declared(
    tmp_path: Path, declared: list[str], status: int, read: int
) -> None:
    book = {"$ref": "#/components/schemas/Book"}
    put = {each: json_of(book) if each[0] == "2" else {"description": ""} for each in declared}
    app = served(tmp_path, library(put=put))

    assert send(app, "PUT", "/books/77", {"id": 77, "title": "New", "pages": 7}).status == status
    assert send(app, "GET", "/books/77").status == read


def test_a_record_that_is_put_after_its_deletion_is_there_again(tmp_path: Path) -> None:
    app = served(tmp_path, library())
    add(app, 1)
    send(app, "DELETE", "/books/1000")

    assert send(app, "GET", "/books/1000").status == 404
    assert send(app, "PUT", "/books/1000", {"id": 1000, "title": "Again", "pages": 1}).status == 200
    assert send(app, "GET", "/books/1000").json["title"] == "Again"


def test_the_collections_that_only_count_are_no_collections_of_the_vendor(tmp_path: Path) -> None:
    app = served(tmp_path, library())
    add(app, 1)

    shown = send(app, "GET", "/_understudy/api/worlds/main/collections").json

    assert [(each["name"], each["records"]) for each in shown] == [("books", 4)]


def test_a_list_of_another_world_leads_on_in_that_world(tmp_path: Path) -> None:
    app = served(tmp_path, library(query("page", "integer"), query("limit", "integer")))

    page = send(app, "GET", "/@other/library/books?limit=1").json

    assert page["next"] == "http://127.0.0.1/@other/library/books?limit=1&page=2"


def test_a_page_of_ten_thousand_records_is_read_without_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = served(tmp_path, library(query("page", "integer"), query("limit", "integer")))
    rows = app.worlds.start_world.vendors["library"].collections["books"]
    for number in range(10_000):
        rows.put({"id": number, "title": "B", "pages": 1, "@key": str(number), "@parent": ""})
    monkeypatch.setattr(type(rows), "__iter__", lambda _self: pytest.fail("all records are read"))

    page = send(app, "GET", "/books?limit=3&page=3000").json

    assert [book["id"] for book in page["data"]] == [8997, 8998, 8999]
    assert page["total"] == 10_000
