"""Fixtures with a new state of Contacthub."""

from collections.abc import Callable, Iterator

import pytest

from tests.vendors.contacthub.api import Api
from understudy.app import Understudy
from understudy.state.vendor_state import VendorState
from understudy.state.world import World


@pytest.fixture
def state(vendor_state: Callable[[str], VendorState]) -> VendorState:
    """A new state with the start data."""
    return vendor_state("contacthub")


@pytest.fixture
def steps_of_ten_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps of ten deleted events, after each of which other requests run."""
    monkeypatch.setattr("understudy.vendors.contacthub.events.event_store.EVENTS_PER_STEP", 10)


@pytest.fixture
def api(understudy: Understudy, world: World) -> Iterator[Api]:
    """Client of the first workspace that sends requests to the app, in this test's world."""
    understudy.worlds.import_world(world, understudy.worlds.initial_snapshot())
    yield Api(understudy, world)
    understudy.worlds.delete(world.name)
