"""The plugin's option ``--understudy-coverage``: what a suite has reached, with and without workers."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.test_pytest_plugin import XDIST, Suite
from tests.test_pytest_plugin import suite as suite  # noqa: PLC0414 - a fixture of that module

CODE = """
import urllib.error

@pytest.mark.parametrize("number", range(4))
def test_it(ecdp, number):
    add(ecdp, "Ada")
    with pytest.raises(urllib.error.HTTPError):
        call(ecdp, "GET", "/customers/email/none@example.com")
    if number == 1:
        ecdp.world.forget_calls()
    if number == 2:
        ecdp.world.delete()
"""


def report(path: Path) -> dict[str, Any]:
    found = json.loads(path.read_text())
    return {each["operation"]: each for each in found["operations"]}


@pytest.mark.parametrize(
    ("more", "starts"),
    [
        pytest.param((), False, id="running server"),
        pytest.param((), True, id="own server", marks=pytest.mark.deep),
        pytest.param((*XDIST, "2"), True, id="shared by workers", marks=pytest.mark.deep),
        pytest.param((*XDIST, "2", "--understudy-server", "worker"), True, id="one for each worker"),
    ],
)
def test_the_calls_of_all_tests_are_counted(
    suite: Suite, tmp_path: Path, more: tuple[str, ...], *, starts: bool
) -> None:
    result = suite.run(CODE, "--understudy-coverage=calls.json", *more, starts=starts)

    assert result.returncode == 0, result.stdout + result.stderr
    found = report(tmp_path / "calls.json")
    assert found["save_customers"]["statuses"] == {"201": 4}
    assert found["get_customer_by_email"]["outcomes"] == {"rule": 4}
    assert "200" in found["get_customer_by_email"]["missing"]
    assert found["delete_order"]["calls"] == 0
    assert "understudy coverage" in result.stdout
    assert "ecdp save_customers: 201: 4" in result.stdout
    assert "2 of 15 operations (13.3%)" in result.stdout


def test_without_a_file_the_report_is_printed(suite: Suite, tmp_path: Path) -> None:
    result = suite.run("def test_it(ecdp): add(ecdp, 'Ada')", "--understudy-coverage")

    assert "1 of 15 operations (6.7%)" in result.stdout
    assert "not reached: ecdp.trigger_custom_event," in result.stdout
    assert sorted(each.suffix for each in tmp_path.iterdir() if each.is_file()) == [".ini", ".py"]


def test_a_page_is_written(suite: Suite, tmp_path: Path) -> None:
    suite.run("def test_it(ecdp): add(ecdp, 'Ada')", "--understudy-coverage", "calls.html")

    assert "<summary>save_customers</summary>" in (tmp_path / "calls.html").read_text()


@pytest.mark.parametrize("file", ["test_it.py", "calls.xml", "calls"])
def test_a_file_of_another_form_is_refused(suite: Suite, file: str) -> None:
    result = suite.run("def test_it(): pass", "--understudy-coverage", file)

    assert result.returncode == 4
    assert f"--understudy-coverage is '{file}': give a file that ends in .html or .json" in result.stderr


@pytest.mark.parametrize(
    ("file", "why"), [("none/calls.html", "its folder does not exist"), ("folder.json", "it is a folder")]
)
def test_a_file_that_cannot_be_written_is_refused_before_the_tests(
    suite: Suite, tmp_path: Path, file: str, why: str
) -> None:
    (tmp_path / "folder.json").mkdir()

    result = suite.run("def test_it(): pass", f"--understudy-coverage={file}")

    assert result.returncode == 4
    assert f"ERROR: --understudy-coverage is '{file}': {why}" in result.stderr
    assert "Errno" not in result.stdout + result.stderr


def test_a_server_that_does_not_answer_is_refused(suite: Suite) -> None:
    words = ("--understudy-coverage", "--understudy-url", "http://127.0.0.1:9")

    result = suite.run("def test_it(): pass", *words, starts=True)

    assert result.returncode == 4
    assert "http://127.0.0.1:9" in result.stderr


def test_a_suite_without_calls_is_reported_as_such(suite: Suite) -> None:
    result = suite.run("def test_it(): pass", "--understudy-coverage")

    assert result.returncode == 0
    assert "no test has called a vendor" in result.stdout
