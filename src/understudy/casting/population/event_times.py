"""Random times of events, by day of the week and hour."""

from datetime import datetime, timedelta

from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.population.people import WAKING_HOURS

DAY = timedelta(days=1)
BUSY_DAYS = tuple(day for day, share in enumerate((5, 5, 5, 6, 8, 10, 7)) for _ in range(share))
"""Days of the week (Monday is 0), each as many times as its weight."""


class EventTimes:
    """Generator of times within a period, with more events on Saturdays and in the evenings."""

    def __init__(self, cast: LazyCast, kind: str) -> None:
        self._day = cast.stream(kind, "moment/day")
        self._weekday = cast.stream(kind, "moment/weekday")
        self._hour = cast.stream(kind, "moment/hour")
        self._second = cast.stream(kind, "moment/second")

    def between(self, n: int, since: datetime, until: datetime) -> datetime:
        """Return a time for record n: ``since`` or later, and before ``until``."""
        days = (until - since) // DAY
        day = since + timedelta(days=self._day.below(n, days + 1))
        busy = day + timedelta(days=self._weekday.pick(n, BUSY_DAYS) - day.weekday())
        at = busy.replace(hour=self._hour.pick(n, WAKING_HOURS), minute=0, second=0, microsecond=0)
        at += timedelta(seconds=self._second.below(n, 3600))
        return at if since <= at < until else since + (until - since) * self._second.below(n, 1 << 20) // (1 << 20)
