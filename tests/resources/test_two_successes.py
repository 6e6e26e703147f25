"""Operations with two successes: a PUT that creates answers 201 in that one's shape, or without a body."""

from pathlib import Path
from typing import Any

import pytest

from tests.own_document import TEXT, answer, document, empty, ref, sent, serve

ITEM = {"type": "object", "required": ["id"], "properties": {"id": TEXT, "name": TEXT}}
OTHER = {
    "type": "object",
    "required": ["made"],
    "properties": {"made": {"type": "boolean"}},
    "additionalProperties": False,
}
ONE = {"name": "id", "in": "path", "required": True, "schema": TEXT}
PLAIN = {"description": "", "content": {"text/plain": {"schema": TEXT}}}


@pytest.mark.parametrize(
    "created", [empty(), answer(ref("Item")), answer(ref("Other")), answer({"type": "array", "items": TEXT}), PLAIN]
)
def test_a_put_that_creates_answers_in_the_shape_of_that(created: dict[str, Any], tmp_path: Path) -> None:
    put = {"requestBody": sent({"type": "object"}), "responses": {"200": answer(ref("Item")), "201": created}}
    get = {"responses": {"200": answer(ref("Item")), "404": answer(ref("Error"))}}
    paths = {"/items/{id}": {"parameters": [ONE], "get": get, "put": put}}
    served = serve(tmp_path, document(paths, Item=ITEM, Other=OTHER))

    first = served.call("put", "/items/a", {"name": "pen"})
    second = served.call("put", "/items/a", {"name": "ink"})

    assert (first.status, second.status) == (201, 200)
    assert bool(first.body) == ("content" in created)
    assert second.json == {"id": "a", "name": "ink"}
    assert served.call("get", "/items/a").json == second.json


@pytest.mark.parametrize("created", [empty(), answer(ref("Item")), answer(ref("Other"))])
def test_an_upsert_that_creates_answers_in_the_shape_of_that(created: dict[str, Any], tmp_path: Path) -> None:
    put = {"requestBody": sent(ref("Item")), "responses": {"200": answer(ref("Item")), "201": created}}
    post = {"requestBody": sent(ref("Item")), "responses": {"201": answer(ref("Item"))}}
    get = {"responses": {"200": answer(ref("Item")), "404": answer(ref("Error"))}}
    paths = {"/items": {"post": post, "put": put}, "/items/{id}": {"parameters": [ONE], "get": get}}
    served = serve(tmp_path, document(paths, Item=ITEM, Other=OTHER))

    assert served.call("put", "/items", {"id": "a", "name": "pen"}).status == 201
    assert served.call("put", "/items", {"id": "a", "name": "ink"}).status == 200
    assert served.call("get", "/items/a").json == {"id": "a", "name": "ink"}
