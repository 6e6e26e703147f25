"""Messages that the vendors of a world would have sent by themselves."""

from understudy.control.control_state import ControlState
from understudy.control.pattern_checks import check_query
from understudy.core.reply import Reply


def list_sent(state: ControlState, world: str, vendor: str | None, limit: int) -> Reply:
    """Return the messages up to the world's time, oldest first."""
    check_query(state.vendors, {"vendor": vendor})
    found = [sent for sent in state.sent(state.world(world)) if vendor in (None, sent["vendor"])]
    return Reply(found[-limit:])
