"""Expressions in Quartz's own form, with ``?`` or a year: weekdays count from 1 for Sunday, spans wrap around."""

from datetime import UTC, datetime, timedelta

import pytest

from understudy.vendors.twc.schedules import firings, is_cron

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
"""A Thursday."""


@pytest.mark.parametrize(
    ("schedule", "unix"),
    [
        ("0 0 9 ? * 2", "0 9 * * 1"),
        ("0 0 9 ? * 1", "0 9 * * 0"),
        ("0 0 9 ? * 7", "0 9 * * 6"),
        ("0 0 9 ? * 2-6", "0 9 * * 1-5"),
        ("0 0 9 ? * 1,4,7", "0 9 * * 0,3,6"),
        ("0 0 9 ? * 2/2", "0 9 * * 1,3,5"),
        ("0 0 9 ? * */2", "0 9 * * 0,2,4,6"),
        ("0 0 9 ? * 2-6/2", "0 9 * * 1,3,5"),
        ("0 0 9 ? * L", "0 9 * * 6"),
        ("0 0 9 ? * 6-1", "0 9 * * 5,6,0"),
        ("0 0 9 ? * FRI-MON", "0 9 * * 5,6,0,1"),
        ("0 0 9 ? * MON-FRI", "0 9 * * 1-5"),
        ("0 9 ? * 2", "0 9 * * 1"),
        ("0 0 22-2 ? * *", "0 22,23,0,1,2 * * *"),
        ("0 0 22-2/2 ? * *", "0 22,0,2 * * *"),
        ("0 0 9 ? NOV-FEB MON", "0 9 * 11,12,1,2 1"),
        ("0 0 9 28-3 * ?", "0 9 28-31,1-3 * *"),
        ("0 0 9 * * 2 2026", "0 9 * * 1"),
    ],
)
def test_a_quartz_expression_fires_like_this_one_of_unix(schedule: str, unix: str) -> None:
    assert is_cron(schedule)
    assert times(schedule) == times(unix) != []


@pytest.mark.parametrize(
    ("schedule", "days"),
    [
        ("0 0 9 ? * 6#3", ["16 Jan", "20 Feb", "20 Mar"]),
        ("0 15 10 ? * 6L", ["30 Jan", "27 Feb", "27 Mar"]),
        ("0 0 9 ? * 6L 2026-2028", ["30 Jan", "27 Feb", "27 Mar"]),
        ("0 0 9 ? * FRI#3", ["16 Jan", "20 Feb", "20 Mar"]),
        ("0 0 9 ? * 1#1", ["4 Jan", "1 Feb", "1 Mar"]),
        ("0 0 9 ? * 7L", ["31 Jan", "28 Feb", "28 Mar"]),
        ("0 0 9 LW * ?", ["30 Jan", "27 Feb", "31 Mar"]),
        ("0 0 9 L * ?", ["31 Jan", "28 Feb", "31 Mar"]),
        ("0 0 9 * * 5#3", ["16 Jan", "20 Feb", "20 Mar"]),
        ("@weekly", ["4 Jan", "11 Jan", "18 Jan"]),
    ],
)
def test_the_nth_and_the_last_day_of_the_week_fire_on_these_days(schedule: str, days: list[str]) -> None:
    assert [f"{at.day} {at:%b}" for at in times(schedule)][:3] == days


@pytest.mark.parametrize(
    "text",
    [
        "0 0 9 ? * 0",
        "0 0 9 ? * 8",
        "0 0 9 ? * 0-4",
        "0 0 9 ? * 8#1",
        "0 0 9 ? * 6#6",
        "0 0 9 ? * 0L",
        "0 0 25-2 ? * *",
        "0 0 9 ? NOV-FOO MON",
        "0 0 9 * * 5-1",
        "0 0 22-2 * * *",
        "?",
        "? ? ? ? ? ? ?",
    ],
)
def test_a_day_that_quartz_lacks_or_a_span_that_unix_lacks_is_refused(text: str) -> None:
    assert not is_cron(text)


def times(schedule: str) -> list[datetime]:
    return list(firings(schedule, NEW_YEAR, NEW_YEAR + timedelta(days=90)))[::-1]
