"""Schedules of jobs: cron expressions, their check and their times.

CronSim computes the times. What it lacks of Quartz's and Spring's expressions is added here: macros such as ``@daily``,
days of the month such as ``15W`` and ``L-3``, the last or n-th weekday by its name, and years. Days of the week count
from Sunday, which is 1 in an expression of Quartz's own form and 0 in any other.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from heapq import merge
from itertools import groupby, takewhile

from cronsim import CronSim, CronSimError

from understudy.core.json_types import Json
from understudy.core.refused import Refused, Violation
from understudy.vendors.twc.quartz_fields import WEEKDAYS, WITH_YEAR, as_unix, is_quartz

SCHEDULES = ("schedule", "scheduleExpression")
PLACEHOLDER = "string"
"""Schedule in the requests that the vendor's page prints: it is taken, and never fires."""

MACROS = {
    "@YEARLY": "0 0 1 1 *",
    "@ANNUALLY": "0 0 1 1 *",
    "@MONTHLY": "0 0 1 * *",
    "@WEEKLY": "0 0 * * 0",
    "@DAILY": "0 0 * * *",
    "@MIDNIGHT": "0 0 * * *",
    "@HOURLY": "0 * * * *",
}
FIRST_YEAR, LAST_YEAR = 1970, 2099
DAY_OF_MONTH = -3
DAY_OF_WEEK = -1
YEAR = r"(?:19[7-9][0-9]|20[0-9]{2})"
YEARS = re.compile(rf"(?:\*|{YEAR}(?:-{YEAR})?(?:,{YEAR}(?:-{YEAR})?)*)(?:/[1-9][0-9]?)?")
SPECIAL_DAY = re.compile(r"(?:(?P<day>[1-9]|[12][0-9]|3[01])W|L-(?P<before>[1-9]|[12][0-9]|30)(?P<weekday>W?))")
NAMED_WEEKDAY = re.compile(rf"({'|'.join(WEEKDAYS)})(?=L|#)")
SATURDAY, SUNDAY = 5, 6
ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
"""Start time for the parser, which requires one; the validity of an expression does not depend on it."""


def is_cron(text: str) -> bool:
    """Return whether a text is a cron expression: five fields, or six or seven with seconds first and a year last.

    The vendor's page allows "any cron schedule": Unix's and Quartz's. Quartz writes ``?`` for one of the two days.
    """
    fields, years = _fields(text)
    if not YEARS.fullmatch(years):
        return False
    if len(fields) < -DAY_OF_MONTH or fields[DAY_OF_MONTH] == fields[DAY_OF_WEEK] == "?":
        return False
    try:
        for expression, _ in _alternatives(fields):
            CronSim(expression, ANY_TIME)
    except CronSimError:
        return False
    return True


def firings(text: str, since: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the times of a cron expression after ``since`` up to ``until``, latest first."""
    if text == PLACEHOLDER:
        return
    fields, years = _fields(text)
    is_year = _years(years)
    parts = (
        _on_days(expression, is_year, is_day, since, until) if is_day else _times(expression, is_year, since, until)
        for expression, is_day in _alternatives(fields)
    )
    for at, _ in groupby(merge(*parts, reverse=True)):
        yield at


def _fields(text: str) -> tuple[list[str], str]:
    """Return the fields of an expression but for its years, which are ``*`` for one that has none, and the years."""
    upper = text.upper()
    fields = MACROS.get(upper.strip(), upper).split()
    is_shifted = is_quartz(fields)
    years = fields.pop() if len(fields) == WITH_YEAR else "*"
    if is_shifted and len(fields) < WITH_YEAR:
        fields = as_unix(fields)
    return [NAMED_WEEKDAY.sub(_weekday_number, field) for field in fields], years


def _weekday_number(match: re.Match[str]) -> str:
    return str(WEEKDAYS.index(match[1]))


def _alternatives(fields: list[str]) -> Iterator[tuple[str, Callable[[date], bool] | None]]:
    """Yield expressions for CronSim that together have the times of the fields, each with the days on which it counts.

    Each special day of the month is an expression of its own. As with Unix, the days of the month and of the week both
    count if both are given.
    """
    days = fields[DAY_OF_MONTH].split(",")
    special = [match for day in days if (match := SPECIAL_DAY.fullmatch(day))]
    plain = [day for day in days if not SPECIAL_DAY.fullmatch(day)]
    if plain:
        yield _expression(fields, ",".join(plain)), None
    elif not _is_any(fields[DAY_OF_WEEK]):
        yield _expression(fields, "*"), None
    every_day = [*fields[:DAY_OF_MONTH], "*", fields[DAY_OF_MONTH + 1], "*"]
    for match in special:
        yield _expression(every_day, "*"), _special_day(match)


def _special_day(match: re.Match[str]) -> Callable[[date], bool]:
    day, before, weekday = match["day"], match["before"], match["weekday"]

    def is_day(at: date) -> bool:
        last = monthrange(at.year, at.month)[1]
        wanted = int(day) if day else last - int(before)
        if not 1 <= wanted <= last:
            return False
        return at.day == (_nearest_weekday(at.replace(day=wanted), last) if day or weekday else wanted)

    return is_day


def _nearest_weekday(at: date, last: int) -> int:
    """Return the day of the month, Monday to Friday, that is nearest to a date, in the same month."""
    if at.weekday() == SATURDAY:
        return at.day - 1 if at.day > 1 else at.day + 2
    if at.weekday() == SUNDAY:
        return at.day + 1 if at.day < last else at.day - 2
    return at.day


def _is_any(field: str) -> bool:
    return field in {"*", "?"}


def _expression(fields: list[str], day_of_month: str) -> str:
    """Return fields as one text, with another day of the month, and ``*`` for Quartz's ``?``."""
    day_of_week = fields[DAY_OF_WEEK]
    return " ".join(
        [
            *fields[:DAY_OF_MONTH],
            "*" if day_of_month == "?" else day_of_month,
            fields[DAY_OF_MONTH + 1],
            "*" if day_of_week == "?" else day_of_week,
        ]
    )


def _times(expression: str, is_year: Callable[[int], bool], since: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the times of an expression in the years that count, latest first."""
    before = until + timedelta(seconds=1)
    while before > since:
        at = next(CronSim(expression, before, reverse=True), since)
        if at > since and is_year(at.year):
            yield from takewhile(
                lambda at, year=at.year: at > since and at.year == year,  # type: ignore[misc]
                CronSim(expression, before, reverse=True),
            )
        before = max(since, datetime(at.year, 1, 1, tzinfo=UTC))


def _on_days(
    expression: str, is_year: Callable[[int], bool], is_day: Callable[[date], bool], since: datetime, until: datetime
) -> Iterator[datetime]:
    """Yield the times of an expression on the days that count, latest first; the times of other days are not made."""
    month = expression.split()[-2]
    midnight = since.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(seconds=1)
    for day in _times(f"0 0 * {month} *", is_year, midnight, until):
        if is_day(day.date()):
            end = min(until, day + timedelta(days=1, seconds=-1))
            yield from _times(expression, is_year, max(since, day - timedelta(seconds=1)), end)


def _years(text: str) -> Callable[[int], bool]:
    """Return a check of years for a year field: ``*``, years and spans, with ``/n`` every n-th of them."""
    values, _, step = text.partition("/")
    spans = [part.partition("-") for part in values.replace("*", f"{FIRST_YEAR}-{LAST_YEAR}").split(",")]
    bounds = [(int(low), int(high or (LAST_YEAR if step else low))) for low, _, high in spans]
    return lambda year: any(low <= year <= high and (year - low) % int(step or 1) == 0 for low, high in bounds)


def check_schedules(job: Json) -> None:
    """Refuse a job with a schedule that is not a cron expression."""
    wrong = [name for name in SCHEDULES if name in job and job[name] != PLACEHOLDER and not is_cron(job[name])]
    if wrong:
        raise Refused(
            400,
            "a schedule is no cron expression",
            violations=[Violation("body", f"/{name}", "pattern", "not a cron expression", job[name]) for name in wrong],
        )
