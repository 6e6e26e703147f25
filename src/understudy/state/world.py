"""World: one clock, one journal, one set of faults, and the state of each vendor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from understudy.core.clock import Clock
from understudy.state.faults import Faults
from understudy.state.journal import Journal
from understudy.state.vendor_state import VendorState


@dataclass(slots=True)
class World:
    """State of all vendors under one name and clock, with its journal and faults.

    ``credentials`` holds, by vendor, the values that a client needs for its first successful call. ``origin`` names the
    source of the initial state: ``{"scenario": name}``, ``{"world": name}``, or ``{"snapshot": name}``.
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
        """Number of records of all vendors."""
        return sum(len(rows) for state in self.vendors.values() for rows in state.collections.values())

    def fork(self, name: str, clock: Clock | None = None) -> "World":
        """Return an equal, independent world of another name, with an empty journal and without faults.

        The default clock shows the same time and runs at the same rate.
        """
        clock = clock or self.clock.copy()
        states = {vendor: state.fork(name, clock) for vendor, state in self.vendors.items()}
        return World(name, clock, states, self.credentials, self.journal.empty_copy(), origin=self.origin)
