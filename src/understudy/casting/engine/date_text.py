"""Formatter of days and times as text; each day and second is formatted once and cached."""

from collections.abc import Iterable
from datetime import date

DAY = 24 * 60 * 60
"""Seconds of a day."""

EPOCH = date(1970, 1, 1).toordinal()
"""Ordinal of 1970-01-01."""


class _Dates(dict[int, str]):
    """Cache of days as ``2026-01-31``, by their ordinals."""

    def __missing__(self, ordinal: int) -> str:
        text = self[ordinal] = date.fromordinal(ordinal).isoformat()
        return text


class _TimesOfDay(dict[int, str]):
    """Cache of the times of a day as ``T23:59:59.000Z``, by their seconds since midnight."""

    def __missing__(self, second: int) -> str:
        minute = second // 60
        text = self[second] = f"T{minute // 60:02}:{minute % 60:02}:{second % 60:02}.000Z"
        return text


_DATES, _TIMES_OF_DAY = _Dates(), _TimesOfDay()


def dates(ordinals: Iterable[int]) -> list[str]:
    """Return days, given as ordinals, as ``2026-01-31``."""
    return [_DATES[ordinal] for ordinal in ordinals]


def years(ordinals: Iterable[int]) -> list[int]:
    """Return the years of days that are given as ordinals."""
    return [int(_DATES[ordinal][:4]) for ordinal in ordinals]


def times(seconds: Iterable[int]) -> list[str]:
    """Return times, given in seconds since 1970, as most vendors write them: ``2026-01-31T23:59:59.000Z``."""
    return [_DATES[EPOCH + at // DAY] + _TIMES_OF_DAY[at % DAY] for at in seconds]
