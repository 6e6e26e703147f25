"""Cases for the generic tests of what is said over HTTP: each operation of each vendor, found and not listed."""

import pytest

from tests.http.case import Case, operations
from understudy.app import Understudy


@pytest.fixture
def case(understudy: Understudy, request: pytest.FixtureRequest) -> Case:
    """The operation that a test is about, in a world of its own."""
    served, operation = request.param
    return Case(understudy, served, operation)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test of operations each that has what the test needs (see ``tests.http.case.needs``)."""
    if "case" in metafunc.fixturenames:
        cases = operations(*getattr(metafunc.function, "needs", ()))
        names = [f"{operation.vendor}.{operation.id}" for _, operation in cases]
        metafunc.parametrize("case", cases, ids=names, indirect=True)
