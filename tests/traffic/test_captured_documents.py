"""Odd calls in an archive alone: each is answered again as it was recorded."""

from pathlib import Path
from typing import Any

import pytest

from tests.traffic.test_replay import archive, ask, entry
from understudy.app import Understudy, create_app
from understudy.settings import Settings

HOST = "https://api.example.com"
ODD = [
    ("GET", "/"),
    ("GET", "/s/"),
    ("GET", "/caf%C3%A9/a%20b"),
    ("GET", "/matrix;a=1/b"),
    ("GET", "/f/a.1.js"),
    ("GET", "/f/%7Bx%7D"),
    ("GET", "/f/a%2Fb1"),
    ("GET", "/x?a-b=1&a_b=2&request=r&state=s&body=b&filter[x]=1&empty="),
    ("GET", "/x/aGVsbG8x?tag=1&tag=2"),
    ("GET", "/items/1"),
    ("GET", "/items/1/parts/2"),
    ("GET", "/items/latest"),
    ("POST", "/items"),
    ("PATCH", "/v2/items/1"),
]


def entries() -> list[dict[str, Any]]:
    return [entry(method, f"{HOST}{target}", 200, {"number": number}) for number, (method, target) in enumerate(ODD)]


@pytest.fixture(scope="module")
def captured(tmp_path_factory: pytest.TempPathFactory) -> Understudy:
    folder: Path = tmp_path_factory.mktemp("captured")
    more = [
        entry("HEAD", f"{HOST}/head", 200, None, ETag="1"),
        entry("GET", f"{HOST}/moved", 302, None, Location="https://www.example.com/"),
        entry("GET", f"{HOST}/socket", 101),
        entry("GET", "https://other.example.com:8443/x", 200, {"number": -1}),
    ]
    preflight = entry("OPTIONS", f"{HOST}/items", 204)
    preflight["request"]["headers"].append({"name": "Access-Control-Request-Method", "value": "POST"})
    fresh = entry("GET", f"{HOST}/h2", 200, {"number": 1})
    fresh["request"]["headers"].append({"name": ":authority", "value": "api.example.com"})
    return create_app(Settings(cache=None, replays=(archive(folder, *entries(), *more, preflight, fresh),)))


@pytest.mark.parametrize(("method", "target"), ODD)
def test_an_odd_call_is_answered_as_it_was_recorded(captured: Understudy, method: str, target: str) -> None:
    found = ask(captured, method, f"/api-example-com{target}")

    assert (found.status, found.json) == (200, {"number": ODD.index((method, target))})
    assert found.headers["understudy-fidelity"] == "recording"


def test_answers_without_bodies_are_replayed(captured: Understudy) -> None:
    head, moved = ask(captured, "HEAD", "/api-example-com/head"), ask(captured, "GET", "/api-example-com/moved")

    assert (head.status, head.body, head.headers["etag"]) == (200, b"", "1")
    assert (moved.status, moved.headers["location"]) == (302, "https://www.example.com/")


def test_each_host_is_a_document(captured: Understudy) -> None:
    assert [*captured.vendors] == ["api-example-com", "other-example-com"]
    assert ask(captured, "GET", "/x", host="other.example.com:8443").json == {"number": -1}


def test_connections_of_another_protocol_are_left_out_and_preflights_make_no_operation(captured: Understudy) -> None:
    assert "another protocol is spoken from there on (first: GET /socket 101)" in captured.notes[0]
    operations = [(each.method, each.path) for each in captured.vendors["api-example-com"].operations]
    assert ("get", "/items/{item_id}") in operations
    assert ("patch", "/v2/items/{item_id}") in operations
    assert ("options", "/items") not in operations
