"""Every world of the process, each made on first use from the start scenario."""

import re
from collections.abc import Callable, Mapping

from understudy.core.clock import Clock
from understudy.state.world import World

MAIN = "main"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

Vendors = Mapping[str, World]


class Worlds:
    """Worlds by name. A world is its vendors' parts on one clock; a new one is a fork of the start."""

    def __init__(self, build: Callable[[], tuple[Clock, Vendors]]) -> None:
        """Take the function that builds the start; it runs once, when the first world is opened."""
        self._build = build
        self._start: tuple[Clock, Vendors] | None = None
        self._worlds: dict[str, Vendors] = {}

    def open(self, name: str) -> Vendors:
        """Return the world's parts by vendor, made now if it is new."""
        found = self._worlds.get(name)
        if found is None:
            found = self._worlds[name] = self._fork(name)
        return found

    def names(self) -> list[str]:
        """Return the names of the worlds in use."""
        return list(self._worlds)

    def _fork(self, name: str) -> Vendors:
        if self._start is None:
            self._start = self._build()
        clock, vendors = self._start
        own = clock.copy()
        return {vendor: world.fork(name, own) for vendor, world in vendors.items()}
