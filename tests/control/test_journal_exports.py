"""Requests as the journal and the HTTP archive show them: repeated parameters, bodies that are no text, HEAD."""

import base64
from typing import Any

import pytest

from tests.asgi import call
from tests.control.conftest import Steering

KEY = {"x-api-key": "understudy-ecdp-dev-key"}
FORM = "application/x-www-form-urlencoded"


def post(steering: Steering, body: bytes, media: str = "application/json") -> None:
    target = f"/@{steering.world_name}/ecdp/customers"
    call(steering.understudy.asgi, "POST", target, headers={**KEY, "content-type": media}, body=body)


def shown(steering: Steering) -> tuple[Any, Any]:
    """Return the only exchange as the journal and as the archive have it."""
    [exchange] = steering.get("/worlds/{world}/journal")
    [entry] = steering.get("/worlds/{world}/journal/har")["log"]["entries"]
    return exchange, entry


def test_repeated_query_parameters_all_stay(steering: Steering) -> None:
    steering.call_vendor("ecdp", "GET", "/customerattributes?b=1&a=x&b=&b=3&c")

    exchange, entry = shown(steering)

    assert exchange["request"]["target"].endswith("?b=1&a=x&b=&b=3&c")
    assert [(each["name"], each["value"]) for each in entry["request"]["queryString"]] == [
        ("b", "1"), ("a", "x"), ("b", ""), ("b", "3"), ("c", ""),
    ]  # fmt: skip
    assert entry["request"]["url"].endswith("?b=1&a=x&b=&b=3&c")


def test_repeated_form_fields_all_stay(steering: Steering) -> None:
    post(steering, b"b=1&a=x&b=&b=%C3%A9+", FORM)

    exchange, entry = shown(steering)

    assert exchange["request"]["body"] == {"b": ["1", "", "é "], "a": "x"}
    assert entry["request"]["postData"]["text"] == "b=1&a=x&b=&b=%C3%A9+"
    assert [tuple(each.values()) for each in entry["request"]["postData"]["params"]] == [
        ("b", "1"), ("a", "x"), ("b", ""), ("b", "é "),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "holds"),
    [
        ({"a": ["1", "2"]}, True),
        ({"a": ["2", "1"]}, False),
        ({"a": ["1"]}, False),
        ({"a": "2"}, False),
        ({"b": "3"}, True),
    ],
)
def test_a_repeated_parameter_is_expected_as_a_list(steering: Steering, pattern: Any, holds: bool) -> None:  # noqa: FBT001 - of the table
    steering.call_vendor("ecdp", "GET", "/customerattributes?a=1&b=3&a=2")

    expected = {"expect": [{"calls": {"query": pattern}}]}

    assert steering.post("/worlds/{world}/verify", expected)["holds"] is holds


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b'{"name": "caf\xe9"}', bytes(range(128, 256))])
def test_a_body_that_is_not_utf_8_is_in_base64_with_a_mark(steering: Steering, body: bytes) -> None:
    post(steering, body)

    exchange, entry = shown(steering)

    assert exchange["request"]["body_encoding"] == "base64"
    assert base64.b64decode(exchange["request"]["body"]) == body
    assert entry["request"]["postData"]["_encoding"] == "base64"
    assert base64.b64decode(entry["request"]["postData"]["text"]) == body
    line = steering.ask("GET", "/worlds/{world}/journal/curl").body.decode().splitlines()[1]
    assert f"{base64.b64encode(body).decode()}" in line
    assert "| base64 -d |" in line


@pytest.mark.parametrize("body", ['{"a": "é"}'.encode(), b"plain", b"\xc3\xa9"])
def test_a_body_that_is_utf_8_has_no_mark(steering: Steering, body: bytes) -> None:
    post(steering, body)

    exchange, entry = shown(steering)

    assert "body_encoding" not in exchange["request"]
    assert "_encoding" not in entry["request"]["postData"]
    assert entry["request"]["postData"]["text"] == body.decode()


def test_a_body_that_is_not_utf_8_and_may_hold_a_credential_is_hidden(steering: Steering) -> None:
    post(steering, b'{"password": "caf\xe9"}')

    exchange, _ = shown(steering)

    assert exchange["request"]["body"] == "(hidden)"


def test_a_form_with_other_bytes_is_shown_as_it_was_sent(steering: Steering) -> None:
    post(steering, b"a=%FF&b=1", FORM)

    exchange, entry = shown(steering)

    assert exchange["request"]["body"] == entry["request"]["postData"]["text"] == "a=%FF&b=1"


def test_the_answer_to_head_has_no_body(steering: Steering) -> None:
    steering.call_vendor("ecdp", "HEAD", "/customerattributes")

    exchange, entry = shown(steering)

    assert (exchange["response"]["status"], exchange["response"]["body"]) == (200, None)
    assert (entry["response"]["bodySize"], entry["response"]["content"]["text"]) == (0, "")


def test_an_archives_url_is_ascii(steering: Steering) -> None:
    steering.call_vendor("ecdp", "GET", "/customerattributes?q=\xc3\xa9[]%20")

    _, entry = shown(steering)

    assert entry["request"]["url"].endswith("/ecdp/customerattributes?q=%C3%A9[]%20")
