"""Bodies of requests that are refused by their heads: in the journal, within bounds, and nobody waits for them."""

import gzip
import json
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from tests.conftest import StandIn
from tests.http.case import Case, needs
from understudy.core.world_names import CONTROL_PATH
from understudy.http.request_context import REFUSED_BODY_SECONDS
from understudy.settings import MEBIBYTE, Settings

ORDER = {"mode": "Add", "matchBy": "Email", "data": [{"email": "refused@example.com"}]}
JSON = {"Content-Type": "application/json"}


@needs("body", "security")
def test_a_body_that_is_refused_for_its_credentials_is_in_the_journal(case: Case) -> None:
    answer = case.send(headers=dict.fromkeys(case.headers().keys() - case.usual.headers.keys()))
    exchange = list(case.understudy.worlds.get_or_create(case.world).journal)[-1]
    case.assert_refused(answer, by="credentials")
    assert exchange.request_body == case.usual.body


@pytest.mark.parametrize("coding", [None, "gzip"])
def test_refused_calls_are_counted_by_their_request(stand_in: StandIn, coding: str | None) -> None:
    body = json.dumps(ORDER).encode()
    headers = {**JSON, "x-api-key": "wrong", **({"Content-Encoding": coding} if coding else {})}
    url = f"{stand_in.url('ecdp')}/customers"
    for _ in range(3):
        assert httpx.post(url, headers=headers, content=gzip.compress(body) if coding else body).status_code == 401
    steer = f"{stand_in.root}{CONTROL_PATH}/worlds/{stand_in.world_name}"
    expected = {"operation": "createOrUpdateCustomers", "status": "401", "request": {"data": ORDER["data"]}}
    expected["operation"] = list(stand_in.world.journal)[-1].operation
    verdict = httpx.post(f"{steer}/verify", json={"expect": [{"calls": expected, "exactly": 3}]}).json()
    assert verdict["holds"], verdict
    expected["request"] = {"mode": "Update"}
    assert httpx.post(f"{steer}/verify", json={"expect": [{"calls": expected, "exactly": 0}]}).json()["holds"]


def pieces(count: int) -> Iterator[bytes]:
    for _ in range(count):
        yield bytes(MEBIBYTE)


@pytest.mark.parametrize("is_chunked", [True, False])
def test_a_body_over_the_limit_is_neither_awaited_nor_kept(stand_in: StandIn, *, is_chunked: bool) -> None:
    headers = {**JSON, "x-api-key": "wrong"}
    if not is_chunked:
        headers["Content-Length"] = str(60 * MEBIBYTE)
    started = time.perf_counter()
    answer = httpx.post(f"{stand_in.url('ecdp')}/customers", headers=headers, content=pieces(60), timeout=20)
    assert answer.status_code == 401
    assert time.perf_counter() - started < 5
    assert list(stand_in.world.journal)[-1].request_body == b""


def test_a_body_at_the_limit_is_kept_and_one_byte_more_is_not(stand_in: StandIn) -> None:
    limit = Settings().body_limit
    for size, kept in ((limit, limit), (limit + 1, 0)):
        headers = {**JSON, "x-api-key": "wrong"}
        httpx.post(f"{stand_in.url('ecdp')}/customers", headers=headers, content=bytes(size), timeout=20)
        assert len(list(stand_in.world.journal)[-1].request_body) == kept


@pytest.mark.parametrize(("path", "status"), [("/customers", 401), ("/nowhere", 404), ("/customerattributes", 405)])
@pytest.mark.parametrize("expects", [True, False])
def test_a_refusal_does_not_wait_for_a_body_that_does_not_come(
    stand_in: StandIn, path: str, status: int, *, expects: bool
) -> None:
    stand_in.world  # noqa: B018 - calls are recorded only in worlds in use
    address = urlsplit(stand_in.root)
    expect = "Expect: 100-continue\r\n" if expects else ""
    head = (
        f"POST /@{stand_in.world_name}/ecdp{path} HTTP/1.1\r\nHost: a\r\n{expect}"
        "Content-Type: application/json\r\nContent-Length: 10\r\n\r\n"
    )
    started = time.perf_counter()
    with socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=10) as client:
        client.sendall(head.encode())
        assert client.recv(4096).startswith(f"HTTP/1.1 {status}".encode())
    waited = time.perf_counter() - started
    assert waited < (REFUSED_BODY_SECONDS / 2 if expects else REFUSED_BODY_SECONDS + 2)
    assert [each.status for each in stand_in.world.journal] == [status]


def test_a_refused_body_that_breaks_off_leaves_the_call_in_the_journal(stand_in: StandIn) -> None:
    stand_in.world  # noqa: B018 - calls are recorded only in worlds in use
    address = urlsplit(stand_in.root)
    with socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=10) as client:
        head = f"POST /@{stand_in.world_name}/ecdp/customers HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n123"
        client.sendall(head.encode())
    deadline = time.monotonic() + 5
    while not list(stand_in.world.journal) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [(each.status, each.request_body) for each in stand_in.world.journal] == [(401, b"")]
