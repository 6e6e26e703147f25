"""Reader of HTTP archives: of browsers, proxies, and our own."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from understudy.core.misconfigured import Misconfigured
from understudy.traffic.har_reader import read_har

REQUEST: dict[str, Any] = {"method": "post", "url": "https://shop.example/v1/orders?day=a%20b#part", "headers": []}
RESPONSE: dict[str, Any] = {"status": 201, "headers": [], "content": {"size": 0, "mimeType": ""}}


def archive(folder: Path, *entries: Any) -> Path:
    path = folder / "calls.har"
    path.write_text("\ufeff" + json.dumps({"log": {"version": "1.2", "entries": list(entries)}}))
    return path


def entry(request: dict[str, Any] | None = None, response: dict[str, Any] | None = None) -> dict[str, Any]:
    answered = {**RESPONSE, **(response or {})}
    return {
        "startedDateTime": "2026-01-01T00:00:01.5Z",
        "time": 250,
        "request": {**REQUEST, **(request or {})},
        "response": answered,
    }


def test_an_entry_is_read_as_it_was_sent(tmp_path: Path) -> None:
    headers = [{"name": ":authority", "value": "shop.example"}, {"name": "X-Key", "value": "k\u00e9"}]
    sent = {"mimeType": "application/json", "text": '{"a": "\u20ac"}'}
    answer = {"mimeType": "image/png", "text": b64encode(b"\x89PNG").decode(), "encoding": "base64"}
    (found,), left_out = read_har(archive(tmp_path, entry({"headers": headers, "postData": sent}, {"content": answer})))
    assert left_out == []
    assert (found.method, found.path, found.query, found.status) == ("POST", b"/v1/orders", b"day=a%20b", 201)
    assert (found.scheme, found.server, found.seconds, found.at) == ("https", "shop.example", 0.25, 1767225601.5)
    assert found.request_headers == [(b"X-Key", b"k\xe9")]
    assert (found.request_body, found.response_body) == ('{"a": "\u20ac"}'.encode(), b"\x89PNG")


def test_a_form_without_a_text_is_made_of_its_parameters(tmp_path: Path) -> None:
    params = [{"name": "a", "value": "1 2"}, {"name": "a", "value": "&"}]
    post = {"mimeType": "application/x-www-form-urlencoded", "params": params}
    (found,), _ = read_har(archive(tmp_path, entry({"postData": post})))
    assert found.request_body == b"a=1+2&a=%26"


@pytest.mark.parametrize(
    ("broken", "word"),
    [
        (7, "request"),
        ({"request": REQUEST}, "response"),
        (entry({"url": "wss://shop.example/live"}), "wss"),
        (entry({"url": ""}), "url"),
        (entry({"method": None}), "method"),
        (entry({}, {"status": 0}), "not answered"),
        (entry({"headers": [{"name": "a"}]}), "header"),
        (entry({}, {"content": {"text": "%", "encoding": "base64"}}), "Base64"),
    ],
)
def test_an_entry_that_is_no_exchange_is_left_out_with_its_reason(tmp_path: Path, broken: Any, word: str) -> None:
    found, left_out = read_har(archive(tmp_path, entry(), broken))
    assert len(found) == 1
    assert len(left_out) == 1
    assert "entry 1: " in left_out[0]
    assert word in left_out[0]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"log": {}}', '{"log": {"entries": {}}}'])
def test_a_file_that_is_no_archive_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "calls.har"
    path.write_text(text)
    with pytest.raises(Misconfigured, match=r"calls\.har.*(not JSON|no HTTP archive)"):
        read_har(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="cannot be read"):
        read_har(tmp_path / "none.har")
