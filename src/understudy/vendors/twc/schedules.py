"""When a job runs: cron expressions."""

import re
from datetime import UTC, datetime

from cronsim import CronSim, CronSimError

from understudy.core.refused import Refused, Violation
from understudy.state.collection import Json

SCHEDULES = ("schedule", "scheduleExpression")
WITH_YEAR = 7
DAY_OF_MONTH = -3
DAY_OF_WEEK = -1
YEAR = r"(?:19[7-9][0-9]|20[0-9]{2})"
YEARS = re.compile(rf"(?:\*|{YEAR}(?:-{YEAR})?(?:,{YEAR}(?:-{YEAR})?)*)(?:/[1-9][0-9]?)?")
SOME_TIME = datetime(2026, 1, 1, tzinfo=UTC)
"""The parser asks where to start; whether an expression is one does not depend on it."""


def is_cron(text: str) -> bool:
    """Tell whether a text is a cron expression: five fields, or six or seven with seconds first and a year last.

    The page asks for "any cron schedule": Unix's and Quartz's are taken. Quartz writes ``?`` for one of the two days.
    """
    fields = text.split()
    if len(fields) == WITH_YEAR and not YEARS.fullmatch(fields.pop()):
        return False
    if len(fields) < -DAY_OF_MONTH or fields[DAY_OF_MONTH] == fields[DAY_OF_WEEK] == "?":
        return False
    for day in (DAY_OF_MONTH, DAY_OF_WEEK):
        fields[day] = "*" if fields[day] == "?" else fields[day]
    try:
        CronSim(" ".join(fields), SOME_TIME)
    except CronSimError:
        return False
    return True


def check_schedules(job: Json) -> None:
    """Refuse a job with a schedule that is no cron expression."""
    wrong = [name for name in SCHEDULES if name in job and not is_cron(job[name])]
    if wrong:
        raise Refused(
            400,
            "a schedule is no cron expression",
            violations=[Violation("job", f"/{name}", "cron", "not a cron expression", job[name]) for name in wrong],
        )
