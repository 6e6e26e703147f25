from datetime import UTC, date, datetime, timedelta

import pytest

from understudy.vendors.twc.schedules import firings, is_cron

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
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
        "0 0 9 15W * ?",
        "0 0 9 1w * ?",
        "0 0 9 31W * ?",
        "0 0 9 L-3 * ?",
        "0 0 9 L-30W * ?",
        "0 0 9 1,15W * ?",
        "0 0 9 15W * ? 2027",
        "0 0 9 ? * FRIL",
        "0 0 9 ? * fri#2",
        "@daily",
        "@Yearly",
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
        "0 0 9 0W * ?",
        "0 0 9 32W * ?",
        "0 0 9 L-0 * ?",
        "0 0 9 L-31 * ?",
        "0 0 9 1-15W * ?",
        "0 61 9 15W * ?",
        "0 0 9 15W 13 ?",
        "0 0 9 ? * FOOL",
        "@reboot",
        "@daily 9",
        "string",
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


@pytest.mark.parametrize(
    ("schedule", "days"),
    [
        ("0 0 9 15W * ?", ["15 Jan", "16 Feb", "16 Mar", "15 Apr", "15 May", "15 Jun"]),
        ("0 0 9 1W * ?", ["1 Jan", "2 Feb", "2 Mar", "1 Apr", "1 May", "1 Jun"]),
        ("0 0 9 1W 8 ?", ["3 Aug"]),
        ("0 0 9 31W * ?", ["30 Jan", "31 Mar", "29 May", "31 Jul", "31 Aug"]),
        ("0 0 9 L-3 * ?", ["28 Jan", "25 Feb", "28 Mar", "27 Apr", "28 May", "27 Jun"]),
        ("0 0 9 L-3W * ?", ["28 Jan", "25 Feb", "27 Mar", "27 Apr", "28 May", "26 Jun"]),
        ("0 0 9 ? * FRIL", ["30 Jan", "27 Feb", "27 Mar", "24 Apr", "29 May", "26 Jun"]),
        ("0 0 9 ? * FRI#2", ["9 Jan", "13 Feb", "13 Mar", "10 Apr", "8 May", "12 Jun"]),
        ("0 0 9 1,15W * ?", ["1 Jan", "15 Jan", "1 Feb", "16 Feb", "1 Mar", "16 Mar"]),
        ("0 0 9 15,15W * ?", ["15 Jan", "15 Feb", "16 Feb", "15 Mar", "16 Mar", "15 Apr"]),
        ("0 9 15W * THU", ["1 Jan", "8 Jan", "15 Jan", "22 Jan", "29 Jan", "5 Feb"]),
        ("@monthly", ["1 Feb", "1 Mar", "1 Apr", "1 May", "1 Jun", "1 Jul"]),
        ("@yearly", []),
    ],
)
def test_quartz_and_spring_expressions_fire_on_these_days(schedule: str, days: list[str]) -> None:
    found = list(firings(schedule, NEW_YEAR, NEW_YEAR + timedelta(days=250)))[::-1]

    assert [f"{at.day} {at:%b}" for at in found][:6] == days


def test_a_schedule_of_every_second_of_one_day_has_a_days_seconds() -> None:
    found = list(firings("* * * 15W 2 ?", NEW_YEAR, NEW_YEAR + timedelta(days=250)))

    assert len(found) == 86_400
    assert (found[0].date(), found[-1].date()) == (date(2026, 2, 16), date(2026, 2, 16))


@pytest.mark.parametrize(("since", "count"), [(8, 1), (9, 0)])
def test_a_special_day_counts_from_the_time_after_the_last_round(since: int, count: int) -> None:
    start = datetime(2026, 1, 15, since, tzinfo=UTC)

    assert len(list(firings("0 0 9 15W * ?", start, datetime(2026, 1, 15, 9, tzinfo=UTC)))) == count


def test_the_placeholder_of_the_page_never_fires() -> None:
    assert list(firings("string", NEW_YEAR, NEW_YEAR + timedelta(days=250))) == []
