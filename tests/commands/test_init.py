"""The command ``init``: files that pass as they stand, for any document, and nothing overwritten."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from tests.commands.own_documents import books, write_books
from understudy.cli import main

PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "understudy.pytest_plugin")
WORKFLOW = ".github/workflows/understudy.yaml"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def init(*words: str) -> Result:
    return CliRunner().invoke(main, ["init", *words])


def written(result: Result) -> list[str]:
    assert result.exit_code == 0, result.output
    return [line.removeprefix("wrote ") for line in result.stdout.splitlines() if line.startswith("wrote ")]


def assert_suite_passes(folder: Path) -> None:
    own = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(PYTEST, cwd=folder, env=own, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def assert_refused(result: Result, reason: str) -> None:
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert reason in result.stderr


def test_a_project_without_a_document_begins_with_an_example(folder: Path) -> None:
    assert written(init()) == [
        "understudy.toml",
        "specs/parcels.yaml",
        "behaviour/parcels/operations/parcels.py",
        "tests/test_parcels.py",
        WORKFLOW,
    ]
    assert "test_what_is_created_can_be_read" in (folder / "tests" / "test_parcels.py").read_text()
    assert_suite_passes(folder)
    assert "not obeyed" not in CliRunner().invoke(main, ["check"]).stdout


def test_the_example_is_obeyed_whole_and_its_function_is_served(folder: Path) -> None:
    init()

    rows = json.loads(CliRunner().invoke(main, ["operations", "--json"]).stdout)

    assert {row["operationId"]: row["fidelity"] for row in rows}["sendParcel"] == "behaviour"
    assert CliRunner().invoke(main, ["run", "--strict-spec", "--", "true"]).exit_code == 0
    assert (folder / "behaviour").is_dir()


def test_what_to_do_next_is_printed(folder: Path) -> None:
    printed = init().stdout

    assert "understudy serve --reload" in printed
    assert "python -m pytest tests/test_parcels.py" in printed
    assert folder.is_dir()


def test_a_document_of_ones_own_stays_where_it_is(folder: Path) -> None:
    write_books(folder / "api" / "books.json")

    files = written(init("api/books.json"))

    assert tomllib.loads((folder / "understudy.toml").read_text())["specs"] == ["api/books.json"]
    assert "behaviour/books/operations/operations.py" in files
    assert "def addBook(state, recognised):" in (folder / "behaviour/books/operations/operations.py").read_text()
    assert_suite_passes(folder)


def test_a_document_has_the_name_that_it_is_given(folder: Path) -> None:
    write_books(folder / "books.json")

    assert "tests/test_my_shop.py" in written(init("my-shop=books.json"))
    assert tomllib.loads((folder / "understudy.toml").read_text())["specs"] == ["my-shop=books.json"]
    assert_suite_passes(folder)


def test_a_document_above_the_folder_is_named_relative_to_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_books(folder / "books.json")
    (folder / "project").mkdir()
    monkeypatch.chdir(folder / "project")

    written(init("../books.json"))

    assert tomllib.loads((folder / "project" / "understudy.toml").read_text())["specs"] == ["../books.json"]
    assert_suite_passes(folder / "project")


def with_paths(paths: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"openapi": "3.1.0", "info": {"title": "Odd", "version": "1"}, "paths": paths, **more}


OK = {"200": {"description": "", "content": {"application/json": {"schema": {"type": "object"}}}}}
DOCUMENTS = {
    "no operation": with_paths({}),
    "no id": with_paths({"/about": {"get": {"responses": OK}}}),
    "keyword": with_paths({"/about": {"get": {"operationId": "import", "tags": ["class"], "responses": OK}}}),
    "odd names": with_paths({"/a-b/{x.y}": {"get": {"operationId": "get-a \"b\" 'c'", "tags": ["1 ü"], "responses": OK,
        "parameters": [{"name": "x.y", "in": "path", "required": True, "schema": {"type": "string"}}]}}}),
    "no content": with_paths({"/a": {"delete": {"operationId": "drop", "responses": {"204": {"description": ""}}}}}),
    "key in the query": with_paths(
        {"/a": {"get": {"operationId": "a", "security": [{"key": []}], "responses": OK}}},
        components={"securitySchemes": {"key": {"type": "apiKey", "in": "query", "name": "k"}}},
    ),
    "key in a cookie": with_paths(
        {"/a": {"get": {"operationId": "a", "security": [{"key": []}], "responses": OK}}},
        components={"securitySchemes": {"key": {"type": "apiKey", "in": "cookie", "name": "k"}}},
    ),
    "basic": with_paths(
        {"/a": {"get": {"operationId": "a", "security": [{"it": []}], "responses": OK}}},
        components={"securitySchemes": {"it": {"type": "http", "scheme": "basic"}}},
    ),
    "bearer": with_paths(
        {"/a": {"get": {"operationId": "a", "security": [{"it": []}], "responses": OK}}},
        components={"securitySchemes": {"it": {"type": "http", "scheme": "bearer"}}},
    ),
    "only errors": with_paths({"/a": {"get": {"operationId": "a", "responses": {"404": {"description": ""}}}}}),
    "a form": with_paths({"/a": {"post": {"operationId": "a", "responses": OK, "requestBody": {"required": True,
        "content": {"text/csv": {"schema": {"type": "string"}}}}}}}),
}  # fmt: skip


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_the_files_pass_for_any_document(folder: Path, kind: str) -> None:
    (folder / "odd.v1.yaml").write_text(yaml.safe_dump(DOCUMENTS[kind]))

    assert WORKFLOW in written(init("odd.v1.yaml"))

    assert_suite_passes(folder)


@pytest.mark.parametrize("name", ["tests/test_parcels.py", "specs/parcels.yaml", WORKFLOW])
def test_a_file_that_is_there_is_not_overwritten(folder: Path, name: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True)
    path.write_text("mine")

    assert_refused(init(), f"{name} exists already; init overwrites nothing: move it away")
    assert path.read_text() == "mine"
    assert not (folder / "understudy.toml").exists()


def test_a_project_that_has_settings_is_refused(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("[tool.understudy]\nport = 1\n")

    assert_refused(init(), "pyproject.toml: there are settings of Understudy already; init overwrites nothing")


def test_a_folder_below_a_project_may_be_one_of_its_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    init()
    (folder / "inner").mkdir()
    monkeypatch.chdir(folder / "inner")

    assert "understudy.toml" in written(init())


def test_a_mistaken_document_is_refused_and_nothing_is_written(folder: Path) -> None:
    for name in ("a", "b"):
        write_books(folder / "two" / f"{name}.json")
    (folder / "table.json").write_text("{}")

    assert_refused(init("two"), "two: holds 2 documents: name one file of it")
    assert_refused(init("table.json"), "no OpenAPI document")
    assert_refused(init("tabel.json"), "no such file or folder; did you mean 'table.json'?")
    assert {path.name for path in folder.iterdir()} == {"two", "table.json"}


def test_a_folder_without_write_permission_is_one_line(folder: Path) -> None:
    (folder / "tests").write_text("no folder")

    assert_refused(init(), "tests")


def test_the_workflow_is_one_and_runs_what_was_written(folder: Path) -> None:
    init()

    steps = yaml.safe_load((folder / WORKFLOW).read_text())["jobs"]["test"]["steps"]
    commands = [step["run"] for step in steps if "run" in step]

    assert commands[0].startswith("pip install pytest 'understudy")
    assert commands[1:] == ["understudy check", "python -m pytest tests/test_parcels.py"]
    schema = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", WORKFLOW]
    assert subprocess.run(schema, cwd=folder, check=False).returncode == 0


def test_the_books_of_these_tests_have_a_resource() -> None:
    assert books()["paths"].keys() == {"/books", "/books/{bookId}"}
