"""Times are read as RFC 3339 writes them: in either case, and never from a text that only looks like one."""

from datetime import UTC, datetime

import pytest

from understudy.contract.json_schema_validator import Validator
from understudy.core.timestamps import parse_rfc3339

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
TIMES = {
    "2026-01-01T00:00:00Z": NEW_YEAR,
    "2026-01-01t00:00:00z": NEW_YEAR,
    "2026-01-01T00:00:00z": NEW_YEAR,
    "2026-01-01t00:00:00Z": NEW_YEAR,
    "2026-01-01t01:00:00+01:00": NEW_YEAR,
    "2025-12-31T00:01:00-23:59": NEW_YEAR,
    "2026-01-01T00:00:00-00:00": NEW_YEAR,
    "2026-01-01T00:00:00.5Z": NEW_YEAR.replace(microsecond=500_000),
    "2026-01-01T00:00:00.1234567890z": NEW_YEAR.replace(microsecond=123_456),
    "2016-12-31T23:59:60Z": datetime(2016, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    "1990-12-31t15:59:60-08:00": datetime(1990, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    "9999-12-31T23:59:60Z": datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    "2024-02-29T12:00:00Z": datetime(2024, 2, 29, 12, tzinfo=UTC),
}
YEAR_0 = "0000-01-01T00:00:00Z"
"""Time of RFC 3339 that Python cannot have: for schemas, it is one."""

NO_TIMES = (
    ",026-01-01T00:00:00Z", "+026-01-01T00:00:00Z", "202--01-01T00:00:00Z", "202/-01-01T00:00:00Z",
    "2026-01-01T0,:00:00Z", "2026-01-01T00:00:0/Z", "2026-01-01T00:0.:00Z", "2026-01-01T00:00:00+0,:00",
    "2026-01-01T00:00:00", "2026-01-01", "2026-01-01 00:00:00Z", "2026-01-01T00:00Z", "2026-01-01T00:00:00,5Z",
    "2026-01-01T00:00:00.Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z",
    "2026-01-01T00:00:60Z", "1990-12-31T15:59:60-07:00", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+00:60",
    "2026-01-01T00:00:00+0000", "2026-01-01T00:00:00+00", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z", YEAR_0, "20260101T000000Z", "2026-W01-4T00:00:00Z", " 2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00Z\n", "\uff12026-01-01T00:00:00Z", "2026-01-01T00:00:00ZZ", "",
)  # fmt: skip


@pytest.mark.parametrize("text", TIMES)
def test_a_time_is_read(text: str) -> None:
    assert parse_rfc3339(text) == TIMES[text]


@pytest.mark.parametrize("text", NO_TIMES)
def test_a_text_that_is_no_time_is_not_read(text: str) -> None:
    assert parse_rfc3339(text) is None


@pytest.mark.parametrize("text", [*TIMES, *sorted({*NO_TIMES} - {YEAR_0})])
def test_the_schema_takes_exactly_the_times_that_can_be_read(text: str) -> None:
    validator = Validator({"type": "string", "format": "date-time"})

    assert validator.is_valid(text) is (text in TIMES)
    assert bool(validator.violations(text)) is (text not in TIMES)


@pytest.mark.parametrize("text", [YEAR_0, "0000-02-29t23:59:60z"])
def test_the_schema_takes_year_0_which_the_vendors_rules_refuse(text: str) -> None:
    validator = Validator({"type": "string", "format": "date-time"})

    assert validator.is_valid(text)
    assert validator.violations(text) == []
