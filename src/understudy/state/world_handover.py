"""Worlds carried from a server into the one that replaces it, whose vendors and tables may be other ones."""

from dataclasses import replace

from understudy.core.clock import Clock
from understudy.state.snapshot import Snapshot
from understudy.state.world import World
from understudy.state.worlds import Worlds


def migrate_worlds(old: Worlds, new: Worlds) -> None:
    """Let every world, and every kept moment, of ``old`` go on in ``new`` as it is.

    A world that began as a scenario does is reset to what the scenario is now.
    """
    for name in old.names():
        began = old.base_snapshot(name)
        key = old.scenario_of(began)
        then = (
            _migrate_snapshot(began, new)
            if key is None
            else _begin_anew(began, old.initial_snapshot(*key), new.initial_snapshot(*key))
        )
        new.import_world(_migrate_world(old.get_or_create(name), new.start_world), then)
    for snapshot in old.snapshot_names():
        kept = old.get_snapshot(snapshot)
        if kept is not None:
            new.import_snapshot(snapshot, _migrate_snapshot(kept, new))


def _begin_anew(began: Snapshot, old: Snapshot, new: Snapshot) -> Snapshot:
    """Return the beginning as it is now, at the time that the world was given if it was given one."""
    return new if began.reading == old.reading else Snapshot(new.world, began.reading)


def _migrate_snapshot(moment: Snapshot, new: Worlds) -> Snapshot:
    return Snapshot(_migrate_world(moment.world, new.start_world, Clock(*moment.reading)), moment.reading)


def _migrate_world(scene: World, start: World, clock: Clock | None = None) -> World:
    """Return a scene as it is, with the vendors of another start; those that are new begin as they do there."""
    clock = clock or scene.clock
    vendors = {
        vendor: scene.vendors[vendor].migrated_to(world, clock)
        if vendor in scene.vendors
        else world.fork(scene.name, clock)
        for vendor, world in start.vendors.items()
    }
    credentials = {vendor: scene.credentials.get(vendor, start.credentials[vendor]) for vendor in vendors}
    return replace(scene, clock=clock, vendors=vendors, credentials=credentials)
