"""Options of the pytest plugin: each is applied, or refused in one line that names it and its right form."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.test_pytest_plugin import Suite, assert_passes, suite
from tests.test_pytest_plugin_reports import WRONG
from understudy import pytest_options
from understudy.casting import scenario
from understudy.core.misconfigured import Misconfigured
from understudy.pytest_options import LARGEST_SEED, check_arguments, check_setting

__all__ = ["suite"]

MARKED = ("scenario", "seed", "at", "rate", "strict", "expect_refusals")
RIGHT: list[tuple[str, Any]] = [
    ("scenario", "start"), ("scenario", Path("mine.yaml")), ("seed", 0), ("seed", LARGEST_SEED), ("rate", 0),
    ("rate", 0.5),
    ("at", "2026-01-01T09:00:00Z"), ("at", datetime(2026, 1, 1, tzinfo=UTC)), ("strict", False), ("strict", True),
    ("expect_refusals", True), *((name, None) for name in MARKED),
]  # fmt: skip
WRONG_ARGUMENTS: list[tuple[str, Any, str]] = [
    ("scenario", "", "give a scenario's name"), ("scenario", 7, "give a scenario's name"),
    ("seed", -1, "give a whole number from 0 to"), ("seed", LARGEST_SEED + 1, "give a whole number from 0 to"),
    ("seed", "7", "give a whole number from 0 to"), ("seed", True, "give a whole number from 0 to"),
    ("rate", "x", "give a number of seconds"), ("rate", -1, "give a number of seconds"),
    ("rate", float("nan"), "give a number of seconds"), ("rate", float("inf"), "give a number of seconds"),
    ("rate", True, "give a number of seconds"),
    ("at", "soon", "give a date and time with its zone"), ("at", "2026-01-01", "give a date and time with its zone"),
    ("at", datetime(2026, 1, 1), "give a date and time with its zone"), ("at", 0, "give a date and time with its zone"),  # noqa: DTZ001
    ("strict", "false", "give True or False"), ("strict", 0, "give True or False"),
    ("strict", "", "give True or False"),
    ("expect_refusals", "yes", "give True or False"), ("expect_refusals", 1, "give True or False"),
]  # fmt: skip
WRONG_SETTINGS = [
    ("seed", "many", "give a whole number from 0 to"), ("seed", "-1", "give a whole number from 0 to"),
    ("seed", str(LARGEST_SEED + 1), "give a whole number"), ("seed", "1.5", "give a whole number"),
    ("seed", '"7"', "give 7 without quotes"),
    ("at", '"2026-01-01T09:00:00Z"', "give 2026-01-01T09:00:00Z without quotes"),
    ("at", "'2026-01-01T09:00:00Z'", "give 2026-01-01T09:00:00Z without quotes"),
    ("at", "2026-01-01", "give a date and"),
    ("scenario", '"start"', "give start without quotes"), ("server", '"worker"', "give worker without quotes"),
    ("server", "workr", "give shared or worker; did you mean 'worker'?"),
    ("url", "localhost:8080", "give a server's URL"), ("url", "http://", "give a server's URL"),
    ("url", "http://x:99999", "give a server's URL"), ("url", '"http://x"', "give http://x without quotes"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), RIGHT)
def test_an_argument_of_its_form_is_taken(name: str, value: Any) -> None:
    check_arguments("the mark understudy", {name: value}, MARKED)


@pytest.mark.parametrize(("name", "value", "reason"), WRONG_ARGUMENTS)
def test_an_argument_of_another_form_is_refused(name: str, value: Any, reason: str) -> None:
    with pytest.raises(Misconfigured, match=re.escape(f"the mark understudy has {name}={value!r}: {reason}")):
        check_arguments("the mark understudy", {name: value}, MARKED)


@pytest.mark.parametrize(("name", "value", "reason"), WRONG_SETTINGS)
def test_a_setting_of_another_form_is_refused(name: str, value: str, reason: str) -> None:
    with pytest.raises(Misconfigured, match=re.escape(f"understudy_{name} is {value!r}: {reason}")) as caught:
        check_setting(name, value)
    assert "\n" not in str(caught.value)


def test_seeds_have_the_bounds_of_a_scenario() -> None:
    assert pytest_options.LARGEST_SEED == scenario.LARGEST_SEED


@pytest.mark.parametrize(
    ("ini", "message"),
    [
        ("understudy_strict = maybe", "understudy_strict must be true or false"),
        ('understudy_strict = "true"', "understudy_strict must be true or false"),
        ('understudy_at = "2026-01-01T09:00:00Z"', "give 2026-01-01T09:00:00Z without quotes"),
        ("understudy_seed = -1", "understudy_seed is '-1': give a whole number from 0 to"),
        ("understudy_strct = true", "understudy_strct is no setting of Understudy; did you mean 'understudy_strict'?"),
        ("understudy_spec = a.yaml", "understudy_spec is no setting of Understudy; did you mean 'understudy_specs'?"),
    ],
)
def test_a_wrong_setting_ends_the_run_in_one_line(suite: Suite, ini: str, message: str) -> None:
    result = suite.run("def test_it(): ...\n", ini=ini)

    assert result.returncode == pytest.ExitCode.USAGE_ERROR
    [line] = [each for each in result.stderr.splitlines() if each]
    assert line.startswith("ERROR: understudy_")
    assert message in line


def test_a_token_that_no_header_can_carry_ends_the_run(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNDERSTUDY_TOKEN", "secret\npart")
    result = suite.run("def test_it(): ...\n")

    assert result.returncode == pytest.ExitCode.USAGE_ERROR
    assert "UNDERSTUDY_TOKEN cannot be sent in a header" in result.stderr
    assert "secret" not in result.stdout + result.stderr


def test_a_rate_without_a_time_is_applied(suite: Suite) -> None:
    code = """
from understudy.pytest_plugin import world_fixture

fast = world_fixture("module", rate=3600)

@pytest.mark.understudy(rate=0)
def test_frozen(ecdp):
    assert ecdp.clock.show()["rate"] == 0 and ecdp.clock.now() == ecdp.clock.now()

@pytest.mark.understudy(rate=2.5)
def test_at_a_rate(understudy):
    assert understudy.clock.show()["rate"] == 2.5

def test_by_default(understudy):
    assert understudy.clock.show()["is_real"]

def test_of_a_fixture(fast):
    assert fast.clock.show()["rate"] == 3600
"""
    assert_passes(suite.run(code), 4)


def test_a_wrong_mark_is_an_error_of_one_line(suite: Suite) -> None:
    output = suite.run("@pytest.mark.understudy(rate='x')\ndef test_it(): ...\n").stdout

    assert "1 error" in output
    assert "the mark understudy has rate='x': give a number of seconds that pass a second, 0 or more" in output
    assert "Traceback" not in output
    assert not re.search(r"\.py:[0-9]", output)


def test_calls_in_forks_of_its_world_are_a_tests_own(suite: Suite) -> None:
    code = (
        WRONG
        + """
from understudy.client import RemoteVendor

def test_fork(understudy, ecdp):
    refuse(RemoteVendor(understudy.fork(understudy.name + "-2"), "ecdp"))

def test_fork_of_a_fork(understudy):
    fork = understudy.fork(understudy.name + "-2").fork(understudy.name + "-3")
    refuse(RemoteVendor(fork, "ecdp"))

def test_before_the_fork(understudy, ecdp):
    with understudy.expect_refusals():
        refuse(ecdp)
    add(RemoteVendor(understudy.fork(understudy.name + "-2"), "ecdp"), "Ada")
"""
    )
    output = suite.run(code, "-rf", ini="understudy_strict = true").stdout

    failed = re.findall(r"^FAILED test_it.py::(\w+)", output, re.MULTILINE)
    assert failed == ["test_fork", "test_fork_of_a_fork"]
    assert re.search(r"the contract refused 1 call in the world test-fork-\w+-2$", output, re.MULTILINE)
    assert "with understudy.expect_refusals(): ..." in output
