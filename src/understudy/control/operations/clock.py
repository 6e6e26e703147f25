"""The time of a world."""

from datetime import timedelta

from understudy.control.backstage import Backstage
from understudy.control.times import change_reading, check_time, show_clock
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.collection import Json


def get_clock(backstage: Backstage, world: str) -> Reply:
    """Return a world's time."""
    return Reply(show_clock(backstage.scene(world).clock))


def set_clock(backstage: Backstage, world: str, body: Json) -> Reply:
    """Set, freeze or speed up a world's time."""
    clock = backstage.scene(world).clock
    now, rate = change_reading(clock.reading(), body)
    if now is None:
        clock.follow()
    else:
        clock.set(now, rate=rate)
    return Reply(show_clock(clock))


def move_clock(backstage: Backstage, world: str, body: Json) -> Reply:
    """Move a world's time by a span."""
    clock = backstage.scene(world).clock
    try:
        at = clock.now() + timedelta(**body)
    except OverflowError:
        raise Refused(422, "a world's time is between 1970 and 2999") from None
    clock.set(check_time(at))
    return Reply(show_clock(clock))


def follow_clock(backstage: Backstage, world: str) -> Reply:
    """Let a world's time be the real time again."""
    clock = backstage.scene(world).clock
    clock.follow()
    return Reply(show_clock(clock))
