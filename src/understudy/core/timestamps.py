"""Times as ISO 8601 text in UTC, with a fixed number of decimals and a ``Z``."""

from datetime import UTC, datetime


def iso_microseconds(at: datetime) -> str:
    """Return an aware time to the microsecond, as in ``2026-01-31T12:00:00.000000Z``."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def iso_milliseconds(at: datetime) -> str:
    """Return an aware time to the millisecond, rounded down, as in ``2026-01-31T12:00:00.000Z``."""
    if at.tzinfo is not UTC:
        at = at.astimezone(UTC)
    return at.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
