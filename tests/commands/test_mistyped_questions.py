"""Mistyped questions on the command line and in the client: exit code 2, and one line with the nearest right name."""

import json
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
import yaml

from tests.commands.test_steering import Terminal, assert_refused, terminal
from understudy.client import keywords
from understudy.state.journal import Journal

__all__ = ["terminal"]

ROOT = Path(__file__).parents[2]
DOCUMENT = yaml.safe_load((ROOT / "src/understudy/control/control.yaml").read_text())
SCHEMAS, PATHS = DOCUMENT["components"]["schemas"], DOCUMENT["paths"]
PARAMETERS = DOCUMENT["components"]["parameters"]


@pytest.mark.parametrize(
    "command", ["journal", "journal --har", "journal --curl", "verify-calls", "verify-calls --exactly 0"]
)
@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ("--vendor crmcon", "vendor: no vendor 'crmcon' is served; did you mean 'crmcom'?"),
        ("--operation create_purchas", "no vendor has an operation 'create_purchas'; did you mean 'create_purchase'?"),
        (
            "--vendor crmcom --operation create_purchas",
            "crmcom has no operation 'create_purchas'; did you mean 'create_purchase'?",
        ),
        ("--vendor twc --operation create_purchase", "twc has no operation 'create_purchase'; crmcom has one"),
        ("--status 4x", "A status such as `404`"),
        ("--since 2026-01-02T00:00:00Z --until 2026-01-01T00:00:00Z", "no time is both from"),
        ("--since yesterday", "since"),
    ],
)
def test_a_question_that_no_call_can_fit_has_exit_code_two(
    terminal: Terminal, command: str, options: str, reason: str
) -> None:
    assert_refused(terminal.run(*command.split(), *options.split()), reason)


@pytest.mark.parametrize("command", ["journal", "verify-calls"])
def test_a_misspelt_option_has_exit_code_two(terminal: Terminal, command: str) -> None:
    assert_refused(terminal.run(command, "--statsu", "4xx"), "No such option", "--status")
    assert_refused(terminal.run(command, "--outcome", "acepted"), "'acepted' is unknown; did you mean 'accepted'?")


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (
            {"expect": [{"calls": {"vendor": "crmcon"}}]},
            "/expect/0/calls/vendor: no vendor 'crmcon' is served; did",
        ),
        ({"expect": [{"calls": {"statsu": "4xx"}}]}, "did you mean 'status'?"),
        ({"expect": [{"calls": {}, "exacly": 0}]}, "did you mean 'exactly'?"),
        ({"expects": []}, "did you mean 'expect'?"),
        ([], "an object is due, not []"),
    ],
)
def test_a_mistyped_file_of_expectations_has_exit_code_two(terminal: Terminal, document: Any, reason: str) -> None:
    assert_refused(terminal.run("verify-calls", "--file", "-", text=json.dumps(document)), reason)


def test_contradicting_counts_have_exit_code_two(terminal: Terminal) -> None:
    assert_refused(terminal.run("verify-calls", "--exactly", "1", "--at-least", "1"), "exactly stands alone")
    assert_refused(terminal.run("verify-calls", "--at-least", "2", "--at-most", "1"), "no number is at least 2")
    assert_refused(terminal.run("verify-calls", "--exactly", "-1"), "minimum")


def test_missing_calls_are_named(terminal: Terminal) -> None:
    terminal.stand_in.world.journal = Journal(max_exchanges=2)
    for _ in range(3):
        terminal.call()

    shown = terminal.run("journal")
    assert len(shown.stdout.splitlines()) == 3
    assert shown.stderr.startswith("1 earlier calls that fit, or could, are missing: the journal has dropped them")
    assert json.loads(terminal.run("journal", "--json").stdout)[0]["number"] == 2
    assert "# missing: 1 earlier calls" in terminal.output("journal", "--curl")
    assert terminal.output("verify-calls", "--vendor", "ecdp", "--exactly", "3") == "holds  3 calls fit, as expected\n"
    unsure = terminal.run("verify-calls", "--response", '{"no": "such"}', "--exactly", "0")
    assert unsure.exit_code == 1
    assert "1 more could be among the calls that the journal has dropped" in unsure.stdout


def test_a_call_that_a_fault_struck_is_marked(terminal: Terminal) -> None:
    terminal.output("fault", "add", "status", "--status", "502", "--times", "1")
    assert [terminal.call(), terminal.call()] == [502, 200]

    _, struck, other = terminal.output("journal").splitlines()
    assert struck.split()[-2:] == ["fault", "fault-1"]
    assert other.split()[-2:] == ["accepted", "-"]
    assert "502 (struck by fault-1)" in terminal.run("verify-calls", "--status", "404").stdout


WAITING = {"wait", "at_least"}
"""Keywords by which the client asks again until enough is there."""


def parameters_of(path: str) -> set[str]:
    """Return the names of the query parameters of a GET, as the document declares them."""
    given = PATHS[path]["get"]["parameters"]
    return {(PARAMETERS[each["$ref"].rsplit("/", 1)[1]] if "$ref" in each else each)["name"] for each in given}


@pytest.mark.parametrize(
    ("dictionary", "declared"),
    [
        (keywords.Calls, parameters_of("/worlds/{world}/journal")),
        (keywords.VendorCalls, parameters_of("/worlds/{world}/journal") - {"vendor", "operation"}),
        (keywords.SentMessages, parameters_of("/worlds/{world}/sent") | {"matching", *WAITING}),
        (keywords.Deliveries, parameters_of("/worlds/{world}/deliveries") | WAITING),
        (keywords.DeliveryPattern, {*SCHEMAS["DeliveryPattern"]["properties"]}),
        (keywords.Span, {*SCHEMAS["Span"]["properties"]}),
        (keywords.FaultProperties, {*SCHEMAS["NewFault"]["properties"]} - {"kind"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_the_keywords_of_the_client_are_those_of_the_control_api(dictionary: type, declared: set[str]) -> None:
    assert get_type_hints(dictionary).keys() == declared


def test_the_outcomes_of_the_client_are_those_of_the_control_api() -> None:
    assert list(get_args(keywords.Outcome)) == SCHEMAS["Outcome"]["enum"]
