import pytest

from understudy.vendors.twc.schedules import is_cron


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
