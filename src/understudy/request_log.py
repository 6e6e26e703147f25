"""Log of requests, a line each: written by a thread of its own, in batches, so that no request waits for the output."""

import logging
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TextIO

import orjson

from understudy.http.request_notes import EXCHANGE, REASON
from understudy.http.vendor_mount import App, Receive, Scope, Send
from understudy.state.journal import ExchangeMeta

BATCH_SECONDS = 0.05
"""Time for which lines are gathered before they are written together."""

MAX_WAITING = 100_000
"""Number of lines that may wait for an output that does not take them; more are counted and dropped."""

MAX_TEXT = 300
"""Characters of a path or a reason in a line."""


Entry = tuple[float, str, bytes, int, float, ExchangeMeta | None, str | None]
"""Request that was responded to: time, method, path, status, seconds, entry in the journal, and why it was refused.

The status is 0 if no response was sent. It is a plain tuple, because each request makes one.
"""


class RequestLog:
    """ASGI app that adds each request to the log, with the thread that writes the log."""

    def __init__(self, app: App, output: TextIO, line: Callable[[Entry], str]) -> None:
        """Take the app that serves the requests, the output, and the function that returns an entry's line."""
        self._app = app
        self._output = output
        self._line = line
        self._waiting: deque[Entry] = deque()
        self._dropped = 0
        self._has_lines = threading.Event()
        self._is_closed = False
        self._thread = threading.Thread(target=self._write_until_closed, name="request log", daemon=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request by the app, and add it to the log."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        watched, started = _WatchedSend(send), time.perf_counter()
        try:
            await self._app(scope, receive, watched.send)
        finally:
            self._add(scope, watched.status, time.perf_counter() - started)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write the log in a thread; at the end write the remaining lines, then end the thread."""
        self._thread.start()
        try:
            yield
        finally:
            self._is_closed = True
            self._has_lines.set()
            self._thread.join(timeout=1)  # an output that takes nothing does not hold up the end

    def _add(self, scope: Scope, status: int, seconds: float) -> None:
        if self._is_closed:
            return
        if len(self._waiting) >= MAX_WAITING:
            self._dropped += 1
            return
        self._waiting.append(
            (time.time(), scope["method"], scope["raw_path"], status, seconds, scope.get(EXCHANGE), scope.get(REASON))
        )
        if not self._has_lines.is_set():
            self._has_lines.set()

    def _write_until_closed(self) -> None:
        while not self._is_closed:
            self._has_lines.wait()
            if not self._is_closed:
                time.sleep(BATCH_SECONDS)
            self._has_lines.clear()
            if not self._write_waiting():
                self._is_closed = True

    def _write_waiting(self) -> bool:
        """Write the lines that wait; return whether the output takes any."""
        lines = [self._line(self._waiting.popleft()) for _ in range(len(self._waiting))]
        if self._dropped:
            lines.append(f"{self._dropped} requests are not in this log: the output was too slow\n")
            self._dropped = 0
        try:
            self._output.write("".join(lines))
            self._output.flush()
        except (OSError, ValueError):  # the terminal, or the reader of the pipe, has gone
            return False
        return True


class _WatchedSend:
    """ASGI ``send`` of one request that keeps the status of the response."""

    __slots__ = ("_send", "status")

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0

    def send(self, message: dict[str, Any]) -> Awaitable[None]:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        return self._send(message)

    @property
    def transport(self) -> Any:
        """Transport of the connection, where a fault drops it; None in process."""
        return getattr(getattr(self._send, "__self__", None), "transport", None)


def text_line(entry: Entry) -> str:
    """Return an entry as text: time of day, status, method, path, operation, milliseconds, reason."""
    at, method, path, status, seconds, exchange, refused = entry
    operation = f"{exchange[2]}  " if exchange is not None and exchange[2] else ""
    reason = _reason(status, exchange, refused)
    return (
        f"{_clock_time(int(at))} {status or '---'} {method} {_printable(path.decode('latin-1'))}  {operation}"
        f"{seconds * 1000:.1f} ms{reason and f'  {reason}'}\n"
    )


def json_line(entry: Entry) -> str:
    """Return an entry as a JSON object."""
    at, method, path, status, seconds, exchange, refused = entry
    found = {
        "time": _iso(at),
        "level": "info",
        "method": method,
        "path": path.decode("latin-1"),
        "status": status or None,
        "vendor": exchange[1] if exchange else None,
        "operation": (exchange[2] or None) if exchange else None,
        "outcome": exchange[9] if exchange else None,
        "milliseconds": round(seconds * 1000, 3),
        "reason": _reason(status, exchange, refused) or None,
    }
    return orjson.dumps(found).decode() + "\n"


LINES: Mapping[str, Callable[[Entry], str]] = {"text": text_line, "json": json_line}
"""Functions that return an entry's line, by the name of the format."""


def _reason(status: int, exchange: ExchangeMeta | None, refused: str | None) -> str:
    """Return why a request was not served as it should be; an empty text for the others."""
    if exchange is not None and exchange[10]:
        return _printable(f"fault {exchange[10]}")
    if exchange is not None and exchange[8]:
        return _printable(f"breach: {exchange[8]}")
    if status == 0:
        return "the client has left"
    return _printable(refused) if refused else ""


def _printable(text: str) -> str:
    """Return a text in one line without control characters, shortened."""
    if len(text) > MAX_TEXT:
        text = f"{text[:MAX_TEXT]}…"
    return text if text.isprintable() else text.encode("unicode_escape").decode()


@lru_cache(maxsize=2)
def _clock_time(second: int) -> str:
    return time.strftime("%H:%M:%S", time.localtime(second))


@lru_cache(maxsize=2)
def _utc(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))


def _iso(at: float) -> str:
    return f"{_utc(int(at))}.{int(at % 1 * 1000):03}Z"


class JsonFormatter(logging.Formatter):
    """Formatter of other messages of the log, such as warnings, as JSON objects."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a message as a JSON object in one line."""
        found = {"time": _iso(record.created), "level": record.levelname.lower(), "message": record.getMessage()}
        if record.exc_info:
            found["traceback"] = self.formatException(record.exc_info)
        return orjson.dumps(found).decode()
