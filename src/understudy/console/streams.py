"""Answers of the console that last, on the event loop without a thread: events of a journal, and downloads."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import orjson
from werkzeug.sansio.http import parse_cookie

from understudy.console.access import Access
from understudy.console.control import ControlClient
from understudy.console.paths import CONSOLE
from understudy.console.security_headers import HEADERS
from understudy.core.world_names import MAIN
from understudy.http.local_access import access_refusal
from understudy.http.sleeping import within
from understudy.http.vendor_mount import App, Receive, Scope, Send
from understudy.state.worlds import Worlds

EVENTS = f"{CONSOLE}/journal/events"
DOWNLOAD = re.compile(rf"{CONSOLE}/download/([^/]+)/([^/]+)/([^/]+)\.(json|csv)")
UNSAFE_IN_FILE_NAME = re.compile(r"[^A-Za-z0-9._-]+")

INTERVAL = 0.15
"""Seconds between two looks at a journal."""

LOOKS_PER_HEARTBEAT = 100
"""Number of looks without news after which a line is sent, so that no proxy ends the stream."""

SECURITY = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
EVENT_HEADERS = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-store"), *SECURITY]


class OpenStreams:
    """Streams of events that are open; they end when the server stops, or its application is replaced."""

    def __init__(self) -> None:
        self.is_closed = False
        self._successor: OpenStreams | None = None

    def close(self) -> None:
        """End all streams, those of the application that has replaced this one included."""
        self.is_closed = True
        if self._successor is not None:
            self._successor.close()

    def give_way(self, successor: "OpenStreams") -> None:
        """End the streams of an application that another replaces: their clients connect again."""
        self.is_closed = True
        self._successor = successor


@dataclass(frozen=True, slots=True)
class ConsoleStreams:
    """ASGI app before the pages: answers the requests for streams, and passes on the others."""

    pages: App
    control: ControlClient
    access: Access
    worlds: Worlds
    streams: OpenStreams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope["path"]
        if scope["type"] != "http" or scope["method"] != "GET" or not path.startswith(CONSOLE):
            await self.pages(scope, receive, send)
            return
        download = DOWNLOAD.fullmatch(scope["raw_path"].decode("latin-1"))
        if path != EVENTS and download is None:
            await self.pages(scope, receive, send)
        elif refused := self._refusal(scope):
            await _refuse(send, *refused)
        elif download is None:
            await self._send_events(scope, receive, send)
        else:
            await self._download(scope, receive, send, *download.groups())

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Return the status and the text of the refusal of a request that may not use the console."""
        refused = access_refusal(scope, scope["headers"], has_token=self.access.takes_token)
        if refused is not None:
            return refused.status, refused.message
        given = {name: value.decode("latin-1") for name, value in scope["headers"]}
        cookies = parse_cookie(given.get(b"cookie", ""))
        if self.access.admits(given.get(b"authorization", ""), cookies, given.get(b"host", "")):
            return None
        return 401, "sign in with the token that the server was started with"

    async def _send_events(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the number of a world's last exchange whenever it changes, until the client or the server ends.

        A client that reads slowly gets the last number only: nothing is kept for it.
        """
        query = parse_qs(scope["query_string"].decode("latin-1"))
        name = query.get("world", [MAIN])[-1]
        await send({"type": "http.response.start", "status": 200, "headers": EVENT_HEADERS})
        await _send_text(send, "retry: 1000\n\n")
        sent, silent = None, 0
        while not self.streams.is_closed:
            newest = self._newest(name)
            if newest != sent:
                await _send_text(send, f"event: exchanges\ndata: {orjson.dumps({'newest': newest}).decode()}\n\n")
                sent, silent = newest, 0
            elif silent == LOOKS_PER_HEARTBEAT:
                await _send_text(send, ": still here\n\n")
                silent = 0
            silent += 1
            message = await within(INTERVAL, receive())
            if message is not None and message["type"] == "http.disconnect":
                return
        await send({"type": "http.response.body", "body": b""})

    def _newest(self, world: str) -> int:
        found = self.worlds.peek(world)
        return 0 if found is None else found.journal.last_number

    async def _download(
        self, scope: Scope, receive: Receive, send: Send, world: str, vendor: str, collection: str, form: str
    ) -> None:
        """Send all records of a collection as a file, made while it is sent."""
        name = UNSAFE_IN_FILE_NAME.sub("_", f"{world}-{vendor}-{collection}.{form}")
        as_file = (b"content-disposition", f'attachment; filename="{name}"'.encode())

        async def send_file(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                more = [as_file, *SECURITY] if message["status"] < 400 else SECURITY  # no refusal is saved as records
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        path = f"/worlds/{world}/records/{vendor}/{collection}/{form}"
        if form == "csv":  # which people open in a spreadsheet
            query = scope["query_string"]
            scope = {**scope, "query_string": b"spreadsheet=true" + (b"&" + query if query else b"")}
        await self.control.pass_on(scope, receive, send_file, path)


async def _send_text(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _refuse(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *SECURITY]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})
