"""What a call has to be like, and in what one differs from that."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from understudy.control.exchanges import RedactedExchange
from understudy.control.times import read_seconds
from understudy.core.json_pointer import escape
from understudy.core.json_types import Json

Pattern = Mapping[str, Any]
"""A call pattern of the control API; what is ``None`` was not said."""

ABSENT: Any = object()

WINDOW: Mapping[str, Callable[[RedactedExchange, Any], bool]] = {
    "since": lambda kept, at: kept.exchange.world_time >= read_seconds(at),
    "until": lambda kept, at: kept.exchange.world_time < read_seconds(at),
    "after": lambda kept, number: kept.number > number,
}
"""What a pattern says of when: a call outside is no candidate at all."""

PLAIN: Mapping[str, Callable[[RedactedExchange], Any]] = {
    "vendor": lambda kept: kept.exchange.vendor,
    "operation": lambda kept: kept.exchange.operation,
    "outcome": lambda kept: kept.outcome,
}
INNER: Mapping[str, Callable[[RedactedExchange], Any]] = {
    "query": lambda kept: kept.query,
    "request": RedactedExchange.request_value,
    "response": RedactedExchange.response_value,
}
"""Where each thing that a pattern says is found in a call."""


def within_window(pattern: Pattern, calls: Iterable[RedactedExchange]) -> list[RedactedExchange]:
    """Return the calls that happened when the pattern says."""
    told = [(test, pattern[name]) for name, test in WINDOW.items() if pattern.get(name) is not None]
    return [kept for kept in calls if all(test(kept, value) for test, value in told)]


def differences(pattern: Pattern, kept: RedactedExchange) -> list[Json]:
    """Return in what a call differs from a pattern; nothing if it fits."""
    found: list[Json] = []
    for name, read in PLAIN.items():
        if pattern.get(name) is not None and pattern[name] != read(kept):
            found.append({"where": name, "expected": pattern[name], "found": read(kept)})
    status = pattern.get("status")
    if status is not None and not _fits_status(status, kept.exchange.status):
        found.append({"where": "status", "expected": status, "found": str(kept.exchange.status)})
    for name, read in INNER.items():
        if name in pattern:
            found += _compare(pattern[name], read(kept), name)
    return found


def _fits_status(pattern: str, status: int) -> bool:
    return pattern == str(status) or pattern == f"{status // 100}xx"


def _compare(expected: Any, found: Any, where: str) -> list[Json]:
    """Return where a value lacks what is expected: objects may have more properties, lists are equal in length."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return [
            miss
            for name, part in expected.items()
            for miss in _compare(part, found.get(name, ABSENT), f"{where}/{escape(name)}")
        ]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        return [
            miss
            for number, (part, other) in enumerate(zip(expected, found, strict=True))
            for miss in _compare(part, other, f"{where}/{number}")
        ]
    if _is_equal(expected, found):
        return []
    return [{"where": where, "expected": expected, **({} if found is ABSENT else {"found": found})}]


def _is_equal(expected: Any, found: Any) -> bool:
    """Tell whether two scalars are the same JSON: true is not 1."""
    return bool(expected == found) and isinstance(expected, bool) == isinstance(found, bool)
