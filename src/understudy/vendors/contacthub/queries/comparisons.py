"""The operators of the query language (notes, section 4), each made into a function of one value.

A value is compared with a client's by what it is: text with text, a number with a number (or a text that is one), a
boolean with a boolean (or its name: the vendor's schema of the language has no booleans), and a time with a time,
where the attribute may hold one. Nothing compares with null, or with an object.
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
    """What a client compares with, in each way it can be read."""

    text: str | None = None
    number: float | None = None
    flag: bool | None = None
    span: TimeSpan | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it is text and can be nothing else."""
        return self.text is not None and self.number is None and self.flag is None and self.span is None


def read_operand(value: Any, *, is_text: bool, is_time: bool) -> Operand:
    """Return an operand to compare with an attribute that holds only texts, or that may hold times."""
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
            moment = comparable(value) if span else None
            return value == text if span is None or moment is None else span.first <= moment <= span.last
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
    """Return the test of ``GT``, ``GTE``, ``LT`` or ``LTE``."""
    holds = ORDER[operator]
    text, number, span = operand.text, operand.number, operand.span
    edge = None if span is None else (span.last if operator in ("GT", "LTE") else span.first)

    def is_in_order(value: Any) -> bool:
        kind = type(value)
        if kind is str:
            moment = comparable(value) if edge else None
            if edge and moment:
                return holds(moment, edge)
            return text is not None and holds(value, text)
        return number is not None and (kind is int or kind is float) and holds(value, number)

    return is_in_order


def between(low: Operand, high: Operand) -> Test:
    """Return the test for a value from the one to the other, both included."""
    from_low, to_high = ordering("GTE", low), ordering("LTE", high)
    return lambda value: from_low(value) and to_high(value)


def likeness(pattern: str) -> Test:
    """Return the test for a text like a pattern of SQL: ``%`` is any text, ``_`` any character.

    What lies between two ``%`` is sought once, from the left, and not again: no pattern takes long.
    """
    sought = pattern[1:-1]
    if pattern == f"%{sought}%" and not {"%", "_"} & set(sought):
        return lambda value: type(value) is str and sought in value
    first, *rest = ("".join("." if sign == "_" else re.escape(sign) for sign in part) for part in pattern.split("%"))
    within, last = "".join(f"(?>.*?{part})" for part in rest[:-1]), "".join(f".*{part}" for part in rest[-1:])
    matches = re.compile(first + within + last, re.DOTALL).fullmatch
    return lambda value: type(value) is str and matches(value) is not None


def _number(text: str) -> float | None:
    if NUMBER.fullmatch(text) is None:
        return None
    return float(text) if "." in text else int(text)


ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "GT": lambda value, edge: value > edge,
    "GTE": lambda value, edge: value >= edge,
    "LT": lambda value, edge: value < edge,
    "LTE": lambda value, edge: value <= edge,
}
