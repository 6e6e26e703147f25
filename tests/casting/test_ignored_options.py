"""Options of ``generate`` that would change nothing in a kind's records: refused, and taken by all other kinds."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from understudy import cli
from understudy.casting.kind_registry import find_kind, find_kinds
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.scenario import Scenario
from understudy.casting.scenario_file import open_scenario

FEW, MANY = 5, 4000
KINDS = sorted(find_kinds())


def records_of(kind: str, scenario: Scenario) -> list[object]:
    return list(find_kind(kind).open(LazyCast(scenario))(range(20)))


@pytest.mark.parametrize("kind", KINDS)
def test_people_are_refused_exactly_where_no_record_is_about_one(kind: str, tmp_path: Path) -> None:
    scenario = open_scenario("start")
    found = find_kind(kind)
    changes = records_of(kind, replace(scenario, people=FEW)) != records_of(kind, replace(scenario, people=MANY))
    assert ("people" in found.ignores) is not (changes or found.is_person)

    done = CliRunner().invoke(
        cli.main, ["generate", kind, "--count", "2", "--people", str(FEW), "--out", f"{tmp_path}/found.jsonl"]
    )

    if "people" in found.ignores:
        assert done.exit_code == 2
        assert f"--people changes nothing in {kind}" in done.output
    else:
        assert done.exit_code == 0


@pytest.mark.parametrize("kind", [name for name in KINDS if "locales" in find_kind(name).ignores])
def test_a_locale_is_refused_where_nothing_depends_on_it(kind: str) -> None:
    scenario = open_scenario("start")
    assert records_of(kind, replace(scenario, locales=("it_IT",))) == records_of(
        kind, replace(scenario, locales=("en_US",))
    )

    done = CliRunner().invoke(cli.main, ["generate", kind, "--count", "2", "--locale", "it_IT"])

    assert done.exit_code == 2
    assert f"--locale changes nothing in {kind}" in done.output
