"""moment_snapshot."""

from dataclasses import dataclass

from understudy.core.clock import Clock, ClockReading
from understudy.state.world import World


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A scene as it was at one moment: nobody plays in it, and the time of what is made of it starts there again."""

    world: World
    reading: ClockReading

    def instantiate(self, name: str) -> World:
        """Return a scene of this name that goes on from the moment."""
        return self.world.fork(name, Clock(*self.reading))


def snapshot_of(world: World) -> Snapshot:
    """Return a scene's present moment; nothing is copied before the scene changes."""
    reading = world.clock.reading()
    return Snapshot(world.fork(world.name, Clock(*reading)), reading)
