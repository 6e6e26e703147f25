"""Comparison of times in records, as texts: times that the server wrote sort without conversion."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from understudy.vendors.contacthub.timestamps import UTC_OFFSET, normalise_time, time_text

COMPARABLE = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}\.\d{3}\+0000)?")
"""Pattern of a day, or of a time as the server writes it. A day sorts before every time in it."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """Span of a time in a query, to the millisecond: a day lasts until its end, any other time is an instant.

    If ``first`` is midnight it is written as the day alone, so that a day in a record is not earlier.
    """

    first: str
    last: str


def comparable(text: str) -> str | None:
    """Return a record's day or time as sortable text; ``None`` for a text that is neither."""
    if COMPARABLE.fullmatch(text):
        return text
    return normalise_time(text)


def parse_time_span(value: Any) -> TimeSpan | None:
    """Return the span of a day, a date-time or a number of milliseconds since 1970; ``None`` for other values."""
    if isinstance(value, str):
        return _day(value) or _instant(normalise_time(value))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return _instant(time_text(EPOCH + timedelta(milliseconds=value)))
    except OverflowError:
        return None


def _day(text: str) -> TimeSpan | None:
    if len(text) != 10 or COMPARABLE.fullmatch(text) is None:
        return None
    try:
        date.fromisoformat(text)
    except ValueError:
        return None
    return TimeSpan(text, f"{text}T23:59:59.999{UTC_OFFSET}")


def _instant(text: str | None) -> TimeSpan | None:
    return None if text is None else TimeSpan(text.removesuffix(f"T00:00:00.000{UTC_OFFSET}"), text)
