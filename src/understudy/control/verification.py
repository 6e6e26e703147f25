"""Verification of expected calls against a world's journal."""

from collections.abc import Mapping, Sequence
from typing import Any

from understudy.control.call_patterns import differences, within_window
from understudy.control.dropped_calls import DroppedMatches, DroppedPart
from understudy.control.exchanges import RedactedExchange
from understudy.core.json_types import Json
from understudy.core.steps import Steps

Miss = tuple[RedactedExchange, list[Json]]
"""Call that does not fit a pattern, with its differences."""

MAX_NEAREST = 3
DROPPED = "calls that the journal has dropped"
REMEDY = "verify or clear it sooner, or serve with a larger --journal"
WEIGHTS = {"vendor": 4, "operation": 3}
"""Weights of a difference in vendor or operation, when calls are ordered by nearness; any other weighs 1."""


def verify(
    expectations: Sequence[Mapping[str, Any]], calls: list[RedactedExchange], dropped: DroppedPart, *, in_order: bool
) -> Steps[Json]:
    """Return whether all expectations hold, and a finding for each, in steps.

    An expectation that dropped calls could change does not hold. With ``in_order``, the call for an expectation has
    to come after the call for the expectation before it.
    """
    findings = []
    order = CallOrder()
    for number, expectation in enumerate(expectations):
        candidates = within_window(expectation["calls"], calls)
        compared = []
        for call in candidates:
            compared.append((call, differences(expectation["calls"], call)))
            yield
        matching = [call for call, differs in compared if not differs]
        unseen = dropped.matches(expectation["calls"])
        finding = _finding(number, expectation, matching, [miss for miss in compared if miss[1]], unseen)
        if in_order and finding["holds"] and finding["found"]:
            wrong = order.follow([call.number for call in matching], unseen)
            if wrong:
                finding |= {"holds": False, "says": f"{_call_count(finding['found'])}, but {wrong}"}
                finding["nearest"] = [_call_with_differences(call, []) for call in matching[-MAX_NEAREST:]]
        findings.append(finding)
    return {"holds": all(finding["holds"] for finding in findings), "findings": findings}


class CallOrder:
    """Position in the journal up to which the expectations so far are met, in their order."""

    def __init__(self) -> None:
        self._last = 0
        self._met_by_dropped = False
        self._is_unsure = False

    def follow(self, numbers: Sequence[int], unseen: DroppedMatches) -> str:
        """Take the first of the calls after the position; return why there is none, or an empty text.

        A call that was dropped came before all calls with numbers. The order of two dropped calls is not known.
        """
        is_certain = bool(unseen.total) and unseen.is_exact
        if is_certain and not self._last and not self._met_by_dropped:
            self._met_by_dropped = True
            return ""
        following = next((number for number in numbers if number > self._last), None)
        if following is not None:
            self._last = following
            self._is_unsure = self._is_unsure or bool(unseen.total)
            return ""
        if self._is_unsure or (unseen.total and not self._last):
            return f"their order is not known: some are among the {DROPPED}"
        return f"none after call {self._last}" if self._last else f"none after calls that are among the {DROPPED}"


def _finding(
    number: int,
    expectation: Mapping[str, Any],
    matching: list[RedactedExchange],
    misses: list[Miss],
    unseen: DroppedMatches,
) -> Json:
    least = expectation.get("exactly", expectation.get("at_least", 0 if "at_most" in expectation else 1))
    most = expectation.get("exactly", expectation.get("at_most"))
    found = len(matching) + (unseen.total if unseen.is_exact else 0)
    possible = len(matching) + unseen.total
    lacks, exceeds = found < least, most is not None and found > most
    is_unsure = (lacks and possible >= least) or (not exceeds and most is not None and possible > most)
    nearest = _nearest(misses) if lacks else []
    if exceeds:
        nearest = [_call_with_differences(call, []) for call in matching[-MAX_NEAREST:]]
    holds = not (lacks or exceeds or is_unsure)
    summary = (
        f"{_call_count(found)}, as expected" if holds else f"{_call_count(found)}, expected {_expected(least, most)}"
    )
    if is_unsure:
        summary += f", but {possible - found} more could be among the {DROPPED}: {REMEDY}"
    return {
        "expectation": number,
        "holds": holds,
        "found": found,
        "dropped": possible - found,
        "says": summary,
        "nearest": nearest,
    }


def _call_count(count: int) -> str:
    return f"{count} call fits" if count == 1 else f"{count} calls fit"


def _expected(least: int, most: int | None) -> str:
    if least == most:
        return f"exactly {least}"
    bounds = [f"at least {least}"] if least else []
    return " and ".join(bounds + ([] if most is None else [f"at most {most}"]))


def _nearest(misses: list[Miss]) -> list[Json]:
    """Return the calls that differ least, the newest first among equals."""
    misses.sort(key=lambda miss: (sum(WEIGHTS.get(each["where"], 1) for each in miss[1]), -miss[0].number))
    return [_call_with_differences(*miss) for miss in misses[:MAX_NEAREST]]


def _call_with_differences(call: RedactedExchange, differs: list[Json]) -> Json:
    exchange = call.exchange
    return {
        "number": call.number,
        "vendor": exchange.vendor,
        "operation": exchange.operation,
        "status": exchange.status,
        **({"fault": exchange.fault} if exchange.fault else {}),
        "differs": differs,
    }
