"""A world as a whole: one clock, one journal, its faults, and each vendor's part."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from understudy.core.clock import Clock
from understudy.state.faults import Faults
from understudy.state.journal import Journal
from understudy.state.vendor_state import VendorState


@dataclass(slots=True)
class World:
    """A world as a whole. ``known`` holds, by vendor, what a client needs for its first successful call.

    ``origin`` says what it began as: the ``scenario``, ``world`` or ``snapshot`` of some name.
    """

    name: str
    clock: Clock
    vendors: Mapping[str, VendorState]
    credentials: Mapping[str, Mapping[str, Any]]
    journal: Journal = field(default_factory=Journal)
    faults: Faults = field(default_factory=Faults)
    origin: Mapping[str, str] = field(default_factory=dict)

    @property
    def record_count(self) -> int:
        """How many records its vendors keep."""
        return sum(len(rows) for world in self.vendors.values() for rows in world.collections.values())

    def fork(self, name: str, clock: Clock | None = None) -> "World":
        """Return an equal scene under another name that goes its own way, with an empty journal and without faults.

        Its clock shows the same time and goes on at the same rate, unless it is given one.
        """
        clock = clock or self.clock.copy()
        worlds = {vendor: world.fork(name, clock) for vendor, world in self.vendors.items()}
        return World(name, clock, worlds, self.credentials, self.journal.empty_copy(), origin=self.origin)
