"""The process that answers."""

from understudy.control.control_state import ControlState
from understudy.core.reply import Reply


def health(backstage: ControlState) -> Reply:
    """Tell that everything is ready."""
    return Reply({"status": "ready", "version": backstage.version, "vendors": list(backstage.vendors)})


def list_scenarios(backstage: ControlState) -> Reply:
    """Return the scenarios that a world can be made from, the start first."""
    return Reply(list(backstage.worlds.scenarios))
