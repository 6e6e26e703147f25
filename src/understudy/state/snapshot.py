"""moment_snapshot."""

from dataclasses import dataclass

from understudy.core.clock import Clock, Reading
from understudy.state.world import Scene


@dataclass(frozen=True, slots=True)
class Moment:
    """A scene as it was at one moment: nobody plays in it, and the time of what is made of it starts there again."""

    scene: Scene
    reading: Reading

    def play(self, name: str) -> Scene:
        """Return a scene of this name that goes on from the moment."""
        return self.scene.fork(name, Clock(*self.reading))


def catch(scene: Scene) -> Moment:
    """Return a scene's present moment; nothing is copied before the scene changes."""
    reading = scene.clock.reading()
    return Moment(scene.fork(scene.name, Clock(*reading)), reading)
