"""Times and clocks in the control API's JSON."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from understudy.core.clock import EARLIEST, MAX_WORLD_TIME, Clock, ClockReading
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.timestamps import iso_microseconds, parse_rfc3339


def write_seconds(seconds: float) -> str:
    """Return a time in seconds since 1970 as text."""
    return iso_microseconds(datetime.fromtimestamp(seconds, UTC))


def read_seconds(text: str) -> float:
    """Return a time as seconds since 1970."""
    return read_time(text).timestamp()


def read_time(text: str) -> datetime:
    """Return the time of a text that the schema has found to be one."""
    found = parse_rfc3339(text)
    if found is None:
        raise Refused(400, f"{text!r} is no time: write one such as 2026-01-01T09:00:00Z")
    return found


def clock_to_json(clock: Clock) -> Json:
    """Return a clock's time (``now``), ``rate``, and whether it follows the machine's clock (``is_real``)."""
    return {"now": iso_microseconds(clock.now()), "rate": clock.rate, "is_real": clock.is_real}


def changed_reading(reading: ClockReading, change: Mapping[str, Any]) -> ClockReading:
    """Return a clock's reading with another time, rate or both; raise ``Refused`` for a time out of range."""
    now = check_time(read_time(change["now"])) if "now" in change else reading.now
    rate = change.get("rate", reading.rate)
    if now is None and rate != 1:
        now = Clock().now()
    return ClockReading(now, rate)


def check_time(at: datetime) -> datetime:
    """Return a time; raise ``Refused`` if it is out of the range that vendors can compute with."""
    if not EARLIEST <= at < MAX_WORLD_TIME:
        raise out_of_range()
    return at


def out_of_range() -> Refused:
    """Return the refusal of a time out of range."""
    return Refused(422, "a world's time is between 1970 and 2999")
