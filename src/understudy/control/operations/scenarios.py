"""Scenarios of the server."""

from understudy.control.control_state import ControlState
from understudy.core.reply import Reply


def list_scenarios(state: ControlState) -> Reply:
    """Return the names of the scenarios that a world can be made from, the start's first."""
    return Reply(list(state.worlds.scenarios))
