"""Journal of a world: query, export, clear, verify."""

from typing import Any

import orjson

from understudy.control.call_patterns import differences, within_window
from understudy.control.control_state import ControlState
from understudy.control.curl_commands import write_curl
from understudy.control.exchanges import RedactedExchange
from understudy.control.journal_exports import write_har
from understudy.control.secrets import NOTHING_SECRET
from understudy.control.verification import verify
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply

JSON_PARAMETERS = ("request", "response")
"""Query parameters whose values are JSON texts."""


def query_journal(state: ControlState, world: str, **query: Any) -> Reply:
    """Return the matching exchanges, oldest first."""
    return Reply([call.to_json() for call in _matching(state, world, query)])


def export_har(state: ControlState, world: str, **query: Any) -> Reply:
    """Return the matching exchanges as an HTTP archive."""
    return Reply(write_har(_matching(state, world, query), state.version))


def export_curl(state: ControlState, world: str, **query: Any) -> Reply:
    """Return the matching requests as curl commands."""
    return Reply(write_curl(_matching(state, world, query), world))


def clear_journal(state: ControlState, world: str) -> Reply:
    """Delete the exchanges of a world."""
    state.world(world).journal.clear()
    return Reply(status=204)


def verify_calls(state: ControlState, world: str, body: Json) -> Reply:
    """Return whether the journal fits the expectations, and a finding for each, without credentials."""
    calls = _calls(state, world, reveals=True)
    verdict = verify(body["expect"], calls, in_order=body.get("in_order", False))
    _redact(state, verdict)
    return Reply(verdict)


def _redact(state: ControlState, verdict: Json) -> None:
    """Replace the credentials in the differences that a verdict lists."""
    for call in (call for finding in verdict["findings"] for call in finding["nearest"]):
        secrets = state.secrets(call["vendor"], call["operation"])
        call["differs"] = [secrets.difference(each) for each in call["differs"]]


def _matching(state: ControlState, world: str, query: Json) -> list[RedactedExchange]:
    """Return the exchanges that match all query parameters.

    Credentials are redacted before the search, unless they are revealed: they cannot be found by guessing.
    """
    calls = _calls(state, world, reveals=query["reveal"])
    pattern = {name: value for name, value in query.items() if value is not None}
    pattern |= {name: _parse(name, pattern[name]) for name in JSON_PARAMETERS if name in pattern}
    matching = [call for call in within_window(pattern, calls) if not differences(pattern, call)]
    return matching[-query["limit"] :]


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
