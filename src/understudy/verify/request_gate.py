"""Gate that each request of a verification passes: budgets, rate, and a bar to writes."""

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Event, Lock

READS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing, by HTTP."""


TOO_MANY = 429
MAX_PAUSE = 60.0
"""Greatest number of seconds for which a server is waited for; one that asks for more is not."""

MAX_PAUSES = 6
"""Number of pauses after which a server that refuses every request is waited for no more."""


class Closed(Exception):  # noqa: N818 - no error: a budget is spent
    """Refusal of a request: a budget is spent, the run is stopped, or the request would write."""


class RequestGate:
    """Counter of requests, which refuses those beyond a budget, and writes if ``is_read_only``.

    ``rate`` is the greatest number of requests a second, 0 for no limit. If the server ``is_paced``, requests wait as
    long as its refusals with 429 ask.
    """

    def __init__(
        self,
        requests: int | None = None,
        seconds: float | None = None,
        rate: float = 0.0,
        *,
        is_read_only: bool = False,
        is_paced: bool = False,
    ) -> None:
        self._requests = requests
        self._deadline = None if seconds is None else time.monotonic() + seconds
        self._interval = 1 / rate if rate else 0.0
        self._next = 0.0
        self._lock = Lock()
        self._is_paced = is_paced
        self._pauses = 0
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
        if wait:
            self.stop.wait(wait if self._deadline is None else min(wait, self._deadline - now))
            if not self.is_open:
                raise Closed(self.reason)

    def pause_after(self, status: int, retry_after: str) -> bool:
        """Hold all requests back as long as a refusal with 429 asks; return whether its request is sent again."""
        with self._lock:
            if status != TOO_MANY:
                self._pauses = 0
                return False
            seconds = _seconds_of(retry_after)
            self._pauses += 1
            if not self._is_paced or seconds > MAX_PAUSE or self._pauses > MAX_PAUSES:
                return False
            self._next = max(self._next, time.monotonic() + seconds)
        return True

    def interrupt(self) -> None:
        """Refuse all further requests."""
        self._close("interrupted")

    def _close(self, reason: str) -> None:
        self.reason = self.reason or reason
        self.stop.set()


def _seconds_of(retry_after: str) -> float:
    """Return the seconds of a ``Retry-After`` header, a number or a date; one second if it has neither."""
    if retry_after.isdecimal():
        return float(retry_after)
    try:
        at = parsedate_to_datetime(retry_after)
    except ValueError:
        return 1.0
    return max((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - datetime.now(UTC).timestamp(), 0.0)
