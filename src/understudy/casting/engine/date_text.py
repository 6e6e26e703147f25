"""Days and times as text, each written once and then looked up: the same ones are asked for again and again."""

from collections.abc import Iterable
from datetime import date

DAY = 24 * 60 * 60
EPOCH = date(1970, 1, 1).toordinal()


class _Dates(dict[int, str]):
    """Days by their ordinals, as ``2026-01-31``."""

    def __missing__(self, ordinal: int) -> str:
        text = self[ordinal] = date.fromordinal(ordinal).isoformat()
        return text


class _Clock(dict[int, str]):
    """The seconds of a day, as ``T23:59:59.000Z``."""

    def __missing__(self, second: int) -> str:
        minute = second // 60
        text = self[second] = f"T{minute // 60:02}:{minute % 60:02}:{second % 60:02}.000Z"
        return text


_DATES, _CLOCK = _Dates(), _Clock()


def dates(ordinals: Iterable[int]) -> list[str]:
    """Return days as ``2026-01-31``."""
    return [_DATES[ordinal] for ordinal in ordinals]


def years(ordinals: Iterable[int]) -> list[int]:
    """Return the years of days."""
    return [int(_DATES[ordinal][:4]) for ordinal in ordinals]


def times(seconds: Iterable[int]) -> list[str]:
    """Return times in seconds since 1970 as most vendors write them, ``2026-01-31T23:59:59.000Z``."""
    return [_DATES[EPOCH + at // DAY] + _CLOCK[at % DAY] for at in seconds]
