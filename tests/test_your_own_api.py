"""``docs/your-own-api.md``, run from its first line to its last, and the image with a project mounted."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import httpx
import pytest

from tests.commands.own_documents import write_books
from tests.test_container import health
from tests.test_tutorial import BLOCK, ROOT, reading
from understudy.casting.scenario_file import shipped_scenarios
from understudy.commands.options import all_options
from understudy.commands.project_settings import key_of
from understudy.project import project_settings

PAGE = (ROOT / "docs/your-own-api.md").read_text(encoding="utf-8")
BLOCKS = BLOCK.findall(PAGE)
DOCKER = "docker run"
IMAGE = (ROOT / "Dockerfile").read_text(encoding="utf-8").rpartition("FROM ")[2]


def code_of(language: str, beginning: str = "") -> str:
    [found] = [code for each, code in BLOCKS if each == language and code.startswith(beginning)]
    return str(found)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("own")
    (made / "books.yaml").write_text(code_of("yaml", "# books.yaml"))
    return made


@pytest.fixture(scope="module")
def printed(folder: Path) -> dict[str, str]:
    """Return the output of each command of the page, by its first line; containers are left out."""
    found = {}
    with reading(folder) as reader:
        for language, code in BLOCKS:
            if language == "sh" and not code.startswith(DOCKER):
                found[code.splitlines()[0]] = reader.run(code)
    return found


def test_the_document_is_served_at_the_root_and_below_its_name(printed: dict[str, str]) -> None:
    [shown] = [text for line, text in printed.items() if line.startswith("curl")]

    assert shown.count('"title"') == 6


def test_the_document_is_checked(printed: dict[str, str]) -> None:
    assert "1 resource with 3 operations" in printed["understudy check books.yaml"]


def test_a_new_project_passes(printed: dict[str, str]) -> None:
    wrote = re.findall(r"wrote (.*)", printed["understudy init books.yaml"])
    rows = re.findall(r"^\| `([^`]+)` \| [^|]+ \|$", PAGE.partition("understudy init books.yaml")[2], re.MULTILINE)

    assert sorted(wrote) == sorted(row.replace("….py", "operations.py") for row in rows)
    assert "1 passed" in printed["understudy check"]


@pytest.mark.usefixtures("printed")
def test_the_pages_test_passes_in_the_new_project(folder: Path) -> None:
    path = folder / "tests" / "test_books.py"
    path.write_text(path.read_text() + "\n\n" + code_of("python", "def test_a_book"))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "understudy.pytest_plugin"]
    own = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

    done = subprocess.run(command, cwd=folder, env=own, capture_output=True, text=True, check=False, timeout=120)

    assert "2 passed" in done.stdout, done.stdout


@pytest.mark.usefixtures("printed")
def test_python_serves_the_project(folder: Path) -> None:
    code = code_of("python", "import asyncio")

    subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=folder, check=True, timeout=120)


def test_the_pages_project_file_is_taken(tmp_path: Path) -> None:
    text = code_of("toml")
    (tmp_path / "understudy.toml").write_text(text)
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "calm.yaml").write_text("seed: 1\n")
    write_books(tmp_path / "books.yaml")

    found = project_settings(tmp_path)

    assert found.port == 9000
    assert found.documents == (("books", str(tmp_path / "books.yaml")), ("shop", "https://example.com/openapi.json"))
    assert found.behaviour == (tmp_path / "behaviour",)
    assert str(found.scenario) in shipped_scenarios()
    assert tomllib.loads(text).keys() <= {key_of(option) for option in all_options()}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a container's /proc")
@pytest.mark.parametrize("is_project", [True, False])
def test_the_image_serves_what_is_mounted(tmp_path: Path, *, is_project: bool) -> None:
    write_books(tmp_path / "books.json")
    if is_project:
        (tmp_path / "understudy.toml").write_text('specs = ["books.json"]\nhost = "127.0.0.1"\n')
    [command] = re.findall(r"^CMD (\[.*\])$", IMAGE, re.MULTILINE)
    [host] = re.findall(r"UNDERSTUDY_HOST=(\S+)", IMAGE)
    words = [*json.loads(command), "--port", "0", *([] if is_project else [str(tmp_path)])]
    own = {"HOME": "/nowhere", "XDG_CACHE_HOME": "/proc/none", "UNDERSTUDY_HOST": host}
    program = Path(sys.executable).with_name("understudy")

    with subprocess.Popen([program, *words], cwd=tmp_path, env=own, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            lines = [process.stdout.readline() for _ in range(3)]
            [port] = set(re.findall(r":(\d+)", "".join(lines)))
            answer = httpx.get(f"http://127.0.0.1:{port}/v1/books", headers={"X-Key": "any"})
            is_healthy = health(process.pid) == 0
        finally:
            process.terminate()

    assert (answer.status_code, is_healthy) == (200, True)
    assert "WORKDIR /work\n" in IMAGE
    assert all(":/work:ro" in line for line in code_of("sh", DOCKER).splitlines())
