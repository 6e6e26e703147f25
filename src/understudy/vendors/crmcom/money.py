"""Money without drift: JSON numbers to decimals and back."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

NOTHING = Decimal()
_CENT = Decimal("0.01")

Number = float | str | Decimal


def exact(number: Number) -> Decimal:
    """Return the decimal that a number is written as."""
    return Decimal(str(number))


def to_cents(number: Number) -> Decimal:
    """Return a number rounded half up to hundredths."""
    return exact(number).quantize(_CENT, ROUND_HALF_UP)


def total(numbers: Iterable[Number]) -> Decimal:
    """Return the exact sum."""
    return sum(map(exact, numbers), NOTHING)
