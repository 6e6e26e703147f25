"""Schemathesis against the started stand-in: all of its checks, valid and invalid data, every phase, no finding.

Nothing is excluded by hand. Two settings are read from the spec: under ``x-rules``, the statuses with which an
operation refuses a request that breaks only a rule of the vendor (for the check ``positive_data_acceptance``), and
under ``x-checks``, a check that cannot apply to an operation, with the reason. A required header that partitions the
data, such as a tenant's, is set to its example in all runs but one; otherwise most calls would name an unknown tenant.
"""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count, product
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.acme import serving
from tests.conftest import StandIn
from tests.contract.conftest import control_server, found
from tests.contract.control_examples import prepare_control_examples
from understudy.contract.compiled_operations import Operation
from understudy.contract.examples import sample_of
from understudy.core.clock import Clock
from understudy.http.mounted_vendor import MountedVendor

HOOKS = Path(__file__).with_name("schemathesis_hooks.py")
ACCEPTED = ["2xx", "401", "403", "404", "409", "429"]
SINGLE, STATEFUL = "examples,coverage,fuzzing", "stateful"
MAX_OPERATIONS = 40
"""Number of operations that one test takes, so that no test is much longer than the others."""


class Part(NamedTuple):
    """Part of a vendor's operations: their ids, all of them if there are none here, and the phases to run."""

    served: MountedVendor
    operation_ids: frozenset[str] = frozenset()
    phases: str = f"{SINGLE},{STATEFUL}"


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


def rules_table(operation: Operation) -> str:
    """Return one operation's settings for schemathesis, in TOML."""
    statuses = {str(rule["status"]) for rule in operation.rules} | set(ACCEPTED)
    off = "".join(f"checks.{check}.enabled = false\n" for check in operation.node.get("x-checks", {}))
    return (
        f'[[operations]]\ninclude-operation-id = "{operation.id}"\n'
        f"checks.positive_data_acceptance.expected-statuses = {json.dumps(sorted(statuses))}\n{off}"
    )


def required_headers(served: MountedVendor) -> dict[str, str]:
    """Return the headers that an operation requires, with their first example."""
    return {
        parameter.name: str(sample_of(served.document, parameter.node))
        for operation in served.operations
        for parameter in operation.parameters
        if parameter.where == "header" and parameter.is_required
    }


def run_schemathesis(
    stand_in: StandIn,
    part: Part,
    folder: Path,
    seed: int,
    examples: int,
    *,
    has_required_headers: bool = True,
) -> Any:
    served = part.served
    world = stand_in.state(served.vendor.name)
    sign_in = served.vendor.sign_in(world) if served.vendor.sign_in else {}
    if has_required_headers:
        sign_in |= required_headers(served)
    headers = "".join(f"{json.dumps(name)} = {json.dumps(value)}\n" for name, value in sign_in.items())
    tables = "".join(rules_table(operation) for operation in served.operations)
    settings = folder / "schemathesis.toml"
    settings.write_text(f"hooks = {json.dumps(str(HOOKS))}\n[checks]\nenabled = true\n[headers]\n{headers}\n{tables}")
    spec = folder / "spec.json"
    spec.write_text(json.dumps(served.document.raw))
    command = [
        sys.executable, "-m", "schemathesis.cli", "--config-file", str(settings), "run", str(spec),
        "--url", stand_in.url(served.vendor.name), "--phases", part.phases, "--mode", "all",
        "--seed", str(seed), "--max-examples", str(examples), "--continue-on-failure", "--warnings", "off",
        "--generation-database", "none", "--workers", "1",
        *(word for each in sorted(part.operation_ids) for word in ("--include-operation-id", each)),
    ]  # fmt: skip
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONWARNINGS": "ignore"}
    with alternating_minutes(stand_in.clock):
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@contextmanager
def alternating_minutes(clock: Clock) -> Iterator[None]:
    """Alternate the clock between two minutes: limits per minute are soon reset, and no token expires."""
    is_over = threading.Event()
    first = clock.now()

    def alternate() -> None:
        for number in count():
            clock.set(first + timedelta(minutes=number % 2), rate=0)
            if is_over.wait(0.05):
                return

    alternating = threading.Thread(target=alternate, daemon=True)
    alternating.start()
    try:
        yield
    finally:
        is_over.set()
        alternating.join()


def assert_clean(result: Any) -> None:
    output = re.sub(r"\n{2,}", "\n", result.stdout)
    assert result.returncode == 0, output[-20_000:] + result.stderr[-2_000:]
    assert "passed" in output


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS.keys())
def test_schemathesis_finds_nothing(stand_in: StandIn, part: Part, tmp_path: Path) -> None:
    assert_clean(run_schemathesis(stand_in, part, tmp_path, seed=1, examples=20))


def test_the_parts_of_a_vendor_are_all_of_it(vendor: MountedVendor) -> None:
    every = parts(vendor).values()
    ids = {operation.id for operation in vendor.operations}
    runs = [(phase, id_) for part in every for phase in part.phases.split(",") for id_ in part.operation_ids or ids]

    assert sorted(runs) == sorted(product(("examples", "coverage", "fuzzing", "stateful"), ids))
    assert all(len(part.operation_ids) <= MAX_OPERATIONS for part in every)


def test_schemathesis_finds_nothing_in_the_control_api(tmp_path: Path) -> None:
    understudy = control_server()
    prepare_control_examples(understudy)
    with serving(understudy) as root:
        stand_in = StandIn(understudy, root, "fuzzed")
        result = run_schemathesis(stand_in, Part(understudy.control_api), tmp_path, seed=1, examples=8)

    assert_clean(result)
    assert understudy.control_world.journal.breaches() == []


@pytest.mark.deep
@pytest.mark.parametrize(("seed", "has_required_headers"), [(1, False), (2, True), (3, True)])
def test_schemathesis_finds_nothing_with_other_seeds(
    stand_in: StandIn, vendor: MountedVendor, tmp_path: Path, seed: int, *, has_required_headers: bool
) -> None:
    assert_clean(
        run_schemathesis(
            stand_in, Part(vendor), tmp_path, seed, examples=100, has_required_headers=has_required_headers
        )
    )
