"""Numbers that only grow."""

from understudy.state.world import World
from understudy.vendors.contacthub.tables import COUNTERS


def last_number(world: World, name: str) -> int:
    """Return the last number given out under a name; 0 before the first."""
    row = world.collection(COUNTERS).get(name)
    return 0 if row is None else int(row["value"])


def next_number(world: World, name: str) -> int:
    """Return the next number under a name: 1, 2, 3 …"""
    number = last_number(world, name) + 1
    world.collection(COUNTERS).put({"id": name, "value": number})
    return number
