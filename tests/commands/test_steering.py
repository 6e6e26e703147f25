"""Commands that steer a running server."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from click.testing import CliRunner, Result

from tests.conftest import StandIn
from understudy import cli
from understudy.commands import fault, journal
from understudy.core.world_names import CONTROL_PATH
from understudy.serving import listen

ROOT = Path(__file__).parents[2]
SCHEMAS = yaml.safe_load((ROOT / "src/understudy/control/control.yaml").read_text())["components"]["schemas"]


class Terminal:
    """Command line that uses a running server and the test's own world."""

    def __init__(self, stand_in: StandIn) -> None:
        self.stand_in = stand_in
        self.world = stand_in.world_name
        stand_in.world  # noqa: B018 - creates the world

    def run(self, *arguments: str, text: str = "") -> Result:
        variables = {"UNDERSTUDY_URL": self.stand_in.root, "UNDERSTUDY_WORLD": self.world, "COLUMNS": "200"}
        return CliRunner().invoke(cli.main, list(arguments), env=variables, input=text)

    def output(self, *arguments: str, text: str = "") -> str:
        """Return the output of a command that succeeds."""
        result = self.run(*arguments, text=text)
        assert result.exit_code == 0, result.output
        return result.stdout

    def json(self, *arguments: str) -> Any:
        return json.loads(self.output(*arguments, "--json"))

    def call(self, *, key: str = "understudy-ecdp-dev-key") -> int:
        """Call ECDP in the world."""
        asked = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-H", f"x-api-key: {key}"]
        return int(subprocess.check_output([*asked, f"{self.stand_in.url('ecdp')}/customerattributes"]))


@pytest.fixture
def terminal(stand_in: StandIn) -> Terminal:
    return Terminal(stand_in)


def assert_refused(result: Result, *parts: str) -> None:
    """Assert that a command failed with exit code 2 and one line with the reason."""
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("understudy: ")
    for part in parts:
        assert part in result.stderr


def test_worlds_are_made_listed_and_deleted(terminal: Terminal) -> None:
    name = f"other-{terminal.world[-40:]}"
    assert terminal.output("world", "create", name, "--at", "2026-01-01T09:00:00Z", "--rate", "0").startswith(
        f"the world {name} is made: /@{name}/"
    )
    header, *rows = terminal.output("world", "list").splitlines()
    assert header.split() == ["name", "origin", "records", "exchanges", "faults", "now", "rate"]
    [row] = [row for row in rows if row.split()[0] == name]
    assert row.split()[1:] == ["scenario=start", row.split()[2], "0", "0", "2026-01-01T09:00:00.000000Z", "0.0"]

    assert_refused(terminal.run("world", "create", name), "is in use")
    terminal.output("world", "delete", name)
    assert name not in [world["name"] for world in terminal.json("world", "list")]


def test_a_world_has_one_origin(terminal: Terminal) -> None:
    assert_refused(
        terminal.run("world", "create", "x", "--like", "a", "--snapshot", "b"), "--like and --snapshot exclude"
    )
    assert_refused(terminal.run("world", "create", "x", "--scenario", "strat"), "did you mean 'start'?")


def test_a_copy_is_independent_and_a_reset_restores_it(terminal: Terminal) -> None:
    terminal.output("clock", "freeze", "2026-01-01T09:00:00Z")
    twin = f"twin-{terminal.world[-40:]}"
    terminal.output("world", "fork", twin)
    terminal.output("clock", "move", "1d12h")
    assert terminal.json("world", "show")["clock"]["now"] == "2026-01-02T21:00:00.000000Z"
    assert terminal.json("world", "show", "--world", twin)["clock"]["now"] == "2026-01-01T09:00:00.000000Z"

    assert terminal.output("world", "reset") == f"the world {terminal.world} is as it began\n"
    assert terminal.json("clock", "show")["is_real"]


def test_the_clock_is_steered(terminal: Terminal) -> None:
    assert (
        terminal.output("clock", "set", "2026-01-01T09:00:00Z", "--rate", "0")
        == "2026-01-01T09:00:00.000000Z  frozen\n"
    )
    assert terminal.output("clock", "move", "30m", "--back") == "2026-01-01T08:30:00.000000Z  frozen\n"
    assert terminal.output("clock", "rate", "60").endswith("  at rate 60\n")
    assert terminal.output("clock", "follow").endswith("  the real time\n")
    assert_refused(terminal.run("clock", "move", "tomorrow"), "'tomorrow' is no span: write 30d")
    assert_refused(terminal.run("clock", "set", "noon"), "/now", "noon")


def test_a_snapshot_is_a_file_or_kept(terminal: Terminal, tmp_path: Path) -> None:
    file, name = tmp_path / "world.json", f"kept-{terminal.world[-40:]}"
    records = terminal.json("world", "show")["records"]
    terminal.output("snapshot", "take", str(file))
    assert terminal.json("snapshot", "keep", name)["records"] == records
    assert name in terminal.output("snapshot", "list")

    terminal.output("snapshot", "restore", str(file))
    terminal.output("snapshot", "restore", "-", text=file.read_text())
    terminal.output("snapshot", "use", name)
    assert json.loads(terminal.output("snapshot", "take"))["digest"]
    assert terminal.output("snapshot", "drop", name) == f"the snapshot {name} is dropped\n"
    assert_refused(terminal.run("snapshot", "use", name), f"no snapshot '{name}' is kept")


def test_an_invalid_snapshot_is_refused(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "no.json").write_text("{")
    assert_refused(terminal.run("snapshot", "restore", str(tmp_path / "no.json")), "no.json: not JSON")
    assert_refused(terminal.run("snapshot", "restore", str(tmp_path / "nowhere.json")), "nowhere.json")
    assert_refused(terminal.run("snapshot", "take", str(tmp_path / "no" / "where.json")), "cannot be written")
    assert_refused(terminal.run("verify-calls", "--file", str(tmp_path / "no.json")), "no.json: not JSON")


def test_a_canned_answer_is_set_from_the_terminal(terminal: Terminal) -> None:
    what = ["--vendor", "ecdp", "--operation", "list_customer_attributes", "--status", "409"]
    canned = ["--body", '{"why": ["closed"]}', "--headers", '{"X-Reason": "test"}']

    refused = terminal.run("fault", "add", "status", *what, *canned)
    terminal.output("fault", "add", "status", *what, *canned, "--unchecked")
    [fault] = json.loads(terminal.output("fault", "list", "--json"))

    assert refused.exit_code != 0
    assert "status 409 is not declared" in refused.output
    assert (fault["body"], fault["headers"], fault["unchecked"]) == ({"why": ["closed"]}, {"X-Reason": "test"}, True)
    assert "not JSON" in terminal.run("fault", "add", "status", "--body", "{").output


def test_faults_are_set_listed_and_removed(terminal: Terminal) -> None:
    what = ("--vendor", "ecdp", "--operation", "list_customer_attributes", "--status", "502", "--times", "1")
    assert terminal.output("fault", "add", "status", *what) == "fault-1 is set\n"
    header, row = terminal.output("fault", "list").splitlines()
    assert dict(zip(header.split(), row.split(), strict=True))["operation"] == "list_customer_attributes"
    assert [terminal.call(), terminal.call()] == [502, 200]

    terminal.output("fault", "add", "drop", "--nth", "5")
    assert terminal.output("fault", "remove", "fault-2") == "fault-2 is removed\n"
    terminal.output("fault", "add", "throttle", "--retry-after", "3")
    terminal.output("fault", "clear")
    assert terminal.output("fault", "list") == "no fault is set\n"
    assert_refused(terminal.run("fault", "add", "status", "--status", "9"), "/status: 9 is less than")
    assert_refused(terminal.run("fault", "add", "drop", "--vendor", "ecdpp"), "did you mean 'ecdp'?")


def test_the_journal_is_shown_in_every_form(terminal: Terminal) -> None:
    assert [terminal.call(), terminal.call(key="wrong")] == [200, 401]
    header, *rows = terminal.output("journal").splitlines()
    assert header.split() == ["number", "now", "status", "method", "target", "operation", "outcome", "fault"]
    assert [row.split()[2] for row in rows] == ["200", "401"]
    assert [call["outcome"] for call in terminal.json("journal", "--status", "4xx")] == ["credentials"]
    assert json.loads(terminal.output("journal", "--har"))["log"]["version"] == "1.2"
    assert "understudy-ecdp-dev-key" not in terminal.output("journal", "--curl")
    assert "understudy-ecdp-dev-key" in terminal.output("journal", "--curl", "--reveal")

    assert len(terminal.json("journal", "--clear")) == 2
    assert terminal.output("journal") == "no call fits\n"


def test_calls_are_verified(terminal: Terminal) -> None:
    terminal.call()
    assert terminal.output("verify-calls", "--vendor", "ecdp", "--exactly", "1") == "holds  1 call fits, as expected\n"

    for form in ((), ("--json",)):
        failed = terminal.run("verify-calls", "--operation", "list_customer_attributes", "--status", "404", *form)
        assert failed.exit_code == 1
    assert "fails  0 calls fit" in terminal.run("verify-calls", "--status", "404").stdout
    assert 'status: expected "404", found "200"' in terminal.run("verify-calls", "--status", "404").stdout


def test_expectations_come_from_a_file(terminal: Terminal) -> None:
    terminal.call()
    expected = json.dumps({"expect": [{"calls": {"vendor": "ecdp"}}, {"calls": {"vendor": "twc"}, "exactly": 0}]})

    assert terminal.output("verify-calls", "--file", "-", text=expected).count("holds  ") == 2
    both = terminal.run("verify-calls", "--file", "-", "--at-least", "1", text=expected)
    assert_refused(both, "--file takes the place of --at-least")
    assert_refused(terminal.run("verify-calls", "--request", "{"), "'{': not JSON")


@pytest.mark.parametrize(
    "command", ["world list", "journal", "clock show", "fault list", "snapshot list", "verify-calls"]
)
def test_a_server_that_does_not_answer_is_reported(terminal: Terminal, command: str) -> None:
    with listen("127.0.0.1", 0) as unused:
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"

    result = terminal.run(*command.split(), "--url", url)

    assert_refused(result, f"no server answers at {url} (connection refused); start one: understudy serve")


def test_an_invalid_url_is_reported(terminal: Terminal) -> None:
    assert_refused(terminal.run("world", "list", "--url", "localhost"), "'localhost' is no server's URL")


def test_a_server_without_our_api_is_reported(terminal: Terminal, stand_in: StandIn) -> None:
    result = terminal.run("journal", "--url", f"{stand_in.root}/elsewhere")

    assert_refused(result, f"{stand_in.root}/elsewhere")


def test_an_unknown_world_is_reported_with_the_nearest(terminal: Terminal) -> None:
    assert_refused(terminal.run("journal", "--world", f"{terminal.world}x"), f"did you mean '{terminal.world}'?")


@pytest.mark.parametrize(
    ("options", "schema", "others"),
    [(fault.PROPERTIES, "NewFault", {"kind"}), (journal.PATTERN, "CallPattern", {"query"})],
    ids=["fault", "journal"],
)
def test_the_options_are_those_of_the_control_api(options: dict[str, Any], schema: str, others: set[str]) -> None:
    declared = SCHEMAS[schema]["properties"]

    assert {*options, *others} == declared.keys()
    for name, (kind, _) in options.items():
        if isinstance(kind, click.Choice):
            assert list(kind.choices) == resolve(declared[name])["enum"]


def test_the_kinds_of_faults_are_those_of_the_control_api() -> None:
    assert [*fault.CALL_KINDS, *fault.DELIVERY_KINDS] == SCHEMAS["NewFault"]["properties"]["kind"]["enum"]


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = SCHEMAS[schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
    return found


@pytest.fixture
def complete(terminal: Terminal) -> Callable[[str], list[str]]:
    def run(line: str) -> list[str]:
        variables = {
            **os.environ,
            "_UNDERSTUDY_COMPLETE": "bash_complete",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(line.split(" ")) - 1),
            "UNDERSTUDY_URL": terminal.stand_in.root,
        }
        completions = subprocess.check_output([Path(sys.executable).with_name("understudy")], env=variables, text=True)
        return [row.partition(",")[2] for row in completions.splitlines()]

    return run


def test_words_are_completed(complete: Any, terminal: Terminal) -> None:
    assert complete("understudy verify-") == ["verify-calls"]
    assert complete("understudy clock f") == ["follow", "freeze"]
    assert complete(f"understudy journal --world {terminal.world[:12]}") != []
    assert terminal.world in complete(f"understudy world delete {terminal.world}")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_is_printed(terminal: Terminal, shell: str) -> None:
    assert "_UNDERSTUDY_COMPLETE" in terminal.output("completion", shell)


def test_the_control_api_has_its_public_path() -> None:
    assert CONTROL_PATH == "/_understudy/api"


def test_a_fault_of_deliveries_is_listed_with_its_destination(terminal: Terminal) -> None:
    terminal.output("fault", "add", "duplicate", "--destination", "https://shop.example/*")

    header, row = terminal.output("fault", "list").splitlines()

    assert header.split()[4] == "destination"
    assert row.split()[4] == "https://shop.example/*"


def test_a_mistyped_kind_of_fault_is_called_a_kind(terminal: Terminal) -> None:
    refused = terminal.run("fault", "add", "duplicat")

    assert "Invalid value for 'KIND': 'duplicat' is unknown; did you mean 'duplicate'?" in refused.output
