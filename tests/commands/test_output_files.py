"""Files that a command writes: none is one that it reads, or another's, and each is tried before anything is done."""

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from understudy.cli import main

DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "Books", "version": "1"},
    "paths": {"/books": {"get": {"operationId": "listBooks", "responses": {"200": {"description": "All."}}}}},
}
UPSTREAM = ("--upstream", "http://127.0.0.1:9")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Working directory with a document, an overlay, an archive and a baseline."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    (tmp_path / "books.yaml").write_text(yaml.safe_dump(DOCUMENT))
    (tmp_path / "calls.har").write_text('{"log": {"entries": []}}')
    (tmp_path / "accepted.txt").write_text("# none\n")
    return tmp_path


def refused(*words: str) -> str:
    result = run(*words)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1), result.output
    return result.stderr


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


@pytest.mark.parametrize(
    "words",
    [
        ("verify", "books.yaml", "--html", "books.yaml"),
        ("verify", "books.yaml", "--baseline", "accepted.txt", "--json", "accepted.txt"),
        ("proxy", "books.yaml", *UPSTREAM, "--write-overlay", "./books.yaml"),
        ("proxy", "books.yaml", *UPSTREAM, "--write-remap", "books.yaml"),
        ("proxy", "books.yaml", *UPSTREAM, "--record", "books.yaml"),
        ("proxy", "shop=books.yaml", *UPSTREAM, "--json", "books.yaml"),
        ("coverage", "books.yaml", "--html", "books.yaml"),
        ("coverage", "--journal", "books.yaml", "calls.har", "--html", "calls.har"),
        ("remap", "crmcom", "books.yaml", "--force", "--out", "books.yaml"),
    ],
    ids=" ".join,
)
def test_a_file_that_a_command_reads_is_not_written_over(folder: Path, words: tuple[str, ...]) -> None:
    path = folder / words[-1]
    before = path.read_bytes()

    assert "is read by this command: name another file" in refused(*words)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "words",
    [
        ("verify", "books.yaml", "--html", "a", "--json", "./a"),
        ("proxy", "books.yaml", *UPSTREAM, "--record", "a", "--json", "a"),
        ("proxy", "books.yaml", *UPSTREAM, "--write-remap", "a", "--write-overlay", "a"),
    ],
    ids=" ".join,
)
def test_two_options_do_not_write_one_file(folder: Path, words: tuple[str, ...]) -> None:
    assert "too: give each its own" in refused(*words)
    assert not (folder / "a").exists()


@pytest.mark.parametrize(("path", "why"), [(".", "is a folder"), ("none/a", "is in a folder that does not exist")])
@pytest.mark.parametrize(
    "words",
    [
        ("verify", "books.yaml", "--sarif"),
        ("proxy", "books.yaml", *UPSTREAM, "--html"),
        ("proxy", "books.yaml", *UPSTREAM, "--record"),
        ("coverage", "books.yaml", "--html"),
        ("remap", "crmcom", "books.yaml", "--out"),
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("folder")
def test_a_file_that_cannot_be_written_is_refused_before_anything_is_done(
    words: tuple[str, ...], path: str, why: str
) -> None:
    assert refused(*words, path) == f"understudy: {words[-1]} {path}: {why}\n"


@pytest.mark.usefixtures("folder")
def test_a_report_is_written_over_the_last_one() -> None:
    for _ in range(2):
        result = run("coverage", "books.yaml", "--html", "page.html")
        assert (result.exit_code, result.output) == (0, "")


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (("proxy", "book.yaml", *UPSTREAM), "books.yaml"),
        (("diff", "books.yml", "books.yaml"), "books.yaml"),
        (("diff", "books.yaml", "../{folder}/bok.yaml"), "books.yaml"),
        (("remap", "crmcon", "books.yaml"), "crmcom"),
        (("coverage", "boks.yaml"), "books.yaml"),
        (("verify", "book.yaml"), "books.yaml"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else each,
)
def test_a_mistyped_document_leads_to_the_file_beside_it(folder: Path, words: tuple[str, ...], near: str) -> None:
    assert f"did you mean {near!r}?" in refused(*(each.format(folder=folder.name) for each in words))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("verify", "ecdp", "--phases", "examples", "--operation", "get_order"), 0),
        (("verify", "other.yaml", "--phases", "coverage"), 0),
        (("coverage", "ecdp"), 0),
        (("coverage", "other.yaml"), 0),
        (("coverage", "--journal", "ecdp", "calls.har"), 2),
        (("proxy", "ecdp", *UPSTREAM, "--host", "nohost.invalid"), 2),
    ],
    ids=str,
)
def test_another_vendor_can_be_named_in_a_project_with_behaviour(
    folder: Path, words: tuple[str, ...], code: int
) -> None:
    assert run("init", "books.yaml").exit_code == 0
    assert (folder / "behaviour" / "books").is_dir()
    (folder / "other.yaml").write_text(yaml.safe_dump(DOCUMENT))

    result = run(*words)

    assert "behaviour" not in result.stderr
    assert result.exit_code == code, result.output


@pytest.mark.parametrize(
    "words",
    [
        ("verify", ""),
        ("proxy", "", *UPSTREAM),
        ("diff", "", "books.yaml"),
        ("diff", "books.yaml", "books.yaml", "--journal", ""),
        ("remap", "crmcom", ""),
        ("coverage", ""),
        ("serve", ""),
        ("serve", "--spec", ""),
        ("serve", "--replay", ""),
        ("pact", "verify", ""),
        ("verify", "books.yaml", "--html", ""),
        ("proxy", "books.yaml", *UPSTREAM, "--record", ""),
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("folder")
def test_an_empty_name_such_as_of_an_unset_variable_is_no_folder(words: tuple[str, ...]) -> None:
    assert "'' names no " in refused(*words)
