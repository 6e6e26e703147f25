"""Relay of bytes between clients and the upstream: each connection of a client has one of its own to the upstream.

So whatever one side sends, the other gets as it was: the bytes of heads and bodies, their pieces, trailers, interim
responses, an early end. The bytes are followed by readers only after they have been passed on.
"""

import asyncio
import json
import socket
import struct
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import cast

from understudy.core.status_phrases import PHRASES
from understudy.proxy.message_readers import MAX_HEAD_BYTES, Malformed, RequestReader, ResponseReader
from understudy.proxy.passed_call import PassedCall
from understudy.proxy.request_heads import SentHead, end_of_head, head_for
from understudy.proxy.upstream import NotReached, Upstream

MAX_AHEAD_BYTES = 64 * 1024
"""Bytes of requests that a client may send ahead of the response that it waits for."""

RESET = struct.pack("ii", 1, 0)
"""Setting of a socket by which its end is a reset, not the end of a message."""


class Relay:
    """Relay to one upstream; ``observe`` is called with each call once it has passed."""

    def __init__(self, upstream: Upstream, limit: int, observe: Callable[[PassedCall], None]) -> None:
        """``limit`` is the number of bytes of a body that are observed; longer ones pass, too."""
        self.upstream = upstream
        self.limit = limit
        self.observe = observe
        self.connections: set[ClientConnection] = set()
        self.unreached: dict[str, int] = {}
        """Number of the requests for which no connection was made, by cause."""

    def protocol(self) -> "ClientConnection":
        """Return the protocol of a new connection of a client."""
        return ClientConnection(self)

    def close(self) -> None:
        """Close all connections; calls that have not passed are observed as far as they came."""
        for each in list(self.connections):
            each.abort()


class _OpenCall:
    """Call that passes: the readers of its request and of its response."""

    def __init__(self, request: RequestReader, sent: SentHead, limit: int) -> None:
        self.at = time.time()
        self.started = time.perf_counter()
        self.sent = sent
        self.request = request
        self.response = ResponseReader(request, limit)
        self.trouble = ""
        self.client_trouble = ""

    @property
    def is_complete(self) -> bool:
        return self.request.is_complete and self.response.is_complete

    def passed(self) -> PassedCall:
        """Return the call as it passed."""
        request, response = self.request, self.response
        is_request_whole = request.is_complete and not request.is_over_limit
        is_response_whole = response.is_complete and not response.is_over_limit and not self.trouble
        return PassedCall(
            self.at,
            time.perf_counter() - self.started,
            request.method,
            self.sent.target,
            self.sent.client_target,
            request.headers,
            request.body if is_request_whole else b"",
            response.status,
            response.headers,
            response.body if is_response_whole else b"",
            self.trouble,
            self.client_trouble,
            is_request_whole,
            is_response_whole,
        )


class ClientConnection(asyncio.Protocol):
    """Connection of a client, which passes its requests on one after the other."""

    transport: asyncio.Transport

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._upstream: _UpstreamConnection | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._ahead = b""
        """Bytes that are not passed on yet: an incomplete head, or requests ahead of their turn."""
        self._call: _OpenCall | None = None
        self._is_tunnel = False
        self._has_ended = False
        """True if the client sends nothing more."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin; the upstream is connected at the first request."""
        self.transport = cast("asyncio.Transport", transport)
        self._relay.connections.add(self)

    def data_received(self, data: bytes) -> None:
        """Pass on the next bytes, once it is their turn."""
        if self._is_tunnel and self._upstream is not None:
            self._upstream.transport.write(data)
        elif self._call is not None and not self._call.request.is_complete and self._upstream is not None:
            self._pass_body(self._call, self._upstream, data)
        else:
            self._ahead += data
            self._advance()

    def eof_received(self) -> bool:
        """Pass the end of the client's bytes on; keep the connection for the response."""
        self._has_ended = True
        self._pass_end()
        return self._connecting is not None or self._call is not None or self._is_tunnel

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """End the upstream's connection, too."""
        self._relay.connections.discard(self)
        if self._connecting is not None:
            self._connecting.cancel()
        if self._call is not None:
            self._call.client_trouble = self._call.client_trouble or "the client closed the connection"
            self._finish()
        if self._upstream is not None:
            self._upstream.transport.abort()

    def pause_writing(self) -> None:
        """Read no more of the upstream until the client has read what it has."""
        if self._upstream is not None:
            self._upstream.transport.pause_reading()

    def resume_writing(self) -> None:
        """Read from the upstream again."""
        if self._upstream is not None:
            self._upstream.transport.resume_reading()

    def abort(self) -> None:
        """Close both connections at once."""
        self.transport.abort()

    def _advance(self) -> None:
        """Begin the next request, if its head is complete and it is its turn."""
        if self._call is not None or self._connecting is not None:
            if len(self._ahead) > MAX_AHEAD_BYTES:
                self.transport.pause_reading()
            return
        end = end_of_head(self._ahead)
        if not end:
            if len(self._ahead) > MAX_HEAD_BYTES:
                self._respond(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the head is over 256 KiB")
            elif self._has_ended:
                self.transport.close()
            return
        if self._upstream is None:
            self._connecting = asyncio.get_running_loop().create_task(self._connect())
        else:
            self._begin(self._upstream, end)

    def _pass_end(self) -> None:
        """Pass the end of the client's bytes on, once all bytes before it are; TLS has no such end."""
        if self._has_ended and not self._ahead and self._upstream is not None:
            transport = self._upstream.transport
            if transport.can_write_eof() and not transport.is_closing():
                transport.write_eof()

    async def _connect(self) -> None:
        try:
            await self._relay.upstream.connect(lambda: _UpstreamConnection(self))
        except NotReached as error:
            self._relay.unreached[str(error)] = self._relay.unreached.get(str(error), 0) + 1
            status = HTTPStatus.GATEWAY_TIMEOUT if error.is_late else HTTPStatus.BAD_GATEWAY
            self._respond(status, f"{self._relay.upstream.url} is not reached: {error}")
            return
        finally:
            self._connecting = None
        self._advance()

    def connected(self, upstream: "_UpstreamConnection") -> None:
        """Take the connection to the upstream."""
        self._upstream = upstream
        if self.transport.is_closing():
            upstream.transport.abort()

    def _begin(self, upstream: "_UpstreamConnection", end: int) -> None:
        head, rest = self._ahead[:end], self._ahead[end:]
        try:
            sent = head_for(self._relay.upstream, head)
            request = RequestReader(head, self._relay.limit)
        except Malformed as error:
            self._respond(HTTPStatus.BAD_REQUEST, f"this is no request of HTTP/1.1: {error}")
            return
        if request.method == "CONNECT":
            self._respond(HTTPStatus.NOT_IMPLEMENTED, "this proxy stands before one service: send it plain requests")
            return
        self._ahead = b""
        self.transport.resume_reading()
        upstream.transport.write(sent.head)
        call = self._call = _OpenCall(request, sent, self._relay.limit)
        if call.request.is_complete:
            self._ahead = rest
        elif rest:
            self._pass_body(call, upstream, rest)
        self._pass_end()

    def _pass_body(self, call: _OpenCall, upstream: "_UpstreamConnection", data: bytes) -> None:
        """Pass on bytes of a body; keep those behind its end for the next request."""
        try:
            self._ahead = call.request.feed(data)
        except Malformed as error:
            call.client_trouble = str(error)
            self._is_tunnel = True
        upstream.transport.write(data[: len(data) - len(self._ahead)] if self._ahead else data)
        if call.is_complete:
            self._finish()

    def response_received(self, data: bytes) -> None:
        """Pass on the next bytes of the upstream, then read them."""
        self.transport.write(data)
        call = self._call
        if call is None or call.trouble or self._is_tunnel:
            return
        try:
            rest = call.response.feed(data)
        except Malformed as error:
            call.trouble = str(error)
            return
        if call.response.is_switched:
            self._is_tunnel = True
        elif rest:
            call.trouble = f"{len(rest)} bytes follow the end of the response"
        if call.is_complete or self._is_tunnel:
            self._finish()

    def upstream_lost(self, error: Exception | None) -> None:
        """End the client's connection as the upstream ended its own, once all bytes are sent."""
        call = self._call
        if call is not None:
            try:
                call.response.end()
            except Malformed as malformed:
                call.trouble = call.trouble or str(malformed)
            if error is not None:
                call.trouble = call.trouble or "the connection was reset"
            if not call.request.is_complete:
                call.client_trouble = call.client_trouble or "the service answered before the request ended"
            if call.trouble and self._has_ended:  # the service need not answer a client that has left
                call.trouble, call.client_trouble = "", "the client closed the connection"
            self._finish()
        if error is not None:
            _reset(self.transport)
        self.transport.close()

    def _finish(self) -> None:
        """Hand over the call, and begin the next one."""
        call, self._call = self._call, None
        if call is not None:
            self._relay.observe(call.passed())
        if self.transport.is_closing() or self._is_tunnel:
            return
        if self._ahead:
            self._advance()
        elif self._has_ended:
            self.transport.close()

    def _respond(self, status: HTTPStatus, why: str) -> None:
        """StandInAnswer a request that cannot be passed on, and close the connection."""
        body = json.dumps({"title": f"understudy proxy: {why}", "status": status.value}).encode()
        self.transport.write(
            f"HTTP/1.1 {status.value} {PHRASES.get(status.value, status.phrase)}\r\n"
            f"Content-Type: application/problem+json\r\nContent-Length: {len(body)}\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        self.transport.write(body)
        self.transport.close()


class _UpstreamConnection(asyncio.Protocol):
    """Connection to the upstream, for one client's."""

    transport: asyncio.Transport

    def __init__(self, client: ClientConnection) -> None:
        self._client = client

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Join the client's connection."""
        self.transport = cast("asyncio.Transport", transport)
        self._client.connected(self)

    def data_received(self, data: bytes) -> None:
        """Pass on the next bytes."""
        self._client.response_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """End the client's connection, too."""
        self._client.upstream_lost(exc)

    def pause_writing(self) -> None:
        """Read no more of the client until the upstream has read what it has."""
        self._client.transport.pause_reading()

    def resume_writing(self) -> None:
        """Read from the client again."""
        self._client.transport.resume_reading()


def _reset(transport: asyncio.Transport) -> None:
    """Have a connection end with a reset, as the upstream's did."""
    connection = transport.get_extra_info("socket")
    if connection is not None and connection.family in (socket.AF_INET, socket.AF_INET6):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
