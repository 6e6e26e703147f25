"""Options of ``understudy verify``: what each does, and how a wrong one is refused."""

import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.verify.lending_server import KEY, Answer, Crash, Lending, UnlistedHeader, WrongType, lending
from tests.verify.running import DOCUMENT, KEY_VARIABLE, keys, report_of, verify, verify_library
from understudy.commands.pact import INSTALL as INSTALL_PACT
from understudy.commands.verify import INSTALL, show_progress

FEW = ("--examples", "2")
MAIN = "from understudy.cli import main; main()"
OFF = "http://127.0.0.1:9"


class Recording(Lending):
    """Library that lists the requests that it gets."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[str, str, Any]] = []

    def answer(self, method: str, target: str, headers: Any, body: bytes) -> Answer:
        self.calls.append((method, target, headers))
        return super().answer(method, target, headers, body)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["contacthb"], "contacthb: neither a file nor a shipped vendor; did you mean 'contacthub'?"),
        (["nowhere.yaml"], "nowhere.yaml"),
        (["--url", OFF], "--url needs one document: name one of"),
        (["crmcom", "--url", "api.example.com"], "is no base URL: give one such as https://api.example.com/v1"),
        (["crmcom", "--url", "http://127.0.0.1:9/v1?a=b"], "is no base URL"),
        (["crmcom", "--url", OFF], "no server answers at http://127.0.0.1:9"),
        (["crmcom", "--phases", "fuzing"], "'fuzing' is unknown; did you mean 'fuzzing'?"),
        (["crmcom", "--phases", ""], "'' is unknown"),
        (["crmcom", "--operation", "create_purchas"], "no operation has this id; did you mean 'create_purchase'?"),
        (["crmcom", "--header", "X-Key"], "write a header as 'Name: value'"),
        (["crmcom", "--rate-limit", "10"], "such as 10/s, 100/m or 1000/h"),
        (["crmcom", "--rate-limit", "0/s"], "such as 10/s, 100/m or 1000/h"),
        (["crmcom", "--requests", "0"], "--requests"),
        (["crmcom", "--seconds", "inf"], "'inf' is no finite number"),
        (["crmcom", "--seed", "-1"], "--seed"),
        (["crmcom", "--workers", "0"], "--workers"),
        (["crmcom", "--examples", "0"], "--examples"),
        (["crmcom", "--baseline", "nowhere.txt"], "nowhere.txt: cannot be read: no such file or directory"),
        (["crmcom", "--junit", "nowhere/report.xml"], "is in a folder that does not exist"),
        (["crmcom", "--html", "."], "is a folder"),
        (["crmcom", "--json", "-", "--sarif", "-"], "cannot both go to the standard output"),
        (["crmcom", "--progress", "on"], "'on' is unknown"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_a_wrong_argument_is_refused_in_one_line(arguments: list[str], message: str) -> None:
    result = verify(*arguments)

    assert result.exit_code == 2
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--phases", "credentials"), "--phases left no request to send; add the phase coverage"),
        (
            ("--phases", "credentials", "--read-only"),
            "--phases and --read-only left no request to send; add the phase coverage",
        ),
        (("--read-only", "--operation", "add_book"), "--operation and --read-only left no request to send"),
    ],
    ids=str,
)
def test_a_run_that_sends_nothing_does_not_pass(options: tuple[str, ...], message: str) -> None:
    result = verify(str(DOCUMENT), *options)

    assert result.exit_code == 2
    assert result.stderr == f"understudy: nothing was sent: {message}\n"
    assert " 0 requests" in result.stdout


def test_probes_of_methods_that_are_not_declared_are_counted() -> None:
    result = verify_library(Lending(), "--phases", "methods")

    assert result.exit_code == 0, result.output
    assert "5 operations, 9 requests, seed 1: no findings" in result.stdout


def test_a_run_that_sends_one_request_passes() -> None:
    result = verify(str(DOCUMENT), "--read-only", "--requests", "1")

    assert result.exit_code == 0, result.output
    assert ", 1 request, seed 1: no findings" in result.stdout


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("lending list_books", "write a finding's first line: VENDOR OPERATION KIND [PLACE]"),
        (
            "lending list_books undocumented-heder x",
            "no kind 'undocumented-heder'; did you mean 'undocumented-header'?",
        ),
    ],
)
def test_a_wrong_line_of_a_baseline_is_refused_with_its_place(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "baseline.txt"
    path.write_text(f"# accepted\n\n{line}\n")

    result = verify(str(DOCUMENT), "--baseline", str(path))

    assert result.exit_code == 2
    assert f"{path}:3: {message}" in result.stderr


def test_without_schemathesis_the_command_to_install_it_is_printed(tmp_path: Path) -> None:
    code = (
        "import sys, importlib.util as u; found = u.find_spec\n"
        "u.find_spec = lambda name, *rest: None if name == 'schemathesis' else found(name, *rest)\n"
        "from understudy.cli import main; sys.argv = ['understudy', 'verify', 'crmcom']; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert done.stderr == f"understudy: verify needs Schemathesis: {INSTALL}\n"


def test_a_finding_of_the_baseline_does_not_fail_the_run_and_a_stale_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "baseline.txt"
    known, stale = "lending list_books undocumented-header x-shelf-mark", "lending get_book lost-write /title"
    path.write_text(f"{known}  # known\n{stale}\n")

    result = verify_library(UnlistedHeader(), "--baseline", str(path), "--examples", "1")

    assert result.exit_code == 0, result.output
    assert "no findings, 1 in the baseline" in result.stdout
    assert "in the baseline, and found no more: lending get_book lost-write /title" in result.stdout


def test_a_baseline_is_not_called_stale_by_a_run_of_some_phases(tmp_path: Path) -> None:
    path = tmp_path / "baseline.txt"
    path.write_text("lending get_book lost-write /title\n")

    result = verify_library(Lending(), "--baseline", str(path), "--phases", " methods")

    assert result.exit_code == 0
    assert "found no more" not in result.stdout


def test_read_only_sends_no_write() -> None:
    library = Recording()

    result = verify_library(library, "--read-only", "--phases", "coverage,replays,methods,credentials,lifecycles")

    assert result.exit_code == 0, result.output
    assert library.calls
    assert {method for method, _, _ in library.calls} <= {"GET", "HEAD", "OPTIONS"}


def test_no_more_requests_are_sent_than_the_budget_has() -> None:
    library = Recording()

    result = verify_library(library, "--requests", "7", *FEW)

    assert len(library.calls) == 7
    assert "ended early: all requests of the budget are sent" in result.stdout
    assert result.exit_code == 0


def test_no_request_is_sent_after_the_time_is_up() -> None:
    library = Recording()

    result = verify_library(library, "--seconds", "1", "--rate-limit", "5/s")

    assert 0 < len(library.calls) <= 10
    assert "ended early: the time is up" in result.stdout
    assert result.exit_code == 0


def test_only_the_chosen_operation_is_called() -> None:
    library = Recording()

    result = verify_library(library, "--operation", "list_books", "--phases", "examples,fuzzing", *FEW)

    assert {(method, target.partition("?")[0]) for method, target, _ in library.calls} == {("GET", "/v1/books")}
    assert "add_book" not in result.stdout


def test_only_the_chosen_phases_run() -> None:
    library = Recording()

    verify_library(library, "--phases", "methods")

    assert {method for method, _, _ in library.calls} == {"PUT", "DELETE", "PATCH", "POST", "HEAD", "OPTIONS"}


def test_headers_of_the_command_line_are_sent_with_every_request() -> None:
    library = Recording()

    verify_library(library, "--header", "X-Trace: on", "--phases", "fuzzing,lifecycles,methods", *FEW)

    assert all(headers["X-Trace"] == "on" for _, _, headers in library.calls)


def test_credentials_are_taken_from_a_header_of_the_command_line() -> None:
    result = verify_library(
        Lending(), "--header", f"X-Api-Key: {KEY}", "--phases", "lifecycles,credentials", **{KEY_VARIABLE: None}
    )

    assert result.exit_code == 0, result.output
    assert "(201)" not in result.stdout


def test_a_run_without_credentials_is_refused_with_the_variable_that_gives_them() -> None:
    result = verify_library(Lending(), "--phases", "fuzzing", *FEW, **{KEY_VARIABLE: None})

    assert result.exit_code == 2
    assert f"refuses every request for its credentials: set {KEY_VARIABLE}, or give --header" in result.stderr


def test_the_same_seed_sends_the_same_requests() -> None:
    first, second, other = Recording(), Recording(), Recording()
    for library, seed in ((first, "5"), (second, "5"), (other, "6")):
        verify_library(library, "--phases", "fuzzing", "--seed", seed, "--operation", "list_books", *FEW)

    def targets(library: Recording) -> list[str]:
        return [target for _, target, _ in library.calls]

    assert targets(first) == targets(second)
    assert targets(first) != targets(other)


def test_workers_send_in_parallel_and_find_the_same(tmp_path: Path) -> None:
    report = report_of(WrongType(), tmp_path, "--workers", "3", "--phases", "fuzzing,lifecycles", *FEW)

    assert keys(report) == {"lending get_book invalid-response-body 200/year"}


def test_a_rate_limit_spaces_the_requests() -> None:
    result = verify_library(Lending(), "--phases", "methods", "--rate-limit", "1000/s")

    assert result.exit_code == 0


def test_a_reply_of_the_stand_in_keeps_to_the_document_of_a_users_own(tmp_path: Path) -> None:
    path = tmp_path / "report.json"

    result = verify(str(DOCUMENT), "--json", str(path), "--phases", "examples,replays,methods,lifecycles", *FEW)

    assert result.exit_code == 0, result.output
    assert json.loads(path.read_text())["subjects"][0]["name"] == "lending"


def test_a_shipped_vendor_is_verified_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "report.json"

    result = verify("ecdp", "--json", str(path), "--phases", "replays,methods,lifecycles,credentials")

    assert result.exit_code == 0, result.output
    [subject] = json.loads(path.read_text())["subjects"]
    assert all(all(each["declared"].values()) for each in subject["operations"])


def test_a_server_error_is_a_finding_with_exit_code_1() -> None:
    result = verify_library(Crash(), "--phases", "coverage", "--operation", "add_book")

    assert result.exit_code == 1
    assert "lending add_book server-error 500" in result.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="signals are Unix's")
def test_ctrl_c_ends_quietly_with_the_report_so_far() -> None:
    library = Recording()
    with lending(library) as url:
        command = [sys.executable, "-c", MAIN, "verify", str(DOCUMENT), "--url", url, "--rate-limit", "20/s"]
        environment = {**os.environ, KEY_VARIABLE: KEY}
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        ) as run:
            while len(library.calls) < 5:
                assert run.poll() is None
                time.sleep(0.02)
            run.send_signal(signal.SIGINT)
            output, errors = run.communicate()

    assert run.returncode == 130
    assert errors == ""
    assert "ended early: interrupted" in output
    assert "requests, seed 1: no findings" in output


@pytest.mark.parametrize("columns", ["80", "20", "1"])
def test_progress_is_no_wider_than_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    with show_progress(is_shown=True) as show:
        show(
            "lending",
            "fuzzing",
            "1,000 requests, 0 findings GET /workspaces/{workspaceId}/customers/{customerId}/books",
        )

    _, *lines, _ = capsys.readouterr().err.split("\r")
    assert {len(line) for line in lines} == {max(int(columns) - 1, 1)}
    assert lines[0].rstrip().endswith("…")


@pytest.mark.parametrize(
    ("words", "serve"),
    [
        (("{folder}/lending.yaml",), "understudy serve {folder}/lending.yaml"),
        (("ecdp", "shop={folder}/lending.yaml"), "understudy serve shop={folder}/lending.yaml --vendor=ecdp"),
        (("--spec", "{folder}/lending.yaml"), "understudy serve lending={folder}/lending.yaml"),
    ],
    ids=str,
)
def test_a_report_on_a_stand_in_ends_with_the_command_that_starts_it(
    tmp_path: Path, words: tuple[str, ...], serve: str
) -> None:
    document = DOCUMENT.read_text().replace('"400":', '"418":').replace('"422":', '"419":')
    assert "418" in document
    (tmp_path / "lending.yaml").write_text(document)

    given = (each.format(folder=tmp_path) for each in words)
    result = verify(*given, "--phases", "coverage", "--operation", "add_book")

    assert result.exit_code == 1, result.output
    assert "lending, the stand-in in this process" in result.stdout or "shop, the stand-in in" in result.stdout
    last = f"the commands are for a stand-in that runs: {serve.format(folder=tmp_path)}"
    assert result.stdout.splitlines()[-2] == last


@pytest.mark.parametrize(("extra", "message"), [("verify", INSTALL), ("pact", INSTALL_PACT)])
def test_what_is_missing_is_installed_as_the_extra_declares(extra: str, message: str) -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]

    [requirement] = project["optional-dependencies"][extra]
    assert message.endswith(f"python -m pip install '{requirement}'")


def test_progress_is_a_line_that_is_removed_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    with show_progress(is_shown=True) as show:
        show("lending", "fuzzing", "GET /books")
    shown = capsys.readouterr().err

    with show_progress(is_shown=False) as show:
        show("lending", "fuzzing", "GET /books")

    assert "lending fuzzing GET /books" in shown
    assert "\033" not in shown
    assert shown.endswith("\r")
    assert capsys.readouterr().err == ""
