"""Project file: read by every command, below options and the environment; its mistakes are named."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from tests.commands.own_documents import write_books
from understudy.cli import main
from understudy.commands.options import OPTIONS, all_options
from understudy.commands.project_settings import key_of, variable_of
from understudy.core.misconfigured import Misconfigured
from understudy.project import project_settings
from understudy.settings import Settings

Run = Callable[..., Result]
VALUES: dict[str, tuple[Any, Any]] = {
    "host": ("0.0.0.0", "0.0.0.0"),  # noqa: S104 - an address that is read, not bound
    "port": (9000, 9000),
    "vendors": (["ecdp"], ("ecdp",)),
    "specs": (["a.json"], None),
    "remote_refs": (["example.com"], ("example.com",)),
    "records": (5, 5),
    "references": ("checked", "checked"),
    "quota": (5, 5),
    "auth": ("strict", True),
    "strict_spec": (True, True),
    "seed": (7, 7),
    "scenario": ("empty", Path("empty")),
    "body_limit": (5, 5),
    "upload_limit": (5, 5),
    "snapshot_limit": (5, 5),
    "journal": (5, 5),
    "max_worlds": (5, 5),
    "world_age": (1.5, 1.5),
    "cors": (True, True),
    "keep_alive": (5, 5),
    "deliver": (["*=http://127.0.0.1:9/"], (("*", "http://127.0.0.1:9/"),)),
    "deliver_hosts": (["consumer"], ("consumer",)),
    "tls": (True, True),
    "reload": (True, True),
}
"""Key: a value in TOML, and the setting that it makes; keys of paths are tested by themselves."""

PATHS = {
    "overlays": ["mine.yaml"],
    "behaviour": ["mine"],
    "scenarios": ["mine"],
    "replays": ["mine.har"],
    "remap": "mine",
    "scenario": "mine.yaml",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Working directory with one document, and nothing of this machine's environment."""
    for option in all_options():
        monkeypatch.delenv(variable_of(option), raising=False)
    monkeypatch.chdir(tmp_path)
    write_books(tmp_path / "books.json")
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    assert folder.is_dir()
    return lambda *words, **variables: CliRunner().invoke(main, words, env=variables)


def project(folder: Path, text: str) -> Path:
    path = folder / "understudy.toml"
    path.write_text(text)
    return path


def url_of(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return str(json.loads(result.stdout)["UNDERSTUDY_URL"])


def test_a_project_file_names_the_documents(folder: Path, run: Run) -> None:
    project(folder, 'specs = ["books.json", "shop=books.json"]\n')

    rows = json.loads(run("operations", "--json").stdout)

    assert {row["vendor"] for row in rows} == {"books", "shop"}


@pytest.mark.parametrize("head", ["[tool.understudy]", '[ tool . "understudy" ]'])
def test_the_settings_may_stand_in_pyproject(folder: Path, run: Run, head: str) -> None:
    (folder / "pyproject.toml").write_text(f'[project]\nname = "x"\n{head}\nspecs = ["books.json"]\nport = 9001\n')

    assert url_of(run("env", "--json")) == "http://127.0.0.1:9001"


def test_another_tools_pyproject_is_none(folder: Path, run: Run) -> None:
    (folder / "pyproject.toml").write_text('[tool.other]\nspecs = ["understudy"]\n')

    assert url_of(run("env", "--json", "--vendor", "ecdp")) == "http://127.0.0.1:8080"


def test_the_file_is_found_upward_and_its_paths_are_relative_to_it(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(folder, 'specs = ["books.json"]\n')
    deep = folder / "one" / "two"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)

    assert {row["vendor"] for row in json.loads(run("operations", "--json").stdout)} == {"books"}


def test_the_nearest_file_is_taken(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    project(folder, "port = 9001\n")
    (folder / "one").mkdir()
    project(folder / "one", 'port = 9002\nvendors = ["ecdp"]\n')
    monkeypatch.chdir(folder / "one")

    assert url_of(run("env", "--json")) == "http://127.0.0.1:9002"


def test_an_option_comes_before_the_environment_and_that_before_the_file(folder: Path, run: Run) -> None:
    project(folder, 'specs = ["books.json"]\nport = 9001\n')

    assert url_of(run("env", "--json")) == "http://127.0.0.1:9001"
    assert url_of(run("env", "--json", UNDERSTUDY_PORT="9002")) == "http://127.0.0.1:9002"
    assert url_of(run("env", "--json", "--port", "9003", UNDERSTUDY_PORT="9002")) == "http://127.0.0.1:9003"
    assert url_of(run("env", "--json", "--port", "8080")) == "http://127.0.0.1:8080"


def test_the_address_of_a_clusters_service_is_no_port(folder: Path, run: Run) -> None:
    project(folder, 'specs = ["books.json"]\nport = 9001\n')

    assert url_of(run("env", "--json", UNDERSTUDY_PORT="tcp://10.0.0.1:8080")) == "http://127.0.0.1:9001"


def test_a_variable_that_is_no_port_is_refused(run: Run) -> None:
    result = run("env", UNDERSTUDY_PORT="many")

    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "'many' is not a valid whole number" in result.stderr


@pytest.mark.parametrize("words", [("other.json",), ("--spec", "other.json")])
def test_named_documents_are_served_instead_of_the_files(folder: Path, run: Run, words: tuple[str, ...]) -> None:
    write_books(folder / "other.json")
    project(folder, 'specs = ["books.json"]\n')

    rows = json.loads(run("operations", "--json", *words).stdout)

    assert {row["vendor"] for row in rows} == {"other"}


def test_a_variable_names_documents_too(folder: Path, run: Run) -> None:
    project(folder, 'specs = ["missing.json"]\n')

    rows = json.loads(run("operations", "--json", UNDERSTUDY_SPECS="a=books.json b=books.json").stdout)

    assert {row["vendor"] for row in rows} == {"a", "b"}


def test_behaviour_of_a_projects_documents_does_not_hinder_another(folder: Path, run: Run) -> None:
    write_books(folder / "other.json")
    (folder / "behaviour" / "books").mkdir(parents=True)
    project(folder, 'specs = ["books.json"]\nbehaviour = ["behaviour"]\n')

    assert run("operations", "other.json").exit_code == 0
    (folder / "behaviour" / "bokos").mkdir()
    refused = run("operations", "other.json")
    assert "no document of yours is named 'bokos'; did you mean 'books'?" in refused.stderr


def test_a_flag_of_the_file_is_switched_off_by_an_option(folder: Path, run: Run) -> None:
    write_books(folder / "books.json", zany=1)
    project(folder, 'specs = ["books.json"]\nstrict_spec = true\n')

    assert run("run", "--", "true").exit_code == 2
    assert run("run", "--no-strict-spec", "--", "true").exit_code == 0
    assert run("run", "--", "true", UNDERSTUDY_STRICT_SPEC="false").exit_code == 0


def test_every_option_is_a_key() -> None:
    assert {key_of(option) for option in all_options()} == {*VALUES, *PATHS}
    assert {str(option.name) for option in all_options()} == OPTIONS.keys()


@pytest.mark.parametrize("key", [key for key in VALUES if key != "specs"])
def test_a_key_sets_what_its_option_sets(folder: Path, key: str) -> None:
    value, setting = VALUES[key]
    project(folder, f"{key} = {json.dumps(value)}\n")
    [name] = [str(option.name) for option in all_options() if key_of(option) == key]

    assert project_settings() == replace(Settings(), **{name: setting})


@pytest.mark.parametrize("key", PATHS)
def test_a_path_is_relative_to_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    project(folder, f"{key} = {json.dumps(PATHS[key])}\n")
    (folder / "deep").mkdir()
    monkeypatch.chdir(folder / "deep")

    found = getattr(project_settings(), key)

    assert (found if key in ("remap", "scenario") else found[0]).parent == folder


@pytest.mark.parametrize("option", all_options(), ids=key_of)
def test_a_value_of_another_type_is_refused_with_its_place(folder: Path, option: click.Option) -> None:
    path = project(folder, f"\n\n{key_of(option)} = {{}}\n")

    with pytest.raises(Misconfigured) as caught:
        project_settings()

    assert str(caught.value).startswith(f"{path}:3: {key_of(option)} must be ")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("prot = 1", ":1: unknown key 'prot'; did you mean 'port'? (there are auth, "),
        ("\nspec = ['books.json']", ":2: unknown key 'spec'; did you mean 'specs'?"),
        ("[tool.understudy]\nport = 1", ":1: unknown key 'tool'"),
        ("port = true", ":1: port must be a whole number, not True"),
        ("port = '80'", ":1: port must be a whole number, not '80'"),
        ("port = 65536", ":1: port: 65536 is not in the range 0<=x<=65535"),
        ("world_age = -1", ":1: world_age: -1"),
        ("specs = 'books.json'", ":1: specs must be a list of texts"),
        ("specs = ['']", ":1: specs must be a list of texts"),
        ("specs = [1]", ":1: specs must be a list of texts"),
        ("# one\nspecs = ['missing.json']", "missing.json: no such file or folder"),
        ("auth = 'anny'", ":1: auth: 'anny' is unknown; did you mean 'any'? (there are strict, any)"),
        ("port = 1\nseed = ?", ": not TOML: Invalid value (at line 2, column 8)"),
        ("seed = 1.5", ":1: seed must be a whole number, not 1.5"),
    ],
)
def test_a_mistake_is_named_in_one_line(folder: Path, run: Run, text: str, reason: str) -> None:
    path = project(folder, text)

    result = run("operations")

    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith(f"understudy: {path}")
    assert reason in result.stderr


def test_two_files_with_settings_are_refused(folder: Path, run: Run) -> None:
    path = project(folder, "port = 1\n")
    (folder / "pyproject.toml").write_text("[tool.understudy]\nport = 2\n")

    assert run("env").stderr == (
        f"understudy: {path}: pyproject.toml beside it has [tool.understudy] too: keep one of them\n"
    )


def test_a_section_that_is_no_table_is_refused(folder: Path, run: Run) -> None:
    (folder / "pyproject.toml").write_text("[tool]\nunderstudy = 1\n")

    assert "tool.understudy must be a table" in run("env").stderr


def test_scenarios_of_a_project_are_found_by_name(folder: Path, run: Run) -> None:
    (folder / "more").mkdir()
    (folder / "more" / "calm.yaml").write_text("seed: 7\npeople: 3\n")
    project(folder, 'scenarios = ["more"]\nvendors = ["ecdp"]\n')

    assert run("credentials", "--scenario", "calm").exit_code == 0
    refused = run("run", "--scenario", "clam", "--", "true")
    assert "no scenario 'clam'; did you mean 'calm'?" in refused.stderr


def test_a_mistake_in_any_scenario_of_a_project_is_found_at_start(folder: Path, run: Run) -> None:
    (folder / "calm.yaml").write_text("sed: 7\n")

    assert "calm.yaml" in run("run", "--scenarios", "calm.yaml", "--vendor", "ecdp", "--", "true").stderr
    assert "no such file or folder of scenarios" in run("run", "--scenarios", "nowhere", "--", "true").stderr


def test_python_has_the_settings_of_the_project(folder: Path) -> None:
    project(folder, 'specs = ["books.json"]\nport = 9001\n')

    assert project_settings(folder).documents == (("books", str(folder / "books.json")),)
    assert project_settings(folder, port=9002).port == 9002
    assert project_settings(folder, documents=(("x", "y"),)).documents == (("x", "y"),)
