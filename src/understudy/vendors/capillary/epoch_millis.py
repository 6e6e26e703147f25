"""Times in Capillary's form: milliseconds since 1970, UTC."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MAX_DIGITS = 15


def to_millis(time: datetime) -> int:
    """Return an aware time as milliseconds since 1970."""
    return (time - EPOCH) // timedelta(milliseconds=1)


def parse_millis(text: str) -> int | None:
    """Return the milliseconds that a text states as a number or as a date and time; None for any other text.

    A time without an offset is read as UTC: an organisation of the vendor has a time zone, ours has none.
    """
    if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS:
        return int(text)
    try:
        time = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    return to_millis(time if time.tzinfo else time.replace(tzinfo=UTC))
