"""The time of a world."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from understudy.control.control_state import ControlState
from understudy.control.times import changed_reading, check_time, clock_to_json, out_of_range
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.world import World


def get_clock(backstage: ControlState, world: str) -> Reply:
    """Return a world's time."""
    return Reply(clock_to_json(backstage.world(world).clock))


def set_clock(backstage: ControlState, world: str, body: Json) -> Reply:
    """Set, freeze or speed up a world's time."""
    scene = backstage.world(world)
    now, rate = changed_reading(scene.clock.reading(), body)
    return _turn(backstage, scene, scene.clock.follow if now is None else partial(scene.clock.set, now, rate=rate))


def move_clock(backstage: ControlState, world: str, body: Json) -> Reply:
    """Move a world's time by a span."""
    scene = backstage.world(world)
    try:
        at = scene.clock.now() + timedelta(**body)
    except OverflowError:
        raise out_of_range() from None
    return _turn(backstage, scene, partial(scene.clock.set, check_time(at)))


def follow_clock(backstage: ControlState, world: str) -> Reply:
    """Let a world's time be the real time again."""
    scene = backstage.world(world)
    return _turn(backstage, scene, scene.clock.follow)


def _turn(backstage: ControlState, scene: World, change: Callable[[], None]) -> Reply:
    """Change a clock; the vendors do what is due before and after, so that nothing of it is passed over."""
    backstage.sent(scene)
    change()
    backstage.sent(scene)
    return Reply(clock_to_json(scene.clock))
