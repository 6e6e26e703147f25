"""Worlds, as the control API shows them."""

from understudy.control.connection_info import prefix_of
from understudy.control.times import show_clock
from understudy.state.collection import Json
from understudy.state.world import Scene


def show_world(scene: Scene) -> Json:
    """Return what a world holds, what it was made from, and its time."""
    scene.faults.expire(scene.clock.timestamp())
    return {
        "name": scene.name,
        "prefix": prefix_of(scene.name),
        "origin": dict(scene.origin),
        "records": scene.records,
        "exchanges": len(scene.journal),
        "faults": len(scene.faults),
        "clock": show_clock(scene.clock),
    }
