"""The wheel, built and installed into an environment of its own, away from the checkout."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx
import pytest

from understudy import __version__, cli

ROOT = Path(__file__).parents[2]
ADDRESS = re.compile(r"http://[\w.:\[\]]+:\d+")
DATA = {"src/understudy": "understudy", "specs": "understudy/_data/specs", "fixtures": "understudy/_data/fixtures"}
BUILD = "import hatchling.build, sys; print(hatchling.build.build_wheel(sys.argv[1]))"
FIND = "import understudy, understudy.settings as s; print(understudy.__file__, s.data_folder('specs'))"
VENDORS = ("capillary", "contacthub", "crmcom", "ecdp", "twc")
USER_TEST = """
import urllib.request

def test_a_vendor_is_there(ecdp):
    headers = {"x-api-key": ecdp.credentials["api_key"]}
    request = urllib.request.Request(ecdp.url + "/customerattributes", headers=headers)
    assert urllib.request.urlopen(request).status == 200
    assert [call["response"]["status"] for call in ecdp.calls("list_customer_attributes")] == [200]
"""


@dataclass(frozen=True, slots=True)
class Installed:
    """Environment with the wheel; its commands run in a folder without a checkout."""

    prefix: Path
    home: Path

    @property
    def package(self) -> Path:
        return next(self.prefix.glob("lib/python*/site-packages/understudy"))

    @property
    def variables(self) -> dict[str, str]:
        unset = ("PYTHONPATH", "VIRTUAL_ENV", "UNDERSTUDY_URL", "UNDERSTUDY_WORLD", "UNDERSTUDY_TOKEN")
        kept = {name: value for name, value in os.environ.items() if name not in unset}
        own = {name: str(self.home) for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")}
        return {**kept, **own, "PATH": f"{self.prefix}/bin{os.pathsep}{os.environ['PATH']}"}

    def start(self, program: str, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        command = [str(self.prefix / "bin" / program), *arguments]
        return subprocess.Popen(command, cwd=self.home, env=self.variables, text=True, **options)

    def output(self, *arguments: str, program: str = "understudy", code: int = 0) -> str:
        started = self.start(program, *arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        output, errors = started.communicate(timeout=120)
        assert started.returncode == code, output + errors
        return output

    @contextmanager
    def serving(self, *arguments: str) -> Iterator[str]:
        """Start a server; yield its root URL."""
        with (self.home / "errors").open("w+") as errors:
            started = self.start(
                "understudy", "serve", "--port", "0", *arguments, stdout=subprocess.PIPE, stderr=errors
            )
            assert started.stdout
            try:
                line = started.stdout.readline()
                found = ADDRESS.search(line)
                assert found, line + (self.home / "errors").read_text()
                yield found.group()
            finally:
                started.kill()
                started.communicate(timeout=30)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Wheel, built from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-c", BUILD, folder], cwd=ROOT, check=True, capture_output=True)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Environment with the wheel; other packages are those of the environment that runs the tests."""
    made = Installed(tmp_path_factory.mktemp("prefix"), tmp_path_factory.mktemp("home"))
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", made.prefix], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(made.prefix / "bin/python"), "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", wheel], check=True)
    others = [path for path in sys.path if path.endswith("site-packages")]
    (made.package.parent / "others.pth").write_text("\n".join(others))
    return made


@pytest.fixture(scope="module")
def root(installed: Installed) -> Iterator[str]:
    with installed.serving() as started:
        yield started


def test_the_wheel_has_every_file_of_its_folders(wheel: Path) -> None:
    names = set(ZipFile(wheel).namelist())
    files = {
        f"{target}/{path.relative_to(ROOT / source).as_posix()}"
        for source, target in DATA.items()
        for path in (ROOT / source).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert len(files) > 500
    assert files - names == set()
    assert not [name for name in names if name.startswith(("tests", "benchmarks", "docs"))]


def test_the_wheels_own_files_are_used(installed: Installed) -> None:
    assert installed.output("-c", FIND, program="python").split() == [
        str(installed.package / "__init__.py"),
        str(installed.package / "_data" / "specs"),
    ]
    assert __version__ in installed.output("--version")


def page_status(root: str) -> int:
    return httpx.get(f"{root}/").status_code


def test_the_overview_lists_every_vendor(installed: Installed, root: str) -> None:
    rows = json.loads(installed.output("operations", "--json"))
    page = httpx.get(f"{root}/")

    assert page.status_code == 200
    assert {row["vendor"] for row in rows} == set(VENDORS)
    assert [vendor for vendor in VENDORS if f">{vendor}<" not in page.text] == []


def test_a_wheel_without_its_templates_fails_the_check_of_the_page(installed: Installed, tmp_path: Path) -> None:
    prefix = tmp_path / "prefix"
    shutil.copytree(installed.prefix, prefix, symlinks=True)
    lacking = Installed(prefix, tmp_path)
    shutil.rmtree(lacking.package / "console" / "templates")
    main = "from understudy.cli import main; main()"
    run = [str(prefix / "bin" / "python"), "-c", main, "serve", "--port", "0", "--vendor", "ecdp"]

    with subprocess.Popen(run, cwd=tmp_path, env=lacking.variables, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout
        found = ADDRESS.search(started.stdout.readline())
        assert found
        status = page_status(found.group())
        started.kill()

    assert status == 500


def test_the_server_is_ready_and_its_control_api_is_there(root: str) -> None:
    health = httpx.get(f"{root}/_understudy/api/health").json()

    assert sorted(health["vendors"]) == sorted(VENDORS)
    assert health["version"] == __version__
    assert httpx.get(f"{root}/_understudy/api/worlds").status_code == 200


def test_printed_credentials_are_taken(installed: Installed, root: str) -> None:
    printed = json.loads(installed.output("credentials", "--json", "--port", root.rpartition(":")[2]))

    assert printed.keys() == set(VENDORS)
    ecdp = printed["ecdp"]
    answer = httpx.get(f"{ecdp['base_url']}/customerattributes", headers={"x-api-key": ecdp["api_key"]})
    assert answer.status_code == 200
    hub = printed["contacthub"]
    customers = f"{hub['base_url']}/workspaces/{hub['workspace']}/customers?nodeId={hub['node']}"
    assert httpx.get(customers, headers={"Authorization": f"Bearer {hub['token']}"}).status_code == 200


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_spec_is_printed_whole(installed: Installed, vendor: str) -> None:
    document = json.loads(installed.output("spec", vendor))
    rows = json.loads(installed.output("operations", "--json", "--vendor", vendor))

    printed = {
        operation.get("operationId")
        for path in document["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict)
    }
    assert {row["operationId"] for row in rows} <= printed


def test_every_kind_of_record_is_made(installed: Installed) -> None:
    kinds = [line.split()[0] for line in installed.output("generate", "--list").splitlines()]

    code = "import sys; from understudy.casting import Cast\nassert all(Cast()[kind][1] for kind in sys.argv[1:])"
    assert len(kinds) > 15
    assert len(installed.output("generate", kinds[0], "--count", "3").splitlines()) == 3
    installed.output("-c", code, *kinds, program="python")


@pytest.mark.parametrize("scenario", ["empty", "small-shop", "gdpr-requests"])
def test_a_shipped_scenario_is_there(installed: Installed, scenario: str) -> None:
    assert "base_url" in installed.output("credentials", "--vendor", "ecdp", "--scenario", scenario)


def test_a_command_runs_beside_a_server(installed: Installed) -> None:
    assert installed.output("run", "--vendor", "ecdp", "--", "sh", "-c", 'test -n "$UNDERSTUDY_ECDP_URL"') == ""


def test_a_users_suite_finds_the_plugin(installed: Installed) -> None:
    (installed.home / "test_user.py").write_text(USER_TEST)

    output = installed.output("-m", "pytest", "-q", "-p", "no:cacheprovider", "test_user.py", program="python")

    assert "1 passed" in output


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_prints_its_help(installed: Installed, name: str) -> None:
    assert installed.output(name, "--help").startswith("Usage: ")
