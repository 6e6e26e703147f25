"""Worlds in the control API's JSON."""

from understudy.control.times import clock_to_json
from understudy.core.json_types import Json
from understudy.core.world_names import world_prefix
from understudy.state.world import World


def world_to_json(world: World) -> Json:
    """Return a world's summary: numbers of records, exchanges and faults, its origin and its clock."""
    world.faults.expire(world.clock.timestamp())
    return {
        "name": world.name,
        "prefix": world_prefix(world.name),
        "origin": dict(world.origin),
        "records": world.record_count,
        "exchanges": len(world.journal),
        "dropped": world.journal.dropped().total,
        "faults": len(world.faults),
        "clock": clock_to_json(world.clock),
    }
