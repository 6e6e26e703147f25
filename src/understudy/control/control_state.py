"""State of the control API, through which its handlers reach every world and vendor of the server."""

from collections.abc import Mapping
from datetime import datetime

from understudy.control.secrets import Secrets, secrets_of
from understudy.core.clock import Clock
from understudy.core.json_types import Json
from understudy.core.misconfigured import nearest
from understudy.core.refused import Refused
from understudy.core.steps import Steps
from understudy.deliveries.sent_messages import sent_messages
from understudy.state.snapshot import Snapshot
from understudy.state.vendor_state import VendorState
from understudy.state.world import World
from understudy.state.worlds import Worlds
from understudy.vendors.served_vendor import ServedVendor

CONTROL_VENDOR = "control"


class ControlState(VendorState):
    """State that the control API's handlers are given in place of a vendor's: all worlds, and all served vendors."""

    __slots__ = ("_secrets", "delivery_hosts", "delivery_rules", "token", "vendors", "version", "worlds")

    def __init__(self, worlds: Worlds, vendors: Mapping[str, ServedVendor], *, version: str, token: str | None) -> None:
        """Give access to worlds and to the vendors in them; ``token`` is the one that clients must send, if any.

        ``delivery_rules`` are the server's rules of deliveries, ``delivery_hosts`` the hosts that may be targets.
        """
        super().__init__(CONTROL_VENDOR, CONTROL_VENDOR, Clock(), 0, ())
        self.worlds = worlds
        self.vendors = vendors
        self.version = version
        self.token = token
        self.delivery_rules: tuple[Json, ...] = ()
        self.delivery_hosts: tuple[str, ...] = ()
        self._secrets: dict[tuple[str, str], Secrets] = {}

    def world(self, name: str, status: int = 404) -> World:
        """Return a world in use; raise ``Refused`` if there is none of that name."""
        found = self.worlds.get(name)
        if found is None:
            raise Refused(status, f"no world {name!r} is in use{nearest(name, self.worlds.names())}")
        return found

    def snapshot(self, name: str, status: int = 404) -> Snapshot:
        """Return a kept snapshot; raise ``Refused`` if there is none of that name."""
        found = self.worlds.get_snapshot(name)
        if found is None:
            raise Refused(status, f"no snapshot {name!r} is kept{nearest(name, self.worlds.snapshot_names())}")
        return found

    def vendor_state(self, world: str, vendor: str) -> VendorState:
        """Return the state of a vendor in a world; raise ``Refused`` if there is no such world or vendor."""
        states = self.world(world).vendors
        if vendor not in states:
            raise Refused(404, f"no vendor {vendor!r} is served{nearest(vendor, states)}")
        return states[vendor]

    def sent(self, world: World) -> Steps[list[Json]]:
        """Return the messages that the vendors have sent up to the world's time, oldest first."""
        return sent_messages(world, {name: each.vendor for name, each in self.vendors.items()})

    def note_set_back(self, world: World, left: datetime) -> None:
        """Have the vendors note that the world's clock was set back, if its time is before the one that it left."""
        if world.clock.now() < left:
            for name, state in world.vendors.items():
                note = self.vendors[name].vendor.set_back
                if note is not None:
                    note(state, left)

    def secrets(self, vendor: str, operation: str) -> Secrets:
        """Return the names of the credentials in an operation's exchanges, and in those of no operation."""
        key = (vendor, operation)
        if key not in self._secrets:
            served = self.vendors[vendor]
            documents = [each.document for each in self.vendors.values()]
            self._secrets[key] = secrets_of(documents, served.document, served.by_id.get(operation))
        return self._secrets[key]
