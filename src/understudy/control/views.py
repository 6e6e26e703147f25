"""Worlds in the control API's JSON."""

from understudy.control.connection_info import world_prefix
from understudy.control.times import clock_to_json
from understudy.state.collection import Json
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
        "faults": len(world.faults),
        "clock": clock_to_json(world.clock),
    }
