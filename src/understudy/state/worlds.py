"""Every world of the process by name, each made on first use from the start, and the moments that are kept."""

from collections.abc import Callable, Sequence
from itertools import count

from understudy.core.world_names import MAIN
from understudy.state.snapshot import Snapshot, snapshot_of
from understudy.state.world import World

START = "start"
MAX_INITIAL_SNAPSHOTS = 8
"""Of how many scenarios and seeds the beginnings are remembered: a large one is large."""

BuildWorld = Callable[[str, int | None], World]


class Worlds:
    """Worlds by name; a new one begins as the start does unless something else is asked for."""

    def __init__(self, build: BuildWorld, scenarios: Sequence[str] = (START,)) -> None:
        """Take the function that builds a scenario's beginning, with another seed if one is given.

        It runs once for each pair, when first needed. The first of ``scenarios`` is the start.
        """
        self.scenarios = tuple(scenarios)
        self._build = build
        self._initial_snapshots: dict[tuple[str, int | None], Snapshot] = {}
        self._worlds: dict[str, World] = {}
        self._base_snapshots: dict[str, Snapshot] = {}
        self._kept_snapshots: dict[str, Snapshot] = {}

    def get_or_create(self, name: str = MAIN) -> World:
        """Return a world, made now from the start if it is new."""
        found = self._worlds.get(name)
        return self.create(name, self.initial_snapshot()) if found is None else found

    def get(self, name: str) -> World | None:
        """Return a world that is in use."""
        return self._worlds.get(name)

    def names(self) -> list[str]:
        """Return the names of the worlds in use, oldest first."""
        return list(self._worlds)

    def free_name(self) -> str:
        """Return a name that no world has."""
        return next(name for number in count(1) if (name := f"world-{number}") not in self._worlds)

    @property
    def start_world(self) -> World:
        """What every new world begins as."""
        return self.initial_snapshot().world

    def initial_snapshot(self, scenario: str = "", seed: int | None = None) -> Snapshot:
        """Return what a scenario begins as; the start, unless it names another."""
        key = (scenario or self.scenarios[0], seed)
        found = self._initial_snapshots.get(key)
        if found is None:
            scene = self._build(*key)
            scene.origin = {"scenario": key[0]}
            found = self._initial_snapshots[key] = Snapshot(scene, scene.clock.reading())
            for old in list(self._initial_snapshots)[1:-MAX_INITIAL_SNAPSHOTS]:  # the start is never built again
                del self._initial_snapshots[old]
        return found

    def create(self, name: str, moment: Snapshot) -> World:
        """Make a world that begins as a moment, and goes back to it when it is reset."""
        self._base_snapshots[name] = moment
        found = self._worlds[name] = moment.instantiate(name)
        return found

    def fork(self, name: str, twin: str) -> World:
        """Make a world that begins as another is now."""
        made = self.create(twin, snapshot_of(self._worlds[name]))
        made.origin = self._base_snapshots[twin].world.origin = {"world": name}
        return made

    def reset(self, name: str) -> World:
        """Put a world back to how it began: without faults, but with its journal."""
        return self.restore(name, self._base_snapshots[name])

    def restore(self, name: str, moment: Snapshot) -> World:
        """Let a world go on from a moment: without faults, but with its journal. It still began as it did."""
        old = self._worlds[name]
        found = self._worlds[name] = moment.instantiate(name)
        found.journal, found.origin = old.journal, old.origin
        return found

    def base_snapshot(self, name: str) -> Snapshot:
        """Return what a world began as."""
        return self._base_snapshots[name]

    def delete(self, name: str) -> None:
        """Forget a world."""
        del self._worlds[name], self._base_snapshots[name]

    def keep_snapshot(self, snapshot: str, name: str) -> Snapshot:
        """Keep a world's present moment under a name, in place of an older one of that name."""
        moment = self._kept_snapshots[snapshot] = snapshot_of(self._worlds[name])
        moment.world.origin = {"world": name}
        return moment

    def get_snapshot(self, snapshot: str) -> Snapshot | None:
        """Return the moment that is kept under a name."""
        return self._kept_snapshots.get(snapshot)

    def snapshot_names(self) -> list[str]:
        """Return the names of the moments that are kept, oldest first."""
        return list(self._kept_snapshots)

    def import_world(self, scene: World, began: Snapshot) -> None:
        """Take a world from elsewhere, with what it began as."""
        self._worlds[scene.name], self._base_snapshots[scene.name] = scene, began

    def import_snapshot(self, snapshot: str, moment: Snapshot) -> None:
        """Keep a moment from elsewhere under a name."""
        self._kept_snapshots[snapshot] = moment

    def scenario_of(self, moment: Snapshot) -> tuple[str, int | None] | None:
        """Return the scenario and the seed that a moment is the beginning of; nothing for any other moment."""
        return next((key for key, found in self._initial_snapshots.items() if found.world is moment.world), None)

    def drop_snapshot(self, snapshot: str) -> None:
        """Keep a moment no longer."""
        del self._kept_snapshots[snapshot]
