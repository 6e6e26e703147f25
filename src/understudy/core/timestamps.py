"""Times as text: RFC 3339 is read; ISO 8601 in UTC, with a fixed number of decimals and a ``Z``, is written."""

import re
from datetime import UTC, datetime, timedelta

RFC3339 = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(?:[Zz]|([+-](?:[01][0-9]|2[0-3]):[0-5][0-9]))"
)
LEAP_SECOND = "60"


def parse_rfc3339(text: str) -> datetime | None:
    """Return the aware time of an RFC 3339 text, of any case; ``None`` for any other text.

    A leap second, the last one of a day in UTC, is read as the microsecond before the next day.
    """
    found = RFC3339.fullmatch(text)
    if found is None:
        return None
    day, minute, second, fraction, offset = found.groups()
    is_leap = second == LEAP_SECOND
    seconds = "59.999999" if is_leap else f"{second}.{(fraction or '0')[:6]:0<6}"
    try:
        at = datetime.fromisoformat(f"{day}T{minute}:{seconds}{offset or '+00:00'}")
    except ValueError:
        return None
    return None if is_leap and not _ends_day(at) else at


def _ends_day(at: datetime) -> bool:
    minutes = at.hour * 60 + at.minute - (at.utcoffset() or timedelta()) // timedelta(minutes=1)
    return minutes % (24 * 60) == 24 * 60 - 1


def iso_microseconds(at: datetime) -> str:
    """Return an aware time to the microsecond, as in ``2026-01-31T12:00:00.000000Z``."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def iso_milliseconds(at: datetime) -> str:
    """Return an aware time to the millisecond, rounded down, as in ``2026-01-31T12:00:00.000Z``."""
    if at.tzinfo is not UTC:
        at = at.astimezone(UTC)
    return at.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
