"""HTTP/1.1 on a connection: uvicorn's httptools protocol, with bounded heads and without upgrades."""

import asyncio
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

ASCII = "".join(map(chr, range(0x21, 0x7F)))
FRAMING = frozenset((b"content-length", b"transfer-encoding"))


class Http1Protocol(TrackedProtocol):
    """Connection of one client.

    An offer to upgrade is ignored, as RFC 9110 (7.8) allows: its request is answered over HTTP/1.1, body included. A
    request with a head over the bounds reaches the application with ``REFUSED_HEAD`` in its scope and without a body.
    """

    _is_in_head = False
    _is_in_request_line = True
    _is_replayed = False
    _is_refused = False
    _head_bytes = 0
    _new_bytes = 0
    _trailer_bytes = 0

    def data_received(self, data: bytes) -> None:
        """Parse the next bytes of the connection."""
        self._unset_keepalive_if_required()
        if self._is_refused:
            return
        if self._is_in_request_line:
            data = self._quote_request_line(data)
        self._new_bytes = len(data)
        try:
            if not self._parse(data):
                return
        except HttpParserError:
            self._answer_malformed()
            return
        if self._is_in_head:
            self._is_in_request_line = b"\n" not in data[max(data.rfind(self.url), 0) :]
            self._bound_unfinished_head(len(data))

    def on_message_begin(self) -> None:
        """Start a request."""
        if self._is_replayed:
            return
        super().on_message_begin()
        self._is_in_head, self._head_bytes, self._trailer_bytes = True, 0, 0

    def on_url(self, url: bytes) -> None:
        """Add a piece of the URL."""
        if not self._is_replayed:
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
        if self._is_replayed:
            return
        self._is_in_head = self._is_in_request_line = False
        if len(self.url) > MAX_URL_BYTES:
            self._refuse(HTTPStatus.REQUEST_URI_TOO_LONG)
        elif self._head_bytes + self._new_bytes > MAX_HEAD_BYTES and _size_of(self.headers) > MAX_HEAD_BYTES:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Add a piece of the body."""
        if not self._is_refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request's body; one with an offer to upgrade is ended by the parser that replaces this one."""
        if self.parser.should_upgrade():
            return
        self._is_in_request_line = True
        if not self._is_refused:
            super().on_message_complete()

    def _parse(self, data: bytes) -> bool:
        """Parse bytes; return whether they belong to no offer to upgrade, whose rest is parsed by itself."""
        try:
            self.parser.feed_data(data)
        except HttpParserUpgrade as offer:
            self._ignore_upgrade(data[offer.args[0] :])
            return False
        return True

    def _quote_request_line(self, data: bytes) -> bytes:
        """Return the bytes with a URL that is sent as raw UTF-8 percent-encoded, which the parser would not take."""
        start = len(data) - len(data.lstrip(b"\r\n"))  # empty lines may come before a request (RFC 9112, section 2.2)
        end = data.find(b"\n", start) + 1
        self._is_in_request_line = end == 0
        line = data[: end or len(data)]
        if line.isascii():
            return data
        return quote(line, safe=f"{ASCII} \r\n\t").encode() + data[len(line) :]

    def _ignore_upgrade(self, rest: bytes) -> None:
        """Parse what follows a head with an offer to upgrade as its body: the parser itself would end there."""
        self.parser = HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        framing = [b"%b: %b\r\n" % (name, value) for name, value in self.headers if name in FRAMING]
        self._is_replayed = True
        self.parser.feed_data(b"POST / HTTP/1.1\r\n" + b"".join(framing) + b"\r\n")
        self._is_replayed = False
        if rest:
            self.data_received(rest)

    def _bound_unfinished_head(self, count: int) -> None:
        self._head_bytes += count
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

    def _answer_malformed(self) -> None:
        if not self.transport.is_closing():
            self.send_400_response("Invalid HTTP request received.")


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
