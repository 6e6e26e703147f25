"""Exact amounts of money: decimals from JSON numbers."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal()
_CENT = Decimal("0.01")

Number = float | str | Decimal


def exact(number: Number) -> Decimal:
    """Return a number as the decimal of its written form: 0.1 is exactly a tenth."""
    return Decimal(str(number))


def to_cents(number: Number) -> Decimal:
    """Return a number rounded half up to hundredths."""
    return exact(number).quantize(_CENT, ROUND_HALF_UP)


def total(numbers: Iterable[Number]) -> Decimal:
    """Return the exact sum of numbers."""
    return sum(map(exact, numbers), ZERO)
