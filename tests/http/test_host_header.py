"""Invalid ``Host`` headers: refused with 400 before a vendor or the control API is found by them."""

import asyncio
from functools import cache
from typing import Any

import pytest

from tests.asgi import call
from tests.contract.conftest import control_server, found
from understudy.app import Understudy
from understudy.core.world_names import CONTROL_PATH
from understudy.http.host_header import is_valid_host

INVALID = [
    "[::1]evil", "[::1]:80evil", "[::1]:80:80", "[::1", "::1", "[]", "[127.0.0.1]", "[::g]", "api.ecdp.app:evil",
    "api.ecdp.app:80:80", "api.ecdp.app:123456", "evil@api.ecdp.app", "api.ecdp.app/evil", "localhost evil", "a b",
    "local\thost", "é.app", "localhost#", "localhost?", "%zz", "http://localhost",
]  # fmt: skip
VALID = ["localhost", "localhost:", "localhost:80", "[::1]", "[::1]:65535", "[::ffff:127.0.0.1]", "a_b-c.d~", "", "%41"]
PATHS = [f"/{vendor}/nowhere" for vendor in found()]


@cache
def with_token() -> Understudy:
    """Return a server whose control API requires a token, and takes calls under any name."""
    return control_server()


@pytest.mark.parametrize("host", INVALID)
def test_a_host_that_is_none_is_not_valid(host: str) -> None:
    assert not is_valid_host(host.encode("latin-1"))


@pytest.mark.parametrize("host", VALID)
def test_a_name_or_an_address_with_or_without_a_port_is_valid(host: str) -> None:
    assert is_valid_host(host.encode())


@pytest.mark.parametrize("host", INVALID)
def test_the_control_api_refuses_an_invalid_host_with_the_token_and_without(understudy: Understudy, host: str) -> None:
    path, token = f"{CONTROL_PATH}/worlds", {"authorization": "Bearer understudy-token"}
    assert call(understudy.asgi, "GET", path, headers={"host": host}).status in (400, 403)
    assert call(with_token().asgi, "GET", path, headers={"host": "any.example", **token}).status == 200
    assert call(with_token().asgi, "GET", path, headers={"host": host, **token}).status == 400


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("host", INVALID[:3])
def test_each_vendor_refuses_an_invalid_host(understudy: Understudy, path: str, host: str) -> None:
    refused = call(understudy.asgi, "GET", path, headers={"host": host})
    assert refused.status == 400
    assert b"Host" in refused.body
    assert call(understudy.asgi, "GET", path, headers={"host": "[::1]:80"}).status == 404


@pytest.mark.parametrize("host", ["api.ecdp.app:evil", "API.ecdp.app:80:80"])
def test_a_vendors_own_host_with_more_behind_it_is_refused_in_the_vendors_shape(
    understudy: Understudy, host: str
) -> None:
    refused = call(understudy.asgi, "GET", "/nowhere", headers={"host": host})
    assert (refused.status, refused.headers["understudy-refused-by"]) == (400, "contract")


@pytest.mark.parametrize("path", [f"{CONTROL_PATH}/worlds", *PATHS])
def test_two_hosts_are_refused(understudy: Understudy, path: str) -> None:
    assert status_of(understudy, path, "1.1", b"localhost", b"localhost") == 400


@pytest.mark.parametrize("path", [f"{CONTROL_PATH}/worlds", f"/@nowhere{PATHS[0]}", *PATHS])
def test_http_1_1_without_a_host_is_refused_and_1_0_is_not(understudy: Understudy, path: str) -> None:
    expected = 200 if path.startswith(CONTROL_PATH) else 404
    assert status_of(understudy, path, "1.1") == 400
    assert status_of(understudy, path, "1.0") == expected
    assert status_of(understudy, path, "1.1", b"") == expected  # of a target without an authority


def status_of(understudy: Understudy, path: str, version: str, *hosts: bytes) -> int:
    """Return the status of a request with these ``Host`` headers."""
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": version, "scheme": "http", "method": "GET",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 1), "headers": [(b"host", host) for host in hosts],
    }  # fmt: skip

    async def run() -> None:
        await understudy.asgi(scope, receive, send)

    asyncio.run(run())
    return statuses[0]
