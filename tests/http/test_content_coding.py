"""Encoded request bodies, to every operation with a body: gzip and deflate are decoded, other codings are refused."""

import asyncio
import gzip
import json
import zlib
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.conftest import StandIn
from tests.http.case import Case, needs
from understudy.core.content_codings import content_codings
from understudy.core.refused import Refused
from understudy.http.content_coding import PIECE_BYTES, decoded
from understudy.settings import MEBIBYTE


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "GZIP": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": raw_deflate,
    "identity": bytes,
    " , gzip": gzip.compress,
    "deflate, gzip": lambda body: gzip.compress(zlib.compress(body)),
}
ZEROS = gzip.compress(b'"' + b"0" * 40 * MEBIBYTE + b'"')


@needs("body")
@pytest.mark.parametrize("coding", CODINGS)
def test_an_encoded_body_is_taken_as_what_it_holds(case: Case, coding: str) -> None:
    answer = case.send(headers={"Content-Encoding": coding}, body=CODINGS[coding](case.usual.body))
    assert answer.status == case.usual.status, answer.body


@needs("body")
@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, br", "gzip, gzip, gzip", "gzip;q=1", "*"])
def test_another_coding_is_refused_with_those_that_are_taken(case: Case, coding: str) -> None:
    answer = case.send(headers={"Content-Encoding": coding})
    case.assert_refused(answer, status=415)
    assert answer.headers["accept-encoding"] == "gzip, deflate"


@needs("json")
def test_a_small_body_that_becomes_large_is_refused(case: Case) -> None:
    case.assert_refused(case.send(headers={"Content-Encoding": "gzip"}, body=ZEROS), status=413)


@needs("body")
@pytest.mark.parametrize("coding", ["gzip", "deflate"])
@pytest.mark.parametrize("damage", ["not encoded", "cut", "more behind it"])
def test_data_that_its_coding_cannot_decode_is_refused(case: Case, coding: str, damage: str) -> None:
    packed = CODINGS[coding](case.usual.body)
    body = {"not encoded": case.usual.body, "cut": packed[:-3], "more behind it": packed + b"more"}[damage]
    case.assert_refused(case.send(headers={"Content-Encoding": coding}, body=body), status=400)


@needs("json")
def test_an_encoded_body_that_is_no_json_is_refused_without_the_words_of_a_library(case: Case) -> None:
    for body in (b'{"name": "\xff"}', b"{"):
        answer = case.send(headers={"Content-Encoding": "gzip"}, body=gzip.compress(body))
        case.assert_refused(answer, status=400)
        assert not any(word in answer.body for word in (b"surrogate", b"char ", b"codec", b"zlib", b"incorrect header"))


def receive_all(body: bytes, coding: str, size: int) -> bytes:
    """Return a body that arrives in pieces of a size, decoded."""
    pieces = [body[start : start + size] for start in range(0, len(body), size)]

    async def receive() -> dict[str, Any]:
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    async def read() -> bytes:
        source = decoded(receive, coding)
        found = b""
        while True:
            message = await source()
            assert len(message["body"]) <= PIECE_BYTES
            found += bytes(message["body"])
            if not message["more_body"]:
                return found

    return asyncio.run(read())


@pytest.mark.parametrize("size", [1, 3, 100, 1_000_000])
@pytest.mark.parametrize("coding", CODINGS)
def test_a_body_may_arrive_in_pieces(coding: str, size: int) -> None:
    body = json.dumps({"numbers": list(range(500))}).encode()
    assert receive_all(CODINGS[coding](body), coding, size) == body


@pytest.mark.parametrize("size", [1, 7, 1_000_000])
def test_a_gzip_body_may_have_several_members(size: int) -> None:
    assert receive_all(gzip.compress(b"one ") + gzip.compress(b"two"), "gzip", size) == b"one two"


def test_a_large_body_is_decoded_in_pieces() -> None:
    body = bytes(3 * PIECE_BYTES + 1)
    assert receive_all(gzip.compress(body), "gzip", 1_000_000) == body


def test_a_body_that_breaks_off_between_pieces_is_refused() -> None:
    with pytest.raises(Refused, match="breaks off"):
        receive_all(gzip.compress(b"whole")[:-1], "gzip", 5)


@needs("json")
def test_a_byte_order_mark_before_json_is_ignored(case: Case) -> None:
    assert case.send(body=b"\xef\xbb\xbf" + case.usual.body).status == case.usual.status


@needs("json")
def test_a_byte_order_mark_elsewhere_is_refused(case: Case) -> None:
    for body in (b"\xef\xbb\xbf" * 2 + case.usual.body, case.usual.body + b"\xef\xbb\xbf", b"\xef\xbb\xbf"):
        case.assert_refused(case.send(body=body), status=400)


@needs("body")
@pytest.mark.parametrize("coding", ["br", "gzip, br", "gzip, gzip, gzip"])
def test_each_vendor_names_the_content_coding_that_it_refuses(case: Case, coding: str) -> None:
    answer = case.send(headers={"Content-Encoding": coding})
    assert b"content encoding" in answer.body
    assert coding.encode() in answer.body
    assert b"content type" not in answer.body


@pytest.mark.parametrize(
    ("lines", "codings"),
    [
        (["gzip"], "gzip"),
        (["gzip", "gzip"], "gzip, gzip"),
        (["deflate, identity", "gzip"], "deflate, identity, gzip"),
        ([], ""),
    ],
)
def test_several_content_encoding_lines_are_one_list(lines: list[str], codings: str) -> None:
    headers = [(b"a", b"b"), *((b"content-encoding", line.encode()) for line in lines), (b"c", b"d")]
    assert content_codings(headers) == codings


@pytest.mark.parametrize("lines", [("gzip", "gzip"), ("identity", "gzip", "gzip"), ("gzip, identity", "identity,gzip")])
def test_a_body_with_two_codings_on_lines_of_their_own_is_taken(stand_in: StandIn, lines: tuple[str, ...]) -> None:
    headers = [("x-api-key", str(stand_in.credentials("ecdp")["api_key"])), ("Content-Type", "application/json")]
    headers += [("Content-Encoding", line) for line in lines]
    body = json.dumps({"mode": "Add", "matchBy": "Email", "data": [{"email": "twice@example.com"}]}).encode()
    twice = gzip.compress(gzip.compress(body))
    assert httpx.post(f"{stand_in.url('ecdp')}/customers", headers=headers, content=twice).status_code == 201
    assert list(stand_in.world.journal)[-1].request_body == body


@needs("json")
@pytest.mark.parametrize("token", ["NaN", "Infinity", "-Infinity", "nan", "undefined"])
def test_a_token_that_is_no_json_is_named_with_its_place(case: Case, token: str) -> None:
    answer = case.send(body=b'{"a":\n ' + token.encode() + b"}")
    case.assert_refused(answer, status=400)
    assert token.encode() in answer.body
    assert b"line 2, column 2" in answer.body


@needs("body")
@pytest.mark.parametrize(
    ("transfer", "content", "pack"),
    [
        ("gzip, chunked", "", gzip.compress),
        ("deflate, Chunked", "", zlib.compress),
        ("x-gzip,chunked", "", gzip.compress),
        ("gzip, chunked", "deflate", lambda body: gzip.compress(zlib.compress(body))),
        ("chunked", "gzip", gzip.compress),
    ],
)
def test_transfer_codings_are_decoded_after_the_chunks_and_before_content_codings(
    case: Case, transfer: str, content: str, pack: Callable[[bytes], bytes]
) -> None:
    headers = {"Transfer-Encoding": transfer, **({"Content-Encoding": content} if content else {})}
    answer = case.send(headers=headers, body=pack(case.usual.body))
    assert answer.status == case.usual.status, answer.body


@needs("body")
def test_another_transfer_coding_is_refused(case: Case) -> None:
    case.assert_refused(case.send(headers={"Transfer-Encoding": "br, chunked"}), status=415)
