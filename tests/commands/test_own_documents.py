"""Documents of users' own on the command line: how they are named, served, printed and refused."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result

from tests.acme import serving
from tests.commands.own_documents import books, write_books
from understudy.app import create_app
from understudy.cli import main
from understudy.contract.foreign.named_documents import named_documents
from understudy.settings import Settings

Run = Callable[..., Result]
KEY = {"X-Key": "any"}
ADDRESS = re.compile(r"http://[\w.:]+:\d+")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_books(tmp_path / "books.json")
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def vendors(*words: str) -> set[str]:
    result = run("operations", "--json", *words)
    assert result.exit_code == 0, result.output
    return {row["vendor"] for row in json.loads(result.stdout)}


@contextmanager
def served(*specs: str, **settings: Any) -> Iterator[str]:
    """Serve documents in this process; yield the root URL."""
    with serving(create_app(Settings(documents=named_documents(specs), **settings))) as root:
        yield root


class Quiet(SimpleHTTPRequestHandler):
    """Server of files that logs nothing."""

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def web(folder: Path) -> Iterator[str]:
    """URL of a server of the folder's files."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.usefixtures("folder")
def test_a_single_document_is_served_below_its_name_and_at_the_root() -> None:
    with served("books.json") as root:
        paths = ("/books/v1/books", "/v1/books", "/books")

        assert [httpx.get(root + path, headers=KEY).status_code for path in paths] == [200, 200, 200]
        made = httpx.post(f"{root}/v1/books", json={"title": "Alba"}, headers=KEY).json()
        assert httpx.get(f"{root}/books/v1/books/{made['id']}", headers=KEY).json() == made


@pytest.mark.usefixtures("folder")
def test_two_documents_of_one_host_are_served_below_their_names_and_not_at_the_root() -> None:
    with served("books.json", "shop=books.json") as root:
        made = httpx.post(f"{root}/shop/v1/books", json={"title": "Alba"}, headers=KEY).json()

        assert httpx.get(f"{root}/shop/v1/books/{made['id']}", headers=KEY).status_code == 200
        assert httpx.get(f"{root}/books/v1/books/{made['id']}", headers=KEY).status_code in (200, 404)
        assert httpx.get(f"{root}/v1/books", headers=KEY).status_code == 404


def test_a_folder_is_all_documents_in_it(folder: Path) -> None:
    write_books(folder / "specs" / "a.json")
    write_books(folder / "specs" / "b.yaml")
    (folder / "specs" / "notes.json").write_text("{}")
    (folder / "specs" / "README.md").write_text("# Specs")

    assert vendors("specs") == {"a", "b"}


def test_a_folder_with_one_document_has_its_folders_name(folder: Path) -> None:
    write_books(folder / "shop" / "openapi.json")

    assert vendors("shop") == {"shop"}


def test_a_document_is_fetched_from_a_url(web: str) -> None:
    assert vendors(f"{web}/books.json") == {"books"}
    assert vendors(f"shop={web}/books.json") == {"shop"}


@pytest.mark.usefixtures("folder")
def test_shipped_vendors_are_added_by_name() -> None:
    assert vendors("books.json", "--vendor", "ecdp") == {"books", "ecdp"}


@pytest.mark.parametrize("command", ["env", "credentials", "operations", "check"])
@pytest.mark.usefixtures("folder")
def test_a_command_takes_documents_as_arguments_and_as_options(command: str) -> None:
    by_argument, by_option = run(command, "books.json", "--json"), run(command, "--spec", "books.json", "--json")

    assert by_argument.exit_code == 0, by_argument.output
    assert by_argument.stdout == by_option.stdout
    assert "books" in by_argument.stdout.lower()


@pytest.mark.usefixtures("folder")
def test_a_command_runs_beside_documents() -> None:
    code = "import os; assert os.environ['UNDERSTUDY_BOOKS_URL'].endswith('/books/v1')"

    assert run("run", "--spec", "books.json", "--", sys.executable, "-c", code).exit_code == 0


@pytest.mark.usefixtures("folder")
def test_printed_credentials_are_taken_strictly() -> None:
    printed = json.loads(run("credentials", "books.json", "--json").stdout)["books"]

    with served("books.json", is_strict=True) as root:
        assert httpx.get(f"{root}/v1/books", headers={"X-Key": printed["X-Key"]}).status_code == 200
        assert httpx.get(f"{root}/v1/books", headers=KEY).status_code == 401


@pytest.mark.parametrize("words", [("books.json",), ("books", "--spec", "books.json"), ("other=books.json",)])
@pytest.mark.usefixtures("folder")
def test_a_document_is_printed_as_it_is_read(words: tuple[str, ...]) -> None:
    printed = json.loads(run("spec", *words).stdout)

    assert printed["paths"]["/books"]["post"]["operationId"] == "addBook"


def test_the_original_is_printed_byte_by_byte(folder: Path, web: str) -> None:
    text = (folder / "books.json").read_text()

    assert run("spec", "books.json", "--original").stdout == text
    assert run("spec", f"{web}/books.json", "--original").stdout == text
    refused = run("spec", "ecdp", "--original")
    assert refused.stderr == "understudy: --original is for documents of your own; 'ecdp' is a shipped vendor\n"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["book"], "no vendor, file or folder 'book'; did you mean 'books'? (vendors: books, "),
        (["ecpd"], "no vendor, file or folder 'ecpd'; did you mean 'ecdp'?"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_an_unknown_vendors_document_is_refused_with_the_nearest(words: list[str], reason: str) -> None:
    result = run("spec", *words, "--spec", "books.json")

    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert reason in result.stderr


@contextmanager
def started(folder: Path, *words: str) -> Iterator[tuple[str, Path]]:
    """Start ``understudy serve``; yield the root URL, and the file with its standard error."""
    errors = folder / "errors"
    command = [str(Path(sys.executable).with_name("understudy")), "serve", "--port", "0", *words]
    with (
        errors.open("w") as file,
        subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=file, text=True) as process,
    ):
        try:
            assert process.stdout
            found = ADDRESS.search(process.stdout.readline())
            assert found, errors.read_text()
            yield found.group(), errors
        finally:
            process.kill()


def test_what_is_not_obeyed_is_counted_in_one_line_at_start(folder: Path) -> None:
    write_books(folder / "odd.json", zany=1, zanier=2)

    with started(folder, "books.json", "odd.json") as (root, errors):
        assert httpx.get(f"{root}/odd/v1/books", headers=KEY).status_code == 200
        [line] = errors.read_text().splitlines()

    assert line == f"odd: not obeyed: 2 keyword; understudy check {folder / 'odd.json'} lists them"


def test_a_strict_start_refuses_a_document_that_is_not_obeyed(folder: Path) -> None:
    write_books(folder / "odd.json", zany=1)
    write_books(folder / "odder.json", zany=1, zanier=2)
    place = "#/components/schemas/Book/zany: zany is not understood in a schema"

    assert run("serve", "odd.json", "--strict-spec").stderr == (
        f"understudy: {folder / 'odd.json'}: 1 part is not obeyed: {place}\n"
    )
    assert run("serve", "books.json", "odder.json", "--strict-spec").stderr == (
        f"understudy: {folder / 'odder.json'}: 2 parts are not obeyed: {place}"
        " (the first; understudy check lists them)\n"
    )


def test_a_strict_start_refuses_an_example_that_breaks_its_schema(folder: Path) -> None:
    document = books()
    answer = document["paths"]["/books/{bookId}"]["get"]["responses"]["200"]["content"]["application/json"]
    answer["example"] = {"id": "one"}
    (folder / "books.json").write_text(json.dumps(document))

    assert (
        "3 parts are not obeyed: POST /books body application/json: the example 'example' breaks its schema"
        in run("serve", "books.json", "--strict-spec").stderr
    )


@pytest.mark.usefixtures("folder")
def test_a_strict_start_takes_a_document_that_is_obeyed() -> None:
    assert run("run", "--spec", "books.json", "--strict-spec", "--", "true").exit_code == 0


MISTAKES = {
    "boks.json": "boks.json: no such file or folder; did you mean 'books.json'?",
    "nowhere/books.json": "nowhere/books.json: no such file or folder",
    "table.json": "{folder}/table.json: no OpenAPI document: it seems to be an object with 'a'",
    "text.yaml": "{folder}/text.yaml: no OpenAPI document: it seems to be a text, and no object",
    "nothing.yaml": "{folder}/nothing.yaml: no OpenAPI document: it seems to be an empty file",
    "broken.yaml": "{folder}/broken.yaml:5: neither JSON nor YAML: did not find expected ',' or ']' "
    "(while parsing a flow sequence of line 3)",
    "tabs.yaml": "{folder}/tabs.yaml:2: neither JSON nor YAML: found a tab character that violates indentation "
    "(while scanning a plain scalar of line 1)",
    "empty": "empty: holds no OpenAPI document",
    "x=two": "two: holds 2 documents: name one file after x=",
    "_x=books.json": "'_x' is no vendor's name: take letters, digits, '.', '_' and '-', at most 64",
    "ftp://books.example/books.json": "give a path, or a URL that begins with http:// or https://",
    "http://127.0.0.1:9/books.json": "http://127.0.0.1:9/books.json: cannot be fetched (Connection refused)",
    "ecdp": "ecdp: no such file or folder; the shipped vendor is --vendor ecdp",
}


@pytest.fixture
def mistakes(folder: Path) -> Path:
    (folder / "table.json").write_text('{"a": 1}')
    (folder / "text.yaml").write_text("just a text")
    (folder / "nothing.yaml").write_text("")
    (folder / "broken.yaml").write_text("openapi: 3.0.3\npaths:\n  /a: [\nb: 1\n")
    (folder / "tabs.yaml").write_text("openapi: 3.0.3\n\tpaths: {}\n")
    (folder / "empty").mkdir()
    for name in ("a", "b"):
        write_books(folder / "two" / f"{name}.json")
    return folder


@pytest.mark.parametrize("spec", MISTAKES)
def test_a_mistake_is_named_in_one_line(mistakes: Path, spec: str) -> None:
    result = run("serve", "--port", "0", spec)

    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert MISTAKES[spec].format(folder=mistakes) in result.stderr


def test_two_documents_of_one_name_are_refused(folder: Path) -> None:
    write_books(folder / "other" / "books.json")
    there, here = folder / "other" / "books.json", folder / "books.json"

    expected = f"understudy: {there}: {here} is named 'books' too: write OTHER-NAME="
    assert run("serve", "books.json", "other/books.json").stderr == f"{expected}other/books.json\n"
    assert run("serve", "--spec", "books.json", "other/books.json").stderr == f"{expected}{there}\n"
    assert run("serve", "--vendor", "ecdp", "ecdp=books.json").stderr == (
        f"understudy: {here}: another vendor is named 'ecdp': write OTHER-NAME={here}\n"
    )


def test_a_url_that_is_not_there_is_refused(web: str) -> None:
    refused = run("serve", f"{web}/missing.json").stderr

    assert refused.startswith(f"understudy: {web}/missing.json: cannot be fetched (")
    assert refused.count("\n") == 1


@pytest.mark.usefixtures("folder")
def test_generated_records_are_sent_to_each_collection() -> None:
    with served("books.json", is_strict=True) as root:
        key = {"X-Key": json.loads(run("credentials", "books.json", "--json").stdout)["books"]["X-Key"]}
        before = len(httpx.get(f"{root}/v1/books", headers=key).json())

        printed = run("seed", "books.json", "--url", root, "--count", "4")

        assert printed.exit_code == 0, printed.output
        assert "books.addBook            4 taken" in printed.stdout
        assert len(httpx.get(f"{root}/v1/books", headers=key).json()) == before + 4
        run("seed", "books.json", "--url", root, "--world", "other", "--count", "2")
        assert len(httpx.get(f"{root}/@other/v1/books", headers=key).json()) == before + 2


def test_seeding_a_server_without_the_document_is_refused_in_one_line(folder: Path) -> None:
    write_books(folder / "boks.json")
    with served("books.json") as root:
        result = run("seed", "boks.json", "--url", root)

    assert result.exit_code == 2
    assert "serves no vendor 'boks'; did you mean 'books'?" in result.stderr


def test_a_name_of_a_credential_is_that_of_a_variable(folder: Path) -> None:
    document = books()
    document["components"]["securitySchemes"]["key"]["name"] = "X~Key.v2"
    (folder / "books.json").write_text(json.dumps(document))

    assert "UNDERSTUDY_BOOKS_X_KEY_V2" in json.loads(run("env", "books.json", "--json").stdout)
