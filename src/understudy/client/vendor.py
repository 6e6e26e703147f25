"""One vendor in one world of a running server, as a test sees it."""

from collections.abc import Iterator, Mapping
from typing import Any

from understudy.client.world import RemoteClock, RemoteCollection, RemoteFaults, RemoteWorld
from understudy.core.json_types import Json


class RemoteState(Mapping[str, RemoteCollection]):
    """What a vendor remembers: its collections, by name."""

    def __init__(self, world: RemoteWorld, vendor: str) -> None:
        self._world = world
        self._vendor = vendor

    def __getitem__(self, name: str) -> RemoteCollection:
        if name not in list(self):
            raise KeyError(f"{self._vendor} has no collection {name!r} (there are {', '.join(self)})")
        return self._world.collection(self._vendor, name)

    def __iter__(self) -> Iterator[str]:
        return (each["name"] for each in self._world.collections() if each["vendor"] == self._vendor)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class RemoteVendor:
    """A vendor in a world: ``url`` is its base URL there, ``known`` what a client needs for its first call."""

    def __init__(self, world: RemoteWorld, name: str) -> None:
        introduction = world.introduce(name)
        self.name = name
        self.world = world
        self.url = world.control.root + introduction["path"]
        self.known: Json = introduction["credentials"]
        self.env = world.environment(name)
        self.state = RemoteState(world, name)
        self.faults = RemoteFaults(world.control, world.name, name)

    @property
    def clock(self) -> RemoteClock:
        """The world's clock, which all vendors follow."""
        return self.world.clock

    def calls(self, operation: str | None = None, **narrowing: Any) -> list[Json]:
        """Return the vendor's last exchanges in this world, oldest first."""
        return self.world.calls(vendor=self.name, operation=operation, **narrowing)
