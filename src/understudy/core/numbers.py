"""Integers that JSON is written with: those of 64 bits."""

import sys
from typing import Any

LARGEST = int(sys.float_info.max)
LEAST, GREATEST = -(2**63), 2**63 - 1


def clamped(value: Any) -> Any:
    """Return a value with the integers beyond 64 bits as the greatest or least of these."""
    if type(value) is int:
        return max(LEAST, min(GREATEST, value))
    if isinstance(value, list):
        return [clamped(each) for each in value]
    if isinstance(value, dict):
        return {name: clamped(each) for name, each in value.items()}
    return value


def rounded(value: Any) -> Any:
    """Return a value with the integers beyond 64 bits as floats."""
    if type(value) is int and not LEAST <= value <= GREATEST:
        return float(max(-LARGEST, min(LARGEST, value)))
    if isinstance(value, list):
        return [rounded(each) for each in value]
    if isinstance(value, dict):
        return {name: rounded(each) for name, each in value.items()}
    return value
