"""Faults of further kinds are found, and nothing else; correct servers that behave unusually give no finding."""

from pathlib import Path

import pytest

from tests.verify.lending_server import Lending
from tests.verify.more_servers import FAULTS, UNUSUAL
from tests.verify.running import keys, report_of


@pytest.fixture(autouse=True)
def _without_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("understudy.verify.late_writes.PATIENCE", (0.06,))
    monkeypatch.setattr("understudy.verify.lifecycles.PATIENCE", (0.06,))


@pytest.mark.parametrize("server", FAULTS)
def test_a_fault_is_found_and_nothing_else(tmp_path: Path, server: type[Lending]) -> None:
    phases, expected = FAULTS[server]

    report = report_of(server(), tmp_path, "--examples", "3", "--phases", phases)

    assert keys(report) == {f"lending {key}" for key in expected}


@pytest.mark.parametrize("server", UNUSUAL)
def test_an_unusual_server_gives_no_finding(tmp_path: Path, server: type[Lending]) -> None:
    report = report_of(server(), tmp_path, "--examples", "3", "--phases", UNUSUAL[server])

    assert keys(report) == set()


@pytest.mark.deep
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("server", UNUSUAL)
def test_with_all_phases_an_unusual_server_gives_no_finding(tmp_path: Path, server: type[Lending], seed: int) -> None:
    assert keys(report_of(server(), tmp_path, "--seed", str(seed))) == set()
