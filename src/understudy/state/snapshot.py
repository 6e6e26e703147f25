"""Snapshot of a world: its records, clock and random number generators at one time."""

from dataclasses import dataclass

from understudy.core.clock import Clock, ClockReading
from understudy.state.world import World


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Immutable world with its clock reading; the clock of each world made from it starts at that reading."""

    world: World
    reading: ClockReading

    def instantiate(self, name: str) -> World:
        """Return a new world of this name that is equal to the snapshot."""
        return self.world.fork(name, Clock(*self.reading))


def snapshot_of(world: World) -> Snapshot:
    """Return a snapshot of a world. Nothing is copied until the world is written to."""
    reading = world.clock.reading()
    return Snapshot(world.fork(world.name, Clock(*reading)), reading)
