from datetime import UTC, datetime, timedelta, timezone

import pytest

from understudy.core.timestamps import iso_microseconds, iso_milliseconds

ROME = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("at", "microseconds", "milliseconds"),
    [
        (datetime(2026, 7, 1, 12, tzinfo=UTC), "2026-07-01T12:00:00.000000Z", "2026-07-01T12:00:00.000Z"),
        (datetime(2026, 7, 1, 12, tzinfo=ROME), "2026-07-01T10:00:00.000000Z", "2026-07-01T10:00:00.000Z"),
        (datetime(2026, 7, 1, 0, 0, 0, 999_999, UTC), "2026-07-01T00:00:00.999999Z", "2026-07-01T00:00:00.999Z"),
    ],
)
def test_a_time_is_written_in_utc(at: datetime, microseconds: str, milliseconds: str) -> None:
    assert iso_microseconds(at) == microseconds
    assert iso_milliseconds(at) == milliseconds
