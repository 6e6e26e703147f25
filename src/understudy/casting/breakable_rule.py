"""Business rules that generated records can break on purpose, and helpers for their mutations."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from understudy.core.json_types import Json as Record


def with_values(**fields: Any) -> Callable[[Record], Record]:
    """Return a mutation that sets fields of a record."""
    return lambda record: {**record, **fields}


def if_present(field: str, change: Callable[[Record], Record]) -> Callable[[Record], Record | None]:
    """Return a mutation of only those records that have a field; it returns None for the others."""
    return lambda record: change(record) if field in record else None


@dataclass(frozen=True, slots=True)
class Rule:
    """Business rule beyond the schema, in the words of the operation's ``x-rules``, with a mutation that breaks it.

    ``mutate`` is given a copy of a valid record, which it may change, and returns the invalid record, or None if this
    record cannot break the rule. ``at`` is the JSON pointer to the value that is then invalid.
    """

    text: str
    at: str
    mutate: Callable[[Record], Record | None]
