"""Request journal of a world: its last exchanges as they were sent, bounded in number and in bytes.

An exchange stays for a thousand requests, so it is stored in few objects: two bodies and one marshalled tuple. As some
forty small objects, it would cost memory, and time when it is freed, long after it has left the processor's caches.
"""

import marshal
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, cast

ACCEPTED, FAULT, BREACH = "accepted", "fault", "breach"
RawHeaders = Sequence[tuple[bytes, bytes]]
MAX_EXCHANGES = 1000
MAX_BYTES = 16 * 1024 * 1024


class Exchange(NamedTuple):
    """Request and its response. ``operation`` is the operationId, empty if no operation was found.

    ``at`` is the real time and ``world_time`` the world's, both in seconds since 1970; ``seconds`` is the duration.
    ``outcome`` is the cause of a refusal, ``fault``, ``breach`` or ``accepted``. ``fault`` is the id of the fault that
    struck the request. ``breach`` describes how the response broke the spec, and is empty if it did not. ``scheme`` is
    ``https`` if the client spoke TLS. ``server`` is the address that it reached, as in a URL, or empty.
    """

    at: float
    vendor: str
    operation: str
    method: str
    path: bytes
    query: bytes
    status: int
    fidelity: str
    breach: str = ""
    outcome: str = ACCEPTED
    fault: str = ""
    request_headers: RawHeaders = ()
    response_headers: RawHeaders = ()
    world_time: float = 0.0
    seconds: float = 0.0
    scheme: str = "http"
    server: str = ""
    request_body: bytes = b""
    response_body: bytes = b""

    @property
    def target(self) -> str:
        """Path with its query, as they were sent."""
        return (self.path + (b"?" + self.query if self.query else b"")).decode("latin-1")


ExchangeMeta = tuple[
    float, str, str, str, bytes, bytes, int, str, str, str, str, RawHeaders, RawHeaders, float, float, str, str
]  # fmt: skip
"""Fields of an ``Exchange`` without the two bodies, in their order."""

WITHOUT_REFERENCES = 2
"""Format of ``marshal`` that does not look for repeated objects, which takes half the time."""

PackedExchange = tuple[bytes, bytes, bytes]
"""Exchange as it is stored: request body, response body, and the marshalled ``ExchangeMeta``."""


class Journal:
    """Exchanges, oldest first; the oldest are removed when there are too many or they take too many bytes."""

    __slots__ = ("_bytes", "_max_bytes", "_max_exchanges", "_packed", "_recorded")

    def __init__(self, max_exchanges: int = MAX_EXCHANGES, max_bytes: int = MAX_BYTES) -> None:
        self._packed: deque[PackedExchange] = deque()
        self._bytes = 0
        self._recorded = 0
        self._max_exchanges = max_exchanges
        self._max_bytes = max_bytes

    def record(self, meta: ExchangeMeta, request: bytes, response: bytes) -> None:
        """Add an exchange: its fields but for the bodies, and the bodies."""
        packed_meta = marshal.dumps(cast("Any", meta), WITHOUT_REFERENCES)
        packed = self._packed
        packed.append((request, response, packed_meta))
        self._bytes += len(request) + len(response) + len(packed_meta)
        self._recorded += 1
        while len(packed) > self._max_exchanges or (self._bytes > self._max_bytes and len(packed) > 1):
            request, response, packed_meta = packed.popleft()
            self._bytes -= len(request) + len(response) + len(packed_meta)

    def breaches(self) -> list[Exchange]:
        """Return the exchanges whose response broke the spec."""
        return [exchange for exchange in self if exchange.breach]

    def numbered(self) -> Iterator[tuple[int, Exchange]]:
        """Yield the exchanges with their numbers: 1 is the first that was ever recorded in the world."""
        return enumerate(self, self._recorded - len(self._packed) + 1)

    def clear(self) -> None:
        """Remove the exchanges; numbering continues."""
        self._packed.clear()
        self._bytes = 0

    def empty_copy(self) -> "Journal":
        """Return an empty journal with the same bounds."""
        return Journal(self._max_exchanges, self._max_bytes)

    def __iter__(self) -> Iterator[Exchange]:
        return map(_unpack, tuple(self._packed))

    def __len__(self) -> int:
        return len(self._packed)


def _unpack(packed: PackedExchange) -> Exchange:
    request, response, packed_meta = packed
    meta = marshal.loads(packed_meta)  # noqa: S302 - written by this very process
    return Exchange._make((*meta, request, response))
