"""Fields of Quartz's own cron expressions, written as Unix writes them.

Quartz counts the days of the week from 1, which is Sunday, to 7; its spans may wrap around (``22-2``, ``FRI-MON``);
and a lone ``L`` among them is Saturday. An expression is Quartz's own if it has a ``?``, which Quartz demands, or a
year.
"""

import re

WITH_YEAR = 7
WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
LAST_WEEKDAY = str(WEEKDAYS.index("SAT"))
BOUNDS = ((0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
"""First and last value of each field: seconds, minutes, hours, days of the month, months, days of the week."""

NO_WEEKDAY = "8"
"""Number that is no day of the week with Unix either, in place of one that is none with Quartz."""

WEEKDAY_NUMBER = re.compile(r"(?<![#/0-9])[0-9]+")
SPAN = re.compile(r"(?P<low>[0-9]{1,2}|[A-Z]{3})-(?P<high>[0-9]{1,2}|[A-Z]{3})(?:/(?P<step>[1-9][0-9]?))?")
OPEN_SPAN = re.compile(r"^(?P<low>[0-6])/(?P<step>[1-9])$")


def is_quartz(fields: list[str]) -> bool:
    """Return whether an expression, without macros and in capitals, is in Quartz's own form."""
    return len(fields) == WITH_YEAR or "?" in fields


def as_unix(fields: list[str]) -> list[str]:
    """Return the fields of a Quartz expression without its year as those of a Unix expression with the same times."""
    *others, weekdays = fields
    bounds = BOUNDS[-len(fields) :]
    written = [*others, _unix_weekdays(weekdays)]
    return [_without_wrapping(field, *bound) for field, bound in zip(written, bounds, strict=False)]


def _unix_weekdays(field: str) -> str:
    if field == "L":
        return LAST_WEEKDAY
    shifted = WEEKDAY_NUMBER.sub(_unix_number, field)
    return ",".join(OPEN_SPAN.sub(rf"\g<low>-{LAST_WEEKDAY}/\g<step>", part) for part in shifted.split(","))


def _unix_number(match: re.Match[str]) -> str:
    number = int(match[0])
    return str(number - 1) if 1 <= number <= len(WEEKDAYS) else NO_WEEKDAY


def _without_wrapping(field: str, first: int, last: int) -> str:
    """Return a field whose spans that wrap around are lists of values."""
    return ",".join(_listed(part, first, last) for part in field.split(","))


def _listed(part: str, first: int, last: int) -> str:
    span = SPAN.fullmatch(part)
    if span is None:
        return part
    low, high = _value(span["low"]), _value(span["high"])
    if low is None or high is None or low <= high or low > last or high < first:
        return part
    values = [*range(low, last + 1), *range(first, high + 1)]
    return ",".join(map(str, values[:: int(span["step"] or 1)]))


def _value(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    if text in WEEKDAYS:
        return WEEKDAYS.index(text)
    return MONTHS.index(text) + 1 if text in MONTHS else None
