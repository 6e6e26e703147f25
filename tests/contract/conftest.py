"""Parameters of the generic tests: every vendor, operation and example of the specs."""

from functools import cache

import pytest

from understudy.app import Understudy, create_app
from understudy.contract.example_requests import ExampleRequest, example_requests
from understudy.control.control_state import CONTROL_VENDOR
from understudy.http.mounted_vendor import MountedVendor
from understudy.settings import MEBIBYTE, Settings


@cache
def found() -> dict[str, MountedVendor]:
    """Return every vendor that has a spec."""
    return dict(create_app(Settings()).vendors)


@cache
def control_server() -> Understudy:
    """Return a server whose control API requires a token, with an upload limit of one mebibyte."""
    return create_app(Settings(token="understudy-token", upload_limit=MEBIBYTE, snapshot_limit=MEBIBYTE))


def everything() -> dict[str, MountedVendor]:
    """Return every vendor that has a spec, and the control API."""
    return {**found(), CONTROL_VENDOR: control_server().control_api}


def calls(*served: MountedVendor) -> list[ExampleRequest]:
    """Return every request that is made from the examples of specs."""
    return [
        call
        for each in served
        for operation in each.operations
        for call in example_requests(each.document, operation, MEBIBYTE)
    ]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrize each generic test by the fixtures that it names."""
    if "served" in metafunc.fixturenames:
        metafunc.parametrize("served", everything().values(), ids=everything().keys())
    if "vendor" in metafunc.fixturenames:
        metafunc.parametrize("vendor", found().values(), ids=found().keys())
    if "call" in metafunc.fixturenames:
        metafunc.parametrize("call", calls(*found().values()), ids=str)
    if "control_call" in metafunc.fixturenames:
        metafunc.parametrize("control_call", calls(control_server().control_api), ids=str)
