"""Exchanges of any client and server against a document: each kind of difference is found, and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest

from understudy.contract.compiled_operations import compile_operations
from understudy.contract.foreign.loading import load_foreign
from understudy.state.journal import Exchange
from understudy.traffic.exchange_check import Difference, ExchangeChecker

DOCUMENT = """
openapi: 3.1.0
info: {title: Shop, version: "1"}
servers: [{url: /v1}]
security: [{key: []}]
paths:
  /orders:
    get:
      parameters:
        - {name: limit, in: query, schema: {type: integer, maximum: 10}}
      responses:
        "200":
          description: Orders.
          headers: {X-Total: {required: true, schema: {type: integer}}}
          content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Order"}}}}
    post:
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: "#/components/schemas/Order"}}
          multipart/form-data: {schema: {type: object, required: [id], properties: {id: {type: string}}}}
      responses:
        "201": {description: Made., content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
        "4XX": {description: Refused., content: {application/problem+json: {schema: {type: object}}}}
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    delete: {security: [], responses: {"204": {description: Gone.}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Order:
      type: object
      required: [id]
      properties:
        id: {type: string}
        status: {enum: [open, paid]}
        lines: {type: array, items: {type: object, properties: {sku: {type: string}}}}
        labels: {type: object, additionalProperties: {type: string}}
"""

KEY = (b"X-Key", b"k")
JSON = (b"Content-Type", b"application/json")


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> ExchangeChecker:
    path: Path = tmp_path_factory.mktemp("shop") / "shop.yaml"
    path.write_text(DOCUMENT)
    document = load_foreign("shop", str(path))
    return ExchangeChecker(document, compile_operations(document))


def differences(checker: ExchangeChecker, method: str, target: str, status: int, **more: Any) -> list[tuple[str, str]]:
    path, _, query = target.partition("?")
    headers = more.get("headers", [KEY, JSON])
    sent, answer = more.get("body", b""), more.get("answer", b"")
    exchange = Exchange(
        at=0.0,
        vendor="shop",
        operation="",
        method=method,
        path=path.encode(),
        query=query.encode(),
        status=status,
        fidelity="",
        request_headers=headers,
        response_headers=more.get("answered", [JSON]),
        request_body=sent if isinstance(sent, bytes) else json.dumps(sent).encode(),
        response_body=answer if isinstance(answer, bytes) else json.dumps(answer).encode(),
    )
    return [(each.kind, each.place) for each in checker.check(exchange, path)]


ORDERS = {"answer": [{"id": "1"}], "answered": [JSON, (b"x-total", b"1")]}
FORM = (
    b'--b\r\nContent-Disposition: form-data; name="id"\r\n\r\n1\r\n--b--\r\n',
    b'--b\r\nContent-Disposition: form-data; name="other"\r\n\r\n1\r\n--b--\r\n',
)


def test_an_exchange_as_documented_has_no_difference(checker: ExchangeChecker) -> None:
    order = {"id": "1", "status": "paid", "lines": [{"sku": "a"}], "labels": {"any": "thing"}}
    assert differences(checker, "GET", "/orders?limit=10", 200, **ORDERS) == []
    assert differences(checker, "HEAD", "/orders", 200, answered=[(b"X-TOTAL", b"1")]) == []
    assert differences(checker, "POST", "/orders", 201, body=order, answer=order) == []
    problem = [(b"content-type", b"application/problem+json; charset=utf-8")]
    assert differences(checker, "POST", "/orders", 422, body=order, answer={}, answered=problem) == []
    assert differences(checker, "DELETE", "/orders/a%2Fb", 204, headers=[], answered=[]) == []
    form = [KEY, (b"content-type", b"multipart/form-data; boundary=b")]
    assert differences(checker, "POST", "/orders", 201, headers=form, body=FORM[0], answer={"id": "1"}) == []


@pytest.mark.parametrize(
    ("method", "target", "status", "more", "expected"),
    [
        ("GET", "/order", 200, ORDERS, ("undocumented-path", "/order")),
        ("PUT", "/orders/1", 200, {}, ("undocumented-method", "/orders/{id}")),
        ("GET", "/orders", 200, {**ORDERS, "headers": []}, ("missing-credentials", "")),
        ("GET", "/orders?limit=11", 200, ORDERS, ("invalid-parameter", "limit")),
        ("GET", "/orders?limit=1&page=2", 200, ORDERS, ("undocumented-parameter", "page")),
        ("POST", "/orders", 201, {"body": b"{", "answer": {"id": "1"}}, ("invalid-request-body", "")),
        ("POST", "/orders", 201, {"body": b"", "answer": {"id": "1"}}, ("invalid-request-body", "")),
        ("POST", "/orders", 201, {"body": {}, "answer": {"id": "1"}}, ("invalid-request-body", "/id")),
        (
            "POST",
            "/orders",
            201,
            {"body": {"id": "1", "note": 1}, "answer": {"id": "1"}},
            ("undocumented-request-field", "/note"),
        ),
        (
            "POST",
            "/orders",
            201,
            {
                "body": FORM[1],
                "answer": {"id": "1"},
                "headers": [KEY, (b"content-type", b"multipart/form-data; boundary=b")],
            },
            ("invalid-request-body", "/id"),
        ),
        ("GET", "/orders", 500, {}, ("undocumented-status", "500")),
        ("GET", "/orders", 200, {**ORDERS, "answered": [JSON]}, ("invalid-header", "X-Total")),
        ("GET", "/orders", 200, {**ORDERS, "answered": [JSON, (b"x-total", b"a")]}, ("invalid-header", "X-Total")),
        (
            "GET",
            "/orders",
            200,
            {"answer": b"<p>", "answered": [(b"content-type", b"text/html"), (b"x-total", b"1")]},
            ("undocumented-media-type", "Content-Type"),
        ),
        ("GET", "/orders", 200, {**ORDERS, "answer": b"[{"}, ("invalid-response-body", "")),
        ("GET", "/orders", 200, {**ORDERS, "answer": b""}, ("invalid-response-body", "")),
        (
            "GET",
            "/orders",
            200,
            {**ORDERS, "answer": [{"id": "1", "status": "lost"}]},
            ("invalid-response-body", "/0/status"),
        ),
        (
            "GET",
            "/orders",
            200,
            {**ORDERS, "answer": [{"id": "1", "lines": [{"sku": "a", "price": 1}]}]},
            ("undocumented-field", "/0/lines/0/price"),
        ),
        (
            "DELETE",
            "/orders/1",
            204,
            {"answer": {"id": "1"}},
            ("invalid-response-body", ""),
        ),
    ],
)
def test_each_difference_is_found_alone(
    checker: ExchangeChecker, method: str, target: str, status: int, more: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert differences(checker, method, target, status, **more) == [expected]


def test_what_a_document_does_not_name_is_no_breach(checker: ExchangeChecker) -> None:
    exchange = Exchange(0.0, "shop", "", "GET", b"/orders", b"page=1", 200, "", request_headers=[KEY])
    found = {each.kind: each for each in checker.check(exchange, "/orders")}
    assert not found[Difference.UNDOCUMENTED_PARAMETER].is_breach
    assert found[Difference.UNDOCUMENTED_PARAMETER].is_of_request
    assert found[Difference.INVALID_HEADER].is_breach
    assert not found[Difference.INVALID_HEADER].is_of_request
