"""The last exchanges of a world, bounded in number and in bytes."""

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple


class Exchange(NamedTuple):
    """One request and its answer, ``at`` a time in seconds since 1970; ``breach`` says how the answer broke."""

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

    @property
    def size(self) -> int:
        """Bytes kept for this exchange."""
        return len(self.request) + len(self.response) + len(self.path) + len(self.query)

    @property
    def target(self) -> str:
        """The path, as it was sent, with its query."""
        return (self.path + (b"?" + self.query if self.query else b"")).decode("latin-1")


class Journal:
    """Exchanges, oldest first; the oldest go when there are too many or they weigh too much."""

    __slots__ = ("_bytes", "_exchanges", "_most", "_most_bytes", "_sizes")

    def __init__(self, most: int = 1000, most_bytes: int = 16 * 1024 * 1024) -> None:
        self._exchanges: deque[Exchange] = deque()
        self._sizes: deque[int] = deque()
        self._bytes = 0
        self._most = most
        self._most_bytes = most_bytes

    def record(self, exchange: Exchange) -> None:
        """Add an exchange."""
        size = exchange.size
        self._exchanges.append(exchange)
        self._sizes.append(size)
        self._bytes += size
        while len(self._sizes) > self._most or (self._bytes > self._most_bytes and len(self._sizes) > 1):
            self._exchanges.popleft()
            self._bytes -= self._sizes.popleft()

    def breaches(self) -> list[Exchange]:
        """Return the exchanges whose answer broke the spec."""
        return [exchange for exchange in self._exchanges if exchange.breach]

    def __iter__(self) -> Iterator[Exchange]:
        return iter(tuple(self._exchanges))

    def __len__(self) -> int:
        return len(self._exchanges)
