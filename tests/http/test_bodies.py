"""Bodies that no client should send, to every operation of every vendor: refused in its own shape, never a 500."""

import asyncio
import json
from collections.abc import Awaitable, Iterator, Sequence
from typing import Any

import pytest

from tests.contract.independent_validator import independent_violations
from tests.http.case import Case, needs, operations
from understudy.app import Understudy
from understudy.core.media_types import MULTIPART
from understudy.settings import MEBIBYTE, Settings

NOT_JSON = {
    "malformed": b'{"name": ',
    "two values": b"{} {}",
    "single quotes": b"{'name': 'x'}",
    "trailing comma": b'{"name": 1,}',
    "comment": b"{} // none",
    "spaces": b"   ",
    "not UTF-8": b'{"name": "\xff\xfe"}',
    "cut UTF-8": b'{"name": "\xe2\x82"}',
    "UTF-16": '{"name": 1}'.encode("utf-16"),
    "NaN": b'{"name": NaN}',
    "Infinity": b'{"name": Infinity}',
    "-Infinity": b'{"name": -Infinity}',
    "past a double": b'{"name": 1e999}',
    "leading zero": b'{"name": 01}',
    "plus sign": b'{"name": +1}',
    "Arabic digit": b'{"name": \xd9\xa1}',
    "raw NUL": b'{"name": "\x00"}',
    "NUL alone": b"\x00",
    "lone surrogate": b'{"name": "\\ud800"}',
    "lone surrogate as a name": b'{"\\udfff": 1}',
    "deep list": b"[" * 5_000 + b"]" * 5_000,
    "deep object": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "deep and open": b"[" * 100_000,
    "deeper than can be sent back": b'{"a":' * 240 + b"1" + b"}" * 240,
}
TOPS: tuple[Any, ...] = ([], 1, "text", None, True, {}, [[]])
NUMBERS = (
    b"2147483648",
    b"9223372036854775808",
    b"-9223372036854775809",
    b"18446744073709551616",
    b"1180591620717411303424",
    b"9" * 300,
    b"1.5",
    b"1.7976931348623157e308",
    b"5e-324",
    b"-0.0",
)
TEXTS = ("\0", "", "x" * 70_000, "\U0001f600" * 3, "\u2028", "\x07")


@needs("json")
@pytest.mark.parametrize("text", NOT_JSON)
def test_invalid_json_is_refused(case: Case, text: str) -> None:
    case.assert_refused(case.send(body=NOT_JSON[text]))


@needs("required body")
def test_a_missing_body_is_refused(case: Case) -> None:
    case.assert_refused(case.send(body=b""))
    case.assert_refused(case.send(body=b"", headers={"Content-Type": None}))


@needs("json")
def test_a_body_of_another_kind_is_refused_if_the_schema_refuses_it(case: Case) -> None:
    for value in TOPS:
        assert_judged(case, value, json.dumps(value).encode())


@needs("body")
@pytest.mark.parametrize(
    "media",
    [
        "text/plain",
        "application/xml",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "",
        "json",
        "*/*",
    ],
)
def test_another_content_type_is_refused(case: Case, media: str) -> None:
    assert case.operation.body is not None
    if media.partition(";")[0] in case.operation.body.media and "utf-16" not in media:
        return
    case.assert_refused(case.send(headers={"Content-Type": media}, body=case.usual.body or b"{}"), status=415)


@needs("body")
def test_a_missing_content_type_is_refused(case: Case) -> None:
    case.assert_refused(case.send(headers={"Content-Type": None}, body=case.usual.body or b"{}"), status=415)


@needs("body")
def test_a_content_type_is_read_as_http_means_it(case: Case) -> None:
    usual = case.usual.headers.get("Content-Type", "application/json")

    media, *options = usual.split(";")

    answer = case.send(headers={"Content-Type": ";".join((media.title(), *options, ' charset="UTF-8"'))})

    assert answer.status == case.usual.status, answer.body


@needs("body")
def test_a_body_over_the_limit_is_refused_by_its_length(case: Case) -> None:
    case.assert_refused(case.send(body=b" " * (MEBIBYTE + 1)), status=413)


@needs("body")
def test_a_body_over_the_limit_is_refused_before_it_is_read(case: Case) -> None:
    is_upload = case.usual.headers["Content-Type"].startswith(MULTIPART)
    limit = Settings().upload_limit if is_upload else MEBIBYTE

    case.assert_refused(case.send(body=b"{}", headers={"Content-Length": str(limit + 1)}), status=413)


@needs("body")
def test_a_body_over_the_limit_is_refused_without_its_length(case: Case) -> None:
    status, taken = send_chunks(case, [b" " * 65_536] * 100)

    assert status == 413
    assert taken <= 18
    assert case.breaches() == []


@needs("json")
def test_a_body_at_the_limit_is_read(case: Case) -> None:
    answer = case.send(body=case.usual.body.ljust(MEBIBYTE))

    assert answer.status == case.usual.status


@needs("json")
def test_a_body_in_chunks_is_read_whole(case: Case) -> None:
    body = case.usual.body or b"{}"

    status, _ = send_chunks(case, [body[at : at + 1] for at in range(len(body))])

    assert status == case.usual.status


def test_a_body_that_breaks_off_is_not_acted_upon(understudy: Understudy) -> None:
    served, operation = operations("json", "security")[0]
    case = Case(understudy, served, operation)

    status, _ = send_chunks(case, [case.usual.body], breaks_off=True)

    assert not 200 <= status < 300


@needs("json")
def test_an_odd_number_in_any_field_is_judged_by_the_schema(case: Case) -> None:
    for body in with_replaced_values(case, NUMBERS):
        assert_judged(case, json.loads(body), body)


@needs("json")
def test_an_odd_text_in_any_field_is_judged_by_the_schema(case: Case) -> None:
    for body in with_replaced_values(case, [json.dumps(text).encode() for text in TEXTS]):
        assert_judged(case, json.loads(body), body)


@needs("json")
def test_another_kind_of_value_in_any_field_is_judged_by_the_schema(case: Case) -> None:
    for body in with_replaced_values(case, [b"null", b"true", b"[]", b"{}", b'[{"a": [null]}]']):
        assert_judged(case, json.loads(body), body)


@needs("json")
def test_a_field_that_is_left_out_is_judged_by_the_schema(case: Case) -> None:
    whole = usual_value(case)
    for name in whole if isinstance(whole, dict) else ():
        value = {key: part for key, part in whole.items() if key != name}
        assert_judged(case, value, json.dumps(value).encode())


@needs("json")
def test_the_last_of_two_equal_names_counts(case: Case) -> None:
    whole = usual_value(case)
    if not isinstance(whole, dict) or not whole:
        return
    name = json.dumps(next(iter(whole)))

    answer = case.send(body=f"{{{name}: [[]], ".encode() + json.dumps(whole).encode()[1:])

    assert answer.status == case.usual.status, answer.body


@needs("json")
def test_undeclared_names_do_no_harm(case: Case) -> None:
    whole = usual_value(case)
    if isinstance(whole, dict):
        value = {**whole, "__proto__": {}, "": 1, "\0": [], "$ref": "#/x", "x" * 5_000: None, "~/": 2**63}
        assert_judged(case, value, json.dumps(value).encode())


def assert_judged(case: Case, value: Any, body: bytes) -> None:
    """Assert that a value is refused if an independent validator refuses it, and else gets a declared response."""
    answer = case.send(body=body)
    if independent_violations(case.served.document, case.request_schema(), value, "request"):
        case.assert_refused(answer)
    else:
        case.assert_kept(answer)


def usual_value(case: Case) -> Any:
    return json.loads(case.usual.body) if case.usual.body else None


def with_replaced_values(case: Case, replacements: Sequence[bytes]) -> Iterator[bytes]:
    """Usual body with one value after the other replaced, at the top and one level down."""
    for path in paths(usual_value(case)):
        whole = node = usual_value(case)
        for part in path[:-1]:
            node = node[part]
        node[path[-1]] = "@"
        text = json.dumps(whole).encode()
        yield from (text.replace(b'"@"', replacement, 1) for replacement in replacements)


def paths(value: Any, depth: int = 2) -> Iterator[list[Any]]:
    items: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value[:1]))
    for key, part in items:
        yield [key]
        if depth > 1:
            yield from ([key, *rest] for rest in paths(part, depth - 1))


def send_chunks(case: Case, chunks: list[bytes], *, breaks_off: bool = False) -> tuple[int, int]:
    """Send a body in chunks, without saying its length; return the status (0 for none) and how many were taken."""
    left = list(chunks)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if not left:
            return {"type": "http.disconnect"}
        chunk = left.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(left) or breaks_off}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def run(answering: Awaitable[None]) -> None:
        await answering

    path = (case.prefix + case.usual.target).partition("?")
    headers = [(name.lower().encode(), value.encode()) for name, value in case.headers().items()]
    scope = {
        "type": "http", "method": case.operation.method.upper(), "path": path[0], "raw_path": path[0].encode(),
        "query_string": path[2].encode(), "headers": headers,
    }  # fmt: skip
    asyncio.run(run(case.understudy.asgi(scope, receive, send)))
    return sent[0]["status"] if sent else 0, len(chunks) - len(left)
