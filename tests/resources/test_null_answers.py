"""Answers whose schema allows ``null`` alone: they have a body, the text ``null``."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.asgi import call
from understudy.app import create_app
from understudy.settings import Settings

NULL: dict[str, Any] = {"description": "Nothing.", "content": {"application/json": {"schema": {"type": ["null"]}}}}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "paths": {
        "/boats": {
            "get": {"responses": {"200": NULL}},
            "post": {
                "parameters": [{"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}}],
                "responses": {"201": NULL},
            },
        },
        "/boats/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": {"responses": {"200": NULL}},
        },
    },
}


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "", 200), ("GET", "/1", 200), ("POST", "", 201)])
def test_null_is_a_body(tmp_path: Path, method: str, path: str, status: int) -> None:
    file = tmp_path / "shop.json"
    file.write_text(json.dumps(DOCUMENT))
    app = create_app(Settings(documents=(("shop", str(file)),)))
    for _ in range(2):
        answer = call(app.asgi, method, f"/shop/boats{path}", headers={"idempotency-key": "1"})
        assert (answer.status, answer.body) == (status, b"null")


def test_a_document_with_a_number_that_no_cache_holds_is_served(tmp_path: Path) -> None:
    file = tmp_path / "shop.json"
    file.write_text(json.dumps({**DOCUMENT, "x-large": 10**30, "info": {"title": "S", "version": "1", "x-n": 10**30}}))
    schema = {"type": "integer", "maximum": 10**30}
    document = json.loads(file.read_text())
    document["paths"]["/boats"]["get"]["responses"]["200"] = {
        "description": "A number.",
        "content": {"application/json": {"schema": schema}},
    }
    file.write_text(json.dumps(document))
    for _ in range(2):
        app = create_app(Settings(documents=(("shop", str(file)),), cache=tmp_path / "cache"))
        assert call(app.asgi, "GET", "/shop/boats").status == 200
