"""Changes between two versions of a document: each kind is found alone, with its effect on clients."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from understudy.changes.change import Effect
from understudy.changes.document_changes import Version, document_changes
from understudy.contract.compiled_operations import compile_operations
from understudy.contract.foreign.loading import load_foreign

DOCUMENT = yaml.safe_load("""
openapi: 3.0.3
info: {title: Shop, version: "1"}
servers: [{url: /v1}]
security: [{key: []}, {token: []}]
paths:
  /orders:
    get:
      operationId: list_orders
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 10}}
        - {name: status, in: query, schema: {type: string, enum: [open, paid]}}
        - {name: X-Trace, in: header, schema: {type: string}}
      responses:
        "200":
          description: Orders.
          headers: {X-Total: {required: true, schema: {type: integer}}}
          content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Order"}}}}
        "404": {description: None.}
    post:
      operationId: create_order
      requestBody:
        content:
          application/json: {schema: {$ref: "#/components/schemas/Order"}}
          application/xml: {schema: {}}
      responses:
        "201": {description: Made., content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: get_order
      responses:
        "200": {description: One., content: {application/json: {schema: {$ref: "#/components/schemas/Tree"}}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    token: {type: http, scheme: bearer}
  schemas:
    Order:
      type: object
      required: [id]
      properties:
        id: {type: string, maxLength: 10}
        status: {type: string, enum: [open, paid]}
        note: {type: string, nullable: true}
        total: {type: integer}
        lines: {type: array, items: {type: object, required: [sku], properties: {sku: {type: string}}}}
    Tree:
      type: object
      properties: {children: {type: array, items: {$ref: "#/components/schemas/Tree"}}}
""")

ORDER = ("components", "schemas", "Order")
LIST, POST = ("paths", "/orders", "get"), ("paths", "/orders", "post")
GONE = object()


def version(folder: Path, raw: Any, name: str) -> Version:
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(raw))
    document = load_foreign(name, str(path))
    return Version(document, compile_operations(document))


def changed(raw: Any, *edits: tuple[tuple[Any, ...], Any]) -> Any:
    """Return a copy of a document with values put at places, or taken from them."""
    copy = deepcopy(raw)
    for place, value in edits:
        node = copy
        for part in place[:-1]:
            node = node[part]
        if value is GONE:
            del node[place[-1]]
        else:
            node[place[-1]] = value
    return copy


def changes(folder: Path, *edits: tuple[tuple[Any, ...], Any]) -> list[tuple[str, str, str, str]]:
    old, new = version(folder, DOCUMENT, "old"), version(folder, changed(DOCUMENT, *edits), "new")
    return [(str(each.effect), each.operation, each.where, each.place) for each in document_changes(old, new)]


def test_equal_documents_have_no_difference(tmp_path: Path) -> None:
    assert changes(tmp_path) == []


LIMIT = (*LIST, "parameters", 0)
CASES: list[tuple[str, list[Any], list[tuple[str, str, str, str]]]] = [
    ("operation removed", [((*POST,), GONE)], [("breaking", "create_order", "path", "")]),
    ("operation added", [(("paths", "/orders", "head"), DOCUMENT["paths"]["/orders"]["get"] | {"operationId": "new"})],
     [("compatible", "new", "path", "")]),
    ("another base path", [(("servers", 0, "url"), "/v2")], [("breaking", "", "document", "")]),
    ("moved", [(("paths", "/purchases"), DOCUMENT["paths"]["/orders"]), (("paths", "/orders"), GONE)],
     [("breaking", "list_orders", "path", ""), ("breaking", "create_order", "path", "")]),
    ("renamed", [((*POST, "operationId"), "make_order")], [("risky", "create_order", "document", "")]),
    ("deprecated", [((*POST, "deprecated"), True)], [("compatible", "create_order", "document", "")]),
    ("one of two credentials", [((*POST, "security"), [{"key": []}])], [("breaking", "create_order", "security", "")]),
    ("no credentials", [((*POST, "security"), [])], []),
    ("required parameter",
     [((*LIST, "parameters"), [*DOCUMENT["paths"]["/orders"]["get"]["parameters"],
                               {"name": "day", "in": "query", "required": True, "schema": {"type": "string"}}])],
     [("breaking", "list_orders", "query", "day")]),
    ("optional parameter", [((*LIST, "parameters"), [*DOCUMENT["paths"]["/orders"]["get"]["parameters"],
                                                     {"name": "day", "in": "query", "schema": {"type": "string"}}])],
     [("compatible", "list_orders", "query", "day")]),
    ("parameter removed", [((*LIST, "parameters", 2), GONE)], [("risky", "list_orders", "header", "X-Trace")]),
    ("header in another case", [((*LIST, "parameters", 2, "name"), "x-trace")], []),
    ("path parameter of another name", [(("paths", "/orders/{order}"), changed(
        DOCUMENT["paths"]["/orders/{id}"], (("parameters", 0, "name"), "order"))),
        (("paths", "/orders/{id}"), GONE)], []),
    ("parameter became required", [((*LIMIT, "required"), True)], [("breaking", "list_orders", "query", "limit")]),
    ("upper bound lowered", [((*LIMIT, "schema", "maximum"), 9)], [("breaking", "list_orders", "query", "limit")]),
    ("upper bound raised", [((*LIMIT, "schema", "maximum"), 11)], [("compatible", "list_orders", "query", "limit")]),
    ("lower bound raised", [((*LIMIT, "schema", "minimum"), 2)], [("breaking", "list_orders", "query", "limit")]),
    ("bound of nought removed", [((*LIMIT, "schema", "minimum"), GONE)],
     [("compatible", "list_orders", "query", "limit")]),
    ("bound of nought added", [((*LIST, "parameters", 2, "schema", "minLength"), 0)], [
        ("breaking", "list_orders", "header", "X-Trace")]),
    ("value of a parameter removed", [((*LIST, "parameters", 1, "schema", "enum"), ["open"])],
     [("breaking", "list_orders", "query", "status")]),
    ("style of a parameter", [((*LIMIT, "explode"), False)], [("breaking", "list_orders", "query", "limit")]),
    ("body became required", [((*POST, "requestBody", "required"), True)],
     [("breaking", "create_order", "request", "")]),
    ("body removed", [((*POST, "requestBody"), GONE)], [("risky", "create_order", "request", "")]),
    ("media type of a body removed", [((*POST, "requestBody", "content", "application/xml"), GONE)],
     [("breaking", "create_order", "request", "")]),
    ("status removed", [((*LIST, "responses", "404"), GONE)], [("risky", "list_orders", "response", "")]),
    ("success added", [((*POST, "responses", "202"), {"description": "Later."})],
     [("risky", "create_order", "response", "")]),
    ("header removed", [((*LIST, "responses", "200", "headers"), {})],
     [("breaking", "list_orders", "response", "X-Total")]),
    ("header became optional", [((*LIST, "responses", "200", "headers", "X-Total", "required"), False)],
     [("breaking", "list_orders", "response", "X-Total")]),
    ("property required", [((*ORDER, "required"), ["id", "total"])], [
        ("compatible", "list_orders", "response", "/*/total"), ("breaking", "create_order", "request", "/total"),
        ("compatible", "create_order", "response", "/total")]),
    ("property not required any more", [((*ORDER, "required"), GONE)], [
        ("breaking", "list_orders", "response", "/*/id"), ("compatible", "create_order", "request", "/id"),
        ("breaking", "create_order", "response", "/id")]),
    ("optional property removed", [((*ORDER, "properties", "total"), GONE)], [
        ("risky", "list_orders", "response", "/*/total"), ("risky", "create_order", "request", "/total"),
        ("risky", "create_order", "response", "/total")]),
    ("property added", [((*ORDER, "properties", "tax"), {"type": "integer"})], [
        ("compatible", "list_orders", "response", "/*/tax"), ("compatible", "create_order", "request", "/tax"),
        ("compatible", "create_order", "response", "/tax")]),
    ("type widened", [((*ORDER, "properties", "total", "type"), "number")], [
        ("breaking", "list_orders", "response", "/*/total"), ("compatible", "create_order", "request", "/total"),
        ("breaking", "create_order", "response", "/total")]),
    ("null refused", [((*ORDER, "properties", "note", "nullable"), False)], [
        ("compatible", "list_orders", "response", "/*/note"), ("breaking", "create_order", "request", "/note"),
        ("compatible", "create_order", "response", "/note")]),
    ("value added", [((*ORDER, "properties", "status", "enum"), ["open", "paid", "lost"])], [
        ("risky", "list_orders", "response", "/*/status"), ("compatible", "create_order", "request", "/status"),
        ("risky", "create_order", "response", "/status")]),
    ("pattern", [((*ORDER, "properties", "id", "pattern"), "^[a-z]+$")], [
        ("compatible", "list_orders", "response", "/*/id"), ("breaking", "create_order", "request", "/id"),
        ("compatible", "create_order", "response", "/id")]),
    ("deep property", [((*ORDER, "properties", "lines", "items", "required"), [])], [
        ("breaking", "list_orders", "response", "/*/lines/*/sku"),
        ("compatible", "create_order", "request", "/lines/*/sku"),
        ("breaking", "create_order", "response", "/lines/*/sku")]),
    ("within itself", [(("components", "schemas", "Tree", "properties", "children", "maxItems"), 3)],
     [("compatible", "get_order", "response", "/children")]),
    ("only for reading", [((*ORDER, "properties", "total", "readOnly"), True)], [
        ("risky", "create_order", "request", "/total")]),
    ("closed", [((*ORDER, "additionalProperties"), False)], [
        ("compatible", "list_orders", "response", "/*"), ("breaking", "create_order", "request", ""),
        ("compatible", "create_order", "response", "")]),
]  # fmt: skip


@pytest.mark.parametrize(("edits", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_each_change_is_found_alone(
    tmp_path: Path, edits: list[Any], expected: list[tuple[str, str, str, str]]
) -> None:
    assert changes(tmp_path, *edits) == expected


def test_a_base_path_that_the_paths_make_up_for_is_no_change(tmp_path: Path) -> None:
    longer = {f"/v1{path}": item for path, item in DOCUMENT["paths"].items()}
    assert changes(tmp_path, (("servers", 0, "url"), "/"), (("paths",), longer)) == []


def test_alternatives_are_paired_by_name(tmp_path: Path) -> None:
    def of(*names: str) -> Any:
        parts = {name: {"type": "object", "title": name, "properties": {name: {"type": "string"}}} for name in names}
        schemas = DOCUMENT["components"]["schemas"] | parts
        return changed(
            DOCUMENT,
            (("components", "schemas"), schemas),
            ((*ORDER, "properties", "pay"), {"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in names]}),
        )

    old, new = version(tmp_path, of("Card", "Cash"), "old"), version(tmp_path, of("Cash", "Card", "Voucher"), "new")
    found = {(each.effect, each.where, each.place) for each in document_changes(old, new)}
    assert found == {
        (Effect.RISKY, "response", "/*/pay"),
        (Effect.COMPATIBLE, "request", "/pay"),
        (Effect.RISKY, "response", "/pay"),
    }
