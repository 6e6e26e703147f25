"""Verification of expected calls against a world's journal."""

from collections.abc import Mapping, Sequence
from typing import Any

from understudy.control.call_patterns import Pattern, differences, within_window
from understudy.control.exchanges import RedactedExchange
from understudy.core.json_types import Json

MAX_NEAREST = 3
WEIGHTS = {"vendor": 4, "operation": 3}
"""Weights of a difference in vendor or operation, when calls are ordered by nearness; any other weighs 1."""


def verify(expectations: Sequence[Mapping[str, Any]], calls: list[RedactedExchange], *, in_order: bool) -> Json:
    """Return whether all expectations hold, and a finding for each.

    With ``in_order``, the call for an expectation has to come after the call for the expectation before it.
    """
    findings = []
    last = 0
    for number, expectation in enumerate(expectations):
        candidates = within_window(expectation["calls"], calls)
        matching = [call for call in candidates if not differences(expectation["calls"], call)]
        finding = _finding(number, expectation, matching, candidates)
        if in_order and finding["holds"] and matching:
            following = next((call.number for call in matching if call.number > last), None)
            if following is None:
                finding |= {"holds": False, "says": f"{_call_count(len(matching))}, but none after call {last}"}
                finding["nearest"] = [_call_with_differences(call, []) for call in matching[-MAX_NEAREST:]]
            last = following or last
        findings.append(finding)
    return {"holds": all(finding["holds"] for finding in findings), "findings": findings}


def _finding(
    number: int, expectation: Mapping[str, Any], matching: list[RedactedExchange], candidates: list[RedactedExchange]
) -> Json:
    least = expectation.get("exactly", expectation.get("at_least", 0 if "at_most" in expectation else 1))
    most = expectation.get("exactly", expectation.get("at_most"))
    found = len(matching)
    lacks, exceeds = found < least, most is not None and found > most
    nearest = _nearest(expectation["calls"], candidates) if lacks else []
    if exceeds:
        nearest = [_call_with_differences(call, []) for call in matching[-MAX_NEAREST:]]
    holds = not lacks and not exceeds
    summary = (
        f"{_call_count(found)}, as expected" if holds else f"{_call_count(found)}, expected {_expected(least, most)}"
    )
    return {"expectation": number, "holds": holds, "found": found, "says": summary, "nearest": nearest}


def _call_count(count: int) -> str:
    return f"{count} call fits" if count == 1 else f"{count} calls fit"


def _expected(least: int, most: int | None) -> str:
    if least == most:
        return f"exactly {least}"
    bounds = [f"at least {least}"] if least else []
    return " and ".join(bounds + ([] if most is None else [f"at most {most}"]))


def _nearest(pattern: Pattern, candidates: list[RedactedExchange]) -> list[Json]:
    """Return the calls that differ least from a pattern, the newest first among equals."""
    misses = [(call, found) for call in candidates if (found := differences(pattern, call))]
    misses.sort(key=lambda miss: (sum(WEIGHTS.get(each["where"], 1) for each in miss[1]), -miss[0].number))
    return [_call_with_differences(*miss) for miss in misses[:MAX_NEAREST]]


def _call_with_differences(call: RedactedExchange, differs: list[Json]) -> Json:
    exchange = call.exchange
    return {
        "number": call.number,
        "vendor": exchange.vendor,
        "operation": exchange.operation,
        "status": exchange.status,
        "differs": differs,
    }
