"""Journal of a world: query, export, clear, verify."""

from typing import Any

import orjson

from understudy.control.call_patterns import differences, within_window
from understudy.control.control_state import ControlState
from understudy.control.exchanges import RedactedExchange
from understudy.control.journal_exports import har_entries, write_curl, write_har
from understudy.control.secrets import NOTHING_SECRET
from understudy.control.verification import verify
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.steps import Steps

JSON_PARAMETERS = ("request", "response")
"""Query parameters whose values are JSON texts."""


def query_journal(state: ControlState, world: str, **query: Any) -> Steps[Reply]:
    """Return the matching exchanges, oldest first."""
    calls = yield from _matching(state, world, query)
    return Reply(items=(call.to_json() for call in calls))


def export_har(state: ControlState, world: str, **query: Any) -> Steps[Reply]:
    """Return the matching exchanges as an HTTP archive."""
    calls = yield from _matching(state, world, query)
    return Reply(write_har([], state.version), items=har_entries(calls), at=("log", "entries"))


def export_curl(state: ControlState, world: str, **query: Any) -> Steps[Reply]:
    """Return the matching requests as curl commands."""
    return Reply(write_curl((yield from _matching(state, world, query)), world))


def clear_journal(state: ControlState, world: str) -> Reply:
    """Delete the exchanges of a world."""
    state.world(world).journal.clear()
    return Reply(status=204)


def verify_calls(state: ControlState, world: str, body: Json) -> Steps[Reply]:
    """Return whether the journal fits the expectations, and a finding for each."""
    calls = yield from _calls(state, world, reveals=True)
    return Reply((yield from verify(body["expect"], calls, in_order=body.get("in_order", False))))


def _matching(state: ControlState, world: str, query: Json) -> Steps[list[RedactedExchange]]:
    """Return the exchanges that match all query parameters.

    Credentials are redacted before the search, unless they are revealed: they cannot be found by guessing.
    """
    calls = yield from _calls(state, world, reveals=query["reveal"])
    pattern = {name: value for name, value in query.items() if value is not None}
    pattern |= {name: _parse(name, pattern[name]) for name in JSON_PARAMETERS if name in pattern}
    matching = []
    for call in within_window(pattern, calls):
        if not differences(pattern, call):
            matching.append(call)
        yield
    return matching[-query["limit"] :]


def _calls(state: ControlState, world: str, *, reveals: bool) -> Steps[list[RedactedExchange]]:
    found = []
    for number, each in state.world(world).journal.numbered():
        secrets = NOTHING_SECRET if reveals else state.secrets(each.vendor, each.operation)
        found.append(RedactedExchange(number, each, secrets))
        yield
    return found


def _parse(name: str, text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Refused(400, f"{name} is no JSON text: {error}") from None
