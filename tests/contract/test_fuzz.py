"""Schemathesis against the started stand-in: all of its checks, valid and invalid data, every phase, no finding.

Nothing is excluded by hand. Two things are read from the spec: under ``x-rules``, the statuses with which an operation
refuses what only a rule of the vendor forbids (for the check ``positive_data_acceptance``), and under ``x-checks``, a
check that cannot apply to an operation, with the reason. A required header that parts the data, such as a tenant's, is
set to its example in all runs but one, for otherwise most calls would end at a stranger's door.
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
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.acme import serving
from tests.conftest import StandIn
from tests.contract.conftest import steered
from tests.contract.rehearsal import rehearse
from understudy.contract.compiled_operations import Operation
from understudy.contract.examples import sample_of
from understudy.core.clock import Clock
from understudy.http.vendor_mount import MountedVendor

HOOKS = Path(__file__).with_name("hooks.py")
ACCEPTED = ["2xx", "401", "403", "404", "409", "429"]
PHASES = "examples,coverage,fuzzing,stateful"


def rules_table(operation: Operation) -> str:
    """What the check has to know of one operation's rules, as schemathesis's settings say it."""
    statuses = {str(rule["status"]) for rule in operation.rules} | set(ACCEPTED)
    off = "".join(f"checks.{check}.enabled = false\n" for check in operation.node.get("x-checks", {}))
    return (
        f'[[operations]]\ninclude-operation-id = "{operation.id}"\n'
        f"checks.positive_data_acceptance.expected-statuses = {json.dumps(sorted(statuses))}\n{off}"
    )


def required_headers(served: MountedVendor) -> dict[str, str]:
    """The headers that some operation cannot do without, with their first example."""
    return {
        parameter.name: str(sample_of(served.document, parameter.node))
        for operation in served.operations
        for parameter in operation.parameters
        if parameter.where == "header" and parameter.is_required
    }


def run_schemathesis(
    stand_in: StandIn, served: MountedVendor, folder: Path, seed: int, examples: int, *, is_at_home: bool = True
) -> Any:
    world = stand_in.state(served.vendor.name)
    sign_in = served.vendor.sign_in(world) if served.vendor.sign_in else {}
    if is_at_home:
        sign_in |= required_headers(served)
    headers = "".join(f"{json.dumps(name)} = {json.dumps(value)}\n" for name, value in sign_in.items())
    tables = "".join(rules_table(operation) for operation in served.operations)
    settings = folder / "schemathesis.toml"
    settings.write_text(f"hooks = {json.dumps(str(HOOKS))}\n[checks]\nenabled = true\n[headers]\n{headers}\n{tables}")
    spec = folder / "spec.json"
    spec.write_text(json.dumps(served.document.raw))
    command = [
        sys.executable, "-m", "schemathesis.cli", "--config-file", str(settings), "run", str(spec),
        "--url", stand_in.url(served.vendor.name), "--phases", PHASES, "--mode", "all",
        "--seed", str(seed), "--max-examples", str(examples), "--continue-on-failure", "--warnings", "off",
        "--generation-database", "none", "--workers", "1",
    ]  # fmt: skip
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONWARNINGS": "ignore"}
    with passing_minutes(stand_in.clock):
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@contextmanager
def passing_minutes(clock: Clock) -> Iterator[None]:
    """Let the clock show two minutes in turn: what a minute allows is soon allowed again, and no token expires."""
    is_over = threading.Event()
    first = clock.now()

    def pass_minutes() -> None:
        for number in count():
            clock.set(first + timedelta(minutes=number % 2), rate=0)
            if is_over.wait(0.05):
                return

    passing = threading.Thread(target=pass_minutes, daemon=True)
    passing.start()
    try:
        yield
    finally:
        is_over.set()
        passing.join()


def assert_clean(result: Any) -> None:
    said = re.sub(r"\n{2,}", "\n", result.stdout)
    assert result.returncode == 0, said[-20_000:] + result.stderr[-2_000:]
    assert "passed" in said


def test_schemathesis_finds_nothing(stand_in: StandIn, vendor: MountedVendor, tmp_path: Path) -> None:
    assert_clean(run_schemathesis(stand_in, vendor, tmp_path, seed=1, examples=20))


def test_schemathesis_finds_nothing_in_the_control_api(tmp_path: Path) -> None:
    understudy = steered()
    rehearse(understudy)
    with serving(understudy) as root:
        stand_in = StandIn(understudy, root, "fuzzed")
        result = run_schemathesis(stand_in, understudy.control_api, tmp_path, seed=1, examples=8)

    assert_clean(result)
    assert understudy.control_world.journal.breaches() == []


@pytest.mark.deep
@pytest.mark.parametrize(("seed", "is_at_home"), [(1, False), (2, True), (3, True)])
def test_schemathesis_finds_nothing_with_other_seeds(
    stand_in: StandIn, vendor: MountedVendor, tmp_path: Path, seed: int, *, is_at_home: bool
) -> None:
    assert_clean(run_schemathesis(stand_in, vendor, tmp_path, seed, examples=100, is_at_home=is_at_home))
