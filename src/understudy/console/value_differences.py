"""Differences between two JSON values, place by place."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from understudy.core.json_pointer import escape

MAX_DIFFERENCES = 200
ABSENT: Any = object()


class ValueDifference(NamedTuple):
    """Place at which two values differ, a JSON pointer; a side that has nothing there is ``ABSENT``."""

    path: str
    left: Any
    right: Any


def find_differences(left: Any, right: Any) -> list[ValueDifference]:
    """Return the first differences of two values, in the order of the left one."""
    return [*islice(_compare(left, right, ""), MAX_DIFFERENCES)]


def _compare(left: Any, right: Any, path: str) -> Iterator[ValueDifference]:
    if isinstance(left, dict) and isinstance(right, dict):
        for name in dict.fromkeys((*left, *right)):
            yield from _compare(left.get(name, ABSENT), right.get(name, ABSENT), f"{path}/{escape(name)}")
    elif isinstance(left, list) and isinstance(right, list):
        for number in range(max(len(left), len(right))):
            one, other = (each[number] if number < len(each) else ABSENT for each in (left, right))
            yield from _compare(one, other, f"{path}/{number}")
    elif type(left) is not type(right) or left != right:
        yield ValueDifference(path, left, right)
