"""HTTP/1.1 on a connection: uvicorn's httptools protocol, with bounded heads and without upgrades."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

from understudy.http.head_limits import MAX_HEAD_BYTES, MAX_URL_BYTES, REFUSED_HEAD
from understudy.http.tracked_protocol import TrackedProtocol

REQUEST_LINE_SLACK = 64
"""Bytes of a request line beside its URL: method, version and spaces, at most."""

LINGER_SECONDS = 2.0
"""Time that a client has to read a refusal while it still sends: closing at once would reset the connection."""

MALFORMED = "Invalid HTTP request received."
VERSION = b" HTTP/"
"""Text that a request line has behind its URL."""

ASCII = "".join(map(chr, range(0x21, 0x7F)))
FRAMING = frozenset((b"content-length", b"transfer-encoding"))


class Http1Protocol(TrackedProtocol):
    """Connection of one client.

    An offer to upgrade is ignored, as RFC 9110 (7.8) allows: its request is answered over HTTP/1.1, body included. A
    request with a head over the bounds reaches the application with ``REFUSED_HEAD`` in its scope and without a body.
    """

    _is_in_head = False
    _is_in_request_line = True
    """True if the next byte belongs to a request line, or starts one."""

    _is_replayed = False
    _is_refused = False
    _is_malformed = False
    _has_ended_one = False
    """True if the bytes that arrived last held the end of a request."""

    _is_pipelined = False
    _head_bytes = 0
    _new_bytes = 0
    _body_bytes = 0
    _trailer_bytes = 0

    def __init__(self, *given: Any, note_malformed: Callable[[bytes, int], None] | None = None, **options: Any) -> None:
        """Take what uvicorn hands a protocol, and a function that takes a malformed one's URL and status."""
        super().__init__(*given, **options)
        self._note_malformed = note_malformed

    def data_received(self, data: bytes) -> None:
        """Parse the next bytes of the connection."""
        self._unset_keepalive_if_required()
        if self._is_refused:
            return
        self._new_bytes, self._has_ended_one = len(data), False
        try:
            self._parse_all(data)
        except HttpParserError:
            self._answer_malformed(data)
            return
        if self._is_in_head:
            self._bound_unfinished_head(len(data))

    def on_response_complete(self) -> None:
        """Start the next request; answer the malformed one behind the last."""
        if self._is_malformed and not self.pipeline and not self.transport.is_closing():
            self.send_400_response(MALFORMED)
        super().on_response_complete()

    def on_message_begin(self) -> None:
        """Start a request."""
        if self._is_replayed or self._is_refused:
            return
        super().on_message_begin()
        self._is_in_head = self._is_in_request_line = True
        self._is_pipelined = self._has_ended_one
        self._head_bytes = self._body_bytes = self._trailer_bytes = 0

    def on_url(self, url: bytes) -> None:
        """Add a piece of the URL."""
        if not self._is_replayed and not self._is_refused:
            super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Add a header; drop a trailer of a chunked body, which no vendor reads."""
        if self._is_in_head:
            super().on_header(name, value)
        elif not self._is_replayed:
            self._trailer_bytes += len(name) + len(value)
            if self._trailer_bytes > MAX_HEAD_BYTES:
                raise ValueError("trailers over the bound")

    def on_headers_complete(self) -> None:
        """Hand a request over to the application."""
        if self._is_replayed or self._is_refused:
            return
        self._is_in_head = self._is_in_request_line = False
        may_be_long = self._is_pipelined or self._head_bytes + self._new_bytes > MAX_HEAD_BYTES
        if len(self.url) > MAX_URL_BYTES:
            self._refuse(HTTPStatus.REQUEST_URI_TOO_LONG)
        elif may_be_long and _size_of(self.headers) > MAX_HEAD_BYTES:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Add a piece of the body."""
        self._body_bytes += len(body)
        if not self._is_refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request's body; one with an offer to upgrade is ended by the parser that replaces this one."""
        if self.parser.should_upgrade():
            return
        self._is_in_request_line = self._has_ended_one = True
        if not self._is_refused:
            super().on_message_complete()
            self.url = b""

    def _parse_all(self, data: bytes) -> None:
        """Parse bytes piece by piece, so that each request line among them can be recognised.

        Each piece ends with a line, has no end of a line, or lies within one body.
        """
        start = 0
        is_plain = data.isascii()
        while start < len(data) and not self._is_refused:
            end = self._piece_end(data, start, is_plain=is_plain)
            piece = data[start:end]
            if self._is_in_request_line and not piece.isascii():
                piece = quote(piece, safe=f"{ASCII} \r\n\t").encode()  # the parser takes no raw UTF-8 in a URL
            try:
                self.parser.feed_data(piece)
            except HttpParserUpgrade as offer:
                end = start + offer.args[0]  # ends a head, so the piece is no quoted line
                self._ignore_upgrade()
            start = end
            if self._is_in_head and piece.endswith(b"\n"):
                self._is_in_request_line = False

    def _piece_end(self, data: bytes, start: int, *, is_plain: bool) -> int:
        """Return the end of the next piece: as much as has no request line that must be quoted."""
        if self._is_in_request_line and not is_plain:
            return data.find(b"\n", start) + 1 or len(data)
        rest = 0 if self._is_in_request_line or self._is_in_head else self._rest_of_body()
        if rest:
            return min(start + rest, len(data))
        last = data.rfind(b"\n", start) + 1 or len(data)
        found = -1 if is_plain else data.find(VERSION, start)
        if found < 0:
            return last
        return data.rfind(b"\n", start, found) + 1 or data.find(b"\n", found) + 1 or len(data)

    def _rest_of_body(self) -> int:
        """Return the bytes that the body still lacks by its length; 0 for a chunked one, which ends with a line."""
        length = next((value for name, value in self.headers if name == b"content-length"), b"")
        return int(length) - self._body_bytes if length.isdigit() else 0

    def _ignore_upgrade(self) -> None:
        """Take what follows a head with an offer to upgrade as its body: the parser itself would end there."""
        self.parser = HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        framing = [b"%b: %b\r\n" % (name, value) for name, value in self.headers if name in FRAMING]
        self._is_replayed = True
        self.parser.feed_data(b"POST / HTTP/1.1\r\n" + b"".join(framing) + b"\r\n")
        self._is_replayed = False

    def _bound_unfinished_head(self, count: int) -> None:
        self._head_bytes += 0 if self._has_ended_one else count
        if len(self.url) > MAX_URL_BYTES:
            self._refuse(HTTPStatus.REQUEST_URI_TOO_LONG)
        elif self._head_bytes - len(self.url) - REQUEST_LINE_SLACK > MAX_HEAD_BYTES:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def _refuse(self, status: int) -> None:
        """Let the application refuse a request by its head alone; nothing more of the connection is read."""
        self._is_refused, self._is_in_head = True, False
        url = self.url[:MAX_URL_BYTES]
        cut = url.find(b"%", len(url) - 2)  # a percent-encoded byte stays whole
        self.url = url if cut < 0 else url[:cut]
        self.scope[REFUSED_HEAD] = status  # type: ignore[literal-required] # a scope may have keys of servers' own
        super().on_headers_complete()
        self.cycle.keep_alive = False
        self.cycle.more_body = False
        self.cycle.message_event.set()
        self.cycle.transport = _Lingering(self.transport)  # type: ignore[assignment] # all that the cycle calls

    def _answer_malformed(self, data: bytes) -> None:
        """Answer a malformed request once those before it are answered; nothing more of the connection is read."""
        if self._is_refused or self.transport.is_closing():
            return
        if self._note_malformed is not None:
            self._note_malformed(self.url or data.partition(b"\r\n")[0], HTTPStatus.BAD_REQUEST)
        self._is_refused = self._is_malformed = True
        if self.pipeline and self.cycle.more_body:
            self.pipeline.popleft()  # malformed in its body
        is_first = self.running is None or self.running.response_complete or self.running.more_body
        if is_first:
            self.send_400_response(MALFORMED)


class _Lingering:
    """Transport of a refused request: its ``close`` ends the answer, and the connection only when that can be read."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def close(self) -> None:
        """Send the end of the answer; close once the client has, or after ``LINGER_SECONDS``."""
        transport = self._transport
        if transport.is_closing() or not transport.can_write_eof():
            transport.close()
            return
        transport.write_eof()
        asyncio.get_running_loop().call_later(LINGER_SECONDS, transport.close)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


def _size_of(headers: list[tuple[bytes, bytes]]) -> int:
    return sum(len(name) + len(value) + len(b": \r\n") for name, value in headers)
