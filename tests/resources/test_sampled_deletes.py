"""Deletes of items of which no record is known: they are gone, and others are not."""

from pathlib import Path
from typing import Any

import pytest

from tests.own_document import OwnDocument, answer, document, ref, sent, serve

ANYTHING = {"type": "object"}


@pytest.fixture
def shop(tmp_path: Path) -> OwnDocument:
    named = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in ("name", "item")]
    answers = {"200": answer(ANYTHING), "404": answer(ref("Error"))}
    any_item: dict[str, Any] = {method: {"responses": answers} for method in ("get", "delete", "put", "patch")}
    any_item["put"]["requestBody"] = any_item["patch"]["requestBody"] = sent(ANYTHING)
    paths = {
        "/catalogs/{name}": {"parameters": named[:1], "delete": {"responses": answers}},
        "/catalogs/{name}/items/{item}": {"parameters": named, **any_item},
        "/catalogs/{name}/clear": {"parameters": named[:1], "delete": {"responses": answers}},
    }
    return serve(tmp_path, document(paths))


def test_a_deleted_item_is_gone_and_others_are_not(shop: OwnDocument) -> None:
    assert shop.call("get", "/catalogs/a/items/1").status == 200
    assert shop.call("delete", "/catalogs/a/items/1").status == 200

    assert shop.call("get", "/catalogs/a/items/1").status == 404
    assert shop.call("delete", "/catalogs/a/items/1").status == 404
    assert shop.call("patch", "/catalogs/a/items/1", {}).status == 404
    assert shop.call("get", "/catalogs/a/items/2").status == 200
    assert shop.call("get", "/catalogs/b/items/1").status == 200
    assert shop.call("get", "/catalogs/a/items/1", world="other").status == 200


def test_it_is_there_again_when_it_is_made_anew(shop: OwnDocument) -> None:
    shop.call("delete", "/catalogs/a/items/1")

    assert shop.call("put", "/catalogs/a/items/1", {}).status == 200
    assert shop.call("get", "/catalogs/a/items/1").status == 200


def test_what_is_below_a_deleted_item_is_gone(shop: OwnDocument) -> None:
    shop.call("delete", "/catalogs/a")

    assert shop.call("get", "/catalogs/a/items/2").status == 404
    assert shop.call("put", "/catalogs/a/items/2", {}).status == 404
    assert shop.call("get", "/catalogs/b/items/2").status == 200


def test_a_delete_of_no_item_can_be_repeated(shop: OwnDocument) -> None:
    assert shop.call("delete", "/catalogs/a/clear").status == 200
    assert shop.call("delete", "/catalogs/a/clear").status == 200
