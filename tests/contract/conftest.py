"""Every vendor, operation and example that there is, found and not listed."""

from functools import cache

import pytest

from understudy.app import Served, create_app
from understudy.contract.calls import Call, plan_calls
from understudy.settings import MEBIBYTE, Settings


@cache
def found() -> dict[str, Served]:
    """Every vendor that has a spec."""
    return dict(create_app(Settings()).served)


def calls() -> list[Call]:
    """Every call that the specs' examples amount to."""
    return [
        call
        for served in found().values()
        for operation in served.operations
        for call in plan_calls(served.document, operation, MEBIBYTE)
    ]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each generic test all that it is about."""
    if "served" in metafunc.fixturenames:
        metafunc.parametrize("served", found().values(), ids=found().keys())
    if "call" in metafunc.fixturenames:
        metafunc.parametrize("call", calls(), ids=str)
