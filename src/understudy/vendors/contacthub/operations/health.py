"""Operation that reports the health of the service."""

from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState


def get_health(state: VendorState) -> Reply:  # noqa: ARG001 - every handler is given the state
    """Return that the service is up."""
    return Reply({"status": "UP"})
