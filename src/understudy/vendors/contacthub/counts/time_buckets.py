"""Time buckets, whose counts add up to the counts of days, weeks and months in each time zone of a workspace.

A bucket starts at 0, 12, 22 and 23 h UTC: at noon, and at the times that are midnight in a supported time zone. These
are up to two hours ahead of UTC, by whole hours (older offsets that are not whole hours are rounded). A local day, week
or month is then a run of whole buckets. A block such as ``2026-01.3`` has eight days; a month's last block has fewer.
"""

from bisect import bisect
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

BUCKET_STARTS = (0, 12, 22, 23)
"""Hours of a day at which a bucket starts."""
EVENING = 22
"""Hour in UTC from which it may be the next day in a supported time zone."""
DAYS = 8
BUCKETS = DAYS * len(BUCKET_STARTS)
"""Number of buckets of a block."""
BLOCK_LENGTH = len("2026-01.3")

DAILY, WEEKLY = "DAILY", "WEEKLY"

_BUCKET_OF_HOUR = {f"{hour:02}": bisect(BUCKET_STARTS, hour) - 1 for hour in range(24)}
_BUCKETS_OF_TIME = {
    f"{day:02}T{hour}": (f".{(day - 1) // DAYS}", (day - 1) % DAYS * len(BUCKET_STARTS) + number)
    for day in range(1, 32)
    for hour, number in _BUCKET_OF_HOUR.items()
}

Step = tuple[str, int, int]
"""Step of a series within a block: day on which the step starts, its first bucket there, and the bucket after it."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Steps of a series: days, weeks from Monday or months (``mode``) in a time zone (``None``: UTC)."""

    mode: str
    zone: str | None

    def step_at(self, at: str) -> str:
        """Return the day on which the step of a time starts."""
        return _step_start(_local_day(date.fromisoformat(at[:10]), int(at[11:13]), self.zone), self.mode)

    def steps_of(self, block: str) -> tuple[Step, ...]:
        """Return the steps of a block."""
        return _steps_of(block, self.mode, self.zone)


def bucket_of(at: str) -> tuple[str, int]:
    """Return the block of a time, and the number of its bucket in the block."""
    block, bucket = _BUCKETS_OF_TIME[at[8:13]]
    return at[:7] + block, bucket


def starts_bucket(at: str) -> bool:
    """Return whether a time is the first millisecond of its bucket."""
    return at[14:23] == "00:00.000" and int(at[11:13]) in BUCKET_STARTS


def ends_bucket(at: str) -> bool:
    """Return whether a time is the last millisecond of its bucket."""
    return at[14:23] == "59:59.999" and (int(at[11:13]) + 1) % 24 in BUCKET_STARTS


def bucket_hours(at: str) -> list[str]:
    """Return the hours of a time's bucket, such as ``2026-01-31T12``."""
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
    """Return the local day in a time zone at an hour of a day in UTC."""
    if zone is None or hour < EVENING or day == date.max:
        return day
    tomorrow = day + timedelta(days=1)
    ahead = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=ZoneInfo(zone)).utcoffset()
    return tomorrow if ahead and hour + round(ahead / timedelta(hours=1)) >= 24 else day
