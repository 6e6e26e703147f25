"""Every vendor, operation and example that there is, found and not listed."""

from functools import cache

import pytest

from understudy.app import Understudy, create_app
from understudy.contract.example_requests import ExampleRequest, example_requests
from understudy.control.control_state import CONTROL_VENDOR
from understudy.http.vendor_mount import MountedVendor
from understudy.settings import MEBIBYTE, Settings


@cache
def found() -> dict[str, MountedVendor]:
    """Every vendor that has a spec."""
    return dict(create_app(Settings()).vendors)


@cache
def steered() -> Understudy:
    """A stand-in whose control API asks for a token, and takes as much as a test can send."""
    return create_app(Settings(token="understudy-token", upload_limit=MEBIBYTE))


def everything() -> dict[str, MountedVendor]:
    """Every vendor that has a spec, and our own control API."""
    return {**found(), CONTROL_VENDOR: steered().control_api}


def calls(*served: MountedVendor) -> list[ExampleRequest]:
    """Every call that the examples of specs amount to."""
    return [
        call
        for each in served
        for operation in each.operations
        for call in example_requests(each.document, operation, MEBIBYTE)
    ]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each generic test all that it is about."""
    if "served" in metafunc.fixturenames:
        metafunc.parametrize("served", everything().values(), ids=everything().keys())
    if "vendor" in metafunc.fixturenames:
        metafunc.parametrize("vendor", found().values(), ids=found().keys())
    if "call" in metafunc.fixturenames:
        metafunc.parametrize("call", calls(*found().values()), ids=str)
    if "steering_call" in metafunc.fixturenames:
        metafunc.parametrize("steering_call", calls(steered().control_api), ids=str)
