"""Cases for the generic tests of HTTP: each operation of each vendor, discovered and not listed."""

from collections.abc import Callable

import pytest

from tests.http.case import Case, operations
from understudy.app import Understudy


@pytest.fixture
def case(understudy: Understudy, request: pytest.FixtureRequest) -> Case:
    """Operation under test, in a world of its own."""
    served, operation = request.param
    return Case(understudy, served, operation)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrise a test with the operations that have the traits it needs (``tests.http.case.needs``)."""
    if "case" in metafunc.fixturenames:
        cases = operations(*getattr(metafunc.function, "needs", ()))
        names = [f"{operation.vendor}.{operation.id}" for _, operation in cases]
        metafunc.parametrize("case", cases, ids=names, indirect=True)


@pytest.fixture
def case_of(understudy: Understudy) -> Callable[[str, str], Case]:
    """Return a function that returns the case of a vendor's operation."""
    return lambda vendor, operation: Case(
        understudy, understudy.vendors[vendor], understudy.vendors[vendor].by_id[operation]
    )
