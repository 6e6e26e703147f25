"""Examples of ``docs/deliveries.md``: rules are read, commands are accepted, what the tables name exists."""

import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from understudy.commands.listen import listen
from understudy.commands.options import all_options
from understudy.deliveries.rules import RULE_KEYS, read_rules
from understudy.deliveries.signing import SCHEMES, read_signing
from understudy.state.faults import DELIVERY_KINDS
from understudy.state.outbox import STATES

PAGE = (Path(__file__).parents[2] / "docs" / "deliveries.md").read_text()
COMMAND = Path(sys.executable).with_name("understudy")
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


def words(line: str) -> list[str]:
    """Return a command of the page as a program's arguments, on a free port where it names one."""
    program, *rest = shlex.split(re.sub(r"--port 9000", "--port 0", line))
    assert program == "understudy"
    return [str(COMMAND), *rest]


@pytest.mark.parametrize("line", [line for line in COMMANDS if " listen " in line])
def test_the_receivers_of_the_page_listen(line: str) -> None:
    with subprocess.Popen(words(line), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert re.fullmatch(r"http://127.0.0.1:\d+ receives deliveries\n", process.stdout.readline())
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0


def test_the_server_and_the_faults_of_the_page_are_as_shown() -> None:
    [serve] = [line for line in COMMANDS if " serve " in line]
    faults = [line for line in COMMANDS if " fault " in line]
    process = subprocess.Popen(
        [*words(serve), "--port", "0", "--vendor", "twc"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        url = re.findall(r"http://\S+", process.stdout.readline())[0]
        for line in faults:
            done = subprocess.run([*words(line), "--url", url], capture_output=True, text=True, check=False, timeout=30)
            assert re.fullmatch(r"fault-\d is set\n", done.stdout), done.stderr
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert len(faults) == 3
    assert [line for line in COMMANDS if line not in (serve, *faults) and " listen " not in line] == []


def test_the_options_of_the_page_exist() -> None:
    known = {option for each in (*all_options(), *listen.params) for option in each.opts}
    assert set(re.findall(r"`(--[a-z-]+)", PAGE)) <= known
