"""The last exchanges of a world, bounded in number and in bytes: kept raw, put into words when asked for."""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

ACCEPTED, FAULT, BREACH = "accepted", "fault", "breach"
RawHeaders = Sequence[tuple[bytes, bytes]]
MOST = 1000
MOST_BYTES = 16 * 1024 * 1024
A_HEADER = 64
"""What a header of the request counts: each exchange is weighed, so it has to be quick."""


class Exchange(NamedTuple):
    """One request and its answer. ``operation`` is its operationId, or nothing if it was for none.

    ``at`` is the real time in seconds since 1970, ``now`` the world's, ``seconds`` how long it took. ``outcome`` is
    what refused the request, or ``accepted``; ``fault`` the id of the fault that struck it, and ``breach`` says how the
    answer broke the spec.
    """

    at: float
    vendor: str
    operation: str
    method: str
    path: bytes
    query: bytes
    request: bytes
    status: int
    response: bytes
    fidelity: str
    breach: str = ""
    outcome: str = ACCEPTED
    fault: str = ""
    asked: RawHeaders = ()
    answered: RawHeaders = ()
    now: float = 0.0
    seconds: float = 0.0

    @property
    def size(self) -> int:
        """About how many bytes are kept for this exchange."""
        return len(self.request) + len(self.response) + len(self.path) + len(self.query) + len(self.asked) * A_HEADER

    @property
    def target(self) -> str:
        """The path, as it was sent, with its query."""
        return (self.path + (b"?" + self.query if self.query else b"")).decode("latin-1")


class Journal:
    """Exchanges, oldest first; the oldest go when there are too many or they weigh too much."""

    __slots__ = ("_bytes", "_exchanges", "_most", "_most_bytes", "_recorded", "_sizes")

    def __init__(self, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self._exchanges: deque[Exchange] = deque()
        self._sizes: deque[int] = deque()
        self._bytes = 0
        self._recorded = 0
        self._most = most
        self._most_bytes = most_bytes

    def record(self, exchange: Exchange) -> None:
        """Add an exchange."""
        size = exchange.size
        self._exchanges.append(exchange)
        self._sizes.append(size)
        self._bytes += size
        self._recorded += 1
        while len(self._sizes) > self._most or (self._bytes > self._most_bytes and len(self._sizes) > 1):
            self._exchanges.popleft()
            self._bytes -= self._sizes.popleft()

    def breaches(self) -> list[Exchange]:
        """Return the exchanges whose answer broke the spec."""
        return [exchange for exchange in self._exchanges if exchange.breach]

    def numbered(self) -> Iterator[tuple[int, Exchange]]:
        """Go through the exchanges with their numbers: 1 is the first that the world ever had."""
        return enumerate(self, self._recorded - len(self._exchanges) + 1)

    def clear(self) -> None:
        """Forget the exchanges; the numbers go on."""
        self._exchanges.clear()
        self._sizes.clear()
        self._bytes = 0

    def begin(self) -> "Journal":
        """Return an empty journal with the same bounds."""
        return Journal(self._most, self._most_bytes)

    def __iter__(self) -> Iterator[Exchange]:
        return iter(tuple(self._exchanges))

    def __len__(self) -> int:
        return len(self._exchanges)
