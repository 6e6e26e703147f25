from collections.abc import Callable

import pytest

from understudy.state.vendor_state import VendorState


@pytest.fixture
def state(open_world: Callable[[str], VendorState]) -> VendorState:
    return open_world("ecdp")
