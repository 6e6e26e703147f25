"""Any request to recognised resources: no answer is a 5xx, and each keeps the document by an independent validator."""

import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from benchmarks.documents.contract import Contract
from tests.asgi import call
from tests.resources.test_lists import ENVELOPE, library, query, served

VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 1, 2.5, 10**20, "", "1", "ä", "x" * 300, "1000", [], [1], {}, {"id": 1},
    {"id": 1000, "title": "A", "pages": 1}, {"id": "1", "title": 1}, {"title": "A", "pages": 3, "published_at": "B"},
)  # fmt: skip
TEXTS = (
    "",
    "0",
    "1",
    "3",
    "-1",
    "99999999999999999999",
    "abc",
    "ä",
    "a/b",
    "-pages",
    "title:desc",
    "desc",
    "null",
    "{}",
)

PAGED = library(
    *(query(name, "integer") for name in ("page", "limit", "pages", "pages[gte]")),
    *(query(name) for name in ("cursor", "sort", "order")),
    headers={"Link": {"schema": {"type": "string"}}},
)
NARROW = library(
    query("offset", "integer"),
    listed={**ENVELOPE, "properties": {**ENVELOPE["properties"], "total": {"type": "integer", "maximum": 4}}},  # type: ignore[dict-item]
)
BARE = library(query("starting_after"), listed={"type": "array", "items": {"$ref": "#/components/schemas/Book"}})


def request(chance: random.Random, path: str, operation: Mapping[str, Any], shared: Any) -> tuple[str, bytes]:
    """Return the target and the body of a random request."""
    target = path.replace("{bookId}", quote(chance.choice(TEXTS[1:]), safe=""))
    names = [each["name"] for each in (*operation.get("parameters", ()), *shared) if each["in"] == "query"]
    given = [name for name in (*names, "unknown") if chance.random() < 0.4]
    pairs = "&".join(f"{quote(name)}={quote(chance.choice(TEXTS))}" for name in given)
    body = json.dumps(chance.choice(VALUES)).encode() if chance.random() < 0.9 else b"{no json"
    return (f"{target}?{pairs}" if pairs else target), body if "requestBody" in operation else b""


@pytest.mark.parametrize("document", [PAGED, NARROW, BARE], ids=["paged", "narrow", "bare"])
def test_any_request_gets_an_answer_that_keeps_the_document(tmp_path: Path, document: dict[str, Any]) -> None:
    app = served(tmp_path, document)
    contract = Contract(tmp_path / "library.json")
    operations = [*contract.operations()]
    chance, statuses = random.Random(14), set()

    for _ in range(600):
        method, path, operation = chance.choice(operations)
        target, body = request(chance, path, operation, document["paths"][path].get("parameters", ()))
        answer = call(app.asgi, method.upper(), target, headers={"Content-Type": "application/json"}, body=body)
        statuses.add(answer.status)

        assert answer.status < 500, (method, target, body, answer.body)
        if answer.status < 400:
            media = answer.headers.get("content-type", "")
            breach = contract.breach(operation, answer.status, media, answer.body)
            assert not breach, (method, target, body, answer.body, breach)

    assert {200, 201, 204, 400, 404} <= statuses
