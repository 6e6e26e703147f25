"""Every response is built, completed and sent in one place."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.acme import Company, spec
from understudy import http
from understudy.app import Understudy
from understudy.core.world_names import CONTROL_PATH
from understudy.http import dispatcher, fault_injection, local_access
from understudy.http.authentication import Headers
from understudy.http.responses import RawResponse, finish
from understudy.http.vendor_mount import Mount
from understudy.state.faults import (
    AFTER,
    BEFORE,
    CALL_KINDS,
    DROP,
    LATENCY,
    MALFORMED,
    REQUIRED_BY_KIND,
    SLOW,
    STATUS,
    TRUNCATE,
    Fault,
)

ORIGIN = {"origin": "https://shop.example"}
PREFLIGHT = {**ORIGIN, "access-control-request-method": "GET"}
ALLOWED = (b"access-control-allow-origin", b"*")
ADDED = (b"x-added", b"in one place")
FAULTS = [(kind, when) for kind in CALL_KINDS for when in (BEFORE, AFTER)]
CHANGING = """
from understudy.core.refused import Refused
from understudy.core.reply import Reply

def get_thing(state, mode="ok"):
    if mode == "no":
        raise Refused(404, "no such thing")
    return Reply({"name": 7 if mode == "breach" else "small"})
"""
ERRORS = """
from understudy.core.reply import Reply

def render(refused):
    return Reply(status=refused.status)
"""


def head(understudy: Understudy, method: str, target: str, **headers: str) -> dict[str, Any]:
    """Send one request and return the head of its response; a connection that is closed after the head is no error."""
    path, _, query = target.partition("?")
    given = {"host": "127.0.0.1", **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()], "client": ("127.0.0.1", 1),
    }  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    try:
        asgi: Any = understudy.asgi
        asyncio.run(asgi(scope, receive, send))
    except ConnectionResetError:
        assert sent, "the connection was closed before the head"
    return sent[0]


def sources() -> list[tuple[str, str]]:
    """The modules of ``understudy.http`` by name, and their text."""
    return [(path.stem, path.read_text()) for path in sorted(Path(http.__path__[0]).glob("*.py"))]


def set_fault(understudy: Understudy, kind: str, when: str = BEFORE) -> None:
    delay = 0.001 if REQUIRED_BY_KIND.get(kind) == "delay" else None
    world = understudy.worlds.get_or_create()
    world.faults.add(Fault(kind, when=when, delay=delay, times=1), world.clock.timestamp())


@pytest.fixture
def acme(company: Company) -> Understudy:
    document = spec(**{"x-cors": True})
    operation = document["paths"]["/thing"]["get"]
    operation["parameters"] = [{"name": "mode", "in": "query", "schema": {"type": "string"}}]
    operation["responses"]["404"] = {"description": "No."}
    company.write_spec("acme", document)
    company.write_folder("acme", {"operations/things": CHANGING, "errors": ERRORS})
    return company.start()


@pytest.fixture
def _added(monkeypatch: pytest.MonkeyPatch) -> None:
    """A header that ``finish`` adds to each response, as an edit of its body would."""

    def finish_with_header(response: RawResponse, request_headers: Headers, mount: Mount) -> None:
        finish(response, request_headers, mount)
        response.headers.append(ADDED)

    for module in (dispatcher, local_access, fault_injection):
        monkeypatch.setattr(module, "finish", finish_with_header)


def test_one_place_sends_the_head_of_a_response() -> None:
    assert [name for name, text in sources() for _ in range(text.count("http.response.start"))] == ["responses"]


def test_one_place_builds_response_headers() -> None:
    assert [name for name, text in sources() if 'b"understudy-' in text or 'b"content-length", b"%d' in text] == [
        "responses"
    ]
    assert [name for name, text in sources() if ".headers.append" in text or ".headers.extend" in text] == ["responses"]


@pytest.mark.usefixtures("_added")
@pytest.mark.parametrize(
    ("method", "target", "headers", "status"),
    [
        ("GET", "/acme/thing", {}, 200),
        ("HEAD", "/acme/thing", {}, 200),
        ("GET", "/acme/thing?mode=no", {}, 404),
        ("GET", "/acme/thing?mode=breach", {}, 500),
        ("GET", "/acme/no/such/path", {}, 404),
        ("DELETE", "/acme/thing", {}, 405),
        ("OPTIONS", "/acme/thing", PREFLIGHT, 204),
        ("GET", f"{CONTROL_PATH}/worlds", {}, 200),
        ("GET", f"{CONTROL_PATH}/worlds/absent", {}, 404),
        ("GET", f"{CONTROL_PATH}/no-such-thing", {}, 404),
        ("GET", f"{CONTROL_PATH}/worlds", {"host": "evil.example"}, 403),
    ],
    ids=["reply", "head", "refusal", "breach", "unrouted", "method", "preflight",
         "control", "control-refusal", "control-unrouted", "local-access"],
)  # fmt: skip
def test_a_header_added_in_finish_is_on_every_response(
    acme: Understudy, method: str, target: str, headers: dict[str, str], status: int
) -> None:
    sent = head(acme, method, target, **headers)

    assert (sent["status"], sent["headers"].count(ADDED)) == (status, 1)


@pytest.mark.usefixtures("_added")
@pytest.mark.parametrize(("kind", "when"), [each for each in FAULTS if each[0] != DROP])
def test_a_header_added_in_finish_is_on_every_response_of_a_faulted_call(
    acme: Understudy, kind: str, when: str
) -> None:
    set_fault(acme, kind, when)

    assert head(acme, "GET", "/acme/thing")["headers"].count(ADDED) == 1
    [exchange] = acme.worlds.get_or_create().journal
    assert exchange.fault
    assert [tuple(header) for header in exchange.response_headers].count(ADDED) == 1


@pytest.mark.parametrize("kind", ["", LATENCY, STATUS, TRUNCATE, SLOW, MALFORMED])
def test_the_journal_has_the_headers_that_were_sent(acme: Understudy, kind: str) -> None:
    if kind:
        set_fault(acme, kind, AFTER)

    sent = head(acme, "GET", "/acme/thing", **ORIGIN)

    [exchange] = acme.worlds.get_or_create().journal
    assert bool(exchange.fault) == bool(kind)
    assert [tuple(header) for header in exchange.response_headers] == sent["headers"]
    assert sent["headers"].count(ALLOWED) == 1


@pytest.mark.parametrize(("method", "path"), [("GET", "/acme/no/such/path"), ("DELETE", "/acme/thing")])
def test_the_journal_has_the_headers_of_an_unrouted_request(acme: Understudy, method: str, path: str) -> None:
    acme.worlds.get_or_create()

    sent = head(acme, method, path, **ORIGIN)

    [exchange] = acme.worlds.get_or_create().journal
    assert [tuple(header) for header in exchange.response_headers] == sent["headers"]
    assert sent["headers"].count(ALLOWED) == 1


def test_a_preflight_names_the_origin_once(acme: Understudy) -> None:
    for headers in (PREFLIGHT, {"access-control-request-method": "GET"}):
        assert head(acme, "OPTIONS", "/acme/thing", **headers)["headers"].count(ALLOWED) == 1
