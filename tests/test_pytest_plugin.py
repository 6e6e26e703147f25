"""pytest plugin, tested in suites that a test writes and runs in a pytest process of its own."""

import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parent.parent / "examples" / "pytest"
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
XDIST = ("-p", "xdist.plugin", "-n")
WITHOUT_PLUGINS = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""Environment without the plugins of our own suite, which are slow to import."""

CUSTOMER = """
import json, os, urllib.request
import pytest

def call(vendor, method, path, body=None):
    headers = {"x-api-key": vendor.known["api_key"], "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(vendor.url + path, data, headers, method=method)
    with urllib.request.urlopen(asked) as answer:
        return json.loads(answer.read() or "null")

def add(vendor, name):
    person = {"email": "same@example.com", "firstName": name}
    return call(vendor, "POST", "/customers", {"mode": "Add", "matchBy": "Email", "data": [person]})
"""


class Suite:
    """Suite in a folder, which uses a running server, as that is faster, unless it starts its own."""

    def __init__(self, folder: Path, server: str) -> None:
        self.folder = folder
        self.server = server

    def run(self, code: str, *arguments: str, ini: str = "", starts: bool = False) -> subprocess.CompletedProcess[str]:
        """Write one module of tests, and run it."""
        (self.folder / "test_it.py").write_text(CUSTOMER + code)
        (self.folder / "pytest.ini").write_text(f"[pytest]\nfilterwarnings = error\n{ini}\n")
        place = [] if starts else ["--understudy-url", self.server]
        return subprocess.run(
            [*PYTEST, "-p", "understudy.pytest_plugin", *place, *arguments],
            cwd=self.folder, capture_output=True, text=True, check=False, env={**os.environ, **WITHOUT_PLUGINS},
        )  # fmt: skip


@pytest.fixture
def suite(tmp_path: Path, server: str) -> Suite:
    return Suite(tmp_path, server)


def assert_passes(result: subprocess.CompletedProcess[str], count: int) -> None:
    assert result.returncode == 0, result.stdout + result.stderr
    assert f"{count} passed" in result.stdout


def test_two_hundred_tests_of_eight_workers_on_one_server_do_not_see_each_other(suite: Suite) -> None:
    code = """
@pytest.mark.parametrize("number", range(200))
def test_the_same_customer(ecdp, number, request):
    before = len(ecdp.state["customers"])
    add(ecdp, f"name-{number}")
    assert len(ecdp.state["customers"]) == before + 1
    assert call(ecdp, "GET", "/customers/email/same@example.com")["data"]["firstName"] == f"name-{number}"
    assert len(ecdp.calls()) == 2
    with open("seen-" + request.config.workerinput["workerid"], "a") as seen:
        seen.write(ecdp.world.control.root + " " + ecdp.world.name + "\\n")
"""
    result = suite.run(code, *XDIST, "8", starts=True)

    assert_passes(result, 200)
    seen = [line.split() for path in suite.folder.glob("seen-*") for line in path.read_text().splitlines()]
    assert len({root for root, _ in seen}) == 1
    assert len({world for _, world in seen}) == 200
    assert len(list(suite.folder.glob("seen-*"))) == 8


def test_a_failed_test_shows_its_calls(suite: Suite) -> None:
    result = suite.run(
        """
def test_fails(ecdp):
    add(ecdp, "Ada")
    assert call(ecdp, "GET", "/customerattributes") is None

def test_passes(ecdp):
    call(ecdp, "GET", "/customerattributes")
"""
    )

    output = result.stdout
    assert "1 failed, 1 passed" in output
    assert output.count("calls in the world test-") == 1
    assert "201 POST /@test-fails-" in output
    assert '"firstName": "Ada"' in output
    assert "/ecdp/customerattributes  (list_customer_attributes, accepted)" in output


def test_a_mark_chooses_seed_and_time(suite: Suite) -> None:
    result = suite.run(
        """
from datetime import datetime, timezone

AT = datetime(2027, 6, 1, 12, tzinfo=timezone.utc)

def test_of_the_configuration(ecdp):
    assert ecdp.clock.now().isoformat() == "2026-05-04T03:02:01+00:00"

@pytest.mark.understudy(at=AT)
class TestMarked:
    def test_stands_still(self, ecdp):
        assert ecdp.clock.now() == AT and ecdp.clock.show()["rate"] == 0

    @pytest.mark.understudy(rate=3600)
    def test_the_nearest_mark_counts(self, ecdp):
        assert ecdp.clock.now() > AT and ecdp.clock.show()["rate"] == 3600

@pytest.mark.understudy(seed=7)
def test_other_people(ecdp, understudy):
    assert ecdp.credentials["customer_email"] != "a.vogt0@example.com"

@pytest.mark.understudy(scenario="small-shop")
def test_another_scenario(understudy):
    assert understudy.show()["origin"] == {"scenario": "small-shop"}
""",
        ini="understudy_at = 2026-05-04T03:02:01Z",
    )

    assert_passes(result, 5)


def test_a_misspelt_mark_is_reported(suite: Suite) -> None:
    result = suite.run("@pytest.mark.understudy(sed=7)\ndef test_it(ecdp):\n    ...\n")

    assert (
        "the mark understudy takes scenario, seed, at, rate, strict, expect_refusals, not 'sed'; did you mean 'seed'?"
        in result.stdout
    )


def test_a_seed_that_is_no_number_is_reported(suite: Suite) -> None:
    result = suite.run("def test_it(ecdp):\n    ...\n", ini="understudy_seed = many")

    assert "understudy_seed is 'many': give a whole number" in result.stderr


def test_a_missing_scenario_is_reported_as_such(suite: Suite) -> None:
    result = suite.run("def test_it(ecdp):\n    ...\n", "--understudy-scenario", "nowhere.yaml", starts=True)

    assert "1 error" in result.stdout
    assert "the server did not start: " in result.stdout
    assert "nowhere.yaml: no such scenario" in result.stdout


def test_settings_of_the_suite_make_its_worlds(suite: Suite) -> None:
    code = """
def test_seed_and_time(ecdp):
    assert ecdp.credentials["customer_email"] != "a.vogt0@example.com"
    assert ecdp.clock.now().isoformat() == "2026-05-04T03:02:01+00:00"

def test_a_world_that_the_test_forgets(understudy):
    understudy.delete()

def test_worlds_are_gone_after_their_tests(understudy, understudy_control):
    assert [world["name"] for world in understudy_control.rows("worlds")] == ["main", understudy.name]
"""
    ini = "understudy_scenario = start\nunderstudy_seed = 7\nunderstudy_at = 2026-05-04T03:02:01Z"

    assert_passes(suite.run(code, ini=ini, starts=True), 3)


def test_an_app_in_the_process_needs_no_socket(suite: Suite) -> None:
    code = """
import asyncio, httpx

def test_it(ecdp, understudy_asgi):
    async def ask():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(understudy_asgi)) as client:
            headers = {"x-api-key": ecdp.credentials["api_key"]}
            return await client.get(ecdp.url + "/customerattributes", headers=headers)

    assert asyncio.run(ask()).status_code == 200
    assert len(ecdp.calls()) == 1
"""
    assert_passes(suite.run(code, starts=True), 1)
    assert_passes(suite.run(code, *XDIST, "1", ini="understudy_server = worker", starts=True), 1)
    shared = suite.run(code, *XDIST, "1", starts=True)
    assert "the server is not in the test's own process; set understudy_server = worker" in shared.stdout


def test_a_program_finds_its_world_in_its_environment(suite: Suite) -> None:
    code = """
def test_it(ecdp, understudy):
    assert ecdp.env["ES_API_URL"] == ecdp.env["UNDERSTUDY_ECDP_URL"] == ecdp.url
    assert ecdp.env["UNDERSTUDY_WORLD"] == understudy.name
    assert understudy.name in ecdp.url and not any("TWC" in name for name in ecdp.env)
    assert "UNDERSTUDY_TWC_URL" in understudy.environment()
"""
    assert_passes(suite.run(code), 1)


def test_faults_and_state_are_steered(suite: Suite) -> None:
    code = """
import urllib.error

def test_it(ecdp, twc):
    ecdp.faults.add("status", operation="list_customer_attributes", status=503, times=1)
    twc.faults.add("drop")
    with pytest.raises(urllib.error.HTTPError, match="503"):
        call(ecdp, "GET", "/customerattributes")
    ecdp.faults.clear()
    assert [fault["vendor"] for fault in ecdp.world.faults.all()] == ["twc"]
    [first] = ecdp.state["customers"].read(limit=1)
    ecdp.state["customers"].put(first["id"], {**first, "firstName": "Changed"})
    assert ecdp.state["customers"].get(first["id"])["firstName"] == "Changed"
    with pytest.raises(KeyError, match="ecdp has no collection 'shoes'"):
        ecdp.state["shoes"]
"""
    assert_passes(suite.run(code), 1)


def test_a_server_that_runs_already_is_used(suite: Suite) -> None:
    code = f"def test_it(ecdp):\n    assert ecdp.url.startswith({suite.server!r})\n"

    assert_passes(suite.run(code, "--understudy-seed", "7"), 1)


def test_a_server_that_does_not_answer_is_reported(suite: Suite) -> None:
    result = suite.run("def test_it(ecdp):\n    ...\n", "--understudy-url", "http://127.0.0.1:9", starts=True)

    assert "no server answers at http://127.0.0.1:9 (connection refused)" in result.stdout


def test_a_token_in_the_environment_is_required_and_sent(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNDERSTUDY_TOKEN", "not-for-everyone")
    code = """
import urllib.error

def test_it(ecdp):
    assert ecdp.calls() == []
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(ecdp.world.control.root + "/_understudy/api/worlds")
"""
    assert_passes(suite.run(code, starts=True), 1)


def test_a_suite_without_the_fixtures_imports_nothing(suite: Suite) -> None:
    code = """
import sys

def test_it():
    assert not {"understudy.app", "understudy.client", "connexion", "uvicorn", "yaml"} & sys.modules.keys()
"""
    assert_passes(suite.run(code, starts=True), 1)


def test_the_example_project_passes_as_it_stands() -> None:
    result = subprocess.run(PYTEST, cwd=EXAMPLE, capture_output=True, text=True, check=False)

    assert_passes(result, 9)


def test_the_plugin_is_found_by_its_entry_point() -> None:
    [found] = [plugin for plugin in entry_points(group="pytest11") if plugin.name == "understudy"]

    assert found.value == "understudy.pytest_plugin"
