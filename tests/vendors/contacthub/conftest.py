"""A Contacthub of the test's own, as every world starts."""

from collections.abc import Callable

import pytest

from understudy.state.vendor_state import VendorState


@pytest.fixture
def state(vendor_state: Callable[[str], VendorState]) -> VendorState:
    """A world of the test's own, filled from the start scenario."""
    return vendor_state("contacthub")


@pytest.fixture
def ten_events_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others have their turn after each ten events that are deleted."""
    monkeypatch.setattr("understudy.vendors.contacthub.events.event_store.EVENTS_PER_STEP", 10)
