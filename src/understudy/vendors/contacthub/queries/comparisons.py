"""Operators of the query language, each compiled to a test of one value.

A record's value is compared by its type: text with text, a number with a number (or a text that is one), a boolean with
a boolean (or its name, because the vendor's schema of the language has no booleans), and a time with a time, if the
attribute may hold times. A comparison with null or an object is false.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from understudy.vendors.contacthub.queries.time_comparison import TimeSpan, comparable, parse_time_span

Test = Callable[[Any], bool]
FLAGS = {"true": True, "false": False}
NUMBER = re.compile(r"-?\d{1,18}(?:\.\d{1,18})?")


@dataclass(frozen=True, slots=True)
class Operand:
    """Operand of a comparison, in each type that the value in the query can stand for."""

    text: str | None = None
    number: float | None = None
    flag: bool | None = None
    span: TimeSpan | None = None

    @property
    def is_plain(self) -> bool:
        """True if the operand can only be text."""
        return self.text is not None and self.number is None and self.flag is None and self.span is None


def read_operand(value: Any, *, is_text: bool, is_time: bool) -> Operand:
    """Return the operand for a value in a query.

    ``is_text``: the attribute holds only texts. ``is_time``: the attribute may hold times.
    """
    if isinstance(value, bool):
        return Operand(flag=value)
    if isinstance(value, str) and is_text:
        return Operand(value)
    span = parse_time_span(value) if is_time else None
    if isinstance(value, str):
        return Operand(value, _number(value), FLAGS.get(value), span)
    return Operand(number=value, span=span)


def equality(operand: Operand) -> Test:
    """Return the test for a value that equals the operand."""
    text, number, flag, span = operand.text, operand.number, operand.flag, operand.span
    if operand.is_plain:
        return lambda value: value == text

    def is_equal(value: Any) -> bool:
        kind = type(value)
        if kind is str:
            at = comparable(value) if span else None
            return value == text if span is None or at is None else span.first <= at <= span.last
        if kind is bool:
            return value is flag
        return number is not None and (kind is int or kind is float) and bool(value == number)

    return is_equal


def membership(operands: Sequence[Operand]) -> Test:
    """Return the test for a value that equals one of the operands."""
    plain = frozenset(operand.text for operand in operands if operand.is_plain)
    others = [equality(operand) for operand in operands if not operand.is_plain]
    if others:
        return lambda value: (type(value) is str and value in plain) or any(test(value) for test in others)
    return lambda value: type(value) is str and value in plain


def ordering(operator: str, operand: Operand) -> Test:
    """Return the test for a value before or after the operand: ``GT``, ``GTE``, ``LT`` or ``LTE``."""
    holds = ORDERINGS[operator]
    text, number, span = operand.text, operand.number, operand.span
    edge = None if span is None else (span.last if operator in ("GT", "LTE") else span.first)

    def is_in_order(value: Any) -> bool:
        kind = type(value)
        if kind is str:
            at = comparable(value) if edge else None
            if edge and at:
                return holds(at, edge)
            return text is not None and holds(value, text)
        return number is not None and (kind is int or kind is float) and holds(value, number)

    return is_in_order


def between(low: Operand, high: Operand) -> Test:
    """Return the test for a value between two operands, both included."""
    from_low, to_high = ordering("GTE", low), ordering("LTE", high)
    return lambda value: from_low(value) and to_high(value)


def likeness(pattern: str) -> Test:
    """Return the test for a text that matches an SQL pattern: ``%`` is any text, ``_`` any character.

    The text between two ``%`` is matched once, from the left, without backtracking, so no pattern takes long.
    """
    substring = pattern[1:-1]
    if pattern == f"%{substring}%" and not {"%", "_"} & set(substring):
        return lambda value: type(value) is str and substring in value
    first, *rest = ("".join("." if char == "_" else re.escape(char) for char in part) for part in pattern.split("%"))
    within, last = "".join(f"(?>.*?{part})" for part in rest[:-1]), "".join(f".*{part}" for part in rest[-1:])
    matches = re.compile(first + within + last, re.DOTALL).fullmatch
    return lambda value: type(value) is str and matches(value) is not None


def _number(text: str) -> float | None:
    if NUMBER.fullmatch(text) is None:
        return None
    return float(text) if "." in text else int(text)


ORDERINGS: dict[str, Callable[[Any, Any], bool]] = {
    "GT": lambda value, edge: value > edge,
    "GTE": lambda value, edge: value >= edge,
    "LT": lambda value, edge: value < edge,
    "LTE": lambda value, edge: value <= edge,
}
