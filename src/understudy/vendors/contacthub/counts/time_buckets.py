"""Time cut into cells, so that counts of whole cells add up to those of days, weeks and months in any offered zone.

A day in UTC is cut at noon, and where midnight can be in a zone that a workspace may reckon in: those are up to two
hours ahead, and always by whole hours (a century ago they were not; such offsets are rounded). A day, week or month
there is then a row of whole cells. Eight days are a block, such as ``2026-01.3``; a month's last one is shorter.
"""

from bisect import bisect
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

BUCKET_STARTS = (0, 12, 22, 23)
"""The hours of a day at which a cell begins."""
EVENING = 22
"""The hour from which on it may be tomorrow in an offered zone."""
DAYS = 8
BUCKETS = DAYS * len(BUCKET_STARTS)
"""How many days and cells a block has."""
BLOCK_LENGTH = len("2026-01.3")

DAILY, WEEKLY = "DAILY", "WEEKLY"

_BUCKET_OF_HOUR = {f"{hour:02}": bisect(BUCKET_STARTS, hour) - 1 for hour in range(24)}
_BUCKETS_OF_TIME = {
    f"{day:02}T{hour}": (f".{(day - 1) // DAYS}", (day - 1) % DAYS * len(BUCKET_STARTS) + number)
    for day in range(1, 32)
    for hour, number in _BUCKET_OF_HOUR.items()
}

Step = tuple[str, int, int]
"""A step of a series within a block: the day that the step starts on, its first cell there, and the one after it."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The steps of a series: days, weeks from Monday or months (``mode``), as they begin in a zone (``None``: UTC)."""

    mode: str
    zone: str | None

    def step_at(self, at: str) -> str:
        """Return the day that a time's step starts on."""
        return _step_start(_local_day(date.fromisoformat(at[:10]), int(at[11:13]), self.zone), self.mode)

    def steps_of(self, block: str) -> tuple[Step, ...]:
        """Return the steps of a block."""
        return _steps_of(block, self.mode, self.zone)


def bucket_of(at: str) -> tuple[str, int]:
    """Return the block that a time is in, and the number in it of its cell."""
    block, bucket = _BUCKETS_OF_TIME[at[8:13]]
    return at[:7] + block, bucket


def starts_bucket(at: str) -> bool:
    """Tell whether a time is the first millisecond of its cell."""
    return at[14:23] == "00:00.000" and int(at[11:13]) in BUCKET_STARTS


def ends_bucket(at: str) -> bool:
    """Tell whether a time is the last millisecond of its cell."""
    return at[14:23] == "59:59.999" and (int(at[11:13]) + 1) % 24 in BUCKET_STARTS


def bucket_hours(at: str) -> list[str]:
    """Return the hours of the cell that a time is in, such as ``2026-01-31T12``."""
    number = _BUCKET_OF_HOUR[at[11:13]]
    return [f"{at[:10]}T{hour:02}" for hour in range(BUCKET_STARTS[number], (*BUCKET_STARTS, 24)[number + 1])]


def block_hours(block: str) -> list[str]:
    """Return the hours of a block."""
    return [f"{day}T{hour}" for day in _days_of(block) for hour in _BUCKET_OF_HOUR]


@lru_cache(maxsize=4096)
def _steps_of(block: str, mode: str, zone: str | None) -> tuple[Step, ...]:
    days = _days_of(block)
    starts = [_step_start(_local_day(day, hour, zone), mode) for day in days for hour in BUCKET_STARTS]
    steps, first = [], 0
    for start, buckets in groupby(starts):
        last = first + len(list(buckets))
        steps.append((start, first, last))
        first = last
    return tuple(steps)


def _days_of(block: str) -> list[date]:
    first = date.fromisoformat(f"{block[:7]}-01")
    number = int(block[8]) * DAYS
    last = min(number + DAYS, monthrange(first.year, first.month)[1])
    return [first.replace(day=day + 1) for day in range(number, last)]


def _step_start(day: date, mode: str) -> str:
    if mode == DAILY:
        return day.isoformat()
    first = day - timedelta(days=day.weekday()) if mode == WEEKLY else day.replace(day=1)
    return first.isoformat()


def _local_day(day: date, hour: int, zone: str | None) -> date:
    """The day that it is in a zone at an hour in UTC."""
    if zone is None or hour < EVENING or day == date.max:
        return day
    tomorrow = day + timedelta(days=1)
    ahead = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=ZoneInfo(zone)).utcoffset()
    return tomorrow if ahead and hour + round(ahead / timedelta(hours=1)) >= 24 else day
