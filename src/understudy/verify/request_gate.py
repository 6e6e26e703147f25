"""Gate that each request of a verification passes: budgets, rate, and a bar to writes."""

import time
from threading import Event, Lock

READS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing, by HTTP."""


class Closed(Exception):  # noqa: N818 - no error: a budget is spent
    """Refusal of a request: a budget is spent, the run is stopped, or the request would write."""


class RequestGate:
    """Counter of requests, which refuses those beyond a budget, and writes if ``is_read_only``.

    ``rate`` is the greatest number of requests a second, 0 for no limit.
    """

    def __init__(
        self,
        requests: int | None = None,
        seconds: float | None = None,
        rate: float = 0.0,
        *,
        is_read_only: bool = False,
    ) -> None:
        self._requests = requests
        self._deadline = None if seconds is None else time.monotonic() + seconds
        self._interval = 1 / rate if rate else 0.0
        self._next = 0.0
        self._lock = Lock()
        self.is_read_only = is_read_only
        self.sent = 0
        self.stop = Event()
        self.reason = ""

    @property
    def is_open(self) -> bool:
        """False once a budget is spent or the run is stopped."""
        if self._deadline is not None and time.monotonic() >= self._deadline:
            self._close("the time is up")
        return not self.stop.is_set()

    def admit(self, method: str) -> None:
        """Count a request, and wait until the rate allows it; raise ``Closed`` for one that must not be sent."""
        if self.is_read_only and method.upper() not in READS:
            raise Closed("a write")
        if not self.is_open:
            raise Closed(self.reason)
        with self._lock:
            if self._requests is not None and self.sent >= self._requests:
                self._close("all requests of the budget are sent")
                raise Closed(self.reason)
            self.sent += 1
            now = time.monotonic()
            wait = max(self._next - now, 0.0)
            self._next = max(self._next, now) + self._interval
        if wait and self.stop.wait(wait):
            raise Closed(self.reason)

    def interrupt(self) -> None:
        """Refuse all further requests."""
        self._close("interrupted")

    def _close(self, reason: str) -> None:
        self.reason = self.reason or reason
        self.stop.set()
