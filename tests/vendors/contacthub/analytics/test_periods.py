"""Cells of a period that are counted whole, and hours that are read record by record."""

import pytest

from understudy.vendors.contacthub.analytics.periods import BucketCover, Period, cover_period

NIGHT, NOON = "T00:00:00.000Z", "T11:59:59.999Z"


def hours(*numbers: int) -> tuple[str, ...]:
    return tuple(f"2026-01-{number // 100:02}T{number % 100:02}" for number in numbers)


@pytest.mark.parametrize(
    ("start", "end", "first", "last", "more", "less"),
    [
        pytest.param(f"01{NIGHT}", f"02{NOON}", 0, 5, (), (), id="whole cells"),
        pytest.param("01T10:30:00.000Z", f"02{NOON}", 1, 5, hours(110, 111), (), id="cut late at the start"),
        pytest.param("01T01:30:00.000Z", f"02{NOON}", 0, 5, (), hours(100, 101), id="cut early at the start"),
        pytest.param(f"01{NIGHT}", "02T01:30:00.000Z", 0, 4, hours(200, 201), (), id="cut early at the end"),
        pytest.param(f"01{NIGHT}", "02T10:30:00.000Z", 0, 5, (), hours(210, 211), id="cut late at the end"),
        pytest.param(
            "01T01:30:00.000Z", "02T10:30:00.000Z", 0, 5, (), hours(100, 101, 210, 211), id="little off at both ends"
        ),
        pytest.param("01T22:10:00.000Z", f"02{NOON}", 3, 5, hours(122), (), id="a cell of an hour"),
        pytest.param("01T01:30:00.000Z", "01T02:30:00.000Z", 1, 0, hours(101, 102), (), id="within a cell"),
        pytest.param("01T01:30:00.000Z", "01T01:45:00.000Z", 1, 0, hours(101), (), id="within an hour"),
        pytest.param(f"01{NIGHT}", f"01{NOON}", 0, 1, (), (), id="one cell"),
    ],
)
def test_of_a_cell_that_is_cut_the_smaller_part_is_read(
    start: str, end: str, first: int, last: int, more: tuple[str, ...], less: tuple[str, ...]
) -> None:
    period = Period(f"2026-01-{start}", f"2026-01-{end}")

    assert cover_period(period, is_open=False) == BucketCover("2026-01.0", first, "2026-01.0", last, more, less)


def test_an_end_after_which_there_is_nothing_cuts_no_cell() -> None:
    period = Period(f"2026-01-01{NIGHT}", "2026-01-01T05:00:00.000+0000")

    assert cover_period(period, is_open=True) == BucketCover("2026-01.0", 0, "2026-01.0", 1, (), ())
