"""Changes that make a valid record break a rule, for the tables of rules."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from understudy.core.json_types import Json as Record


def with_values(**fields: Any) -> Callable[[Record], Record]:
    """Return what gives a record's fields other values."""
    return lambda record: {**record, **fields}


def if_present(field: str, change: Callable[[Record], Record]) -> Callable[[Record], Record | None]:
    """Return what changes only records that have a field."""
    return lambda record: change(record) if field in record else None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the vendor beyond the schema, in the words of the operation's ``x-rules``, and how to break it.

    ``spoil`` changes a valid record, its own copy, and returns it; nothing if the record gives no occasion. ``at`` is
    the JSON pointer to what is then wrong.
    """

    text: str
    at: str
    mutate: Callable[[Record], Record | None]
