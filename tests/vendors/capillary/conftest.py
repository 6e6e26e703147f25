"""Capillary's part of a world, as the start scenario leaves it."""

from collections.abc import Callable

import pytest

from understudy.state.vendor_state import VendorState


@pytest.fixture
def state(vendor_state: Callable[[str], VendorState]) -> VendorState:
    return vendor_state("capillary")
