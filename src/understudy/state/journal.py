"""The last exchanges of a world, bounded in number and in bytes: kept raw, put into words when asked for.

What is kept stays for a thousand requests, and is out of the processor's caches when it goes: two bodies and one text
for all the rest, in place of some forty small objects.
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
    """One request and its answer. ``operation`` is its operationId, or nothing if it was for none.

    ``at`` is the real time in seconds since 1970, ``now`` the world's, ``seconds`` how long it took. ``outcome`` is
    what refused the request, or ``accepted``; ``fault`` the id of the fault that struck it, and ``breach`` says how the
    answer broke the spec. ``request`` and ``response`` are the bodies.
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
    request_body: bytes = b""
    response_body: bytes = b""

    @property
    def target(self) -> str:
        """The path, as it was sent, with its query."""
        return (self.path + (b"?" + self.query if self.query else b"")).decode("latin-1")


ExchangeMeta = tuple[
    float, str, str, str, bytes, bytes, int, str, str, str, str, RawHeaders, RawHeaders, float, float
]  # fmt: skip
"""An exchange but for the bodies: its first fields, in their order."""

WITHOUT_REFERENCES = 2
"""The format of ``marshal`` that does not look for what it has written before: it takes half the time."""

PackedExchange = tuple[bytes, bytes, bytes]
"""An exchange as it is kept: the bodies of the request and the answer, and the rest as ``marshal`` writes it."""


class Journal:
    """Exchanges, oldest first; the oldest go when there are too many or they weigh too much."""

    __slots__ = ("_bytes", "_max_bytes", "_max_exchanges", "_packed", "_recorded")

    def __init__(self, max_exchanges: int = MAX_EXCHANGES, max_bytes: int = MAX_BYTES) -> None:
        self._packed: deque[PackedExchange] = deque()
        self._bytes = 0
        self._recorded = 0
        self._max_exchanges = max_exchanges
        self._max_bytes = max_bytes

    def record(self, meta: ExchangeMeta, request: bytes, response: bytes) -> None:
        """Add an exchange: what an ``Exchange`` is made of, and the bodies."""
        rest = marshal.dumps(cast("Any", meta), WITHOUT_REFERENCES)
        kept = self._packed
        kept.append((request, response, rest))
        self._bytes += len(request) + len(response) + len(rest)
        self._recorded += 1
        while len(kept) > self._max_exchanges or (self._bytes > self._max_bytes and len(kept) > 1):
            request, response, rest = kept.popleft()
            self._bytes -= len(request) + len(response) + len(rest)

    def breaches(self) -> list[Exchange]:
        """Return the exchanges whose answer broke the spec."""
        return [exchange for exchange in self if exchange.breach]

    def numbered(self) -> Iterator[tuple[int, Exchange]]:
        """Go through the exchanges with their numbers: 1 is the first that the world ever had."""
        return enumerate(self, self._recorded - len(self._packed) + 1)

    def clear(self) -> None:
        """Forget the exchanges; the numbers go on."""
        self._packed.clear()
        self._bytes = 0

    def empty_copy(self) -> "Journal":
        """Return an empty journal with the same bounds."""
        return Journal(self._max_exchanges, self._max_bytes)

    def __iter__(self) -> Iterator[Exchange]:
        return map(_restore, tuple(self._packed))

    def __len__(self) -> int:
        return len(self._packed)


def _restore(kept: PackedExchange) -> Exchange:
    request, response, rest = kept
    others = marshal.loads(rest)  # noqa: S302 - written by this very process
    return Exchange._make((*others, request, response))
