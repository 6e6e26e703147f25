"""Worlds, as the control API shows them."""

from understudy.control.times import clock_to_json
from understudy.core.json_types import Json
from understudy.core.world_names import world_prefix
from understudy.state.world import World


def world_to_json(scene: World) -> Json:
    """Return what a world holds, what it was made from, and its time."""
    scene.faults.expire(scene.clock.timestamp())
    return {
        "name": scene.name,
        "prefix": world_prefix(scene.name),
        "origin": dict(scene.origin),
        "records": scene.record_count,
        "exchanges": len(scene.journal),
        "faults": len(scene.faults),
        "clock": clock_to_json(scene.clock),
    }
