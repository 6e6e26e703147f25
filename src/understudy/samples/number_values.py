"""Numbers within a schema's limits, near the usual one for a field."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import chain
from math import ceil, floor
from typing import Any

from understudy.samples.field_values import maker_of_number
from understudy.samples.subject import Subject
from understudy.samples.value_plans import Plan

LIMITS = frozenset(("minimum", "maximum", "multipleOf"))
NEAR = 40
"""Number of multiples on each side of a number among which one is taken that is exact in floats."""

MAX_ROUNDED = Decimal(10) ** 20
"""Number from which on nothing is rounded: decimals have 28 digits."""

MAX_EXACT = 2**63
BOUNDS = {"int32": 2**31 - 1, "int64": 2**63 - 1}


def number_of(plan: Plan, subject: Subject, *, is_integer: bool) -> int | float | None:
    """Return a number that a schema allows, or ``None`` if it allows none."""
    node = plan.node
    make = maker_of_number(plan.words, plan.form, str(node.get("description", "")), is_integer=is_integer)
    if make is not None:
        wanted: float = make(subject)
    elif is_integer:
        wanted = subject.random.randrange(1, 100)
    else:
        wanted = subject.random.randrange(1, 10_000) / 100
    if not node.keys() & LIMITS and plan.form != "int32":
        return int(wanted) if is_integer else wanted
    return _within(wanted, node, subject, is_integer=is_integer)


def _within(wanted: float, node: Mapping[str, Any], subject: Subject, *, is_integer: bool) -> int | float | None:
    low, high, step = (
        None if node.get(key) is None else Decimal(str(node[key])) for key in ("minimum", "maximum", "multipleOf")
    )
    if is_integer:
        step = _whole_step(step)
        bound = BOUNDS.get(str(node.get("format")), BOUNDS["int64"])
        low = Decimal(-bound) if low is None else low
        high = Decimal(bound) if high is None else high
    low_open, high_open = bool(node.get("exclusiveMinimum")), bool(node.get("exclusiveMaximum"))
    value = Decimal(str(wanted))
    if low is not None and high is not None and not low <= value <= high:
        value = low + (high - low) * subject.random.randrange(1, 100) / 100 if high > low else low
        value = round(value, 2) if high - low > 1 and abs(value) < MAX_ROUNDED else value
    elif low is not None and value < low:
        value = low
    elif high is not None and value > high:
        value = high
    if step is None:
        return _open(value, low, high, low_open=low_open, high_open=high_open)
    return _stepped(value, low, high, step, low_open=low_open, high_open=high_open)


def _whole_step(step: Decimal | None) -> Decimal:
    """Return the step between the integers that are multiples of a number."""
    if step is None:
        return Decimal(1)
    numerator, _ = step.as_integer_ratio()
    return Decimal(numerator)


def _open(
    value: Decimal, low: Decimal | None, high: Decimal | None, *, low_open: bool, high_open: bool
) -> int | float | None:
    is_low, is_high = low_open and value == low, high_open and value == high
    if is_low or is_high:
        if low is not None and high is not None:
            value = (low + high) / 2
        else:
            value += 1 if is_low else -1
    if (low is not None and (value < low or (low_open and value == low))) or (
        high is not None and (value > high or (high_open and value == high))
    ):
        return None
    return _plain(value)


def _stepped(
    value: Decimal, low: Decimal | None, high: Decimal | None, step: Decimal, *, low_open: bool, high_open: bool
) -> int | float | None:
    least = None if low is None else ceil(low / step)
    most = None if high is None else floor(high / step)
    if least is not None and low_open and least * step == low:
        least += 1
    if most is not None and high_open and most * step == high:
        most -= 1
    if least is not None and most is not None and least > most:
        return None
    count = round(value / step)
    count = count if least is None else max(count, least)
    count = count if most is None else min(count, most)
    for near in chain((count,), (count + sign * n for n in range(1, NEAR) for sign in (1, -1))):
        if (
            (least is None or near >= least)
            and (most is None or near <= most)
            and _is_plain_multiple(near * step, step)
        ):
            return _plain(near * step)
    return _plain(count * step)


def _is_plain_multiple(value: Decimal, step: Decimal) -> bool:
    """Return whether a number is a multiple of a step by the arithmetic of floats too, as many validators check it."""
    found = _plain(value)
    if isinstance(found, int) and step == step.to_integral_value():
        return True
    return (found / float(step)).is_integer()


def _plain(value: Decimal) -> int | float:
    """Return a number that JSON can have: an integer of 64 bits, or else a float."""
    is_integer = abs(value) < MAX_EXACT and value == value.to_integral_value()
    return int(value) if is_integer else float(value)
