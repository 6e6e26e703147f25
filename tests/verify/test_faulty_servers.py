"""Eight servers, each with one fault, and a correct one: every planted fault is found, and nothing else."""

from pathlib import Path

import pytest

from tests.verify.lending_server import FAULTY, Lending
from tests.verify.running import keys, report_of

QUICK = {
    "wrong status": "examples,fuzzing",
    "missing field": "examples",
    "ignored auth": "examples,fuzzing,credentials",
    "lost write": "lifecycles",
    "late 404": "lifecycles",
    "unlisted header": "fuzzing",
    "500 on bad input": "coverage",
    "wrong type": "lifecycles",
}
"""Phases that find a fault: one run of all of them takes seconds."""


def test_there_are_eight_faults() -> None:
    assert len(FAULTY) == 8
    assert QUICK.keys() == FAULTY.keys()


@pytest.mark.parametrize("fault", FAULTY)
def test_a_planted_fault_is_found_and_nothing_else(tmp_path: Path, fault: str) -> None:
    server, expected = FAULTY[fault]

    report = report_of(server(), tmp_path, "--examples", "5", "--phases", QUICK[fault])

    assert keys(report) == expected


def test_a_correct_server_gives_no_finding(tmp_path: Path) -> None:
    report = report_of(
        Lending(), tmp_path, "--examples", "3", "--phases", "examples,fuzzing,replays,methods,lifecycles"
    )

    assert keys(report) == set()
    assert report["new_findings"] == 0


@pytest.mark.deep
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("fault", [*FAULTY, "none"])
def test_with_all_phases_the_planted_fault_is_found_and_nothing_else(tmp_path: Path, fault: str, seed: int) -> None:
    server, expected = FAULTY.get(fault, (Lending, frozenset()))

    assert keys(report_of(server(), tmp_path, "--seed", str(seed))) == expected
