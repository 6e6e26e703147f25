"""Migration of worlds into the application that replaces another, whose vendors and tables may have changed."""

from dataclasses import replace

from understudy.core.clock import Clock
from understudy.state.snapshot import Snapshot
from understudy.state.world import World
from understudy.state.worlds import Worlds


def migrate_worlds(old: Worlds, new: Worlds) -> None:
    """Copy every world and every kept snapshot of ``old`` into ``new``.

    The numbers of the calls in worlds that exist no more go with them. A world whose base snapshot is the initial
    snapshot of a scenario gets the scenario's new one as its base.
    """
    new.dropped_counts.update(old.dropped_counts)
    for name in old.names():
        base = old.base_snapshot(name)
        key = old.scenario_of(base)
        new_base = (
            _migrate_snapshot(base, new)
            if key is None
            else _replace_base(base, old.initial_snapshot(*key), new.initial_snapshot(*key))
        )
        new.import_world(_migrate_world(old.get_or_create(name), new.start_world), new_base)
    new.unrouted.take_over(old.unrouted)
    for name in old.snapshot_names():
        kept = old.get_snapshot(name)
        if kept is not None:
            new.import_snapshot(name, _migrate_snapshot(kept, new))


def _replace_base(base: Snapshot, old_initial: Snapshot, new_initial: Snapshot) -> Snapshot:
    """Return a scenario's new initial snapshot, with the start time that the world was given, if it was given one."""
    return new_initial if base.reading == old_initial.reading else Snapshot(new_initial.world, base.reading)


def _migrate_snapshot(snapshot: Snapshot, new: Worlds) -> Snapshot:
    return Snapshot(_migrate_world(snapshot.world, new.start_world, Clock(*snapshot.reading)), snapshot.reading)


def _migrate_world(world: World, start: World, clock: Clock | None = None) -> World:
    """Return a copy of a world with the vendors of ``start``; a vendor that is new has its state in ``start``."""
    clock = clock or world.clock
    vendors = {
        vendor: world.vendors[vendor].migrated_to(state, clock)
        if vendor in world.vendors
        else state.fork(world.name, clock)
        for vendor, state in start.vendors.items()
    }
    credentials = {vendor: world.credentials.get(vendor, start.credentials[vendor]) for vendor in vendors}
    return replace(world, clock=clock, vendors=vendors, credentials=credentials)
