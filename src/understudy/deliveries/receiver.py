"""Receiver of deliveries over HTTP: answers each one, checks its signature and counts how often it came."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

import h11

from understudy.core.status_phrases import phrase_of
from understudy.deliveries.signing import Signing

MAX_BODY = 64 * 1024 * 1024
MAX_HEAD = 64 * 1024
MAX_KNOWN = 10_000
"""Ids of deliveries that are kept, to count how often each one came."""

ID_HEADERS = ("webhook-id", "understudy-delivery", "idempotency-key")
"""Headers, in lower case, of which the first that is there names a delivery."""


@dataclass(frozen=True, slots=True)
class Received:
    """Delivery that was received, with its answer.

    ``number`` counts from 1; ``seen`` is how often its id has come, 0 without an id. ``signature_fault`` is ``None``
    for a right signature, and where none is checked.
    """

    number: int
    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    seen: int
    signature_fault: str | None
    status: int


@dataclass(slots=True)
class Answers:
    """Statuses of the answers: 401 to a wrong signature, 503 to the first ``failures`` others, then ``status``."""

    status: int = HTTPStatus.OK
    failures: int = 0
    delay: float = 0.0
    signing: Signing | None = None
    takes_any_time: bool = False


class Receiver:
    """Server that receives deliveries; ``observe`` is called with each one once it is answered."""

    def __init__(self, answers: Answers, observe: Callable[[Received], None]) -> None:
        self.answers = answers
        self.observe = observe
        self._count = self._failed = 0
        self._seen: OrderedDict[str, int] = OrderedDict()
        self.connections: set[asyncio.Transport] = set()

    def protocol(self) -> asyncio.Protocol:
        """Return the protocol of a new connection."""
        return _Connection(self)

    def take(self, request: h11.Request, body: bytes) -> Received:
        """Count and check a delivery."""
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers)
        self._count += 1
        fault = self._signature_fault(headers, body)
        status = self.answers.status
        if fault is not None:
            status = HTTPStatus.UNAUTHORIZED
        elif self._failed < self.answers.failures:
            self._failed += 1
            status = HTTPStatus.SERVICE_UNAVAILABLE
        method, target = request.method.decode("latin-1"), request.target.decode("latin-1")
        return Received(self._count, method, target, headers, body, self._times_seen(headers), fault, status)

    def close(self) -> None:
        """Close all connections; the last answers are still sent."""
        for transport in list(self.connections):
            transport.close()

    def _signature_fault(self, headers: tuple[tuple[str, str], ...], body: bytes) -> str | None:
        if self.answers.signing is None:
            return None
        return self.answers.signing.fault_of(headers, body, None if self.answers.takes_any_time else time.time())

    def _times_seen(self, headers: tuple[tuple[str, str], ...]) -> int:
        given = dict(reversed(headers))
        found = next((given[name] for name in ID_HEADERS if name in given), None)
        if found is None:
            return 0
        self._seen[found] = self._seen.pop(found, 0) + 1
        while len(self._seen) > MAX_KNOWN:
            self._seen.popitem(last=False)
        return self._seen[found]


class _Connection(asyncio.Protocol):
    """Connection of a sender: requests one after the other, each read to its end, then answered."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._parser = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD)
        self._request: h11.Request | None = None
        self._body = bytearray()
        self._is_waiting = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Register the connection."""
        self._transport = cast("asyncio.Transport", transport)
        self._receiver.connections.add(self._transport)

    def connection_lost(self, _exc: Exception | None) -> None:
        """Remove the connection."""
        self._receiver.connections.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        """Read what was sent, and answer each request that is complete."""
        self._parser.receive_data(data)
        self._read()

    def eof_received(self) -> None:
        """End with the sender."""
        with suppress(h11.RemoteProtocolError):
            self._parser.receive_data(b"")

    def _read(self) -> None:
        while not self._is_waiting and not self._transport.is_closing():
            try:
                event = self._parser.next_event()
            except h11.RemoteProtocolError as error:
                self._refuse(error.error_status_hint, str(error))
                return
            if event in (h11.NEED_DATA, h11.PAUSED) or isinstance(event, h11.ConnectionClosed):
                self._ask_for_body()
                return
            self._take(cast("h11.Event", event))

    def _ask_for_body(self) -> None:
        if self._parser.they_are_waiting_for_100_continue:
            self._send(h11.InformationalResponse(status_code=100, headers=[]))

    def _take(self, event: h11.Event) -> None:
        if isinstance(event, h11.Request):
            self._request, self._body = event, bytearray()
        elif isinstance(event, h11.Data):
            self._body += event.data
            if len(self._body) > MAX_BODY:
                self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body has over {MAX_BODY} bytes")
        elif isinstance(event, h11.EndOfMessage):
            received = self._receiver.take(cast("h11.Request", self._request), bytes(self._body))
            self._is_waiting = True
            loop = asyncio.get_running_loop()
            loop.call_later(self._receiver.answers.delay, self._answer, received)

    def _answer(self, received: Received) -> None:
        self._is_waiting = False
        if not self._transport.is_closing():
            self._respond(received.status, received.signature_fault or "")
        self._receiver.observe(received)
        if self._transport.is_closing():
            return
        if self._parser.our_state is h11.DONE and self._parser.their_state is h11.DONE:
            self._parser.start_next_cycle()
            self._read()
        else:
            self._transport.close()

    def _refuse(self, status: int, text: str) -> None:
        if self._parser.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self._respond(status, text)
        self._transport.close()

    def _respond(self, status: int, text: str) -> None:
        has_body = status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
        body = f"{text}\n".encode() if text and has_body else b""
        headers = [("Content-Length", str(len(body)))] if has_body else []
        if body:
            headers.append(("Content-Type", "text/plain; charset=utf-8"))
        self._send(h11.Response(status_code=status, headers=headers, reason=phrase_of(status).encode()))
        if body and not (self._request and self._request.method == b"HEAD"):
            self._send(h11.Data(data=body))
        self._send(h11.EndOfMessage())

    def _send(self, event: h11.Event) -> None:
        data = self._parser.send(event)
        if data:
            self._transport.write(data)
