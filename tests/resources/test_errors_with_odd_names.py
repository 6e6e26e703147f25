"""Errors whose members have no usual name: an empty one, or none that the reason, the status or a field can be in."""

from pathlib import Path
from typing import Any

import pytest

from tests.own_document import TEXT, answer, document, serve

NEEDED = {"name": "size", "in": "query", "required": True, "schema": {"type": "integer"}}


@pytest.mark.parametrize("name", ["", "_", "-", "ß", "0"])
@pytest.mark.parametrize("schema", [TEXT, {"type": "integer"}, {"type": "boolean"}, {"type": "array", "items": TEXT}])
def test_a_refusal_keeps_the_declared_shape(name: str, schema: dict[str, Any], tmp_path: Path) -> None:
    inner = {"type": "object", "required": [name, "message"], "properties": {name: schema, "message": TEXT}}
    error = answer(
        {"type": "object", "required": ["errors"], "properties": {"errors": {"type": "array", "items": inner}}}
    )
    error["content"]["application/json"]["schema"]["properties"]["errors"]["minItems"] = 1
    operation = {"parameters": [NEEDED], "responses": {"200": answer({"type": "object"}), "400": error}}

    refused = serve(tmp_path, document({"/items": {"get": operation}})).call("get", "/items")

    assert refused.status == 400
    assert refused.json["errors"][0]["message"] == "size is required"
    assert name in refused.json["errors"][0]
