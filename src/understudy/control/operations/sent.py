"""What the vendors of a world would have sent out by themselves."""

from understudy.control.control_state import ControlState
from understudy.core.reply import Reply


def list_sent(backstage: ControlState, world: str, vendor: str | None, limit: int) -> Reply:
    """Return what would have been sent up to the world's time, oldest first."""
    found = [sent for sent in backstage.sent(backstage.world(world)) if vendor in (None, sent["vendor"])]
    return Reply(found[-limit:])
