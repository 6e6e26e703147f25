"""Time cut into cells, so that counts of whole cells add up to those of days, weeks and months in any offered zone.

A day in UTC is cut at noon, and where midnight can be in a zone that a workspace may reckon in: those are up to two
hours ahead, and always by whole hours (a century ago they were not; such offsets are rounded). A day, week or month
there is then a row of whole cells.
"""

from bisect import bisect
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

CUTS = (0, 12, 22, 23)
"""The hours of a day at which a cell begins."""
A_DAY = len(CUTS)
A_MONTH = 31 * A_DAY
"""How many cells a day has, and at most a month: they are numbered from the month's first."""
EVENING = 22
"""The hour from which on it may be tomorrow in an offered zone."""

DAILY, WEEKLY = "DAILY", "WEEKLY"
_PART_OF = tuple(bisect(CUTS, hour) - 1 for hour in range(24))

Step = tuple[str, int, int]
"""A step of a series within a month: the day that the step starts on, its first cell there, and the one after it."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The steps of a series: days, weeks from Monday or months (``mode``), as they begin in a zone (``None``: UTC)."""

    mode: str
    zone: str | None

    def step_at(self, at: str) -> str:
        """Return the day that a time's step starts on."""
        return _step_start(_local_day(date.fromisoformat(at[:10]), int(at[11:13]), self.zone), self.mode)

    def steps_of(self, month: str) -> tuple[Step, ...]:
        """Return the steps of a month in UTC, such as ``2026-01``."""
        return _steps_of(month, self.mode, self.zone)


def cell_of(at: str) -> int:
    """Return the number within its month of the cell that a time is in."""
    return (int(at[8:10]) - 1) * A_DAY + _PART_OF[int(at[11:13])]


def is_first_of_cell(at: str) -> bool:
    """Tell whether a time is the first millisecond of its cell."""
    return at[14:23] == "00:00.000" and int(at[11:13]) in CUTS


def is_last_of_cell(at: str) -> bool:
    """Tell whether a time is the last millisecond of its cell."""
    return at[14:23] == "59:59.999" and (int(at[11:13]) + 1) % 24 in CUTS


def hours_of_cell(at: str) -> list[str]:
    """Return the hours of the cell that a time is in, such as ``2026-01-31T12``."""
    part = _PART_OF[int(at[11:13])]
    return [f"{at[:10]}T{hour:02}" for hour in range(CUTS[part], (*CUTS, 24)[part + 1])]


@lru_cache(maxsize=4096)
def _steps_of(month: str, mode: str, zone: str | None) -> tuple[Step, ...]:
    starts = []
    for number in range(A_MONTH):
        day, part = divmod(number, A_DAY)
        try:
            starts.append(_step_start(_local_day(date.fromisoformat(f"{month}-{day + 1:02}"), CUTS[part], zone), mode))
        except ValueError:  # the month has no such day
            break
    steps, first = [], 0
    for start, cells in groupby(starts):
        last = first + len(list(cells))
        steps.append((start, first, last))
        first = last
    return tuple(steps)


def _step_start(day: date, mode: str) -> str:
    if mode == DAILY:
        return day.isoformat()
    first = day - timedelta(days=day.weekday()) if mode == WEEKLY else day.replace(day=1)
    return first.isoformat()


def _local_day(day: date, hour: int, zone: str | None) -> date:
    """The day that it is in a zone at an hour in UTC."""
    if zone is None or hour < EVENING or day == date.max:
        return day
    ahead = datetime(day.year, day.month, day.day, hour, tzinfo=UTC).astimezone(ZoneInfo(zone)).utcoffset()
    return day + timedelta(days=1) if ahead and hour + round(ahead / timedelta(hours=1)) >= 24 else day
