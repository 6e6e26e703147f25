"""The last exchanges of a world, and what is expected of them."""

from typing import Any

import orjson

from understudy.control.call_patterns import differences, within_window
from understudy.control.control_state import ControlState
from understudy.control.exchanges import RedactedExchange
from understudy.control.journal_exports import write_curl, write_har
from understudy.control.secrets import NOTHING_SECRET
from understudy.control.verification import verify
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply

BODIES = ("request", "response")
"""The query parameters that are JSON texts."""


def query_journal(backstage: ControlState, world: str, **asked: Any) -> Reply:
    """Return the exchanges that fit, oldest first."""
    return Reply([kept.to_json() for kept in _narrow(backstage, world, asked)])


def export_har(backstage: ControlState, world: str, **asked: Any) -> Reply:
    """Return the exchanges that fit as an HTTP archive."""
    return Reply(write_har(_narrow(backstage, world, asked), backstage.version))


def export_curl(backstage: ControlState, world: str, **asked: Any) -> Reply:
    """Return the requests that fit as commands."""
    return Reply(write_curl(_narrow(backstage, world, asked), world))


def clear_journal(backstage: ControlState, world: str) -> Reply:
    """Forget the exchanges of a world."""
    backstage.world(world).journal.clear()
    return Reply(status=204)


def verify_calls(backstage: ControlState, world: str, body: Json) -> Reply:
    """Hold the journal against what is expected of it."""
    calls = _calls(backstage, world, reveals=True)
    return Reply(verify(body["expect"], calls, in_order=body.get("in_order", False)))


def _narrow(backstage: ControlState, world: str, asked: Json) -> list[RedactedExchange]:
    """Return the exchanges that fit all that is asked; what may be shown decides what can be searched."""
    calls = _calls(backstage, world, reveals=asked["reveal"])
    pattern = {name: value for name, value in asked.items() if value is not None}
    pattern |= {name: _read(name, pattern[name]) for name in BODIES if name in pattern}
    fitting = [kept for kept in within_window(pattern, calls) if not differences(pattern, kept)]
    return fitting[-asked["limit"] :]


def _calls(backstage: ControlState, world: str, *, reveals: bool) -> list[RedactedExchange]:
    return [
        RedactedExchange(number, each, NOTHING_SECRET if reveals else backstage.secrets(each.vendor, each.operation))
        for number, each in backstage.world(world).journal.numbered()
    ]


def _read(name: str, text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Refused(400, f"{name} is no JSON text: {error}") from None
