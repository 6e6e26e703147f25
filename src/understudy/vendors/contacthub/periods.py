"""The range of time that a count is asked for, and which whole cells it covers."""

from dataclasses import dataclass
from datetime import datetime

from understudy.core.refused import Refused, Violation
from understudy.state.world import World
from understudy.vendors.contacthub.cells import CELLS, hours_of_cell, is_first_of_cell, is_last_of_cell, place_of
from understudy.vendors.contacthub.retention import FIRST_MOMENT, earliest_kept
from understudy.vendors.contacthub.stamps import now_text, tidy_time

MONTH, YEAR = 1, 12
"""Spans, in months."""


@dataclass(frozen=True, slots=True)
class Period:
    """From one time to another, both included, as answers show times."""

    start: str
    end: str

    def __contains__(self, at: str) -> bool:
        return self.start <= at <= self.end

    @property
    def first_block(self) -> str:
        """The block that it starts in."""
        return place_of(self.start)[0]

    @property
    def last_block(self) -> str:
        """The block that it ends in."""
        return place_of(self.end)[0]

    @property
    def echo(self) -> dict[str, str]:
        """The period as an answer repeats it."""
        return {"start": self.start, "end": self.end}


FIRST_CELL = Period(FIRST_MOMENT, "0001-01-01T11:59:59.999Z")
"""Where all is counted that has no time of its own."""
LAST_MOMENT = "9999-12-31T23:59:59.999Z"


@dataclass(frozen=True, slots=True)
class Cover:
    """The whole cells of a period, from ``first`` in its first block to before ``last`` in its last one.

    ``hours`` are those of the cells that the period cuts, as far as they are in it.
    """

    first_block: str
    first: int
    last_block: str
    last: int
    hours: tuple[str, ...]

    def cells_in(self, block: str) -> tuple[int, int]:
        """Return the first of a block's whole cells, and the one after the last."""
        first = self.first if block == self.first_block else 0
        return first, self.last if block == self.last_block else CELLS


def cover(period: Period, *, is_open: bool) -> Cover:
    """Return what a period covers; ``is_open`` says that the rest of its last cell is empty, so that it cuts none."""
    starts_whole, ends_whole = is_first_of_cell(period.start), is_open or is_last_of_cell(period.end)
    cut = [*([] if starts_whole else hours_of_cell(period.start)), *([] if ends_whole else hours_of_cell(period.end))]
    (first_block, first), (last_block, last) = place_of(period.start), place_of(period.end)
    return Cover(
        first_block,
        first + (not starts_whole),
        last_block,
        last + ends_whole,
        tuple(hour for hour in dict.fromkeys(cut) if period.start[:13] <= hour <= period.end[:13]),
    )


def so_far(period: Period, end: str | None) -> Period:
    """Return the period in which to count what the server itself has dated, given the ``end`` that was asked for.

    Whatever is there has happened by now, also a change that was dated later than the clock, so that it differs from
    the one before (notes, section 5).
    """
    return period if end is not None else Period(period.start, LAST_MOMENT)


def read_period(world: World, start: str | None, end: str | None, usual: int, most: int | None = None) -> Period:
    """Return the range of a request, defaults filled in: until now, from so many months (``usual``) before the end.

    Refuse one that ends before it starts. One of more than ``most`` months begins later (notes, section 9).
    """
    until = _read("end", end) or now_text(world)
    since = _read("start", start) or _months_before(until, usual)
    if until < since:
        raise _invalid("end", "range", "end is before start", end)
    return Period(since if most is None else max(since, _months_before(until, most)), until)


def _read(parameter: str, text: str | None) -> str | None:
    if text is None:
        return None
    at = tidy_time(text)
    if at is None:
        raise _invalid(parameter, "format", f"{parameter} is not in the calendar", text)
    return at


def _invalid(parameter: str, rule: str, message: str, value: str | None) -> Refused:
    violation = Violation("query", parameter, rule, message, value)
    return Refused(400, "a parameter is not valid", violations=[violation])


def _months_before(at: str, months: int) -> str:
    return earliest_kept(datetime.fromisoformat(at), months)
