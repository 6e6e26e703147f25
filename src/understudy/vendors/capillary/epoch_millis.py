"""Moments as Capillary counts them: milliseconds since 1970."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_DIGITS = 15


def to_millis(moment: datetime) -> int:
    """Return an aware time as milliseconds since 1970."""
    return (moment - EPOCH) // timedelta(milliseconds=1)


def parse_millis(text: str) -> int | None:
    """Return a date and time, or a count of milliseconds, as such a count; nothing for any other text.

    A time without an offset is read as UTC: the real organisation has a time zone, ours has none.
    """
    if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS:
        return int(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return to_millis(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
