"""Examples that are the JSON text of an object, and media types that differ in a parameter alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.asgi import call
from understudy.app import create_app
from understudy.settings import Settings

NAMED = {"type": "object", "properties": {"name": {"type": "string"}}}
TEXT = '{\n  "name": "Ada"\n}'


def answered(folder: Path, content: dict[str, Any]) -> tuple[int, Any]:
    responses = {"200": {"description": "", "content": content}}
    document = {
        "openapi": "3.0.3",
        "info": {"title": "Shop", "version": "1"},
        "paths": {"/x": {"get": {"responses": responses}}},
    }
    path = folder / "shop.json"
    path.write_text(json.dumps(document))
    found = call(create_app(Settings(documents=(("shop", str(path)),))).asgi, "GET", "/shop/x")
    return found.status, found.json


@pytest.mark.parametrize("schema", [NAMED, {"properties": NAMED["properties"]}, {}])
def test_an_example_that_is_the_text_of_an_object_is_answered_as_the_object(tmp_path: Path, schema: Any) -> None:
    assert answered(tmp_path, {"application/json": {"schema": schema, "example": TEXT}}) == (200, {"name": "Ada"})


@pytest.mark.parametrize(("example", "schema"), [(TEXT, {"type": "string"}), ("{name}", {}), ("Ada", {})])
def test_a_text_that_is_meant_stays_one(tmp_path: Path, example: str, schema: Any) -> None:
    assert answered(tmp_path, {"application/json": {"schema": schema, "example": example}}) == (200, example)


def test_the_schema_of_the_same_type_with_a_parameter_counts(tmp_path: Path) -> None:
    bare = {"examples": {"response": {"value": TEXT}}}
    content = {"application/json": bare, "application/json; charset=utf-8": {"schema": NAMED}}
    assert answered(tmp_path, content) == (200, {"name": "Ada"})
    wrong = {"examples": {"response": {"value": '{"name": 7}'}}}
    status, body = answered(tmp_path, {**content, "application/json": wrong})
    assert status == 200
    assert isinstance(body["name"], str)
