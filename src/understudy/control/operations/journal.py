"""Journal of a world: query, export, clear, verify."""

import time
from typing import Any, NamedTuple

import orjson

from understudy.control.call_patterns import differences, within_window
from understudy.control.control_state import ControlState
from understudy.control.curl_commands import curl_lines
from understudy.control.dropped_calls import DroppedMatches, DroppedPart
from understudy.control.exchanges import RedactedExchange
from understudy.control.journal_exports import har_entries, write_har
from understudy.control.pattern_checks import check_expectations, check_query
from understudy.control.recent_calls import RecentCalls
from understudy.control.secrets import NOTHING_SECRET, hide_echoes
from understudy.control.times import write_seconds
from understudy.control.verification import verify
from understudy.core.json_errors import json_mistake
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.steps import Steps

DROPPED, OVER_LIMIT = "Understudy-Dropped", "Understudy-Over-Limit"
"""Headers with the number of calls that could fit a query and were dropped, or that fit and are over its limit."""

JSON_PARAMETERS = ("request", "response")
"""Query parameters whose values are JSON texts."""


def query_journal(state: ControlState, world: str, **query: Any) -> Steps[Reply]:
    """Return the matching exchanges, oldest first."""
    found = yield from _matching(state, world, query)
    return Reply(headers=found.headers(), items=(call.to_json() for call in found.calls))


def export_har(state: ControlState, world: str, **query: Any) -> Steps[Reply]:
    """Return the matching exchanges as an HTTP archive."""
    found = yield from _matching(state, world, query)
    archive = write_har([], state.version, found.missing())
    return Reply(archive, headers=found.headers(), items=har_entries(found.calls), at=("log", "entries"))


def export_curl(state: ControlState, world: str, **query: Any) -> Steps[Reply]:
    """Return the matching requests as curl commands."""
    found = yield from _matching(state, world, query)
    lines = []
    for line in curl_lines(found.calls, world, found.missing()):
        lines.append(line)
        yield
    return Reply("\n".join(lines), headers=found.headers())


def count_calls(state: ControlState, world: str | None = None) -> Steps[Reply]:
    """Return the numbers of the calls, by vendor, operation, status and outcome."""
    counts = (yield from state.worlds.call_counts()) if world is None else state.world(world).journal.all_counts()
    return Reply([{**key._asdict(), "count": count} for key, count in sorted(counts.items())])


def count_recent_calls(state: ControlState, seconds: int, spans: int, world: str | None = None) -> Steps[Reply]:
    """Return the numbers of calls and refusals of the last minutes, by spans of time."""
    journals = [state.worlds.get(name) for name in state.worlds.names()] if world is None else [state.world(world)]
    found = RecentCalls(time.time(), seconds, spans)
    for each in journals:
        if each is not None:
            yield from found.add(each.journal)
    return Reply(found.to_json())


def clear_journal(state: ControlState, world: str) -> Reply:
    """Delete the exchanges of a world."""
    state.world(world).journal.clear()
    state.worlds.unrouted.remove(world)
    return Reply(status=204)


def verify_calls(state: ControlState, world: str, body: Json) -> Steps[Reply]:
    """Return whether the journal fits the expectations, and a finding for each, without credentials."""
    calls, dropped = yield from _calls(state, world, reveals=True)
    check_expectations(state.vendors, body["expect"])
    verdict = yield from verify(body["expect"], calls, dropped, in_order=body.get("in_order", False))
    yield from _redact(state, verdict, calls)
    return Reply(verdict)


def _redact(state: ControlState, verdict: Json, calls: list[RedactedExchange]) -> Steps[None]:
    """Replace the credentials in the differences that a verdict lists, those that an error quotes included."""
    exchanges = {each.number: each.exchange for each in calls}
    for call in (call for finding in verdict["findings"] for call in finding["nearest"]):
        secrets = state.secrets(call["vendor"], call["operation"])
        quoted = yield from RedactedExchange(call["number"], exchanges[call["number"]], secrets).quoted_credentials()
        call["differs"] = yield from hide_echoes([secrets.difference(each) for each in call["differs"]], quoted)
        yield


def list_unrouted_calls(state: ControlState, after: int | None = None, world: str | None = None) -> Reply:
    """Return the calls that no world's journal has, oldest first, without credentials."""
    if world is not None:
        state.world(world)
    secrets = state.secrets(next(iter(state.vendors)), "")
    found = [
        {
            "number": call.number,
            "at": write_seconds(call.at),
            **({"world": call.world} if call.world else {}),
            "method": call.method,
            "target": secrets.target(call.path.decode("latin-1"), call.query.decode("latin-1")),
            "status": call.status,
        }
        for call in state.worlds.unrouted
        if call.number > (after or 0) and world in (None, call.world)
    ]
    return Reply(found)


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


def _matching(state: ControlState, world: str, query: Json) -> Steps[FoundCalls]:
    """Return the exchanges that match all query parameters.

    Credentials are redacted before the search, unless they are revealed: they cannot be found by guessing.
    """
    calls, dropped = yield from _calls(state, world, reveals=query["reveal"])
    pattern = {name: value for name, value in query.items() if value is not None}
    pattern |= {name: _parse(name, pattern[name]) for name in JSON_PARAMETERS if name in pattern}
    check_query(state.vendors, pattern)
    of_bodies = {name for name in JSON_PARAMETERS if name in pattern}
    of_heads = {name: value for name, value in pattern.items() if name not in of_bodies}
    matching = []
    for call in within_window(pattern, calls):
        if not differences(of_heads, call):
            yield from call.show_bodies() if of_bodies else ()
            if not of_bodies or not differences(pattern, call):
                matching.append(call)
        yield
    limit = query["limit"]
    for call in matching[-limit:]:
        yield from call.show_bodies()
        yield
    return FoundCalls(matching[-limit:], max(len(matching) - limit, 0), dropped.matches(pattern))


def _calls(state: ControlState, world: str, *, reveals: bool) -> Steps[tuple[list[RedactedExchange], DroppedPart]]:
    """Return the exchanges that the journal has, and the part that it has dropped, both of the same moment."""
    journal = state.world(world).journal
    kept, dropped = journal.numbered(), DroppedPart(journal)
    found = []
    for number, each in kept:
        secrets = NOTHING_SECRET if reveals else state.secrets(each.vendor, each.operation)
        call = RedactedExchange(number, each, secrets)
        dropped.leave_out(call)
        found.append(call)
        yield
    return found, dropped


def _parse(name: str, text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Refused(400, f"{name} is no JSON text: {json_mistake(error)}") from None
