"""Fixtures for all tests: an application in this process, worlds of it, and a started server."""

import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

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

OpenState = Callable[[str], VendorState]


@pytest.fixture(scope="session", autouse=True)
def default_signals() -> None:
    """Let servers that tests start react to signals, also where the run itself ignores them: in the background."""
    for name in ("SIGINT", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL)


@pytest.fixture(scope="session")
def understudy() -> Understudy:
    """Application with every vendor, as ``understudy serve`` makes it."""
    return create_app(Settings(max_worlds=1_000_000))  # each test has a world of its own


@pytest.fixture
def world(understudy: Understudy, request: pytest.FixtureRequest) -> Iterator[World]:
    """World of this test, with the state of every vendor."""
    found = understudy.worlds.start_world.fork(world_name(request.node.name))
    yield found
    check_viewed(found)


@pytest.fixture
def vendor_state(world: World) -> OpenState:
    """Return a function from a vendor's name to its state in this test's world."""
    return lambda vendor: world.vendors[vendor]


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    """Folder of specs and package of behaviour for this test."""
    monkeypatch.syspath_prepend(tmp_path)
    return Company(tmp_path)


@dataclass(frozen=True, slots=True)
class StandIn:
    """Started server, used through the world of one test."""

    understudy: Understudy
    root: str
    world_name: str

    def url(self, vendor: str) -> str:
        """Return the base URL of a vendor in this world."""
        if vendor == CONTROL_VENDOR:
            return f"{self.root}{CONTROL_PATH}"
        return str(self.credentials(vendor)["base_url"])

    def state(self, vendor: str) -> VendorState:
        """Return the vendor's state in this world, as its handlers get it."""
        return (
            self.understudy.control_world.vendors[CONTROL_VENDOR]
            if vendor == CONTROL_VENDOR
            else self.world.vendors[vendor]
        )

    def credentials(self, vendor: str) -> dict[str, Any]:
        """Return the credentials and the base URL for a vendor's client."""
        return self.understudy.credentials(self.root, self.world_name)[vendor]

    @property
    def world(self) -> World:
        """World of the test."""
        return self.understudy.worlds.get_or_create(self.world_name)

    @property
    def clock(self) -> Clock:
        """Clock of the world."""
        return self.world.clock


@pytest.fixture(scope="session")
def server(understudy: Understudy) -> Iterator[str]:
    """Start a server on a free port of this machine; yield its root URL."""
    with serving(understudy) as root:
        yield root


@pytest.fixture
def stand_in(understudy: Understudy, server: str, request: pytest.FixtureRequest) -> Iterator[StandIn]:
    """Server with a world of this test; fail the test if a response in it has broken the contract."""
    found = StandIn(understudy, server, world_name(request.node.nodeid))
    yield found
    assert [exchange.breach for exchange in found.world.journal.breaches()] == []
    check_viewed(found.world)


def check_viewed(world: World) -> None:
    """Fail if a test has changed an object that is read-only."""
    for state in world.vendors.values():
        for collection in state.collections.values():
            for key, value in collection._viewed.items():  # noqa: SLF001 - for this check only
                assert orjson.dumps(value) == collection.text(key), f"{collection.table.name} {key} was changed"


def world_name(text: str) -> str:
    """Return the name of a world for a test's name: its end, and a checksum that parts it from others that end so."""
    end = re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")[-51:].lstrip("-")
    return f"{end}-{crc32(text.encode()):08x}"
