"""Output that needs no second reading: counts, columns, and the option that was meant."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.commands.own_documents import write_books
from understudy.cli import COMMANDS, main
from understudy.commands.tables import wrap
from understudy.contract.foreign.loading import load_foreign
from understudy.core.counted import counted
from understudy.core.misconfigured import Misconfigured

OPEN = "openapi: 3.0.3\ninfo: {title: x, version: '1'}\n"


def run(*words: str, prog: str | None = None) -> Result:
    return CliRunner().invoke(main, list(words), env={"UNDERSTUDY_URL": None}, prog_name=prog)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("number", "text"), [(0, "0 calls"), (1, "1 call"), (2, "2 calls")])
def test_one_thing_is_no_plural(number: int, text: str) -> None:
    assert counted(number, "call") == text


def test_a_document_of_one_operation_is_described_in_the_singular(folder: Path) -> None:
    responses = {"200": {"description": "ok"}}
    hook = {"post": {"responses": responses}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "One", "version": "1"},
        "paths": {"/a": {"get": {"operationId": "a", "responses": responses}}},
        "webhooks": {"b": hook},
    }
    (folder / "one.json").write_text(json.dumps(document))

    lines = run("check", "one.json").stdout.splitlines()

    assert lines[:2] == ["one: 1 operation at /one", "0 resources with 0 operations; 1 operation answers samples"]
    assert lines[2:4] == ["kind     name  request  after", "webhook  b     POST     never"]
    assert lines[4] == "not obeyed: 1 webhook"
    assert lines[5].startswith("  b: is never sent: its name is of no recognised resource")


def test_the_summaries_of_the_commands_are_whole() -> None:
    text = " ".join(run("--help").stdout.split())

    assert [summary for _, summary in COMMANDS.values() if summary not in text] == []


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("read get_pet, delete cancel_notification", 30, ["read get_pet, delete", "cancel_notification"]),
        ("read get_pet, list", 18, ["read get_pet, list"]),
        ("read get_pet, list", 17, ["read get_pet,", "list"]),
        ("a get-/crm/v3/objects/contacts", 20, ["a get-/crm/v3/", "objects/contacts"]),
        ("post post-paymentLinks-linkId", 16, ["post post-", "paymentLinks-", "linkId"]),
    ],
)
def test_a_name_is_broken_only_where_it_must_be(text: str, width: int, lines: list[str]) -> None:
    assert list(wrap(text, width)) == lines


def test_the_values_of_credentials_stand_in_one_column() -> None:
    lines = [line for line in run("credentials").stdout.splitlines() if line.startswith("  ")]
    columns = {len(line) - len(line[2:].partition(" ")[2].lstrip()) for line in lines}

    assert len(columns) == 1
    assert any("untrusted_application_token " in line for line in lines)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("journal", "--port", "9000"), "No such option '--port': the server is --url http://127.0.0.1:8080"),
        (("world", "list", "--port=9000"), "the server is --url http://127.0.0.1:8080, or $UNDERSTUDY_URL"),
        (("clock", "show", "--host", "x"), "No such option '--host': the server is --url"),
        (("seed", "--port", "9000"), "the server is --url"),
        (("env", "--url", "http://x"), "a running server is $UNDERSTUDY_URL; --host and --port describe another"),
        (("credentials", "--url", "http://x"), "a running server is $UNDERSTUDY_URL"),
        (("journal", "--statsu", "4xx"), "--status"),
        (("srve",), "No such command 'srve'. Did you mean 'serve'?"),
        (("world", "mke"), "No such command 'mke': understudy world has "),
        (("world", "reset", "shop"), "Got unexpected extra argument (shop): a world is named by --world NAME"),
        (("generate", "cast.people", "x"), "understudy generate --help"),
        (("clock", "move", "--days", "3"), "No such option '--days': see understudy clock move --help"),
        (("clock", "move"), "Missing argument 'SPAN': see understudy clock move --help"),
        (("serve", "--url", "x"), "No such option '--url'"),
    ],
)
def test_an_error_of_usage_leads_to_the_right_one(words: tuple[str, ...], text: str) -> None:
    result = run(*words, prog="understudy")

    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert text in result.stderr


def test_the_contract_of_a_document_of_your_own_is_that_document(folder: Path) -> None:
    write_books(folder / "books.json")

    rows = run("operations", "books.json").stdout.splitlines()
    shipped = run("operations", "--vendor", "ecdp").stdout

    assert rows[0].endswith("path, shapes, errors")
    assert all(row.endswith("your document") for row in rows[1:])
    assert "your document" not in shipped


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("# nothing yet\n", "it seems to be a file of comments alone"),
        ("", "it seems to be an empty file"),
        ("\topenapi: 3.0.3\n", "acme.yaml:1: neither JSON nor YAML: found a tab character at the start of the line"),
        (f"{OPEN}paths:\n  @a: 1\n", "acme.yaml:4: neither JSON nor YAML: found character that cannot start any token"),
    ],
)
def test_a_file_that_is_no_document_is_described(folder: Path, text: str, reason: str) -> None:
    path = folder / "acme.yaml"
    path.write_text(text)

    with pytest.raises(Misconfigured) as refused:
        load_foreign("acme", str(path), None)

    assert reason in str(refused.value)


@pytest.mark.parametrize("is_here", [True, False])
def test_init_names_what_the_first_test_needs(
    folder: Path,
    is_here: bool,  # noqa: FBT001 - a parameter of the test
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_books(folder / "books.json")
    monkeypatch.setattr("understudy.commands.init.find_spec", lambda _name: object() if is_here else None)

    text = run("init", "books.json").stdout

    assert ("python -m pip install pytest" in text) is not is_here
    assert "python -m pytest tests/test_books.py" in text
