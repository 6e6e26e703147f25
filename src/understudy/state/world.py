"""World: one clock, one journal, one set of faults, and the state of each vendor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from sys import getrefcount
from typing import Any

from understudy.core.clock import Clock
from understudy.core.json_types import Json
from understudy.core.steps import Steps
from understudy.state.faults import Faults
from understudy.state.journal import Journal
from understudy.state.vendor_state import VendorState

OWN_REFERENCES = 3
"""References to a world that nobody uses: of ``dismantle``, its caller, and the function that counts them."""


@dataclass(slots=True)
class World:
    """State of all vendors under one name and clock, with its journal and faults.

    ``credentials`` holds, by vendor, the values that a client needs for its first successful call. ``origin`` names the
    source of the initial state: ``{"scenario": name}``, ``{"world": name}``, or ``{"snapshot": name}``. ``deliveries``
    are the rules by which its vendors' messages are delivered.
    """

    name: str
    clock: Clock
    vendors: Mapping[str, VendorState]
    credentials: Mapping[str, Mapping[str, Any]]
    journal: Journal = field(default_factory=Journal)
    faults: Faults = field(default_factory=Faults)
    origin: Mapping[str, str] = field(default_factory=dict)
    deliveries: tuple[Json, ...] = ()

    @property
    def record_count(self) -> int:
        """Number of records of all vendors."""
        return sum(len(rows) for state in self.vendors.values() for rows in state.collections.values())

    def sort(self) -> Steps[None]:
        """Sort the indexes of all collections in steps; nothing may write to the world meanwhile."""
        for state in self.vendors.values():
            for rows in state.collections.values():
                yield from rows.sort()

    def dismantle(self) -> Steps[None]:
        """Remove the records in steps, unless a request still runs in the world; records that others share stay."""
        if getrefcount(self) <= OWN_REFERENCES:
            for state in self.vendors.values():
                for rows in state.collections.values():
                    yield from rows.dismantle()

    def fork(self, name: str, clock: Clock | None = None) -> "World":
        """Return an equal, independent world of another name, with an empty journal and without faults.

        The default clock shows the same time and runs at the same rate.
        """
        clock = clock or self.clock.copy()
        states = {vendor: state.fork(name, clock) for vendor, state in self.vendors.items()}
        journal = self.journal.empty_copy()
        return World(name, clock, states, self.credentials, journal, origin=self.origin, deliveries=self.deliveries)
