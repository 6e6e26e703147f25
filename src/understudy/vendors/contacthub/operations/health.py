"""Operation that reports the health of the service."""

from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState


def get_health(state: VendorState) -> Reply:  # noqa: ARG001 - every operation is handed its world
    """Answer that the service runs."""
    return Reply({"status": "UP"})
