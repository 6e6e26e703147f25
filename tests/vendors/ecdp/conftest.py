from collections.abc import Callable

import pytest

from understudy.state.vendor_state import World


@pytest.fixture
def world(open_world: Callable[[str], World]) -> World:
    return open_world("ecdp")
