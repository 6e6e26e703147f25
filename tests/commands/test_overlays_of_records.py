"""Overlays in generate and seed: the kinds are those of the changed document, and a scenario may name it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.commands.own_documents import write_books
from understudy.commands.generate import generate

OVERLAY = """
overlay: 1.0.0
info: {title: More, version: "1"}
actions:
  - target: $.components.schemas.Book.properties
    update: {shelf: {type: string, enum: [north]}}
  - target: $.components.schemas.Book
    update: {required: [shelf]}
"""


@pytest.fixture
def books(tmp_path: Path) -> Path:
    write_books(tmp_path / "books.json")
    (tmp_path / "more.yaml").write_text(OVERLAY)
    return tmp_path


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    out = folder / "made.jsonl"
    given = ["books.Book", "--spec", str(folder / "books.json"), "--count", "2", "--out", str(out), *arguments]
    done = CliRunner().invoke(generate, given, env={"UNDERSTUDY_CACHE": str(folder / "cache")})
    made = out.read_text() if out.exists() else ""
    return done.exit_code, f"{made}{done.output}{done.exception or ''}"


def test_generated_records_are_of_the_changed_document(books: Path) -> None:
    code, printed = run(books, "--overlay", str(books / "more.yaml"))

    assert code == 0, printed
    assert printed.count('"shelf":"north"') == 2
    assert "shelf" not in run(books)[1]


def test_an_overlay_that_is_not_there_is_refused(books: Path) -> None:
    code, printed = run(books, "--overlay", str(books / "mor.yaml"))

    assert code
    assert "mor.yaml: cannot be read" in printed


def test_a_scenario_of_records_may_name_the_document(books: Path) -> None:
    scenario = books / "mine.yaml"
    scenario.write_text("seed: 7\nrecords: {books: {books: [{id: 1}]}}\n")

    assert run(books, "--scenario", str(scenario))[0] == 0

    scenario.write_text("records: {boks: {books: [{id: 1}]}}\n")
    assert "did you mean 'books'?" in run(books, "--scenario", str(scenario))[1]
