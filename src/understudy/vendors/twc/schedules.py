"""Schedules of jobs: cron expressions, their check and their times."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import takewhile

from cronsim import CronSim, CronSimError

from understudy.core.json_types import Json
from understudy.core.refused import Refused, Violation

SCHEDULES = ("schedule", "scheduleExpression")
WITH_YEAR = 7
FIRST_YEAR, LAST_YEAR = 1970, 2099
DAY_OF_MONTH = -3
DAY_OF_WEEK = -1
YEAR = r"(?:19[7-9][0-9]|20[0-9]{2})"
YEARS = re.compile(rf"(?:\*|{YEAR}(?:-{YEAR})?(?:,{YEAR}(?:-{YEAR})?)*)(?:/[1-9][0-9]?)?")
ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
"""Start time for the parser, which requires one; the validity of an expression does not depend on it."""


def is_cron(text: str) -> bool:
    """Return whether a text is a cron expression: five fields, or six or seven with seconds first and a year last.

    The vendor's page allows "any cron schedule": Unix's and Quartz's. Quartz writes ``?`` for one of the two days.
    """
    fields = text.split()
    if len(fields) == WITH_YEAR and not YEARS.fullmatch(fields.pop()):
        return False
    if len(fields) < -DAY_OF_MONTH or fields[DAY_OF_MONTH] == fields[DAY_OF_WEEK] == "?":
        return False
    try:
        CronSim(_replace_question_marks(fields), ANY_TIME)
    except CronSimError:
        return False
    return True


def firings(text: str, since: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the times of a cron expression after ``since`` up to ``until``, latest first."""
    fields = text.split()
    is_year = _years(fields.pop() if len(fields) == WITH_YEAR else "*")
    expression, before = _replace_question_marks(fields), until + timedelta(seconds=1)
    while before > since:
        at = next(CronSim(expression, before, reverse=True), since)
        if at > since and is_year(at.year):
            yield from takewhile(
                lambda at, year=at.year: at > since and at.year == year,  # type: ignore[misc]
                CronSim(expression, before, reverse=True),
            )
        before = max(since, datetime(at.year, 1, 1, tzinfo=UTC))


def _replace_question_marks(fields: list[str]) -> str:
    """Return an expression's fields as one text, with ``*`` for Quartz's ``?``."""
    marks = {len(fields) + DAY_OF_MONTH, len(fields) + DAY_OF_WEEK}
    return " ".join("*" if number in marks and field == "?" else field for number, field in enumerate(fields))


def _years(text: str) -> Callable[[int], bool]:
    """Return a check of years for a year field: ``*``, years and spans, with ``/n`` every n-th of them."""
    values, _, step = text.partition("/")
    spans = [part.partition("-") for part in values.replace("*", f"{FIRST_YEAR}-{LAST_YEAR}").split(",")]
    bounds = [(int(low), int(high or (LAST_YEAR if step else low))) for low, _, high in spans]
    return lambda year: any(low <= year <= high and (year - low) % int(step or 1) == 0 for low, high in bounds)


def check_schedules(job: Json) -> None:
    """Refuse a job with a schedule that is not a cron expression."""
    wrong = [name for name in SCHEDULES if name in job and not is_cron(job[name])]
    if wrong:
        raise Refused(
            400,
            "a schedule is no cron expression",
            violations=[Violation("job", f"/{name}", "cron", "not a cron expression", job[name]) for name in wrong],
        )
