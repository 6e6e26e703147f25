"""The contract suite of ``understudy verify`` against the started stand-in: every check and phase, no finding.

Nothing is excluded by hand. Two settings are read from the spec: under ``x-rules``, the statuses with which an
operation refuses a request that breaks only a rule of the vendor, and under ``x-checks``, a check that cannot apply to
an operation, with the reason. A required header that partitions the data, such as a tenant's, is set to its example in
all runs but one; otherwise most calls would name an unknown tenant.
"""

from itertools import product

import pytest

from tests.acme import serving
from tests.conftest import StandIn
from tests.contract.conftest import control_server, found
from tests.contract.control_examples import prepare_control_examples
from tests.contract.verified import Part, assert_clean, verified
from understudy.http.mounted_vendor import MountedVendor

SINGLE, STATEFUL = ("examples", "coverage", "fuzzing"), ("stateful",)
MAX_OPERATIONS = 40
"""Number of operations that one test takes, so that no test is much longer than the others."""


def parts(served: MountedVendor) -> dict[str, Part]:
    """Return the parts of a vendor by name; a call that follows a link needs the operations of all parts."""
    name = served.vendor.name
    ids = sorted(operation.id for operation in served.operations)
    count = -(-len(ids) // MAX_OPERATIONS)
    if count == 1:
        return {name: Part(served)}
    single = {f"{name}-{n + 1}": Part(served, frozenset(ids[n::count]), SINGLE) for n in range(count)}
    return {**single, f"{name}-stateful": Part(served, phases=STATEFUL)}


PARTS = {name: part for served in found().values() for name, part in parts(served).items()}


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS.keys())
def test_the_suite_finds_nothing(stand_in: StandIn, part: Part) -> None:
    assert_clean(verified(stand_in, part, seed=1, examples=20))


def test_the_parts_of_a_vendor_are_all_of_it(vendor: MountedVendor) -> None:
    every = parts(vendor).values()
    ids = {operation.id for operation in vendor.operations}
    runs = [(phase, id_) for part in every for phase in part.phases for id_ in part.operation_ids or ids]

    assert sorted(runs) == sorted(product(("examples", "coverage", "fuzzing", "stateful"), ids))
    assert all(len(part.operation_ids) <= MAX_OPERATIONS for part in every)


def test_the_suite_finds_nothing_in_the_control_api() -> None:
    understudy = control_server()
    prepare_control_examples(understudy)
    with serving(understudy) as root:
        stand_in = StandIn(understudy, root, "fuzzed")
        result = verified(stand_in, Part(understudy.control_api), seed=1, examples=8)

    assert_clean(result)
    assert understudy.control_world.journal.breaches() == []


@pytest.mark.deep
@pytest.mark.parametrize(("seed", "has_required_headers"), [(1, False), (2, True), (3, True)])
def test_the_suite_finds_nothing_with_other_seeds(
    stand_in: StandIn, vendor: MountedVendor, seed: int, *, has_required_headers: bool
) -> None:
    assert_clean(verified(stand_in, Part(vendor), seed, examples=100, has_required_headers=has_required_headers))
