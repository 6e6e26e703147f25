"""Registry of the worlds of a process, and of their initial, base and kept snapshots, all by name."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import count
from time import monotonic

from understudy.core.steps import Steps, run_to_end
from understudy.core.world_names import MAIN
from understudy.state.change_signal import ChangeSignal
from understudy.state.journal import CallKey
from understudy.state.snapshot import Snapshot, snapshot_of
from understudy.state.unrouted_calls import UnroutedCalls
from understudy.state.world import World

START = "start"
MAX_INITIAL_SNAPSHOTS = 8
"""Number of initial snapshots that are cached, one for each key; a large one takes much memory."""

ScenarioKey = tuple[str, int | None, datetime | None]
"""Name of a scenario, and the seed and the start time if they are others than the scenario's own."""

MAX_WORLDS = 10_000


class TooManyWorlds(Exception):  # noqa: N818 - a fact about the server
    """Refusal of a new world, because there are as many as the server allows."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"the server has {limit} worlds, which is its limit: delete some, or start it with a higher --max-worlds"
        )


BuildWorld = Callable[[str, int | None, datetime | None], Steps[World]]
"""Function that builds the initial world of a scenario in steps, with another seed and start time if they are given."""


class Worlds:
    """Worlds by name. A world that does not exist is created from the default scenario when it is first used."""

    def __init__(
        self,
        build: BuildWorld,
        scenarios: Sequence[str] = (START,),
        *,
        limit: int = MAX_WORLDS,
        idle_seconds: float = 0.0,
    ) -> None:
        """``build`` runs once for each key, when first needed; the first scenario is the default.

        ``limit`` is the greatest number of worlds. A world that was created by its first use is dropped when it was not
        used for ``idle_seconds``, unless that is 0.
        """
        self.scenarios = tuple(scenarios)
        self._limit = limit
        self._idle_seconds = idle_seconds
        self._used: dict[str, float] = {}
        """Time of the last use of each world that may be dropped, the oldest first; empty if none is ever dropped."""
        self._build = build
        self._initial_snapshots: dict[ScenarioKey, Snapshot] = {}
        self._builds: dict[ScenarioKey, Steps[None]] = {}
        """Builds under way. Each caller that waits for one runs its next step."""
        self._worlds: dict[str, World] = {}
        self._base_snapshots: dict[str, Snapshot] = {}
        self._kept_snapshots: dict[str, Snapshot] = {}
        self.unrouted = UnroutedCalls()
        self.signal = ChangeSignal()
        """Signal of all worlds: their outboxes write to it, and so does each world that gets a new state."""

        self.dropped_counts: Counter[CallKey] = Counter()
        """Numbers of the calls in worlds that exist no more."""

    def get_or_create(self, name: str = MAIN) -> World:
        """Return a world; a new one is created from the default scenario. Raises ``TooManyWorlds``."""
        found = self._worlds.get(name) if not self._used else self.get(name)
        if found is not None:
            return found
        made = self.create(name, self.initial_snapshot())
        if self._idle_seconds and name != MAIN:
            self._used[name] = monotonic()
        return made

    def get(self, name: str) -> World | None:
        """Return a world that exists, or ``None``."""
        self._drop_idle()
        if name in self._used:
            del self._used[name]
            self._used[name] = monotonic()
        return self._worlds.get(name)

    def peek(self, name: str) -> World | None:
        """Return a world that exists, or ``None``; this is no use of it."""
        return self._worlds.get(name)

    def names(self) -> list[str]:
        """Return the names of the worlds that exist, oldest first."""
        self._drop_idle()
        return list(self._worlds)

    def _drop_idle(self) -> None:
        """Drop the worlds that were not used for too long."""
        while self._used:
            name, used = next(iter(self._used.items()))
            if monotonic() - used < self._idle_seconds:
                return
            self.delete(name)

    def call_counts(self) -> Steps[Counter[CallKey]]:
        """Return the numbers of the calls in all worlds, those that exist no more included; a step for each world."""
        found: dict[tuple[str, str, int, str], int] = {key: calls for key, calls in self.dropped_counts.items()}  # noqa: C416 - its keys are of another type
        for world in list(self._worlds.values()):
            world.journal.add_counts(found)
            yield
        return Counter({CallKey(*key): calls for key, calls in found.items()})

    def free_name(self) -> str:
        """Return a name that no world has."""
        return next(name for number in count(1) if (name := f"world-{number}") not in self._worlds)

    @property
    def start_world(self) -> World:
        """World of the default scenario's initial snapshot."""
        return self.initial_snapshot().world

    def initial_snapshot(self, scenario: str = "", seed: int | None = None, start: datetime | None = None) -> Snapshot:
        """Return the initial snapshot of a scenario, of the default scenario unless one is named."""
        return run_to_end(self.build_initial_snapshot(scenario, seed, start))

    def build_initial_snapshot(
        self, scenario: str = "", seed: int | None = None, start: datetime | None = None
    ) -> Steps[Snapshot]:
        """Return the same in steps; the world is built once, for any number of callers at a time."""
        key = (scenario or self.scenarios[0], seed, start)
        while key not in self._initial_snapshots:
            next(self._builds.setdefault(key, self._build_initial_snapshot(key)), None)
            yield
        found = self._initial_snapshots[key]
        for old in list(self._initial_snapshots)[1:-MAX_INITIAL_SNAPSHOTS]:  # the default is never built again
            dropped = self._initial_snapshots.pop(old, None)
            if dropped is not None:
                world = dropped.world
                del dropped
                yield from world.dismantle()
        return found

    def _build_initial_snapshot(self, key: ScenarioKey) -> Steps[None]:
        try:
            world = yield from self._build(*key)
            yield from world.sort()
        finally:
            del self._builds[key]
        world.origin = {"scenario": key[0]}
        for state in world.vendors.values():
            state.outbox.clear()  # what start data would send was received long ago
            state.signal = self.signal
        self._initial_snapshots[key] = Snapshot(world, world.clock.reading())

    def create(self, name: str, base: Snapshot) -> World:
        """Create a world from a snapshot, to which a reset returns it. Raises ``TooManyWorlds``."""
        self._drop_idle()
        if len(self._worlds) >= self._limit:
            raise TooManyWorlds(self._limit)
        if name in self._worlds:
            self.dropped_counts.update(self._worlds[name].journal.all_counts())
        self._base_snapshots[name] = base
        found = self._worlds[name] = base.instantiate(name)
        self.signal.note(name)
        return found

    def fork(self, name: str, new_name: str) -> World:
        """Create a world from the present state of another."""
        created = self.create(new_name, snapshot_of(self._worlds[name]))
        created.origin = self._base_snapshots[new_name].world.origin = {"world": name}
        return created

    def reset(self, name: str) -> World:
        """Restore a world's base snapshot: its faults are removed, its journal stays."""
        return self.restore(name, self._base_snapshots[name])

    def restore(self, name: str, snapshot: Snapshot) -> World:
        """Replace a world's state by a snapshot: its faults are removed, its journal and base snapshot stay."""
        old = self._worlds[name]
        found = self._worlds[name] = snapshot.instantiate(name)
        found.journal, found.origin, found.faults = old.journal, old.origin, old.faults.successor()
        self.signal.note(name)
        return found

    def base_snapshot(self, name: str) -> Snapshot:
        """Return the snapshot to which a reset returns a world."""
        return self._base_snapshots[name]

    def delete(self, name: str) -> None:
        """Delete a world; its calls stay counted."""
        self._used.pop(name, None)
        self.dropped_counts.update(self._worlds[name].journal.all_counts())
        del self._worlds[name], self._base_snapshots[name]
        self.signal.note(name)

    def keep_snapshot(self, snapshot: str, world: str) -> Snapshot:
        """Keep a snapshot of a world under a name, in place of an older snapshot of that name."""
        kept = self._kept_snapshots[snapshot] = snapshot_of(self._worlds[world])
        kept.world.origin = {"world": world}
        return kept

    def get_snapshot(self, snapshot: str) -> Snapshot | None:
        """Return the kept snapshot of a name, or ``None``."""
        return self._kept_snapshots.get(snapshot)

    def snapshot_names(self) -> list[str]:
        """Return the names of the kept snapshots, oldest first."""
        return list(self._kept_snapshots)

    def import_world(self, world: World, base: Snapshot) -> None:
        """Add a world of another registry, with its base snapshot."""
        self._worlds[world.name], self._base_snapshots[world.name] = world, base
        self.signal.note(world.name)

    def import_snapshot(self, name: str, snapshot: Snapshot) -> None:
        """Keep a snapshot of another registry under a name."""
        self._kept_snapshots[name] = snapshot

    def scenario_of(self, snapshot: Snapshot) -> ScenarioKey | None:
        """Return the scenario, seed and start time whose initial snapshot this is; ``None`` for any other snapshot."""
        return next((key for key, found in self._initial_snapshots.items() if found.world is snapshot.world), None)

    def drop_snapshot(self, snapshot: str) -> None:
        """Delete a kept snapshot."""
        del self._kept_snapshots[snapshot]
