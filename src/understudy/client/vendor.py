"""Client of one vendor in one world of a running server."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Unpack

from understudy.client.call_list import CallList
from understudy.client.control import Answer, MissingMember
from understudy.client.keywords import Deliveries, VendorCalls, VendorMessages, check_keywords
from understudy.client.sent import RemoteDelivery
from understudy.client.world import RemoteClock, RemoteCollection, RemoteFaults, RemoteWorld
from understudy.core.json_types import Json
from understudy.core.misconfigured import Misconfigured, nearest


class RemoteState(Mapping[str, RemoteCollection]):
    """Collections of a vendor in a world, by name."""

    def __init__(self, world: RemoteWorld, vendor: str) -> None:
        self._world = world
        self._vendor = vendor

    def __getitem__(self, name: str) -> RemoteCollection:
        if name not in list(self):
            names = list(self)
            hint = f"{nearest(str(name), names)} (there are {', '.join(names)})"
            raise MissingMember(f"{self._vendor} has no collection {name!r}{hint}")
        return self._world.collection(self._vendor, name)

    def __iter__(self) -> Iterator[str]:
        return (each["name"] for each in self._world.collections() if each["vendor"] == self._vendor)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class RemoteVendor:
    """Vendor in a world: its base URL (``url``), credentials, environment variables (``env``), records and faults.

    ``credentials`` holds keys, tokens and ids for a first successful call; ``known`` is an older name of it.
    """

    def __init__(self, world: RemoteWorld, name: str) -> None:
        connection = world.introduce(name)
        self.name = name
        self.world = world
        self.url = world.control.root + connection["path"]
        self.credentials: Json = Answer(connection["credentials"], world.control.root, f"{name}.credentials")
        self.known = self.credentials
        self.env = world.environment(name)
        self.state = RemoteState(world, name)
        self.faults = RemoteFaults(world.control, world.name, name)

    @property
    def clock(self) -> RemoteClock:
        """Clock of the world, the same for all vendors."""
        return self.world.clock

    def calls(self, operation: str | None = None, **narrowing: Unpack[VendorCalls]) -> CallList:
        """Return the vendor's last exchanges in this world, oldest first; see ``RemoteWorld.calls``."""
        check_keywords("calls", narrowing, VendorCalls)
        return self.world.calls(vendor=self.name, operation=operation, **narrowing)

    def sent(self, **narrowing: Unpack[VendorMessages]) -> list[Json]:
        """Return the messages that the vendor has sent by itself, oldest first; see ``RemoteWorld.sent``."""
        check_keywords("sent", narrowing, VendorMessages)
        return self.world.sent(vendor=self.name, **narrowing)

    def deliveries(self, **narrowing: Unpack[Deliveries]) -> list[RemoteDelivery]:
        """Return what the vendor sends, with the attempts at its delivery; see ``RemoteWorld.deliveries``."""
        check_keywords("deliveries", narrowing, Deliveries)
        if narrowing.setdefault("vendor", self.name) != self.name:
            raise Misconfigured(f"these are deliveries of {self.name}, not of {narrowing['vendor']!r}: ask the world")
        return self.world.deliveries(**narrowing)

    def expect_refusals(self) -> AbstractContextManager[None]:
        """Expect that the contract refuses calls to this vendor; see ``RemoteWorld.expect_refusals``."""
        return self.world.expect_refusals(self.name)
