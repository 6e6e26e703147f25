"""Access to the control API."""

import asyncio
from typing import Any

import pytest

from tests.acme import Company, spec
from tests.asgi import Answer, call
from tests.contract.conftest import control_server
from understudy.app import Understudy
from understudy.core.world_names import CONTROL_PATH

TOKEN = {"Authorization": "Bearer understudy-token"}


def call_control(understudy: Understudy, client: str = "127.0.0.1", path: str = "/worlds", **headers: str) -> Answer:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return call(understudy.asgi, "GET", CONTROL_PATH + path, headers=given, client=client)


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8080", "a.localhost", "127.0.0.1:80", "[::1]:8080", "192.0.2.7", ""]
)
def test_this_machine_may_steer_under_its_own_names(understudy: Understudy, host: str) -> None:
    assert call_control(understudy, host=host).status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "api.evil.example:8080", "127.0.0.1.nip.io", "[::1"]
)
def test_a_foreign_host_name_is_refused(understudy: Understudy, host: str) -> None:
    answer = call_control(understudy, host=host)

    assert (answer.status, answer.headers["content-type"]) == (403, "application/problem+json")
    assert "no name of this machine" in answer.json["title"]


@pytest.mark.parametrize("client", ["192.0.2.7", "2001:db8::1", "::ffff:192.0.2.7"])
def test_another_machine_is_refused(understudy: Understudy, client: str) -> None:
    answer = call_control(understudy, client)

    assert answer.status == 403
    assert "UNDERSTUDY_TOKEN" in answer.json["title"]


@pytest.mark.parametrize("client", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1", "testclient"])
def test_a_loopback_peer_is_this_machine(understudy: Understudy, client: str) -> None:
    assert call_control(understudy, client).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:9999", "host": "localhost:8080"},
    ],
)
def test_a_page_of_another_site_is_refused(understudy: Understudy, headers: dict[str, str]) -> None:
    assert call_control(understudy, **headers).status == 403
    assert call_control(control_server(), **headers, **TOKEN).status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "same-origin", "origin": "http://localhost:8080", "host": "localhost:8080"},
        {"sec_fetch_site": "none"},
        {"origin": "http://localhost:8080", "host": "localhost:8080"},
    ],
)
def test_a_page_of_this_server_is_admitted(understudy: Understudy, headers: dict[str, str]) -> None:
    assert call_control(understudy, **headers).status == 200


@pytest.mark.parametrize("prefix", ["/%5Funderstudy/api", "/_understudy/%61pi", "/@x/_understudy/api"])
def test_another_spelling_of_the_path_is_checked_too(understudy: Understudy, prefix: str) -> None:
    target = f"{prefix}/worlds"

    assert call(understudy.asgi, "GET", target, headers={"host": "evil.example"}).status == 403
    assert call(understudy.asgi, "GET", target).status == 200


def test_a_token_is_required_of_every_call_and_admits_any_machine() -> None:
    understudy = control_server()

    assert call_control(understudy).status == 401
    assert call_control(understudy, Authorization="Bearer another").status == 401
    assert call_control(understudy, "192.0.2.7", host="understudy:8080", **TOKEN).status == 200


def test_health_is_open_to_all(understudy: Understudy) -> None:
    for each in (understudy, control_server()):
        assert call_control(each, "192.0.2.7", "/health", host="understudy:8080").status == 200


def test_calls_of_vendors_are_not_checked(company: Company) -> None:
    company.write_spec("acme", spec())

    answer = call(company.start().asgi, "GET", "/acme/thing", headers={"host": "evil.example"}, client="192.0.2.7")

    assert answer.status == 200


def test_the_token_comes_from_the_environment(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    company.write_spec("acme", spec())
    monkeypatch.setenv("UNDERSTUDY_TOKEN", "set-in-the-environment")
    understudy = company.start()

    assert call_control(understudy).status == 401
    assert call_control(understudy, Authorization="Bearer set-in-the-environment").status == 200


ODD_HOSTS = (
    "evil-localhost", "evillocalhost", "localhost-evil", "localhost.evil.com", "localhost.evil", "xlocalhost:8080",
    "notlocalhost.", "localhost..", ".localhost", "a..localhost", "evil.com@localhost", "localhost@evil.com",
    "localhost#evil.com", "localhost/evil", "localhost?", "localhost evil", "localhost,evil.com", "localhost:8080:80",
    "localhost:x", "http://localhost", "//localhost", "[::1", "::1]", "[", "]", "[]", "[localhost]", "[v1.a]",
    "%6cocalhost", "\u00e9.localhost", "\u00e2\u0084\u0080", "\x00", "localhost\x00", ":8080", "@",
    "127.0.0.1.evil.com", "127.0.0.256",
)  # fmt: skip
ODD_ORIGINS = (
    "http://[::1", "http://[", "[::1", "http://]", "http://[v1.a]", "http://\u00e9.example", "http://\u00e2\u0084\u0080",
    "http://a:99999", "http://a:b", "http://", "//", "", "=", "\x00", "http://evil-localhost", "http://localhost.evil.com",
    "http://localhost@evil.com", "ftp://localhost:8080", "http://localhost:8080/", "http://localhost:80800",
)  # fmt: skip


@pytest.mark.parametrize("host", ODD_HOSTS)
def test_a_host_that_only_resembles_this_machine_is_refused(understudy: Understudy, host: str) -> None:
    assert call_control(understudy, host=host).status == 403


@pytest.mark.parametrize("host", ["localhost.", "a.b.localhost:8080", "A.LOCALHOST", "[::ffff:7f00:1]", "localhost:"])
def test_every_spelling_of_this_machine_is_admitted(understudy: Understudy, host: str) -> None:
    assert call_control(understudy, host=host).status == 200


@pytest.mark.parametrize("origin", ODD_ORIGINS)
def test_an_odd_origin_is_refused(understudy: Understudy, origin: str) -> None:
    assert call_control(understudy, origin=origin, host="localhost:8080").status == 403
    assert call_control(control_server(), origin=origin, host="localhost:8080", **TOKEN).status == 403


@pytest.mark.parametrize("name", ["host", "origin", "sec-fetch-site"])
@pytest.mark.parametrize("is_first", [True, False])
def test_one_of_two_headers_is_enough_to_refuse(understudy: Understudy, name: str, *, is_first: bool) -> None:
    good = {"host": "localhost", "origin": "http://localhost", "sec-fetch-site": "none"}
    pair = [(name.encode(), b"evil.example"), (name.encode(), good[name].encode())]
    others = [] if name == "host" else [(b"host", b"localhost")]

    assert asyncio.run(status_of(understudy, [*others, *(pair if is_first else reversed(pair))])) == 403


async def status_of(understudy: Understudy, headers: list[tuple[bytes, bytes]]) -> int:
    """Return the status of a call with these headers, which may be repeated."""
    path = f"{CONTROL_PATH}/worlds"
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
        "root_path": "", "scheme": "http", "client": ("127.0.0.1", 1), "headers": headers,
    }  # fmt: skip
    await understudy.asgi(scope, receive, send)
    return int(sent[0]["status"])
