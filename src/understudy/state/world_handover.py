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
        began = old.began(name)
        key = old.key_of(began)
        then = (
            _carry_moment(began, new) if key is None else _begin_anew(began, old.beginning(*key), new.beginning(*key))
        )
        new.adopt(_carry_scene(old.open(name), new.start), then)
    for snapshot in old.snapshots():
        kept = old.kept(snapshot)
        if kept is not None:
            new.hold(snapshot, _carry_moment(kept, new))


def _begin_anew(began: Snapshot, old: Snapshot, new: Snapshot) -> Snapshot:
    """Return the beginning as it is now, at the time that the world was given if it was given one."""
    return new if began.reading == old.reading else Snapshot(new.scene, began.reading)


def _carry_moment(moment: Snapshot, new: Worlds) -> Snapshot:
    return Snapshot(_carry_scene(moment.scene, new.start, Clock(*moment.reading)), moment.reading)


def _carry_scene(scene: World, start: World, clock: Clock | None = None) -> World:
    """Return a scene as it is, with the vendors of another start; those that are new begin as they do there."""
    clock = clock or scene.clock
    worlds = {
        vendor: scene.worlds[vendor].carry_on(world, clock) if vendor in scene.worlds else world.fork(scene.name, clock)
        for vendor, world in start.worlds.items()
    }
    known = {vendor: scene.known.get(vendor, start.known[vendor]) for vendor in worlds}
    return replace(scene, clock=clock, worlds=worlds, known=known)
