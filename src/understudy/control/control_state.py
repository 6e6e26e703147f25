"""What the operations of the control API play in: all the worlds of one server."""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.control.secrets import Secrets, secrets_of
from understudy.core.clock import Clock
from understudy.core.json_types import Json
from understudy.core.misconfigured import nearest
from understudy.core.refused import Refused
from understudy.core.vendor import Vendor
from understudy.state.snapshot import Snapshot
from understudy.state.vendor_state import VendorState
from understudy.state.world import World
from understudy.state.worlds import Worlds

CONTROL_VENDOR = "control"


@dataclass(frozen=True, slots=True)
class Part:
    """A vendor as it is served: its behaviour, its spec, its operations by id, and the path that these share."""

    vendor: Vendor
    document: Document
    operations: Mapping[str, Operation]
    base_path: str


class ControlState(VendorState):
    """The control API's own world: in place of a vendor's part of one world it has all of them."""

    __slots__ = ("_secrets", "token", "vendors", "version", "worlds")

    def __init__(self, worlds: Worlds, parts: Mapping[str, Part], *, version: str, token: str | None) -> None:
        """Steer these worlds, in which these vendors have parts."""
        super().__init__(CONTROL_VENDOR, CONTROL_VENDOR, Clock(), 0, ())
        self.worlds = worlds
        self.vendors = parts
        self.version = version
        self.token = token
        self._secrets: dict[tuple[str, str], Secrets] = {}

    def world(self, name: str, status: int = 404) -> World:
        """Return a world that is in use, or refuse."""
        found = self.worlds.get(name)
        if found is None:
            raise Refused(status, f"no world {name!r} is in use{nearest(name, self.worlds.names())}")
        return found

    def snapshot(self, snapshot: str, status: int = 404) -> Snapshot:
        """Return a moment that is kept, or refuse."""
        found = self.worlds.get_snapshot(snapshot)
        if found is None:
            raise Refused(status, f"no snapshot {snapshot!r} is kept{nearest(snapshot, self.worlds.snapshot_names())}")
        return found

    def vendor_state(self, world: str, vendor: str) -> VendorState:
        """Return a vendor's part of a world, or refuse."""
        parts = self.world(world).vendors
        if vendor not in parts:
            raise Refused(404, f"no vendor {vendor!r} is served{nearest(vendor, parts)}")
        return parts[vendor]

    def sent(self, scene: World) -> list[Json]:
        """Have the vendors do what is due by the world's clock; return what they would have sent, oldest first."""
        found = [
            {"vendor": name, **sent}
            for name, part in scene.vendors.items()
            if (send := self.vendors[name].vendor.sent) is not None
            for sent in send(part)
        ]
        return sorted(found, key=itemgetter("at"))

    def secrets(self, vendor: str, operation: str) -> Secrets:
        """Return which parts of an operation's exchanges are credentials, or those of a call that was for none."""
        key = (vendor, operation)
        if key not in self._secrets:
            part = self.vendors[vendor]
            self._secrets[key] = secrets_of(part.document, part.operations.get(operation))
        return self._secrets[key]
