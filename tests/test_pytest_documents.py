"""pytest plugin with documents of users' own, tested in suites of pytest processes of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.own_documents import write_books

PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "understudy.pytest_plugin")
SEND = """
import json, urllib.request

def send(vendor, method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"X-Key": vendor.credentials["X-Key"], "Content-Type": "application/json"}
    asked = urllib.request.Request(vendor.url + path, data, headers, method=method)
    with urllib.request.urlopen(asked) as answer:
        return json.load(answer)
"""
CREATED = """
def test_a_book_is_kept(books):
    made = send(books, "POST", "/books", {"title": "Alba"})
    assert send(books, "GET", f"/books/{made['id']}") == made
    assert books.state["books"].get(str(made["id"]))["title"] == "Alba"
    assert [call["fidelity"] for call in books.calls("addBook")] == ["resource"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_books(tmp_path / "api" / "books.json")
    return tmp_path


def run(folder: Path, code: str, *arguments: str, ini: str = "", cwd: Path | None = None) -> tuple[int, str]:
    """Run one module of tests; return the exit code and what was printed."""
    (folder / "test_it.py").write_text(SEND + code)
    (folder / "pytest.ini").write_text(f"[pytest]\nfilterwarnings = error\n{ini}\n")
    own = {name: value for name, value in os.environ.items() if not name.startswith("UNDERSTUDY_")}
    done = subprocess.run(
        [*PYTEST, *arguments], cwd=cwd or folder, capture_output=True, text=True, check=False, timeout=120,
        env={**own, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def project(folder: Path, text: str) -> None:
    (folder / "understudy.toml").write_text(text)


def test_a_document_of_the_project_file_is_a_fixture(folder: Path) -> None:
    project(folder, 'specs = ["api/books.json"]\n')

    code, printed = run(folder, CREATED)

    assert code == 0, printed


def test_a_document_of_the_configuration_is_a_fixture_wherever_the_suite_is_run(folder: Path) -> None:
    (folder / "deep").mkdir()

    place = ("--rootdir=..", "-c", "../pytest.ini", "../test_it.py")
    code, printed = run(folder, CREATED, *place, ini="understudy_specs = api/books.json", cwd=folder / "deep")

    assert code == 0, printed


def test_a_document_of_the_command_line_takes_the_place_of_others(folder: Path) -> None:
    project(folder, 'specs = ["shop=api/books.json"]\n')
    refused, printed = run(folder, CREATED)
    assert refused == 1
    assert "fixture 'books' not found" in printed

    code, printed = run(folder, CREATED, "--understudy-spec", "api/books.json")

    assert code == 0, printed


def test_a_name_that_is_none_in_python_has_underscores(folder: Path) -> None:
    project(folder, 'specs = ["my-shop.v2=api/books.json"]\n')
    test = """
def test_it(my_shop_v2, understudy):
    assert understudy.vendor("my-shop.v2").url == my_shop_v2.url
"""

    code, printed = run(folder, test)

    assert code == 0, printed


def test_a_document_does_not_take_the_place_of_a_fixture_of_pytest(folder: Path) -> None:
    project(folder, 'specs = ["tmp_path=api/books.json", "request=api/books.json"]\n')
    test = """
def test_it(tmp_path, understudy, request):
    assert tmp_path.is_dir() and request.node
    assert understudy.vendor("tmp_path").url.endswith("/tmp_path/v1")
"""

    code, printed = run(folder, test)

    assert code == 0, printed


def test_an_unknown_vendor_is_refused_with_the_nearest(folder: Path) -> None:
    project(folder, 'specs = ["api/books.json"]\n')
    test = """
import pytest
from understudy.core.misconfigured import Misconfigured

def test_it(understudy):
    with pytest.raises(Misconfigured, match="serves no vendor 'boks'; did you mean 'books'"):
        understudy.vendor("boks")
"""

    code, printed = run(folder, test)

    assert code == 0, printed


def test_settings_of_the_project_are_those_of_the_suite(folder: Path) -> None:
    (folder / "behaviour" / "books" / "operations").mkdir(parents=True)
    (folder / "behaviour" / "books" / "operations" / "books.py").write_text(
        "from understudy.behaviour import Refused\n\n\ndef addBook(state):\n    raise Refused(409, 'no')\n"
    )
    project(folder, 'specs = ["api/books.json"]\nbehaviour = ["behaviour"]\nvendors = ["ecdp"]\n')
    test = """
import pytest, urllib.error

def test_it(books, ecdp):
    with pytest.raises(urllib.error.HTTPError, match="409"):
        send(books, "POST", "/books", {"title": "Alba"})
"""

    code, printed = run(folder, test)

    assert code == 0, printed


@pytest.mark.parametrize(
    ("text", "ini", "arguments", "reason"),
    [
        ("prot = 1", "", (), "understudy.toml:1: unknown key 'prot'; did you mean 'port'?"),
        ("", "understudy_specs = api/boks.json", (), "boks.json: no such file or folder; did you mean 'books.json'?"),
        ("", "", ("--understudy-spec", "nope.yaml"), "nope.yaml: no such file or folder"),
        ("specs = [", "", (), "understudy.toml: not TOML"),
    ],
)
def test_a_mistake_ends_the_run_in_one_line(
    folder: Path, text: str, ini: str, arguments: tuple[str, ...], reason: str
) -> None:
    project(folder, text)

    code, printed = run(folder, CREATED, *arguments, ini=ini)

    assert code == 4
    assert reason in printed
    assert "Traceback" not in printed


def test_a_suite_without_documents_imports_no_command_line(folder: Path) -> None:
    test = """
import sys

def test_it():
    assert "click" not in sys.modules
    assert "understudy.commands.options" not in sys.modules
"""

    code, printed = run(folder, test)

    assert code == 0, printed


def test_all_workers_share_one_server_with_the_documents(folder: Path) -> None:
    project(folder, 'specs = ["api/books.json"]\n')

    code, printed = run(folder, CREATED, "-p", "xdist.plugin", "-n", "2")

    assert code == 0, printed
