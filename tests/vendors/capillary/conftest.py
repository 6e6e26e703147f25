"""Capillary's vendor state in a new world."""

from collections.abc import Callable

import pytest

from understudy.state.vendor_state import VendorState


@pytest.fixture
def state(vendor_state: Callable[[str], VendorState]) -> VendorState:
    return vendor_state("capillary")
