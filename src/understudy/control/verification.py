"""What is expected of the calls of a world, held against its journal."""

from collections.abc import Mapping, Sequence
from typing import Any

from understudy.control.call_patterns import Pattern, differences, within_window
from understudy.control.exchanges import RedactedExchange
from understudy.core.json_types import Json

MOST_NEAREST = 3
HEAVY = {"vendor": 4, "operation": 3}
"""How much further off a call is that is another vendor's or operation's."""


def verify(expectations: Sequence[Mapping[str, Any]], calls: list[RedactedExchange], *, in_order: bool) -> Json:
    """Return whether all expectations hold, and what was found of each."""
    findings = []
    last = 0
    for number, expectation in enumerate(expectations):
        candidates = within_window(expectation["calls"], calls)
        fitting = [kept for kept in candidates if not differences(expectation["calls"], kept)]
        finding = _finding(number, expectation, fitting, candidates)
        if in_order and finding["holds"] and fitting:
            following = next((kept.number for kept in fitting if kept.number > last), None)
            if following is None:
                finding |= {"holds": False, "says": f"{_calls(len(fitting))}, but none after call {last}"}
                finding["nearest"] = [_miss(kept, []) for kept in fitting[-MOST_NEAREST:]]
            last = following or last
        findings.append(finding)
    return {"holds": all(finding["holds"] for finding in findings), "findings": findings}


def _finding(
    number: int, expectation: Mapping[str, Any], fitting: list[RedactedExchange], candidates: list[RedactedExchange]
) -> Json:
    least = expectation.get("exactly", expectation.get("at_least", 0 if "at_most" in expectation else 1))
    most = expectation.get("exactly", expectation.get("at_most"))
    found = len(fitting)
    lacks, exceeds = found < least, most is not None and found > most
    nearest = _nearest(expectation["calls"], candidates) if lacks else []
    if exceeds:
        nearest = [_miss(kept, []) for kept in fitting[-MOST_NEAREST:]]
    holds = not lacks and not exceeds
    says = f"{_calls(found)}, as expected" if holds else f"{_calls(found)}, expected {_expected(least, most)}"
    return {"expectation": number, "holds": holds, "found": found, "says": says, "nearest": nearest}


def _calls(count: int) -> str:
    return f"{count} call fits" if count == 1 else f"{count} calls fit"


def _expected(least: int, most: int | None) -> str:
    if least == most:
        return f"exactly {least}"
    said = [f"at least {least}"] if least else []
    return " and ".join(said + ([] if most is None else [f"at most {most}"]))


def _nearest(pattern: Pattern, candidates: list[RedactedExchange]) -> list[Json]:
    """Return the calls that differ least from a pattern, the newest of equals first."""
    misses = [(kept, found) for kept in candidates if (found := differences(pattern, kept))]
    misses.sort(key=lambda miss: (sum(HEAVY.get(each["where"], 1) for each in miss[1]), -miss[0].number))
    return [_miss(*miss) for miss in misses[:MOST_NEAREST]]


def _miss(kept: RedactedExchange, differs: list[Json]) -> Json:
    exchange = kept.exchange
    return {
        "number": kept.number,
        "vendor": exchange.vendor,
        "operation": exchange.operation,
        "status": exchange.status,
        "differs": differs,
    }
