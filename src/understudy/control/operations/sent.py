"""Messages that the vendors of a world would have sent by themselves."""

from understudy.control.control_state import ControlState
from understudy.core.reply import Reply
from understudy.core.steps import Steps


def list_sent(state: ControlState, world: str, vendor: str | None, limit: int) -> Steps[Reply]:
    """Return the messages up to the world's time, oldest first."""
    every = yield from state.sent(state.world(world))
    found = [sent for sent in every if vendor in (None, sent["vendor"])]
    return Reply(items=found[-limit:])
