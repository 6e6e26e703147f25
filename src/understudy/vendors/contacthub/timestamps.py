"""Times as Contacthub writes and reads them: in UTC and with milliseconds, which its Java clients need."""

import re
from datetime import UTC, datetime
from functools import lru_cache

from understudy.core.timestamps import iso_milliseconds
from understudy.state.vendor_state import VendorState

RFC3339 = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.(\d+))?(?:([Zz])|([+-]\d{2}):?(\d{2}))")


def now_text(state: VendorState) -> str:
    """Return the world's time as answers show it."""
    second, millisecond = divmod(now_millis(state), 1000)
    return f"{_second_text(second)}.{millisecond:03}Z"


def now_millis(state: VendorState) -> int:
    """Return the world's time in milliseconds since 1970."""
    return round(state.clock.timestamp() * 1_000_000) // 1000


@lru_cache(maxsize=16)
def _second_text(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).replace(tzinfo=None).isoformat()


def parse_time(text: str) -> datetime | None:
    """Return the aware time that an RFC 3339 text, or one with ``+0000``, means; nothing for any other text."""
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
    """Return a sent RFC 3339 time as answers show it; nothing for a time that no calendar has.

    Each is asked for when it is checked and when it is kept.
    """
    if len(text) == 24 and text[19] == "." and text[10] == "T" and text[23] == "Z":
        try:
            datetime.fromisoformat(text)
        except ValueError:
            return None
        return text  # as most clients send it, and as every answer has it
    at = parse_time(text)
    try:
        return None if at is None else iso_milliseconds(at)
    except OverflowError:  # an offset that leads out of the years 1 to 9999
        return None


EARLIEST = "0001-01-01T00:00:00.000Z"
