"""The time in a world: real, moved, frozen, or running at a rate of its own."""

import time
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

LATEST = datetime(9999, 12, 1, tzinfo=UTC).timestamp()
"""Where every clock stops: a little later there are no dates."""


class ClockReading(NamedTuple):
    """All that makes a clock go on as it does: ``Clock(*reading)``. ``now`` is ``None`` for the real time."""

    now: datetime | None = None
    rate: float = 1.0


class Clock:
    """Tells the time of one world. The only place that reads the machine's clock."""

    __slots__ = ("_epoch", "_rate", "_started", "is_real")

    def __init__(self, start: datetime | None = None, rate: float = 1.0) -> None:
        """Run from ``start`` (an aware time; now, unless given) at ``rate`` seconds a second; 0 is frozen."""
        self._epoch = time.time() if start is None else start.timestamp()
        self._rate = rate
        self._started = time.monotonic()
        self.is_real = start is None and rate == 1

    @property
    def rate(self) -> float:
        """How many seconds pass a second."""
        return self._rate

    def now(self) -> datetime:
        """Return the world's time, aware and in UTC."""
        return datetime.fromtimestamp(self.timestamp(), UTC)

    def timestamp(self) -> float:
        """Return the world's time in seconds since 1970."""
        found = self._epoch + (time.monotonic() - self._started) * self._rate
        return found if found < LATEST else LATEST  # noqa: FURB136 - every request asks, and min() takes its time

    def reading(self) -> ClockReading:
        """Return what another clock is made of that shows the same time and goes on at the same rate."""
        return ClockReading(None if self.is_real else self.now(), self._rate)

    def set(self, at: datetime | None = None, *, rate: float | None = None) -> None:
        """Go on from ``at`` (unless given, from now), and at ``rate`` if one is given; 0 freezes."""
        self._epoch = self.timestamp() if at is None else at.timestamp()
        self._started = time.monotonic()
        self.is_real = False
        if rate is not None:
            self._rate = rate

    def move(self, by: timedelta) -> None:
        """Jump by a span, forward or back."""
        self.set(self.now() + by)

    def follow(self) -> None:
        """Show the real time again."""
        self._epoch, self._started, self._rate, self.is_real = time.time(), time.monotonic(), 1.0, True

    def copy(self) -> "Clock":
        """Return a clock that shows the same time and goes on at the same rate."""
        return Clock(*self.reading())
