"""Command ``understudy env``: the variables that point a program at a server."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acme import Company, spec
from understudy.client.environment_variables import environment
from understudy.core.misconfigured import Misconfigured

COMMAND = Path(sys.executable).with_name("understudy")
ONE_VENDOR = ("--vendor", "ecdp")


def understudy(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, *arguments], capture_output=True, text=True, check=False, timeout=30)


def test_a_shell_reads_the_printed_variables() -> None:
    printed = understudy("env", "--world", "till-7", "--port", "9000").stdout

    script = f'{printed}\necho "$UNDERSTUDY_WORLD $UNDERSTUDY_ECDP_URL $ES_API_URL"'
    output = subprocess.run(["/bin/sh", "-euc", script], capture_output=True, text=True, check=True).stdout

    assert output == f"till-7 {' '.join(['http://127.0.0.1:9000/@till-7/ecdp'] * 2)}\n"


def test_every_form_has_the_same_variables() -> None:
    as_json = json.loads(understudy("env", *ONE_VENDOR, "--json").stdout)
    as_dotenv = understudy("env", *ONE_VENDOR, "--dotenv").stdout

    assert as_json["UNDERSTUDY_ECDP_API_KEY"] == "understudy-ecdp-dev-key"
    assert dict(line.split("=", 1) for line in as_dotenv.splitlines()) == as_json


def test_a_client_finds_the_names_that_it_reads() -> None:
    variables = json.loads(understudy("env", "--vendor", "contacthub", "--json").stdout)

    for theirs, ours in (("TOKEN", "TOKEN"), ("WORKSPACE_ID", "WORKSPACE"), ("NODE_ID", "NODE")):
        assert variables[f"CONTACTHUB_TEST_{theirs}"] == variables[f"UNDERSTUDY_CONTACTHUB_{ours}"]


def test_an_invalid_name_of_a_world_is_refused() -> None:
    result = understudy("env", *ONE_VENDOR, "--world", "a/b")

    assert (result.returncode, result.stdout) == (2, "")
    assert "'a/b' is no world's name" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_spec_that_names_no_credential_is_refused(company: Company) -> None:
    path = company.write_spec("acme", spec(**{"x-environment": {"ACME_URL": "base_ur"}}))

    with pytest.raises(Misconfigured) as caught:
        company.start().connections()

    assert str(caught.value) == f"{path}: x-environment: ACME_URL: no 'base_ur'; did you mean 'base_url'?"


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        ({}, "127.0.0.1"),
        ({"NO_PROXY": ""}, "127.0.0.1"),
        ({"NO_PROXY": "corp.example"}, "corp.example,127.0.0.1"),
        ({"no_proxy": "corp.example, .local"}, "corp.example,.local,127.0.0.1"),
        ({"NO_PROXY": "a.example", "no_proxy": "b.example"}, "a.example,b.example,127.0.0.1"),
        ({"NO_PROXY": "127.0.0.1,a.example"}, "127.0.0.1,a.example"),
        ({"no_proxy": "*"}, "*"),
    ],
)
def test_no_proxy_is_asked_for_the_server(
    monkeypatch: pytest.MonkeyPatch, present: dict[str, str], expected: str
) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name, value in present.items():
        monkeypatch.setenv(name, value)

    variables = environment("http://127.0.0.1:8080", "main", [])

    assert variables["NO_PROXY"] == variables["no_proxy"] == expected
    assert environment("http://[::1]:8080", "main", [])["NO_PROXY"].endswith("*" if expected == "*" else "::1")


def test_env_prints_no_proxy_and_keeps_what_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "corp.example")
    monkeypatch.delenv("no_proxy", raising=False)

    printed = json.loads(understudy("env", *ONE_VENDOR, "--host", "192.0.2.7", "--json").stdout)

    assert printed["NO_PROXY"] == printed["no_proxy"] == "corp.example,192.0.2.7"
