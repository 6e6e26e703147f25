"""Calls that a journal has dropped for lack of room: how many of them fit, or could fit, a call pattern."""

from collections import Counter
from typing import NamedTuple

from understudy.control.call_patterns import INNER, Pattern, matches_status
from understudy.control.exchanges import RedactedExchange
from understudy.control.times import read_seconds
from understudy.state.journal import CallKey, DroppedCalls, Journal


class DroppedMatches(NamedTuple):
    """Number of dropped calls that could fit a pattern. If it ``is_exact``, all of them do."""

    total: int
    is_exact: bool


NO_MATCHES = DroppedMatches(0, is_exact=True)


class DroppedPart:
    """Dropped part of a journal, known by its counts and by the bounds of its numbers and times."""

    def __init__(self, journal: Journal) -> None:
        """Take all calls that a journal has counted up to now; those that it still has are left out one by one."""
        self._dropped = journal.dropped()
        self._counts = Counter(journal.counts())

    def leave_out(self, kept: RedactedExchange) -> None:
        """Leave out a call that the journal has."""
        self._counts[_key(kept)] -= 1

    def matches(self, pattern: Pattern) -> DroppedMatches:
        """Return how many dropped calls could fit a pattern, and whether its properties are all that is counted."""
        fitting = sum(count for key, count in self._counts.items() if count > 0 and _fits(pattern, key))
        if not fitting:
            return NO_MATCHES
        within, is_whole = _within_window(pattern, self._dropped)
        found = min(fitting, within)
        is_exact = is_whole and not any(name in pattern for name in INNER)
        return DroppedMatches(found, is_exact) if found else NO_MATCHES


def _key(call: RedactedExchange) -> CallKey:
    exchange = call.exchange
    return CallKey(exchange.vendor, exchange.operation, exchange.status, call.outcome)


def _fits(pattern: Pattern, key: CallKey) -> bool:
    status = pattern.get("status")
    return (
        pattern.get("vendor") in (None, key.vendor)
        and pattern.get("operation") in (None, key.operation)
        and pattern.get("outcome") in (None, key.outcome)
        and (status is None or matches_status(status, key.status))
    )


def _within_window(pattern: Pattern, dropped: DroppedCalls) -> tuple[int, bool]:
    """Return how many dropped calls can be in a pattern's window at most, and whether all of them are."""
    since, until, after = pattern.get("since"), pattern.get("until"), pattern.get("after")
    begin = dropped.earliest if since is None else read_seconds(since)
    end = None if until is None else read_seconds(until)
    if begin > dropped.latest or (end is not None and end <= dropped.earliest):
        return 0, False
    last_before = max(after or 0, dropped.first_number - 1)
    is_whole = begin <= dropped.earliest and (end is None or end > dropped.latest)
    return max(dropped.last_number - last_before, 0), is_whole and last_before < dropped.first_number
