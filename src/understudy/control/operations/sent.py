"""Messages that the vendors of a world would have sent by themselves."""

from understudy.control.control_state import ControlState
from understudy.control.pattern_checks import check_query
from understudy.core.reply import Reply
from understudy.core.steps import Steps


def list_sent(state: ControlState, world: str, vendor: str | None, limit: int) -> Steps[Reply]:
    """Return the messages up to the world's time, oldest first."""
    check_query(state.vendors, {"vendor": vendor})
    every = yield from state.sent(state.world(world))
    found = [sent for sent in every if vendor in (None, sent["vendor"])]
    return Reply(items=found[-limit:])
