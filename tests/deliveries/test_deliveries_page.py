"""Examples of ``docs/deliveries.md``: rules are read, commands are accepted, what the tables name exists."""

import re
import shlex
from importlib import import_module
from pathlib import Path

import click
import pytest
import yaml

from understudy.commands.listen import listen
from understudy.commands.options import all_options
from understudy.deliveries.rules import RULE_KEYS, read_rules
from understudy.deliveries.signing import SCHEMES, read_signing
from understudy.state.faults import DELIVERY_KINDS
from understudy.state.outbox import STATES

PAGE = (Path(__file__).parents[2] / "docs" / "deliveries.md").read_text()
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
COMMANDS = [line for kind, block in BLOCKS if kind == "sh" for line in block.strip().splitlines()]
YAML = [yaml.safe_load(block) for kind, block in BLOCKS if kind == "yaml"]


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def first_cells(title: str) -> set[str]:
    return {
        cell
        for line in re.findall(r"^\| (`.*?) \|", section(title), re.MULTILINE)
        for cell in re.findall("`(.*?)`", line)
    }


def test_the_rules_are_read() -> None:
    (rules,) = (each["deliveries"] for each in YAML if "deliveries" in each)
    assert [rule.target for rule in read_rules(rules, ())] == ["http://127.0.0.1:9000/hook", "http://127.0.0.1:5000"]


def test_the_ways_of_signing_are_read() -> None:
    found = [read_signing(each["signing"]) for each in YAML if "signing" in each]
    assert [each.header for each in found] == ["X-Hub-Signature-256", "X-Slack-Signature"]


def test_the_tables_name_all_keys_schemes_and_states() -> None:
    assert first_cells("Which target") == set(RULE_KEYS)
    assert first_cells("Signatures") == set(SCHEMES)
    assert first_cells("State of a delivery") == set(STATES)
    assert set(re.findall("`([a-z_]+)`", section("Faults").split("strike")[0])) == DELIVERY_KINDS


@pytest.mark.parametrize("line", COMMANDS)
def test_the_commands_have_their_options(line: str) -> None:
    program, name, *rest = shlex.split(line)
    assert program == "understudy"
    command: click.Command = getattr(import_module(f"understudy.commands.{name}"), name)
    while isinstance(command, click.Group):
        command = command.commands[rest.pop(0)]
    options = {option for parameter in command.params for option in parameter.opts}
    assert {each for each in rest if each.startswith("--")} <= options


def test_the_options_of_the_page_exist() -> None:
    known = {option for each in (*all_options(), *listen.params) for option in each.opts}
    assert set(re.findall(r"`(--[a-z-]+)", PAGE)) <= known
