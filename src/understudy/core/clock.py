"""Clock of a world: real, moved, frozen, or running at another rate."""

import time
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

MAX_TIMESTAMP = datetime(9999, 12, 1, tzinfo=UTC).timestamp()
"""Time at which every clock stops, in seconds since 1970; Python's dates end a month later."""


EARLIEST, MAX_WORLD_TIME = datetime(1970, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)
"""Range of times to which a clock may be set, the end excluded: vendors can compute with these."""


def later(now: datetime, seconds: float) -> datetime:
    """Return a time of a world so many seconds later; the end of the range for a time behind it."""
    return now + min(timedelta(seconds=seconds), MAX_WORLD_TIME - now)


class ClockReading(NamedTuple):
    """State from which a clock can be rebuilt, as ``Clock(*reading)``. ``now`` is ``None`` for the real time."""

    now: datetime | None = None
    rate: float = 1.0


class Clock:
    """Clock of one world; no other code reads the machine's clock for the time in a world."""

    __slots__ = ("_epoch", "_rate", "_started", "is_real")

    def __init__(self, start: datetime | None = None, rate: float = 1.0) -> None:
        """Start the clock at ``start``, an aware time (default: now), with ``rate`` seconds a second; 0 is frozen."""
        self._epoch = time.time() if start is None else start.timestamp()
        self._rate = rate
        self._started = time.monotonic()
        self.is_real = start is None and rate == 1

    @property
    def rate(self) -> float:
        """Seconds of the world per real second."""
        return self._rate

    def now(self) -> datetime:
        """Return the world's time, aware and in UTC."""
        return datetime.fromtimestamp(self.timestamp(), UTC)

    def timestamp(self) -> float:
        """Return the world's time in seconds since 1970."""
        found = self._epoch + (time.monotonic() - self._started) * self._rate
        return found if found < MAX_TIMESTAMP else MAX_TIMESTAMP  # noqa: FURB136 - min() is slower, and each request asks

    def reading(self) -> ClockReading:
        """Return the time and rate, from which an equal clock can be made."""
        return ClockReading(None if self.is_real else self.now(), self._rate)

    def set(self, at: datetime | None = None, *, rate: float | None = None) -> None:
        """Set the time (default: unchanged) and the rate (default: unchanged); a rate of 0 freezes the clock."""
        self._epoch = self.timestamp() if at is None else at.timestamp()
        self._started = time.monotonic()
        self.is_real = False
        if rate is not None:
            self._rate = rate

    def move(self, by: timedelta) -> None:
        """Move the time by a span, forward or back."""
        self.set(self.now() + by)

    def follow(self) -> None:
        """Show the real time again."""
        self._epoch, self._started, self._rate, self.is_real = time.time(), time.monotonic(), 1.0, True

    def copy(self) -> "Clock":
        """Return a clock that shows the same time and runs at the same rate."""
        return Clock(*self.reading())
