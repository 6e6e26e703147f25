"""Period of an analytics request, and the time buckets that it covers."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from understudy.core.refused import Refused, Violation
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.counts.time_buckets import (
    BUCKETS,
    bucket_hours,
    bucket_of,
    ends_bucket,
    starts_bucket,
)
from understudy.vendors.contacthub.retention.retention_policy import earliest_retained
from understudy.vendors.contacthub.timestamps import EARLIEST, normalise_time, now_text

MONTH, YEAR = 1, 12
"""Lengths in months."""
MAX_MONTHS_BY_CHANGE = {"ADDED": YEAR, "UPDATED": YEAR, "DELETED": MONTH}
"""Greatest length in months of a period of additions, changes or deletions (documented)."""


@dataclass(frozen=True, slots=True)
class Period:
    """Period from ``start`` to ``end``, both included, in the form of the API's times."""

    start: str
    end: str

    def __contains__(self, at: str) -> bool:
        return self.start <= at <= self.end

    @property
    def first_block(self) -> str:
        """Block of the start."""
        return bucket_of(self.start)[0]

    @property
    def last_block(self) -> str:
        """Block of the end."""
        return bucket_of(self.end)[0]

    @property
    def echo(self) -> dict[str, str]:
        """Period as it is repeated in a response."""
        return {"start": self.start, "end": self.end}


UNDATED = Period(EARLIEST, "0001-01-01T11:59:59.999+0000")
"""Period of the bucket in which records without a time are counted."""


@dataclass(frozen=True, slots=True)
class BucketCover:
    """Whole buckets of a period, from ``first`` in its first block to before ``last`` in its last block.

    A bucket that the period cuts is either read record by record, or counted whole and its records outside the period
    subtracted, whichever reads fewer hours: ``added_hours`` are read to add, ``subtracted_hours`` to subtract.
    """

    first_block: str
    first: int
    last_block: str
    last: int
    added_hours: tuple[str, ...]
    subtracted_hours: tuple[str, ...]

    def buckets_in(self, block: str) -> tuple[int, int]:
        """Return the number of a block's first whole bucket, and of the bucket after the last."""
        first = self.first if block == self.first_block else 0
        return first, self.last if block == self.last_block else BUCKETS


class _EdgeBucket(NamedTuple):
    """Bucket at one end of a period: counted whole or not, and the hours of it that are read."""

    is_whole: bool
    added_hours: tuple[str, ...] = ()
    subtracted_hours: tuple[str, ...] = ()


_WHOLE_BUCKET = _EdgeBucket(is_whole=True)


def cover_period(period: Period, *, is_open: bool) -> BucketCover:
    """Return the buckets of a period; if it ``is_open``, nothing was counted after its end: the last is whole."""
    starts_whole, ends_whole = starts_bucket(period.start), is_open or ends_bucket(period.end)
    (first_block, first), (last_block, last) = bucket_of(period.start), bucket_of(period.end)
    first_hour, last_hour = period.start[:13], period.end[:13]
    early, late = bucket_hours(period.start), bucket_hours(period.end)
    if early == late:
        hours = tuple(hour for hour in early if first_hour <= hour <= last_hour)
        begin = end = _WHOLE_BUCKET if starts_whole and ends_whole else _EdgeBucket(is_whole=False, added_hours=hours)
    else:
        at, until = early.index(first_hour), late.index(last_hour)
        begin = _WHOLE_BUCKET if starts_whole else _shorter_side(early[at:], early[: at + 1])
        end = _WHOLE_BUCKET if ends_whole else _shorter_side(late[: until + 1], late[until:])
    added_hours = tuple(dict.fromkeys(begin.added_hours + end.added_hours))
    return BucketCover(
        first_block,
        first + (not begin.is_whole),
        last_block,
        last + end.is_whole,
        added_hours,
        begin.subtracted_hours + end.subtracted_hours,
    )


def _shorter_side(inside: list[str], outside: list[str]) -> _EdgeBucket:
    """Return the cheaper way to count a cut bucket; the hour of the cut is in both lists of hours."""
    if len(outside) < len(inside):
        return _EdgeBucket(is_whole=True, subtracted_hours=tuple(outside))
    return _EdgeBucket(is_whole=False, added_hours=tuple(inside))


def open_ended(period: Period, end: str | None) -> Period:
    """Return the period in which to count times set by the server; without ``end`` it ends with the present second.

    The server's time of a change may be some milliseconds after the clock, because each change is at least one after
    the one before.
    """
    return period if end is not None else Period(period.start, f"{period.end[:20]}999{period.end[23:]}")


def read_period(
    state: VendorState, start: str | None, end: str | None, default_months: int, max_months: int | None = None
) -> Period:
    """Return the period of a request, by default from ``default_months`` before the end until now.

    A period that ends before it starts is refused. One longer than ``max_months`` starts later.
    """
    until = _parse_parameter("end", end) or now_text(state)
    since = _parse_parameter("start", start) or _months_before(until, default_months)
    if until < since:
        raise _invalid("end", "range", "end is before start", end)
    return Period(since if max_months is None else max(since, _months_before(until, max_months)), until)


def _parse_parameter(parameter: str, text: str | None) -> str | None:
    if text is None:
        return None
    at = normalise_time(text)
    if at is None:
        raise _invalid(parameter, "format", f"{parameter} is not in the calendar", text)
    return at


def _invalid(parameter: str, rule: str, message: str, value: str | None) -> Refused:
    violation = Violation("query", parameter, rule, message, value)
    return Refused(400, "a parameter is not valid", violations=[violation])


def _months_before(at: str, months: int) -> str:
    return earliest_retained(datetime.fromisoformat(at), months)
