"""A world of the vendor, and who asks in it."""

from collections.abc import Callable

import pytest

from understudy.core.caller import Caller
from understudy.state.vendor_state import World

TENANT = "understudy"


@pytest.fixture
def world(open_world: Callable[[str], World]) -> World:
    return open_world("twc")


@pytest.fixture
def caller() -> Caller:
    return Caller("understudy-client", claims={"realm": TENANT})


@pytest.fixture
def stranger() -> Caller:
    return Caller("understudy-client-two", claims={"realm": f"{TENANT}-two"})
