"""Integers beyond 64 bits, which a schema without ``format`` allows: taken, and answered only where they stay valid."""

from pathlib import Path
from typing import Any

import pytest

from tests.asgi import Answer, call
from tests.own_document import OwnDocument, answer, document, ref, serve

WHOLE = {"type": "integer"}
BOOK = {
    "type": "object",
    "properties": {"id": {"type": "integer", "format": "int32"}, "pages": WHOLE, "weight": {"type": "number"}},
}


@pytest.fixture
def shop(tmp_path: Path) -> OwnDocument:
    names = (("limit", WHOLE), ("offset", WHOLE), ("page", {**WHOLE, "format": "int64"}), ("pages", WHOLE))
    queries = [{"name": name, "in": "query", "schema": schema} for name, schema in names]
    listed = {
        "type": "object",
        "required": ["items", "limit"],
        "properties": {"items": {"type": "array", "items": ref("Book")}, "limit": WHOLE, "offset": WHOLE},
    }
    media = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")
    schema_of = {"type": "object", "properties": {"number": {"type": "integer", "format": "int64"}}}
    number = {"required": True, "content": {"application/json": {"schema": schema_of}}}
    body = {"required": True, "content": {each: {"schema": ref("Book")} for each in media}}
    refused = {"400": answer(ref("Error")), "404": answer(ref("Error"))}
    paths: dict[str, Any] = {
        "/books": {
            "get": {"parameters": queries, "responses": {"200": answer(listed), **refused}},
            "post": {"requestBody": body, "responses": {"201": answer(ref("Book")), **refused}},
        },
        "/numbers": {"post": {"requestBody": number, "responses": {"204": {"description": ""}, **refused}}},
        "/books/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": WHOLE}],
            "get": {"responses": {"200": answer(ref("Book")), **refused}},
        },
    }
    return serve(tmp_path, document(paths, Book=BOOK))


def send(shop: OwnDocument, text: str, media: str = "application/json") -> Answer:
    return call(shop.app.asgi, "POST", "/books", headers={"content-type": media}, body=text.encode())


@pytest.mark.parametrize("number", [2**63 - 1, 2**63, -(2**63) - 1, 10**30, 10**390, -(10**390)])
@pytest.mark.parametrize("name", ["limit", "offset", "pages"])
def test_a_parameter_takes_any_integer(shop: OwnDocument, name: str, number: int) -> None:
    assert shop.call("get", f"/books?{name}={number}").status == 200


@pytest.mark.parametrize(("number", "status"), [(2**63 - 1, 200), (2**63, 400), (-(2**63) - 1, 400)])
def test_a_format_bounds_a_parameter(shop: OwnDocument, number: int, status: int) -> None:
    assert shop.call("get", f"/books?page={number}").status == status


@pytest.mark.parametrize(
    ("number", "status"),
    [(2**63 - 1, 204), (2**63, 400), (-(2**63), 204), (-(2**63) - 1, 400), (-(2**63) - 2000, 400), (2**64, 400)],
)
def test_a_format_bounds_a_body(shop: OwnDocument, number: int, status: int) -> None:
    headers = {"content-type": "application/json"}
    sent = call(shop.app.asgi, "POST", "/numbers", headers=headers, body=b'{"number": %d}' % number)
    assert sent.status == status


def test_an_id_beyond_64_bits_is_unknown(shop: OwnDocument) -> None:
    assert shop.call("get", f"/books/{10**30}").status == 404


@pytest.mark.parametrize("number", ["9223372036854775808", "-1e34", "1" + "0" * 300, "12e300"])
def test_a_body_takes_any_integer(shop: OwnDocument, number: str) -> None:
    created = send(shop, f'{{"id": 5, "pages": {number}, "weight": {number}}}')

    assert created.status == 201
    assert created.json["id"] == 5
    assert created.json["weight"] == float(number)
    assert isinstance(created.json.get("pages", 0), int)


@pytest.mark.parametrize("number", ["9223372036854775807", "-9223372036854775808"])
def test_an_integer_of_64_bits_is_answered_as_it_is(shop: OwnDocument, number: str) -> None:
    assert send(shop, f'{{"id": 6, "pages": {number}}}').json["pages"] == int(number)


@pytest.mark.parametrize("number", ["1" + "0" * 40, "1" + "0" * 390, "-1" + "0" * 390])
def test_a_form_takes_any_integer(shop: OwnDocument, number: str) -> None:
    assert send(shop, f"id=7&pages={number}", "application/x-www-form-urlencoded").status == 201


@pytest.mark.parametrize("number", ["2147483648", "1e34", "5.5"])
def test_what_the_schema_forbids_is_refused(shop: OwnDocument, number: str) -> None:
    assert send(shop, f'{{"id": {number}}}').status == 400


def test_a_fraction_is_no_integer(shop: OwnDocument) -> None:
    assert send(shop, '{"pages": 5.5}').status == 400
    assert shop.call("get", "/books?limit=5.5").status == 400
