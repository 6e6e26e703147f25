"""Methods that OpenAPI 3.2 adds: QUERY and others are served, checked, and named in a 405."""

from pathlib import Path
from typing import Any

import pytest

from tests.own_document import TEXT, OwnDocument, answer, document, ref, sent, serve

FOUND = answer({"type": "array", "items": ref("Pet")})
ASKED = sent({"type": "object", "required": ["name"], "properties": {"name": TEXT}})


@pytest.fixture
def api(tmp_path: Path) -> OwnDocument:
    raw: dict[str, Any] = document(
        {
            "/pets": {
                "get": {"responses": {"200": FOUND}},
                "query": {"operationId": "searchPets", "requestBody": ASKED, "responses": {"200": FOUND}},
                "additionalOperations": {
                    "COPY": {"operationId": "copyPets", "responses": {"201": answer(ref("Pet"))}},
                    "get": {"responses": {"200": FOUND}},
                    "CONNECT": {"responses": {"200": FOUND}},
                },
            }
        },
        Pet={"type": "object", "required": ["name"], "properties": {"name": TEXT}},
    )
    return serve(tmp_path, {**raw, "openapi": "3.2.0"})


def test_query_is_answered_and_its_body_checked(api: OwnDocument) -> None:
    assert api.call("query", "/pets", {"name": "Rex"}).status == 200
    assert api.call("query", "/pets", {"nam": "Rex"}).status == 400


def test_other_methods_are_answered(api: OwnDocument) -> None:
    assert api.call("copy", "/pets").status == 201


def test_an_undeclared_method_names_those_that_are_declared(api: OwnDocument) -> None:
    found = api.call("move", "/pets")

    assert found.status == 405
    assert {"COPY", "GET", "QUERY"} <= {each.strip() for each in found.headers["allow"].split(",")}


def test_a_method_that_is_declared_twice_or_cannot_be_served_is_listed(api: OwnDocument) -> None:
    document: Any = api.app.vendors["shop"].document

    assert [each.message for each in document.findings if each.kind == "method"] == [
        "method get is not served",
        "method CONNECT is not served",
    ]
