"""Request journal of a world: its last exchanges as they were sent, bounded in number and in bytes, and counts of all.

An exchange stays for a thousand requests, so it is stored in few objects: two bodies and one marshalled tuple. As some
forty small objects, it would cost memory, and time when it is freed, long after it has left the processor's caches.
"""

import marshal
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from math import inf
from typing import Any, NamedTuple, cast

ACCEPTED, FAULT, BREACH = "accepted", "fault", "breach"
RawHeaders = Sequence[tuple[bytes, bytes]]
RefusalFacts = tuple[str, tuple[tuple[str, str, str, str], ...]]
"""Message of a refusal, and its violations: of each the part of the request, the place in it, the rule, the message."""

NO_REFUSAL: RefusalFacts = ("", ())
MAX_EXCHANGES = 1000
MAX_BYTES = 16 * 1024 * 1024


class Exchange(NamedTuple):
    """Request and its response. ``operation`` is the operationId, empty if no operation was found.

    ``at`` is the real time and ``world_time`` the world's, both in seconds since 1970; ``seconds`` is the duration.
    ``outcome`` is the cause of a refusal, ``fault``, ``breach`` or ``accepted``. ``fault`` is the id of the fault that
    struck the request. ``breach`` describes how the response broke the spec, and is empty if it did not. ``scheme`` is
    ``https`` if the client spoke TLS. ``server`` is the address that it reached, as in a URL, or empty. ``refusal`` has
    the message and the violations of a refused request.
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
    refusal: RefusalFacts = NO_REFUSAL
    request_body: bytes = b""
    response_body: bytes = b""

    @property
    def target(self) -> str:
        """Path with its query, as they were sent."""
        return (self.path + (b"?" + self.query if self.query else b"")).decode("latin-1")


ExchangeMeta = tuple[
    float, str, str, str, bytes, bytes, int, str, str, str, str, RawHeaders, RawHeaders, float, float, str, str,
    RefusalFacts,
]  # fmt: skip
"""Fields of an ``Exchange`` without the two bodies, in their order."""

WITHOUT_REFERENCES = 2
"""Format of ``marshal`` that does not look for repeated objects, which takes half the time."""

PackedExchange = tuple[bytes, bytes, bytes, float]
"""Exchange as it is stored: request body, response body, the marshalled ``ExchangeMeta``, and the world's time."""


class CallKey(NamedTuple):
    """Properties of an exchange by which a journal counts; of each there are few values."""

    vendor: str
    operation: str
    status: int
    outcome: str


class DroppedCalls(NamedTuple):
    """Exchanges that a journal has removed for lack of room: their number, their last number and times in the world.

    ``first_number`` to ``last_number`` are the numbers of the exchanges, ``earliest`` and ``latest`` bound their times.
    """

    total: int
    first_number: int
    last_number: int
    earliest: float
    latest: float


class Journal:
    """Exchanges, oldest first; the oldest are removed when there are too many or they take too many bytes.

    Counts of all exchanges since the journal was cleared, by ``CallKey``, include the removed ones; those of before are
    kept apart.
    """

    __slots__ = ("_bytes", "_cleared", "_counts", "_earliest", "_latest", "_max_bytes", "_max_exchanges", "_packed",
                 "_recorded", "_start")  # fmt: skip

    def __init__(self, max_exchanges: int = MAX_EXCHANGES, max_bytes: int = MAX_BYTES) -> None:
        self._packed: deque[PackedExchange] = deque()
        self._bytes = 0
        self._recorded = 0
        self._start = 0
        self._counts: dict[tuple[str, str, int, str], int] = {}
        self._cleared: Counter[tuple[str, str, int, str]] = Counter()
        self._earliest, self._latest = inf, -inf
        self._max_exchanges = max_exchanges
        self._max_bytes = max_bytes

    def record(self, meta: ExchangeMeta, request: bytes, response: bytes) -> None:
        """Add an exchange: its fields but for the bodies, and the bodies."""
        packed_meta = marshal.dumps(cast("Any", meta), WITHOUT_REFERENCES)
        packed = self._packed
        packed.append((request, response, packed_meta, meta[13]))
        key = (meta[1], meta[2], meta[6], BREACH if meta[8] else meta[9])
        self._counts[key] = self._counts.get(key, 0) + 1
        self._bytes += len(request) + len(response) + len(packed_meta)
        self._recorded += 1
        while len(packed) > self._max_exchanges or (self._bytes > self._max_bytes and len(packed) > 1):
            request, response, packed_meta, world_time = packed.popleft()
            self._bytes -= len(request) + len(response) + len(packed_meta)
            if world_time > self._latest:  # noqa: PLR1730 - max() would take half a microsecond of each request
                self._latest = world_time
            if world_time < self._earliest:  # noqa: PLR1730 - the same
                self._earliest = world_time

    def counts(self) -> dict[CallKey, int]:
        """Return how many exchanges were recorded since the journal was cleared, also removed ones, by their key."""
        return {CallKey(*key): count for key, count in self._counts.items()}

    def all_counts(self) -> "Counter[CallKey]":
        """Return how many exchanges were ever recorded, also before the journal was cleared, by their key."""
        return Counter({CallKey(*key): count for key, count in (self._cleared + Counter(self._counts)).items()})

    def add_counts(self, found: dict[tuple[str, str, int, str], int]) -> None:
        """Add the numbers of all exchanges to others: the same as ``all_counts``, for a sum over many journals."""
        for counts in (self._counts, self._cleared):
            for key, count in counts.items():
                found[key] = found.get(key, 0) + count

    def dropped(self) -> DroppedCalls:
        """Return what was removed for lack of room since the journal was cleared."""
        last = self._recorded - len(self._packed)
        return DroppedCalls(last - self._start, self._start + 1, last, self._earliest, self._latest)

    def breaches(self) -> list[Exchange]:
        """Return the exchanges whose response broke the spec."""
        return [exchange for exchange in self if exchange.breach]

    def numbered(self) -> Iterator[tuple[int, Exchange]]:
        """Yield the exchanges with their numbers: 1 is the first that was ever recorded in the world."""
        return enumerate(self, self._recorded - len(self._packed) + 1)

    def newest_first(self) -> Iterator[tuple[float, str]]:
        """Yield the real time and the outcome of each exchange, the newest first."""
        for _, _, packed_meta, _ in reversed(tuple(self._packed)):
            meta = marshal.loads(packed_meta)  # noqa: S302 - written by this very process
            yield meta[0], meta[9] if not meta[8] else BREACH

    def backwards(self, before: int) -> Iterator[tuple[int, Exchange]]:
        """Yield the exchanges numbered lower than ``before``, the newest first; recording meanwhile is safe."""
        packed, first = tuple(self._packed), self._recorded - len(self._packed) + 1
        for number in range(min(before, first + len(packed)) - 1, first - 1, -1):
            yield number, _unpack(packed[number - first])

    def find(self, number: int) -> Exchange | None:
        """Return the exchange of a number; ``None`` if it is not in the journal, or no more."""
        position = number - (self._recorded - len(self._packed)) - 1
        return _unpack(self._packed[position]) if 0 <= position < len(self._packed) else None

    @property
    def last_number(self) -> int:
        """Number of the last exchange that was ever recorded; 0 for none."""
        return self._recorded

    def clear(self) -> None:
        """Remove the exchanges and the counts; numbering continues."""
        self._packed.clear()
        self._cleared.update(self._counts)
        self._counts.clear()
        self._bytes = 0
        self._start = self._recorded
        self._earliest, self._latest = inf, -inf

    def empty_copy(self) -> "Journal":
        """Return an empty journal with the same bounds."""
        return Journal(self._max_exchanges, self._max_bytes)

    def __iter__(self) -> Iterator[Exchange]:
        return map(_unpack, tuple(self._packed))

    def __len__(self) -> int:
        return len(self._packed)


def _unpack(packed: PackedExchange) -> Exchange:
    request, response, packed_meta, _ = packed
    meta = marshal.loads(packed_meta)  # noqa: S302 - written by this very process
    return Exchange._make((*meta, request, response))
