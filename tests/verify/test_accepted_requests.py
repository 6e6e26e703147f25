"""Invalid requests that a server accepts: one finding for each part of a body, whichever phase has sent it."""

from pathlib import Path

import pytest

from tests.verify.lending_server import Lending
from tests.verify.running import keys, report_of
from understudy.core.json_types import Json

ACCEPTED = "lending add_book invalid-request-accepted"


class AnyTitle(Lending):
    """Library that stores a title of any type."""

    def is_book(self, found: Json) -> bool:
        return super().is_book({**found, "title": "Alba"}) and "title" in found

    def shown(self, book: Json) -> Json:
        return {**book, "title": str(book["title"])[:40] or "?"}


class AnyYear(Lending):
    """Library that takes years of any century."""

    def is_book(self, found: Json) -> bool:
        year = found.get("year")
        is_number = isinstance(year, int) and not isinstance(year, bool)
        return super().is_book({**found, "year": 1900} if is_number else found)

    def shown(self, book: Json) -> Json:
        return {**book, "year": 1900}


@pytest.mark.parametrize(("library", "place"), [(AnyTitle, "/title"), (AnyYear, "/year")])
@pytest.mark.parametrize("phases", ["coverage", "coverage,fuzzing", "fuzzing"])
def test_a_part_of_a_body_that_is_not_checked_is_one_finding(
    tmp_path: Path, library: type[Lending], place: str, phases: str
) -> None:
    report = report_of(library(), tmp_path, "--operation", "add_book", "--phases", phases)

    accepted = {key for key in keys(report) if "invalid-request-accepted" in key}
    assert accepted == {f"{ACCEPTED} body {place}"}
    [message] = [
        finding["message"]
        for subject in report["subjects"]
        for finding in subject["findings"]
        if finding["kind"] == "invalid-request-accepted"
    ]
    assert message.startswith(f"an invalid request is accepted with 201: {place}: ")
    assert "Schema-violating" not in message
