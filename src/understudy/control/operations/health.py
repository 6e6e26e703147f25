"""Health check of the server."""

from understudy.control.control_state import ControlState
from understudy.core.reply import Reply


def health(state: ControlState) -> Reply:
    """Return that the server is ready, its version and its vendors."""
    return Reply({"status": "ready", "version": state.version, "vendors": list(state.vendors)})
