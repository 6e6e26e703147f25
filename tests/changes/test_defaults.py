"""Change of a default: a request that leaves the value out has another meaning in the new version."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from understudy.cli import main


def document(parameter: Any, shown: Any) -> str:
    answer = {"description": "", "content": {"application/json": {"schema": {"type": "integer", **shown}}}}
    operation = {
        "operationId": "list_orders",
        "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer", **parameter}}],
        "responses": {"200": answer},
    }
    paths = {"/orders": {"get": operation}}
    return json.dumps({"openapi": "3.0.3", "info": {"title": "Shop", "version": "1"}, "paths": paths})


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (({"default": 10}, {}), ({"default": 20}, {}), [("risky", "limit: the default was 10, and is 20")]),
        (({}, {}), ({"default": 20}, {}), [("risky", "limit: the default was none, and is 20")]),
        (({}, {"default": 1}), ({}, {}), [("compatible", "the default was 1, and is none")]),
        (({"default": 10}, {}), ({"default": 10}, {}), []),
    ],
)
def test_a_changed_default_is_risky_in_a_request(tmp_path: Path, old: Any, new: Any, expected: Any) -> None:
    paths = []
    for name, parts in (("old.json", old), ("new.json", new)):
        (tmp_path / name).write_text(document(*parts))
        paths.append(str(tmp_path / name))

    result = CliRunner().invoke(main, ["diff", *paths, "--json"])

    assert result.exit_code == 0, result.output
    assert [(each["effect"], each["message"]) for each in json.loads(result.stdout)["changes"]] == expected
