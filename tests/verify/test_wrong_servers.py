"""Servers that cannot be verified are refused in one line, and budgets hold for the trial of commands too."""

from pathlib import Path

import pytest

from tests.verify.lending_server import Lending, WrongStatus, lending
from tests.verify.running import DOCUMENT, keys, report_of, verify


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda url: f"{url}x", "answers every request with 404: is it the base of the document's paths"),
        (lambda url: url.replace("http:", "https:"), "no TLS with https://127.0.0.1"),
        (lambda url: url.replace("//", "//user:secret@"), "--url has credentials in it"),
    ],
    ids=["another base path", "no TLS", "credentials"],
)
def test_a_server_that_cannot_be_verified_is_refused_in_one_line(change: object, message: str) -> None:
    assert callable(change)
    with lending(Lending()) as url:
        result = verify(str(DOCUMENT), "--url", change(url), "--phases", "fuzzing,methods", "--examples", "1")

    assert result.exit_code == 2
    assert message in result.output
    assert "secret" not in result.output
    assert len(result.output.splitlines()) == 1


class Counting(WrongStatus):
    """Library that counts its requests."""

    calls = 0

    def answer(self, method: str, target: str, headers: object, body: bytes) -> object:  # type: ignore[override]
        self.calls += 1
        return super().answer(method, target, headers, body)


def test_commands_are_not_tried_beyond_the_budget(tmp_path: Path) -> None:
    library = Counting()

    report = report_of(library, tmp_path, "--requests", "8", "--phases", "examples,lifecycles")

    assert keys(report) == {"lending add_book undocumented-status 200"}
    assert library.calls == 8
    assert report["subjects"][0]["findings"][0]["repeats"] is None


def test_titles_that_an_earlier_run_has_stored_are_taken(tmp_path: Path) -> None:
    library = Lending()

    for _ in range(2):
        report = report_of(library, tmp_path, "--phases", "examples")

    assert keys(report) == set()
