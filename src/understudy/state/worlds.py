"""Every world of the process by name, each made on first use from the start."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from understudy.core.clock import Clock
from understudy.state.journal import Journal
from understudy.state.world import World

MAIN = "main"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(slots=True)
class Scene:
    """A world as a whole: one clock and one journal, and each vendor's part.

    ``known`` holds, by vendor, what a client needs for its first successful call.
    """

    name: str
    clock: Clock
    worlds: Mapping[str, World]
    known: Mapping[str, Mapping[str, Any]]
    journal: Journal = field(default_factory=Journal)

    def fork(self, name: str) -> "Scene":
        """Return an equal scene under another name, with an empty journal, that goes its own way."""
        clock = self.clock.copy()
        worlds = {vendor: world.fork(name, clock) for vendor, world in self.worlds.items()}
        return Scene(name, clock, worlds, self.known)

    def carry_on(self, start: "Scene") -> "Scene":
        """Return this scene as it is, with the vendors of another start; those that are new begin as they do there."""
        worlds = {
            vendor: self.worlds[vendor].carry_on(world, self.clock)
            if vendor in self.worlds
            else world.fork(self.name, self.clock)
            for vendor, world in start.worlds.items()
        }
        known = {vendor: self.known.get(vendor, start.known[vendor]) for vendor in worlds}
        return replace(self, worlds=worlds, known=known)


class Worlds:
    """Worlds by name; a new one is a fork of the start."""

    def __init__(self, build: Callable[[], Scene]) -> None:
        """Take the function that builds the start; it runs once, when the first world is opened."""
        self._build = build
        self._start: Scene | None = None
        self._scenes: dict[str, Scene] = {}

    def open(self, name: str = MAIN) -> Scene:
        """Return a world, made now if it is new."""
        found = self._scenes.get(name)
        if found is None:
            found = self._scenes[name] = self.start.fork(name)
        return found

    @property
    def start(self) -> Scene:
        """What every new world begins as."""
        if self._start is None:
            self._start = self._build()
        return self._start

    def names(self) -> list[str]:
        """Return the names of the worlds in use."""
        return list(self._scenes)

    def carry_on(self, other: "Worlds") -> None:
        """Take the worlds of a server that this one replaces, as they are now."""
        self._scenes = {name: other.open(name).carry_on(self.start) for name in other.names()}
