"""Clock of a world."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from understudy.control.control_state import ControlState
from understudy.control.times import changed_reading, check_time, clock_to_json, out_of_range
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.world import World


def get_clock(state: ControlState, world: str) -> Reply:
    """Return the time of a world, and how its clock runs."""
    return Reply(clock_to_json(state.world(world).clock))


def set_clock(state: ControlState, world: str, body: Json) -> Reply:
    """Set the time or the rate of a world's clock; rate 0 freezes it."""
    target = state.world(world)
    now, rate = changed_reading(target.clock.reading(), body)
    return _change_clock(
        state, target, target.clock.follow if now is None else partial(target.clock.set, now, rate=rate)
    )


def move_clock(state: ControlState, world: str, body: Json) -> Reply:
    """Move a world's clock by a time span; a negative one moves it back."""
    target = state.world(world)
    try:
        at = target.clock.now() + timedelta(**body)
    except OverflowError:
        raise out_of_range() from None
    return _change_clock(state, target, partial(target.clock.set, check_time(at)))


def follow_clock(state: ControlState, world: str) -> Reply:
    """Make a world's clock follow the machine's clock again."""
    target = state.world(world)
    return _change_clock(state, target, target.clock.follow)


def _change_clock(state: ControlState, target: World, change: Callable[[], None]) -> Reply:
    """Change a clock and return it. The vendors note a set-back, so that what was due before it is not lost."""
    left = target.clock.now()
    change()
    state.note_set_back(target, left)
    state.worlds.signal.note(target.name)
    return Reply(clock_to_json(target.clock))
