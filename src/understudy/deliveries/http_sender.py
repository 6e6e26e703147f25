"""Sender of messages over HTTP/1.1: keeps its connections, follows no redirect, reads a bounded answer."""

import asyncio
import os
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import SplitResult

import h11

from understudy.deliveries.message import Message, SendResult
from understudy.deliveries.targets import PORTS, is_loopback, split_target

CONNECT_SECONDS = 5.0
MAX_ANSWER = 64 * 1024
"""Bytes of an answer that are read: its content is not needed, and a longer one costs its connection."""

READ_BYTES = 16 * 1024
MAX_IDLE = 16
"""Number of idle connections that are kept for one target."""

LOOPBACK = ("127.0.0.1", "::1")
"""Addresses of a name such as ``localhost``, which no name server is asked for."""

DELIVERY = "Understudy-Delivery"
"""Header with the id of a message, which stays the same when it is sent again."""

COMPUTED = frozenset(("host", "content-length", "transfer-encoding", "connection", DELIVERY.lower()))
"""Headers that follow from the message; a vendor does not set them."""


class _Refusal(Exception):  # noqa: N818 - a fact about an attempt
    """Reason why an attempt failed."""


class _Closed(_Refusal):
    """Connection that was closed before any byte of an answer arrived."""


@dataclass(slots=True)
class _Connection:
    """Open connection to a target, with its protocol state."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    state: h11.Connection
    is_reused: bool = False


Address = tuple[str, str, int]
"""Scheme, host and port."""


class WebhookSender:
    """Sender by HTTP; each of its connections carries one message at a time."""

    def __init__(self) -> None:
        self._idle: dict[Address, list[_Connection]] = {}
        self._tls: ssl.SSLContext | None = None

    async def send(self, message: Message) -> SendResult:
        """Make one attempt within the message's timeout; 2xx is a success."""
        try:
            async with asyncio.timeout(message.timeout):
                status = await self._exchange(message)
        except TimeoutError:
            return SendResult(error=f"no answer within {message.timeout:g} seconds")
        except _Refusal as error:
            return SendResult(error=str(error))
        except (h11.LocalProtocolError, ValueError) as error:
            return SendResult(error=f"the message is no HTTP: {error}")
        if status // 100 == 2:
            return SendResult(status)
        if status // 100 == 3:
            return SendResult(status, f"the target answers {status}: a redirect is not followed")
        return SendResult(status, f"the target answers {status} {_phrase(status)}".rstrip())

    async def close(self) -> None:
        """Close the idle connections."""
        for connections in self._idle.values():
            for each in connections:
                each.writer.close()
        self._idle.clear()

    async def _exchange(self, message: Message) -> int:
        """Send a message and return the status of the answer; once more, if an idle connection was closed."""
        parts = split_target(message.target)
        address = (parts.scheme, str(parts.hostname), parts.port or PORTS[parts.scheme])
        connection = await self._connect(address)
        try:
            return await self._exchange_on(connection, address, parts, message)
        except _Closed:
            if not connection.is_reused:
                raise
            self._drop_idle(address)
            return await self._exchange_on(await self._connect(address), address, parts, message)

    async def _exchange_on(
        self, connection: _Connection, address: Address, parts: SplitResult, message: Message
    ) -> int:
        is_reusable = False
        try:
            status, is_reusable = await _converse(connection, parts, message)
        except OSError as error:
            raise _Closed(_reason(error)) from None
        finally:
            if is_reusable:
                self._keep(address, connection)
            else:
                connection.writer.transport.abort()
        return status

    def _keep(self, address: Address, connection: _Connection) -> None:
        connection.is_reused = True
        connection.state.start_next_cycle()
        idle = self._idle.setdefault(address, [])
        if len(idle) < MAX_IDLE:
            idle.append(connection)
        else:
            connection.writer.close()

    def _drop_idle(self, address: Address) -> None:
        for each in self._idle.pop(address, ()):
            each.writer.transport.abort()

    async def _connect(self, address: Address) -> _Connection:
        idle = self._idle.get(address)
        while idle:
            found = idle.pop()
            if not (found.reader.at_eof() or found.writer.is_closing()):
                return found
            found.writer.transport.abort()
        scheme, host, port = address
        tls = self._secure() if scheme == "https" else None
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                reader, writer = await _open(host, port, tls)
        except TimeoutError:
            raise _Refusal(f"no connection to {host}:{port} within {CONNECT_SECONDS:g} seconds") from None
        except OSError as error:
            raise _Refusal(f"no connection to {host}:{port}: {_reason(error)}") from None
        return _Connection(reader, writer, h11.Connection(h11.CLIENT))

    def _secure(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
        return self._tls


async def _open(host: str, port: int, tls: ssl.SSLContext | None) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Open a connection. A name of this machine has its addresses, whatever a name server would answer."""
    name = host if tls else None
    if not (is_loopback(host) and host.endswith("localhost")):
        return await asyncio.open_connection(host, port, ssl=tls, server_hostname=name)
    try:
        return await asyncio.open_connection(LOOPBACK[0], port, ssl=tls, server_hostname=name)
    except ConnectionRefusedError as refused:
        try:
            return await asyncio.open_connection(LOOPBACK[1], port, ssl=tls, server_hostname=name)
        except OSError:
            raise refused from None


async def _converse(connection: _Connection, parts: SplitResult, message: Message) -> tuple[int, bool]:
    """Send a message and read the answer; return its status, and whether the connection can carry another."""
    state, writer = connection.state, connection.writer
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    head = h11.Request(method=message.method, target=path, headers=list(_headers(parts, message)))
    pieces = [state.send(head), state.send(h11.Data(message.body)), state.send(h11.EndOfMessage())]
    writer.write(b"".join(piece for piece in pieces if piece))
    await writer.drain()
    status, size = 0, 0
    while True:
        event = _next_event(state)
        if event is h11.NEED_DATA:
            data = await connection.reader.read(READ_BYTES)
            if not data:
                if status:
                    return status, False
                raise _Closed("the target closed the connection without an answer")
            state.receive_data(data)
        elif isinstance(event, h11.Response):
            status = event.status_code
        elif isinstance(event, h11.Data):
            size += len(event.data)
            if size > MAX_ANSWER:
                return status, False
        elif isinstance(event, h11.EndOfMessage):
            return status, state.our_state is h11.DONE and state.their_state is h11.DONE
        elif not isinstance(event, h11.InformationalResponse):  # the connection is closed, or switched
            return status, False


def _next_event(state: h11.Connection) -> object:
    try:
        return state.next_event()
    except h11.RemoteProtocolError as error:
        raise _Refusal(f"the answer is no HTTP/1.1: {error}") from None


def _headers(parts: SplitResult, message: Message) -> Iterator[tuple[str, str]]:
    yield "Host", parts.netloc
    yield "Content-Length", str(len(message.body))
    given: Mapping[str, str] = message.headers
    names = {name.lower() for name in given}
    if "user-agent" not in names:
        yield "User-Agent", "understudy"
    yield DELIVERY, message.id
    yield from ((name, value) for name, value in given.items() if name.lower() not in COMPUTED)


def _phrase(status: int) -> str:
    with suppress(ValueError):
        return HTTPStatus(status).phrase
    return ""


def _reason(error: OSError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message}); SSL_CERT_FILE names another authority"
    if isinstance(error, ssl.SSLError):
        return f"TLS fails ({error.reason or error})"
    if error.errno is not None and not isinstance(error, socket.gaierror):
        return os.strerror(error.errno).lower()
    return (error.strerror or str(error) or type(error).__name__).lower()
