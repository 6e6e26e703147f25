"""Call patterns: matching of journal entries, and the differences of an entry from a pattern."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from understudy.control.exchanges import RedactedExchange
from understudy.control.times import read_seconds
from understudy.core.json_pointer import escape
from understudy.core.json_types import Json

Pattern = Mapping[str, Any]
"""Call pattern of the control API; a property that is ``None`` is as good as absent."""

ABSENT: Any = object()

WINDOW: Mapping[str, Callable[[RedactedExchange, Any], bool]] = {
    "since": lambda call, at: call.exchange.world_time >= read_seconds(at),
    "until": lambda call, at: call.exchange.world_time < read_seconds(at),
    "after": lambda call, number: call.number > number,
}
"""Tests of the properties that bound a time window or a range of numbers: calls outside are no candidates."""

PLAIN: Mapping[str, Callable[[RedactedExchange], Any]] = {
    "vendor": lambda call: call.exchange.vendor,
    "operation": lambda call: call.exchange.operation,
    "outcome": lambda call: call.outcome,
}
INNER: Mapping[str, Callable[[RedactedExchange], Any]] = {
    "query": lambda call: call.query,
    "request": RedactedExchange.request_value,
    "response": RedactedExchange.response_value,
}
"""Getters of the values that a pattern's properties are compared with: whole in PLAIN, member by member in INNER."""


def within_window(pattern: Pattern, calls: Iterable[RedactedExchange]) -> list[RedactedExchange]:
    """Return the calls within the pattern's time window and range of numbers."""
    bounds = [(test, pattern[name]) for name, test in WINDOW.items() if pattern.get(name) is not None]
    return [call for call in calls if all(test(call, value) for test, value in bounds)]


def differences(pattern: Pattern, call: RedactedExchange) -> list[Json]:
    """Return the differences of a call from a pattern, one object a place; none if it matches.

    Each has ``where`` (the property, with a JSON pointer into its value), ``expected``, and ``found`` unless absent.
    """
    found: list[Json] = []
    for name, read in PLAIN.items():
        if pattern.get(name) is not None and pattern[name] != read(call):
            found.append({"where": name, "expected": pattern[name], "found": read(call)})
    status = pattern.get("status")
    if status is not None and not matches_status(status, call.exchange.status):
        found.append({"where": "status", "expected": status, "found": str(call.exchange.status)})
    for name, read in INNER.items():
        if name in pattern:
            found += _compare(pattern[name], read(call), name)
    return found


def matches_status(pattern: str, status: int) -> bool:
    """Return whether a status is the one of a pattern such as ``404``, or one of those of ``4xx``."""
    return pattern == str(status) or pattern == f"{status // 100}xx"


def _compare(expected: Any, found: Any, where: str) -> list[Json]:
    """Return the differences of a value from the expected one.

    Objects may have more properties than expected; lists have to be equal in length.
    """
    if isinstance(expected, dict) and isinstance(found, dict):
        return [
            difference
            for name, part in expected.items()
            for difference in _compare(part, found.get(name, ABSENT), f"{where}/{escape(name)}")
        ]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        return [
            difference
            for number, (part, other) in enumerate(zip(expected, found, strict=True))
            for difference in _compare(part, other, f"{where}/{number}")
        ]
    if _is_equal(expected, found):
        return []
    return [{"where": where, "expected": expected, **({} if found is ABSENT else {"found": found})}]


def _is_equal(expected: Any, found: Any) -> bool:
    """Return whether two scalars are equal as JSON: true is not 1."""
    return bool(expected == found) and isinstance(expected, bool) == isinstance(found, bool)
