from datetime import UTC, datetime, timedelta

import pytest

from understudy.vendors.twc.schedules import firings, is_cron

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "0 9 * * *",
        "*/30 8-18 * * 1-5",
        "0 9 * * sun",
        "0 0 9 ? * MON-FRI",
        "0 0 12 L * ?",
        "0 0 9 ? * 6#3",
        "0 0/15 * * * ?",
        "* * * * * *",
        "0 0 9 * * ? 2027",
        "0 0 9 * * ? 2027-2030,2032/2",
    ],
)
def test_a_cron_expression_of_unix_or_quartz_is_one(text: str) -> None:
    assert is_cron(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "daily",
        "* * * *",
        "61 * * * *",
        "0 61 * * * ?",
        "? * * * *",
        "0 0 9 ? * ?",
        "0 0 9 * * ? 1969",
        "0 0 9 * * ? 2027-",
        "0 0 31 2 *",
        "*/0 * * * *",
        "R * * * *",
        "* * * * * * * *",
    ],
)
def test_other_text_is_no_cron_expression(text: str) -> None:
    assert not is_cron(text)


@pytest.mark.parametrize(
    ("schedule", "days", "count"),
    [
        ("0 9 * * 1", 28, 4),
        ("0 0 9 ? * MON", 28, 4),
        ("0 0 9 ? * MON 2026", 28, 4),
        ("0 0 9 ? * MON 2027-2030", 28, 0),
        ("0 0 9 ? * MON 2020/3", 28, 4),
        ("0 0 9 ? * MON 2020/4", 28, 0),
        ("0 12 1 * *", 90, 2),
        ("*/30 8-18 * * 1-5", 7, 110),
    ],
)
def test_a_schedule_fires_this_often(schedule: str, days: int, count: int) -> None:
    found = list(firings(schedule, MONDAY, MONDAY + timedelta(days=days)))

    assert len(found) == count
