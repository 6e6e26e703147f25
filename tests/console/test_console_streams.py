"""Events of a journal and downloads: they cost nothing unheard, survive the world, and end with client and server."""

import asyncio
import csv
import io
import json
import socket
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

import pytest

from tests.asgi import call
from tests.conftest import world_name
from tests.console.conftest import CONSOLE, Visitor
from understudy.app import Understudy, create_app
from understudy.console import streams
from understudy.serving import in_background, listen
from understudy.settings import Settings
from understudy.state.worlds import Worlds

Action = Callable[["Listener"], Awaitable[None]]


class Listener:
    """Client of a stream of events on the event loop of a test."""

    def __init__(self, app: Any, query: str, headers: list[tuple[bytes, bytes]] | None = None) -> None:
        self._app, self._query = app, query
        self._headers = [(b"host", b"127.0.0.1"), *(headers or [])]
        self._gone = asyncio.Event()
        self.free = asyncio.Event()
        self.free.set()
        self.sent: list[dict[str, Any]] = []
        self._has_news = asyncio.Event()

    async def run(self) -> None:
        """Send the request, and read until the stream ends."""
        path = f"{CONSOLE}/journal/events"
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "method": "GET",
            "path": path, "raw_path": path.encode(), "query_string": self._query.encode(), "root_path": "",
            "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1), "headers": self._headers,
        }  # fmt: skip
        is_first = True

        async def receive() -> dict[str, Any]:
            nonlocal is_first
            if is_first:
                is_first = False
                return {"type": "http.request", "body": b"", "more_body": False}
            await self._gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            await self.free.wait()
            self.sent.append(message)
            self._has_news.set()

        await self._app(scope, receive, send)

    def leave(self) -> None:
        """Close the connection."""
        self._gone.set()

    @property
    def numbers(self) -> list[int]:
        """Numbers in the events so far."""
        text = b"".join(each.get("body", b"") for each in self.sent).decode()
        return [json.loads(line.removeprefix("data: "))["newest"] for line in text.splitlines() if "data: " in line]

    async def until(self, count: int) -> None:
        """Wait for a number of events."""
        while len(self.numbers) < count:
            self._has_news.clear()
            await self._has_news.wait()

    async def until_has(self, text: bytes) -> None:
        """Wait for a text in what is sent."""
        while not any(text in each.get("body", b"") for each in self.sent):
            self._has_news.clear()
            await self._has_news.wait()


def listen_to(app: Any, world: str, act: Action, **more: Any) -> Listener:
    """Run a function beside a listener, which has to end by itself."""

    async def both() -> Listener:
        listener = Listener(app, f"world={world}", **more)
        reading = asyncio.create_task(listener.run())
        async with asyncio.timeout(20):
            await act(listener)
            await reading
        return listener

    return asyncio.run(both())


@pytest.fixture
def world(request: pytest.FixtureRequest) -> str:
    return world_name(request.node.nodeid)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "INTERVAL", 0.005)


def record(worlds: Worlds, world: str) -> None:
    """Add an exchange to a world's journal."""
    meta: Any = (
        0.0,
        "ecdp",
        "",
        "GET",
        b"/",
        b"",
        404,
        "behaviour",
        "",
        "route",
        "",
        [],
        [],
        0.0,
        0.0,
        "http",
        "",
        ("", ()),
    )
    worlds.get_or_create(world).journal.record(meta, b"", b"")


def test_each_new_exchange_is_an_event(understudy: Understudy, world: str) -> None:
    async def act(listener: Listener) -> None:
        await listener.until(1)
        for count in (2, 3):
            record(understudy.worlds, world)
            await listener.until(count)
        listener.leave()

    found = listen_to(understudy.asgi, world, act)
    assert found.numbers == [0, 1, 2]
    assert dict(found.sent[0]["headers"])[b"content-type"].startswith(b"text/event-stream")
    assert dict(found.sent[0]["headers"])[b"x-content-type-options"] == b"nosniff"


def test_a_listener_makes_no_world(understudy: Understudy, world: str) -> None:
    async def act(listener: Listener) -> None:
        await listener.until(1)
        listener.leave()

    listen_to(understudy.asgi, world, act)
    assert understudy.worlds.peek(world) is None


def test_a_reset_goes_on_and_a_new_world_begins_again(understudy: Understudy, world: str) -> None:
    async def act(listener: Listener) -> None:
        record(understudy.worlds, world)
        await listener.until(1)
        understudy.worlds.reset(world)
        record(understudy.worlds, world)
        await listener.until(2)
        understudy.worlds.delete(world)
        await listener.until(3)
        record(understudy.worlds, world)
        await listener.until(4)
        listener.leave()

    assert listen_to(understudy.asgi, world, act).numbers == [1, 2, 0, 1]


def test_a_slow_reader_gets_the_last_number_only(understudy: Understudy, world: str) -> None:
    async def act(listener: Listener) -> None:
        await listener.until(1)
        listener.free.clear()
        for _ in range(50):
            record(understudy.worlds, world)
            await asyncio.sleep(0.002)
        listener.free.set()
        await listener.until_has(b'"newest":50}')
        listener.leave()

    numbers = listen_to(understudy.asgi, world, act).numbers
    assert numbers[-1] == 50
    assert len(numbers) <= 3


def test_a_silent_stream_is_kept_open_by_a_comment(
    understudy: Understudy, world: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "LOOKS_PER_HEARTBEAT", 2)

    async def act(listener: Listener) -> None:
        await listener.until_has(b": still here")
        listener.leave()

    assert listen_to(understudy.asgi, world, act).numbers == [0]


def test_streams_end_with_their_application() -> None:
    made = create_app(Settings(vendors=("ecdp",)))
    later = create_app(Settings(vendors=("ecdp",)))

    async def act(listener: Listener) -> None:
        await listener.until(1)
        made.streams.give_way(later.streams)

    found = listen_to(made.asgi, "main", act)
    assert found.sent[-1] == {"type": "http.response.body", "body": b""}
    assert not later.streams.is_closed
    made.streams.close()
    assert later.streams.is_closed


def test_a_stream_ends_in_order_when_the_server_stops() -> None:
    made = create_app(Settings(vendors=("ecdp",)))
    listener = listen("127.0.0.1", 0)
    address = listener.getsockname()[:2]
    with in_background(made, listener), socket.create_connection(address, timeout=20) as connection:
        connection.sendall(f"GET {CONSOLE}/journal/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        received = b""
        while b"event: exchanges" not in received:
            received += connection.recv(4096)
        held = connection.dup()
    with held:
        held.settimeout(20)
        while piece := held.recv(4096):
            received += piece
    assert received.endswith(b"0\r\n\r\n")


@pytest.mark.parametrize("path", ["journal/events", "download/main/ecdp/customers.json"])
@pytest.mark.parametrize(
    ("headers", "client"),
    [({"sec-fetch-site": "cross-site"}, "127.0.0.1"), ({"host": "evil.example"}, "127.0.0.1"), ({}, "192.0.2.7")],
    ids=["page of another site", "name of another host", "another machine"],
)
def test_streams_are_refused_as_the_control_api_is(
    understudy: Understudy, path: str, headers: dict[str, str], client: str
) -> None:
    assert call(understudy.asgi, "GET", f"{CONSOLE}/{path}", headers=headers, client=client).status == 403


@pytest.mark.parametrize("path", ["journal/events", "download/main/ecdp/customers.json"])
@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer wrong"}, {"cookie": "understudy_session=wrong"}])
def test_streams_need_the_token(guarded: Understudy, path: str, headers: dict[str, str]) -> None:
    assert call(guarded.asgi, "GET", f"{CONSOLE}/{path}", headers=headers).status == 401


def test_who_has_signed_in_may_download(guarded: Understudy) -> None:
    visitor = Visitor(guarded)
    assert visitor.post(f"{CONSOLE}/sign-in", {"token": "open-sesame"}).status == 303

    guarded.worlds.get_or_create()
    assert visitor.get(f"{CONSOLE}/download/main/ecdp/customers.json").status == 200


def test_a_download_has_every_record_and_a_plain_name(visitor: Visitor, understudy: Understudy, world: str) -> None:
    rows = understudy.worlds.get_or_create(world).vendors["ecdp"].collection("customers")
    found = visitor.get(f"{CONSOLE}/download/{world}/ecdp/customers.json")

    assert found.json == list(rows)
    assert found.headers["content-disposition"] == f'attachment; filename="{world}-ecdp-customers.json"'
    lines = [*csv.reader(io.StringIO(visitor.get(f"{CONSOLE}/download/{world}/ecdp/customers.csv").body.decode(), ""))]
    assert len(lines) == len(rows) + 1
    assert {len(line) for line in lines} == {len(lines[0])}


def test_a_download_can_be_narrowed_by_a_text(visitor: Visitor, understudy: Understudy, world: str) -> None:
    rows = understudy.worlds.get_or_create(world).vendors["ecdp"].collection("customers")
    email = next(each["email"] for each in rows if each.get("email"))

    found = visitor.get(f"{CONSOLE}/download/{world}/ecdp/customers.json?text={quote(email)}").json
    assert [each["email"] for each in found] == [email]


@pytest.mark.parametrize(
    "path", ["main/ecdp/shoes.json", "never-used/ecdp/customers.csv", "main/acme/x.json", "a%22b/ecdp/customers.json"]
)
def test_a_download_of_nothing_is_refused(visitor: Visitor, understudy: Understudy, path: str) -> None:
    understudy.worlds.get_or_create()
    answer = visitor.get(f"{CONSOLE}/download/{path}")

    assert answer.status == 404
    assert answer.json["title"]
    assert "content-disposition" not in answer.headers  # no refusal is saved as a file of records
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_formula_in_a_record_is_not_one_in_the_downloaded_csv(
    visitor: Visitor, understudy: Understudy, world: str
) -> None:
    rows = understudy.worlds.get_or_create(world).vendors["ecdp"].collection("customers")
    rows.put({**next(iter(rows)), "email": '=HYPERLINK("//evil.example")'})

    narrowed = visitor.get(f"{CONSOLE}/download/{world}/ecdp/customers.csv?text=HYPERLINK").body.decode()
    exact = visitor.get(f"/_understudy/api/worlds/{world}/records/ecdp/customers/csv?text=HYPERLINK").body.decode()

    assert ",\"'=HYPERLINK(" in narrowed
    assert ',"=HYPERLINK(' in exact
