"""Pages of operations of documents that other tools write: odd schemas, examples without values, large trees."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.acme import Company, operation_spec
from tests.console.conftest import CONSOLE, Visitor
from understudy.app import create_app
from understudy.console.request_drafts import usual_value
from understudy.console.schema_tree import MAX_NODES, SchemaNode, SchemaTree
from understudy.contract.document import Document
from understudy.settings import Settings

ODD_SCHEMAS: dict[str, Any] = {
    "any": {},
    "yes": True,
    "several types": {"type": ["string", "null"]},
    "constant": {"const": {"a": [1]}},
    "enumeration": {"enum": [None, {"a": 1}, [2], "<b>"]},
    "itself": {"$ref": "#/components/schemas/Tree"},
    "list of itself": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
    "not": {"not": {"type": "string"}},
    "closed": {"type": "object", "additionalProperties": False},
    "pattern": {"type": "string", "pattern": "^(a|b)+$", "minLength": 1, "deprecated": True},
    "large number": {"type": "integer", "maximum": 10**25},
}
TREE = {
    "type": "object",
    "properties": {
        "left": {"$ref": "#/components/schemas/Tree"},
        "more": {"oneOf": [{"$ref": "#/components/schemas/Tree"}]},
    },
}


def document(schema: Any, **operation: Any) -> dict[str, Any]:
    media = {"application/json": {"schema": schema}}
    responses = {
        "200": {"description": "", "content": media},
        "default": {"description": "Else."},
        "4XX": {"description": ""},
    }
    post = {"operationId": "act", "requestBody": {"content": media}, "responses": responses, **operation}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Odd", "version": "1"},
        "components": {"schemas": {"Tree": TREE}},
        "paths": {
            "/odd/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "post": post,
            }
        },
    }


def visit(folder: Path, raw: dict[str, Any]) -> Visitor:
    file = folder / "odd.json"
    file.write_text(json.dumps(raw))
    return Visitor(create_app(Settings(documents=(("odd", str(file)),))))


@pytest.mark.parametrize("name", ODD_SCHEMAS)
def test_an_operation_with_an_odd_schema_has_a_page_and_a_form(tmp_path: Path, name: str) -> None:
    visitor = visit(tmp_path, document(ODD_SCHEMAS[name]))

    for query in ("", "?seed=1"):
        assert 'id="try-title"' in visitor.page(f"{CONSOLE}/operations/odd/act{query}")
    visitor.page("/")
    visitor.page(f"{CONSOLE}/operations")


def test_examples_without_values_are_passed_over(tmp_path: Path) -> None:
    elsewhere = {"examples": {"elsewhere": {"externalValue": "http://example.com/x"}}, "schema": {"type": "string"}}
    named = {"name": "q", "in": "query", "required": True, **elsewhere}
    body = {"content": {"application/json": elsewhere}}
    visitor = visit(tmp_path, document({"type": "string"}, parameters=[named], requestBody=body))

    for query in ("", "?example=elsewhere", "?seed=2"):
        visitor.page(f"{CONSOLE}/operations/odd/act{query}")


def test_a_description_that_is_no_text_is_shown(tmp_path: Path) -> None:
    visitor = visit(tmp_path, document({"description": "Text.", "type": "string"}, description="`x`", summary="S"))

    assert "<code>x</code>" in visitor.page(f"{CONSOLE}/operations/odd/act")


def test_a_vendor_of_ones_own_without_a_file_of_evidence_has_pages(company: Company) -> None:
    company.write_spec("acme", operation_spec())
    understudy = company.start()
    [operation] = understudy.vendors["acme"].operations

    page = Visitor(understudy).page(f"{CONSOLE}/operations/acme/{operation.id}")

    assert "Evidence" in page


def count(node: SchemaNode) -> int:
    return 1 + sum(map(count, node.children))


def test_a_tree_is_cut_where_it_is_too_large() -> None:
    wide = {
        "type": "object",
        "properties": {f"p{number}": {"$ref": "#/components/schemas/Tree"} for number in range(150)},
    }
    raw = {
        "paths": {},
        "components": {"schemas": {"Tree": {"type": "object", "properties": {f"q{n}": wide for n in range(150)}}}},
    }
    maker = SchemaTree(Document("wide", Path("wide.yaml"), raw))

    first, second = maker.of(wide), maker.of(wide)

    assert MAX_NODES <= count(first) <= 20 * MAX_NODES
    assert count(second) == 1
    assert second.is_cut


def test_a_schema_that_leads_to_itself_is_cut() -> None:
    maker = SchemaTree(Document("tree", Path("tree.yaml"), {"paths": {}, "components": {"schemas": {"Tree": TREE}}}))

    root = maker.of({"$ref": "#/components/schemas/Tree"})

    [left, more] = root.children
    assert (left.is_cut, left.children, left.reference) == (True, [], "Tree")
    assert more.children[0].is_cut


def test_a_value_is_found_for_any_node() -> None:
    empty = Document("odd", Path("odd.yaml"), {"paths": {}, "components": {"schemas": {"Tree": TREE}}})

    for schema in ODD_SCHEMAS.values():
        usual_value(empty, {"schema": schema})
    assert usual_value(empty, {"schema": True}) is None
    assert usual_value(empty, {"examples": {"a": {"externalValue": "x"}, "b": {"value": 2}}}) == 2
