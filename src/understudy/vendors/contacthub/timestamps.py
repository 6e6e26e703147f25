"""Timestamps in Contacthub's format, ``2017-03-09T11:31:31.842+0000``: parse, write, normalise, now."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from understudy.state.vendor_state import VendorState

RFC3339 = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.(\d+))?(?:([Zz])|([+-]\d{2}):?(\d{2}))")


UTC_OFFSET = "+0000"
"""End of every time that is stored or answered, without a colon, as in the vendor's own libraries."""


def time_text(at: datetime) -> str:
    """Return an aware time as it is stored and answered: in UTC, to the millisecond, rounded down."""
    if at.tzinfo is not UTC:
        at = at.astimezone(UTC)
    return at.replace(tzinfo=None).isoformat(timespec="milliseconds") + UTC_OFFSET


def now_text(state: VendorState) -> str:
    """Return the world's time as responses show it."""
    second, millisecond = divmod(now_millis(state), 1000)
    return f"{_second_text(second)}.{millisecond:03}{UTC_OFFSET}"


def now_millis(state: VendorState) -> int:
    """Return the world's time in milliseconds since 1970."""
    return round(state.clock.timestamp() * 1_000_000) // 1000


@lru_cache(maxsize=16)
def _second_text(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).replace(tzinfo=None).isoformat()


def parse_time(text: str) -> datetime | None:
    """Return the aware time of an RFC 3339 text, whose offset may lack its colon; ``None`` for any other text."""
    found = RFC3339.fullmatch(text)
    if found is None:
        return None
    day, time, fraction, zulu, hours, minutes = found.groups()
    offset = "+00:00" if zulu else f"{hours}:{minutes}"
    try:
        return datetime.fromisoformat(f"{day}T{time}.{(fraction or '0')[:6]:0<6}{offset}")
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def normalise_time(text: str) -> str | None:
    """Return a sent RFC 3339 time as responses show it; ``None`` if the calendar has no such time.

    The result is cached because a request normalises each time twice: in its check, and before it is stored.
    """
    at = parse_time(text)
    try:
        return None if at is None else time_text(at)
    except OverflowError:  # the offset moves it out of the years 1 to 9999
        return None


def next_time(state: VendorState, previous: str | None) -> str:
    """Return the time of a write: the world's time, or a millisecond after ``previous`` if that is later.

    The ``updatedAt`` of a record grows on each write, also while the clock stands still (specs/contacthub).
    """
    now = now_text(state)
    if previous is None or now > previous:
        return now
    before = parse_time(previous)
    return now if before is None else time_text(before + timedelta(milliseconds=1))


EARLIEST = "0001-01-01T00:00:00.000+0000"
"""The earliest time that can be written."""
