"""What every test may use: a stand-in in this process, worlds of it, and a started server."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.acme import Company, serving
from understudy.app import Understudy, create_app
from understudy.control.control_state import CONTROL_VENDOR
from understudy.core.clock import Clock
from understudy.core.world_names import CONTROL_PATH
from understudy.settings import Settings
from understudy.state.vendor_state import VendorState
from understudy.state.world import World

Open = Callable[[str], VendorState]


@pytest.fixture(scope="session")
def understudy() -> Understudy:
    """The stand-in with every vendor, as ``understudy serve`` makes it."""
    return create_app(Settings())


@pytest.fixture
def world(understudy: Understudy, request: pytest.FixtureRequest) -> Iterator[World]:
    """A world of the test's own, with every vendor's part."""
    found = understudy.worlds.start_world.fork(world_name(request.node.name))
    yield found
    check_viewed(found)


@pytest.fixture
def vendor_state(world: World) -> Open:
    """Open a vendor's part of the test's own world."""
    return lambda vendor: world.vendors[vendor]


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    """A folder of specs and a package of behaviour of the test's own."""
    monkeypatch.syspath_prepend(tmp_path)
    return Company(tmp_path)


@dataclass(frozen=True, slots=True)
class StandIn:
    """A started server, seen through a world of the test's own."""

    understudy: Understudy
    root: str
    world_name: str

    def url(self, vendor: str) -> str:
        """The vendor's base URL in this world."""
        if vendor == CONTROL_VENDOR:
            return f"{self.root}{CONTROL_PATH}"
        return str(self.credentials(vendor)["base_url"])

    def state(self, vendor: str) -> VendorState:
        """What the vendor's operations play in."""
        return (
            self.understudy.control_world.vendors[CONTROL_VENDOR]
            if vendor == CONTROL_VENDOR
            else self.world.vendors[vendor]
        )

    def credentials(self, vendor: str) -> dict[str, Any]:
        """What a client needs for its first call."""
        return self.understudy.credentials(self.root, self.world_name)[vendor]

    @property
    def world(self) -> World:
        """The world itself."""
        return self.understudy.worlds.get_or_create(self.world_name)

    @property
    def clock(self) -> Clock:
        """The world's clock."""
        return self.world.clock


@pytest.fixture(scope="session")
def server(understudy: Understudy) -> Iterator[str]:
    """A server on a free port of this machine; its root URL."""
    with serving(understudy) as root:
        yield root


@pytest.fixture
def stand_in(understudy: Understudy, server: str, request: pytest.FixtureRequest) -> Iterator[StandIn]:
    """The server through a world of the test's own; fails the test if any answer broke its contract."""
    found = StandIn(understudy, server, world_name(request.node.nodeid))
    yield found
    assert [exchange.breach for exchange in found.world.journal.breaches()] == []
    check_viewed(found.world)


def check_viewed(world: World) -> None:
    """Fail if anybody changed an object that is for looking at only."""
    for state in world.vendors.values():
        for collection in state.collections.values():
            for key, value in collection._viewed.items():  # noqa: SLF001 - nobody else has to know
                assert orjson.dumps(value) == collection.text(key), f"{collection.table.name} {key} was changed"


def world_name(text: str) -> str:
    """A world's name made from a test's."""
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")[-60:].lstrip("-")
