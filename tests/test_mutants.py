"""The table of mutants fits the tree, and the tool that tries them is not fooled by tests that could not run."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tools.mutants import (
    FOUND,
    NOT_JUDGED,
    PAGE,
    ROOT,
    SURVIVED,
    Mutant,
    Result,
    WrongTable,
    check,
    choose,
    judge,
    page_of,
    read_mutants,
)

PACKAGES = {
    "core", "state", "contract", "http", "control", "samples", "resources", "casting", "client", "plugin", "crmcom",
    "ecdp", "twc", "capillary", "contacthub", "traffic", "verify", "proxy", "changes",
    "evidence",
}  # fmt: skip
MUTANT = Mutant(
    "a.name", "src/understudy/core/clock.py", "self._rate = rate\n        self._started", "pass", "it",
    ("tests/test_mutants.py",),
)  # fmt: skip


def test_every_mutant_fits_the_tree_exactly_once() -> None:
    check(read_mutants())


def test_every_package_has_mutants_and_there_are_sixty_at_least() -> None:
    mutants = read_mutants()
    packages = Counter(each.name.partition(".")[0] for each in mutants)
    assert set(packages) == PACKAGES
    assert min(packages.values()) >= 3
    assert len(mutants) >= 60


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (replace(MUTANT, old="no such text"), "stands 0 times"),
        (replace(MUTANT, old="self"), "stands [0-9]+ times"),
        (replace(MUTANT, file="src/understudy/core/clocks.py"), "there is no"),
        (replace(MUTANT, tests=("tests/test_mutant.py",)), "no tests in"),
        (replace(MUTANT, tests=("tests/test_mutants.py::test_it",)), "has no test test_it"),
    ],
)
def test_a_mutant_that_does_not_fit_is_refused(wrong: Mutant, why: str) -> None:
    check([MUTANT])
    with pytest.raises(WrongTable, match=why):
        check([wrong])


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("file = 'a'", "has breaks, file, new, old, tests, and nothing else"),
        ("file = 'a'\nold = 'b'\nnew = 'c'\nbreaks = 'd'\ntests = ['e']\nmore = 1", "see more"),
        ("file = 'a'\nold = 'b'\nnew = 'b'\nbreaks = 'd'\ntests = ['e']", "changes nothing"),
        ("file = 'a'\nold = 'b'\nnew = 'c'\nbreaks = 'd'\ntests = []", "names no tests"),
    ],
)
def test_an_entry_that_is_not_complete_is_refused(tmp_path: Path, entry: str, why: str) -> None:
    path = tmp_path / "mutants.toml"
    path.write_text(f"[a.name]\n{entry}\n")
    with pytest.raises(WrongTable, match=why):
        read_mutants(path)


def test_a_name_of_no_mutant_is_refused_with_the_nearest() -> None:
    mutants = read_mutants()
    assert {each.name.partition(".")[0] for each in choose(mutants, ["twc.*"])} == {"twc"}
    assert choose(mutants, []) == mutants
    with pytest.raises(WrongTable, match=r"did you mean 'core.clock-rate'\?"):
        choose(mutants, ["core.clock-rates"])


@pytest.mark.parametrize(
    ("status", "output", "outcome", "by"),
    [
        (0, "3 passed", SURVIVED, ""),
        (1, "FAILED tests/a.py::test_b[x - y] - assert 1 == 2\n", FOUND, "tests/a.py::test_b"),
        (1, "FAILED tests/a.py::test_b - assert 1 == 2\n", FOUND, "tests/a.py::test_b"),
        (1, "ERROR tests/a.py::test_b\n", FOUND, "tests/a.py::test_b"),
        (1, "nothing that is known", NOT_JUDGED, "pytest ended with 1"),
        (2, "ERROR tests/a.py - SyntaxError", NOT_JUDGED, "pytest ended with 2"),
        (5, "no tests ran", NOT_JUDGED, "pytest ended with 5"),
        (None, "", NOT_JUDGED, "the time was over"),
    ],
)
def test_only_a_test_that_ran_and_failed_finds_a_mutant(status: int | None, output: str, outcome: str, by: str) -> None:
    found = judge(MUTANT, status, output)
    assert (found.outcome, found.by, found.digest) == (outcome, by, MUTANT.digest)


def test_a_result_of_another_entry_is_no_result() -> None:
    found = Result(MUTANT.digest, FOUND, "tests/a.py::test_b", "2026-01-31")
    assert "**1 of 1 found**" in page_of([MUTANT], {MUTANT.name: found})
    changed = replace(MUTANT, new="break")
    assert "**0 of 0 found**" in page_of([changed], {MUTANT.name: found})
    assert "`a.name`: it (not run)" in page_of([changed], {MUTANT.name: found})


def test_the_page_has_every_mutant_and_the_tests_found_95_in_100() -> None:
    page = PAGE.read_text(encoding="utf-8")
    counts = re.search(r"\*\*([0-9]+) of ([0-9]+) found\*\*", page)
    assert counts is not None
    found, run = map(int, counts.groups())
    assert found * 100 >= run * 95
    assert run >= 60
    named = re.findall(r"^(?:- |\| )`([a-z]+\.[a-z0-9-]+)`", page, re.MULTILINE)
    assert sorted(named) == sorted(each.name for each in read_mutants())
    for file, name in re.findall(r"`(\S+?\.py)::(\w+)\S*` \|$", page, re.MULTILINE):
        assert name in (ROOT / "tests" / file).read_text(encoding="utf-8")
