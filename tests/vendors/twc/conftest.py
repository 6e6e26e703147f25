"""Vendor state of a new world, and callers of two tenants."""

from collections.abc import Callable

import pytest

from understudy.core.caller import Caller
from understudy.state.vendor_state import VendorState

TENANT = "understudy"


@pytest.fixture
def state(vendor_state: Callable[[str], VendorState]) -> VendorState:
    return vendor_state("twc")


@pytest.fixture
def caller() -> Caller:
    return Caller("understudy-client", claims={"realm": TENANT})


@pytest.fixture
def stranger() -> Caller:
    return Caller("understudy-client-two", claims={"realm": f"{TENANT}-two"})
