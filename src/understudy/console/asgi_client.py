"""Requests to an ASGI app of this process, sent from a thread of the pages."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import unquote

from understudy.http.vendor_mount import App, Scope

T = TypeVar("T")
HeaderPairs = list[tuple[bytes, bytes]]
TIMEOUT = 60
"""Seconds after which a request is given up."""


@dataclass(frozen=True, slots=True)
class AsgiResponse:
    """Response as it was sent, with its headers in order; ``is_whole`` is false if it ended before its end."""

    status: int
    headers: HeaderPairs
    body: bytes
    is_whole: bool = True

    def header(self, name: str) -> str:
        """Return the first value of a header, or an empty text."""
        wanted = name.lower().encode()
        return next((value.decode("latin-1") for each, value in self.headers if each.lower() == wanted), "")


@dataclass(frozen=True, slots=True)
class AsgiRequest:
    """Request to be sent: the percent-encoded ``path`` and ``query``, headers with lower-case names, and the body."""

    method: str
    path: str
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


def send_from_thread(loop: asyncio.AbstractEventLoop, target: App, scope: Scope, sent: AsgiRequest) -> AsgiResponse:
    """Send a request on the event loop, and wait for the answer in this thread.

    Peer, server and scheme are those of ``scope``: that of the request which the page answers.
    """
    future = asyncio.run_coroutine_threadsafe(_send(target, scope, sent), loop)
    try:
        return future.result(TIMEOUT)
    except TimeoutError:
        future.cancel()
        raise


def run_on_loop(loop: asyncio.AbstractEventLoop, function: Callable[[], T]) -> T:
    """Run a short function on the event loop, to which the worlds belong, and return its result."""

    async def run() -> T:
        return function()

    return asyncio.run_coroutine_threadsafe(run(), loop).result(TIMEOUT)


async def _send(target: App, scope: Scope, sent: AsgiRequest) -> AsgiResponse:
    received: list[dict[str, Any]] = []
    requests = [{"type": "http.request", "body": sent.body, "more_body": False}]
    is_answered = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if requests:
            return requests.pop()
        await is_answered.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        received.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            is_answered.set()

    with suppress(ConnectionResetError):  # a fault has dropped the connection
        await target(_scope_of(scope, sent), receive, send)
    head = next((each for each in received if each["type"] == "http.response.start"), None)
    if head is None:
        return AsgiResponse(0, [], b"", is_whole=False)
    pieces = [each for each in received if each["type"] == "http.response.body"]
    body = b"".join(each.get("body", b"") for each in pieces)
    is_whole = bool(pieces) and not pieces[-1].get("more_body", False)
    return AsgiResponse(head["status"], list(head["headers"]), body, is_whole)


def _scope_of(scope: Scope, sent: AsgiRequest) -> Scope:
    raw_path = sent.path.encode("ascii")
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in sent.headers]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": scope.get("scheme", "http"),
        "method": sent.method,
        "path": unquote(sent.path),
        "raw_path": raw_path,
        "query_string": sent.query.encode("ascii"),
        "root_path": "",
        "headers": headers,
        "client": scope.get("client"),
        "server": scope.get("server"),
    }
