"""Pact files: written from a journal, held against a stand-in and a URL by pact-python, and read by it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result

from understudy.app import create_app
from understudy.cli import main
from understudy.resources.request_credentials import signed
from understudy.serving import in_background, listen
from understudy.settings import Settings

PAGE = Path(__file__).parents[2] / "docs/pact.md"
MAIN = "from understudy.cli import main; main()"
SUITE = """
import urllib.request

import pytest


@pytest.mark.parametrize("number", range(2))
def test_the_attributes_are_listed(ecdp, number):
    headers = {"x-api-key": ecdp.credentials["api_key"]}
    request = urllib.request.Request(f"{ecdp.url}/customerattributes", headers=headers)
    assert urllib.request.urlopen(request).status == 200
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["pact", *arguments])


@pytest.fixture
def pacts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder with the pact of a program that creates, reads, lists and deletes, and is refused once."""
    understudy = create_app(Settings(vendors=("ecdp", "twc")))
    with in_background(understudy, listen("127.0.0.1", 0)) as root, httpx.Client() as client:
        known = understudy.credentials(root)["ecdp"]
        base, key = known["base_url"], {"x-api-key": known["api_key"]}
        person = {"email": "pact@example.com", "firstName": "Ada"}
        made = client.post(
            f"{base}/customers", json={"mode": "AddOrUpdate", "matchBy": "Email", "data": [person]}, headers=key
        )
        assert made.status_code < 300, made.text
        assert client.get(f"{base}/customers/email/pact@example.com", headers=key).status_code == 200
        assert client.get(f"{base}/customers/email/nobody@example.com", headers=key).status_code == 404
        assert client.get(f"{base}/customerattributes", headers=key).status_code == 200
        realm = understudy.credentials(root)["twc"]
        client.post(
            f"{root}/twc/auth/realms/{realm['tenant']}/protocol/openid-connect/token",
            data={"grant_type": "client_credentials", "client_id": "a", "client_secret": "hush"},
        )
        monkeypatch.setenv("UNDERSTUDY_URL", root)
        result = run("write", "--consumer", "web-shop", "--out", str(tmp_path / "pacts"))
        assert result.exit_code == 0, result.output
        assert "left out: call 5, POST" in result.output
        assert "hush" not in "".join(path.read_text() for path in (tmp_path / "pacts").iterdir())
    monkeypatch.delenv("UNDERSTUDY_URL")
    return tmp_path / "pacts"


def test_a_pact_holds_each_call_without_credentials(pacts: Path) -> None:
    found = json.loads((pacts / "web-shop-ecdp.json").read_text())
    assert (found["consumer"]["name"], found["provider"]["name"]) == ("web-shop", "ecdp")
    assert [(each["request"]["method"], each["request"]["path"]) for each in found["interactions"]] == [
        ("POST", "/customers"),
        ("GET", "/customers/email/pact@example.com"),
        ("GET", "/customers/email/nobody@example.com"),
        ("GET", "/customerattributes"),
    ]
    assert "x-api-key" not in json.dumps(found).lower()


def test_a_pact_is_met_by_the_stand_in_that_it_was_written_from(pacts: Path) -> None:
    result = run("verify", str(pacts / "web-shop-ecdp.json"))
    assert result.exit_code == 0, result.output
    assert "every expectation is met" in result.output


@pytest.mark.parametrize(
    ("place", "value"),
    [(("response", "status"), 202), (("response", "body"), {"errors": 7}), (("response", "body"), [])],
)
def test_an_expectation_that_is_not_met_fails(pacts: Path, place: tuple[str, str], value: Any) -> None:
    path = pacts / "web-shop-ecdp.json"
    found = json.loads(path.read_text())
    found["interactions"][0][place[0]][place[1]] = value
    path.write_text(json.dumps(found))
    result = run("verify", str(path))
    assert result.exit_code == 1, result.output
    assert "an expectation is not met" in result.output


def test_a_pact_is_held_against_a_url(pacts: Path) -> None:
    understudy = create_app(Settings(vendors=("ecdp",)))
    key = understudy.credentials("")["ecdp"]["api_key"]
    path = str(pacts / "web-shop-ecdp.json")
    with in_background(understudy, listen("127.0.0.1", 0)) as root:
        right = run("verify", path, "--url", f"{root}/ecdp", "--header", f"x-api-key: {key}")
        wrong = run("verify", path, "--url", f"{root}/ecdp", "--header", "x-api-key: other")
    assert (right.exit_code, wrong.exit_code) == (0, 1), right.output


def test_a_pact_of_one_own_document_is_met(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = Path(__file__).parents[2] / "src" / "understudy" / "commands" / "example_document.yaml"
    understudy = create_app(Settings(documents=(("shop", str(spec)),)))
    path = next(
        each.path for each in understudy.vendors["shop"].operations if each.method == "get" and "{" not in each.path
    )
    base, known = understudy.vendors["shop"].base_path, understudy.worlds.start_world.credentials["shop"]
    with in_background(understudy, listen("127.0.0.1", 0)) as root:
        operation = next(each for each in understudy.vendors["shop"].operations if each.path == path)
        headers = signed(operation, "", known)[1]
        assert httpx.get(f"{root}{base}{path}", headers=headers).status_code == 200
        monkeypatch.setenv("UNDERSTUDY_URL", root)
        assert run("write", "--consumer", "web", "--out", str(tmp_path)).exit_code == 0
    result = run("verify", str(tmp_path / "web-shop.json"), "--against", str(spec))
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("none.json",), "cannot be read"),
        (("okk.json",), "did you mean 'ok.json'?"),
        ((".",), "is a folder; name files of it, such as ./*.json"),
        (("pyproject.toml",), "not JSON"),
        (("empty.json",), "no provider.name"),
        (("ok.json", "--url", "vendor"), "write http"),
        (("ok.json", "--header", "key"), "NAME: VALUE"),
        (("ok.json",), "did you mean 'ecdp'"),
        (("ok.json", "--url", "http://a", "--against", "ecdp"), "exclude"),
    ],
)
def test_a_mistake_is_named_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], expected: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[x]")
    (tmp_path / "empty.json").write_text("{}")
    (tmp_path / "ok.json").write_text('{"provider": {"name": "ecpd"}}')
    result = run("verify", *words)
    assert result.exit_code == 2
    assert expected in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_one_vendors_calls_are_written_under_another_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    understudy = create_app(Settings(vendors=("ecdp", "twc")))
    with in_background(understudy, listen("127.0.0.1", 0)) as root:
        monkeypatch.setenv("UNDERSTUDY_URL", root)
        words = ("write", "--consumer", "shop", "--out", str(tmp_path))
        assert "has no call to write" in run(*words).output
        httpx.get(f"{root}/ecdp/customerattributes")
        httpx.get(f"{root}/twc/services/eventcollector/api/v1/event-subscription")
        assert "--provider names one vendor" in run(*words, "--provider", "cdp").output
        assert run(*words, "--vendor", "ecdp", "--provider", "cdp").exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["shop-cdp.json"]


def test_a_suite_writes_the_calls_of_its_shared_world_as_the_page_shows(tmp_path: Path) -> None:
    [conftest] = re.findall(r"```python\n(# conftest.py.*?)```", PAGE.read_text(), re.DOTALL)
    (tmp_path / "conftest.py").write_text(conftest)
    (tmp_path / "test_shop.py").write_text(SUITE)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stdout + result.stderr
    found = json.loads((tmp_path / "pacts" / "web-shop-ecdp.json").read_text())
    assert [each["request"]["path"] for each in found["interactions"]] == ["/customerattributes"] * 2


def test_a_report_is_printed_once_and_nothing_is_sent_to_others(pacts: Path) -> None:
    words = [sys.executable, "-c", MAIN, "pact", "verify", "web-shop-ecdp.json"]

    result = subprocess.run(words, cwd=pacts, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stderr
    assert result.stdout.count("call 1: ") == 1
    assert "tracking" not in result.stdout + result.stderr
    assert result.stdout.rstrip().endswith("web-shop-ecdp.json: every expectation is met")
