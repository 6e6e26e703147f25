"""Changes that make a valid record break a rule, for the tables of rules."""

from collections.abc import Callable
from typing import Any

from understudy.casting.kind import Record


def naming(**fields: Any) -> Callable[[Record], Record]:
    """Return what gives a record's fields other values."""
    return lambda record: {**record, **fields}


def where(field: str, change: Callable[[Record], Record]) -> Callable[[Record], Record | None]:
    """Return what changes only records that have a field."""
    return lambda record: change(record) if field in record else None
