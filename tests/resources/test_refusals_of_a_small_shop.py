"""Refusals of a small shop: an id that is taken, an unknown path, and the code of an error in words."""

from pathlib import Path
from typing import Any

import pytest

from tests.own_document import ERROR, TEXT, OwnDocument, answer, document, ref, sent, serve

PRODUCT = {"type": "object", "required": ["sku", "name"], "properties": {"sku": TEXT, "name": TEXT}}
CODED: dict[str, Any] = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {"code": TEXT, "message": TEXT},
}
SKU = {"name": "sku", "in": "path", "required": True, "schema": TEXT}
PRODUCTS = {"200": answer({"type": "array", "items": ref("Product")})}


def shop(folder: Path, *declared: str, error: Any = None, base: str = "/v2", **media: Any) -> OwnDocument:
    refused = answer(error or CODED)
    refused["content"]["application/json"].update(media)
    raw = document(
        {
            "/products": {
                "get": {"operationId": "listProducts", "responses": PRODUCTS},
                "post": {
                    "operationId": "addProduct",
                    "requestBody": sent(ref("Product")),
                    "responses": {"201": answer(ref("Product")), **dict.fromkeys(declared, refused)},
                },
            },
            "/products/{sku}": {
                "parameters": [SKU],
                "get": {"operationId": "getProduct", "responses": {"200": answer(ref("Product")), "404": refused}},
                "delete": {"operationId": "removeProduct", "responses": {"204": {"description": ""}, "404": refused}},
            },
        },
        Product=PRODUCT,
    )
    return serve(folder, {**raw, "servers": [{"url": f"https://shop.example{base}"}]})


def test_an_id_that_is_taken_is_refused_where_a_conflict_is_declared(tmp_path: Path) -> None:
    served = shop(tmp_path, "409")
    first, second = (served.call("POST", "/v2/products", {"sku": "A1", "name": name}) for name in ("tea", "coffee"))

    assert (first.status, second.status) == (201, 409)
    assert second.json == {"code": "conflict", "message": "there is a product 'A1' already"}
    assert served.call("GET", "/v2/products/A1").json["name"] == "tea"
    assert served.call("POST", "/v2/products", {"sku": "A2", "name": "tea"}).status == 201


def test_an_id_is_free_again_when_its_record_is_deleted(tmp_path: Path) -> None:
    served = shop(tmp_path, "409")
    body = {"sku": "A1", "name": "tea"}

    assert [
        served.call("POST", "/v2/products", body).status,
        served.call("DELETE", "/v2/products/A1").status,
        served.call("POST", "/v2/products", body).status,
    ] == [201, 204, 201]


@pytest.mark.parametrize("declared", [(), ("400",), ("422",)])
def test_a_record_is_replaced_where_no_conflict_is_declared(tmp_path: Path, declared: tuple[str, ...]) -> None:
    served = shop(tmp_path, *declared)
    answers = [served.call("POST", "/v2/products", {"sku": "A1", "name": name}).status for name in ("tea", "coffee")]

    assert answers == [201, 201]
    assert served.call("GET", "/v2/products/A1").json["name"] == "coffee"


@pytest.mark.parametrize(
    ("base", "path", "named"),
    [
        ("/v2", "/v2/prodcts", "/v2/prodcts"),
        ("/v2", "/prodcts", "/v2/prodcts"),
        ("/v2", "/v22", "/v2/v22"),
        ("/v2", "/v2", "/v2"),
        ("/api/v2", "/api/v2/prodcts", "/api/v2/prodcts"),
        ("/api/v2", "/v2/prodcts", "/api/v2/v2/prodcts"),
        ("", "/prodcts", "/prodcts"),
        ("/v2", "/shop/v2/prodcts", "/v2/prodcts"),
    ],
)
def test_an_unknown_path_is_named_with_its_base_path_once(tmp_path: Path, base: str, path: str, named: str) -> None:
    served = shop(tmp_path, base=base)
    path = path.removeprefix("/shop") if path.startswith("/shop/") else path

    found = served.call("GET", path)

    assert (found.status, found.json["title"]) == (404, f"no operation at {named}")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CODED, "not_found"),
        ({**CODED, "properties": {**CODED["properties"], "code": {"type": "string", "maxLength": 9}}}, "not_found"),
        ({**CODED, "properties": {**CODED["properties"], "code": {"type": "string", "enum": ["nope"]}}}, "nope"),
        ({**CODED, "properties": {**CODED["properties"], "code": {"type": "string", "example": "E7"}}}, "E7"),
    ],
)
def test_a_code_in_words_is_that_of_the_status_where_the_document_leaves_it_open(
    tmp_path: Path, error: Any, code: str
) -> None:
    assert shop(tmp_path, error=error).call("GET", "/v2/products/none").json["code"] == code


def test_a_code_of_the_documents_example_stays(tmp_path: Path) -> None:
    example = {"code": "invalid_request", "message": "no"}

    found = shop(tmp_path, example=example).call("GET", "/v2/products/none").json

    assert found == {"code": "invalid_request", "message": "there is no product 'none'"}


def test_an_invalid_body_has_the_code_of_an_invalid_request(tmp_path: Path) -> None:
    found = shop(tmp_path, "422").call("POST", "/v2/products", {"sku": "A1"})

    assert (found.status, found.json) == (422, {"code": "invalid_request", "message": "name is required"})
    assert shop(tmp_path, "400", error=ERROR).call("POST", "/v2/products", {}).status == 400
