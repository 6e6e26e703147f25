"""Journal of a world: query, export, clear, verify."""

from typing import Any, NamedTuple

import orjson

from understudy.control.call_patterns import differences, within_window
from understudy.control.control_state import ControlState
from understudy.control.curl_commands import write_curl
from understudy.control.dropped_calls import DroppedMatches, DroppedPart
from understudy.control.exchanges import RedactedExchange
from understudy.control.journal_exports import write_har
from understudy.control.pattern_checks import check_expectations, check_query
from understudy.control.secrets import NOTHING_SECRET
from understudy.control.verification import verify
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply

DROPPED, OVER_LIMIT = "Understudy-Dropped", "Understudy-Over-Limit"
"""Headers with the number of calls that could fit a query and were dropped, or that fit and are over its limit."""

JSON_PARAMETERS = ("request", "response")
"""Query parameters whose values are JSON texts."""


def query_journal(state: ControlState, world: str, **query: Any) -> Reply:
    """Return the matching exchanges, oldest first."""
    found = _matching(state, world, query)
    return Reply([call.to_json() for call in found.calls], headers=found.headers())


def export_har(state: ControlState, world: str, **query: Any) -> Reply:
    """Return the matching exchanges as an HTTP archive."""
    found = _matching(state, world, query)
    return Reply(write_har(found.calls, state.version, found.missing()), headers=found.headers())


def export_curl(state: ControlState, world: str, **query: Any) -> Reply:
    """Return the matching requests as curl commands."""
    found = _matching(state, world, query)
    return Reply(write_curl(found.calls, world, found.missing()), headers=found.headers())


def clear_journal(state: ControlState, world: str) -> Reply:
    """Delete the exchanges of a world."""
    state.world(world).journal.clear()
    return Reply(status=204)


def verify_calls(state: ControlState, world: str, body: Json) -> Reply:
    """Return whether the journal fits the expectations, and a finding for each, without credentials."""
    calls = _calls(state, world, reveals=True)
    check_expectations(state.vendors, body["expect"])
    dropped = DroppedPart(state.world(world).journal, calls)
    verdict = verify(body["expect"], calls, dropped, in_order=body.get("in_order", False))
    _redact(state, verdict)
    return Reply(verdict)


def _redact(state: ControlState, verdict: Json) -> None:
    """Replace the credentials in the differences that a verdict lists."""
    for call in (call for finding in verdict["findings"] for call in finding["nearest"]):
        secrets = state.secrets(call["vendor"], call["operation"])
        call["differs"] = [secrets.difference(each) for each in call["differs"]]


class FoundCalls(NamedTuple):
    """Calls that match a query, and those that are missing: cut by its limit, or dropped by the journal."""

    calls: list[RedactedExchange]
    over_limit: int
    dropped: DroppedMatches

    def headers(self) -> dict[str, str]:
        """Return the headers with the numbers of missing calls; none if no call is missing."""
        numbers = {DROPPED: self.dropped.total, OVER_LIMIT: self.over_limit}
        return {name: str(number) for name, number in numbers.items() if number}

    def missing(self) -> list[str]:
        """Return a line on each group of missing calls."""
        fit = "fit" if self.dropped.is_exact else "could fit"
        dropped = f"missing: {self.dropped.total} earlier calls that {fit}, which the journal has dropped"
        over = f"missing: {self.over_limit} earlier calls that fit, over the limit of {len(self.calls)}"
        return [dropped] * bool(self.dropped.total) + [over] * bool(self.over_limit)


def _matching(state: ControlState, world: str, query: Json) -> FoundCalls:
    """Return the exchanges that match all query parameters.

    Credentials are redacted before the search, unless they are revealed: they cannot be found by guessing.
    """
    calls = _calls(state, world, reveals=query["reveal"])
    pattern = {name: value for name, value in query.items() if value is not None}
    pattern |= {name: _parse(name, pattern[name]) for name in JSON_PARAMETERS if name in pattern}
    check_query(state.vendors, pattern)
    matching = [call for call in within_window(pattern, calls) if not differences(pattern, call)]
    dropped = DroppedPart(state.world(world).journal, calls).matches(pattern)
    limit = query["limit"]
    return FoundCalls(matching[-limit:], max(len(matching) - limit, 0), dropped)


def _calls(state: ControlState, world: str, *, reveals: bool) -> list[RedactedExchange]:
    return [
        RedactedExchange(number, each, NOTHING_SECRET if reveals else state.secrets(each.vendor, each.operation))
        for number, each in state.world(world).journal.numbered()
    ]


def _parse(name: str, text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Refused(400, f"{name} is no JSON text: {error}") from None
