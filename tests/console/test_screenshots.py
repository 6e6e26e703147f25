"""Screenshots are there, small, and each is one that `make screenshots` draws."""

import re
from pathlib import Path

import pytest

from tools.console_pages import PAGES
from tools.screenshots import CAPTURED, FOLDER, MAX_BYTES, REPORT, WINDOWS, file_name, is_captured

ROOT = Path(__file__).parents[2]
SHOWN = [
    (page, path)
    for page in (ROOT / "README.md", ROOT / "docs" / "console.md")
    for path in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page.read_text())
]


@pytest.mark.parametrize(("page", "path"), SHOWN, ids=[f"{page.stem} {path}" for page, path in SHOWN])
def test_a_page_shows_screenshots_that_are_there(page: Path, path: str) -> None:
    assert (page.parent / path).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_the_folder_has_the_chosen_screenshots_and_no_others() -> None:
    chosen = {file_name(name, *window) for name in PAGES for window in WINDOWS if is_captured(name, *window)}

    assert {path.name for path in FOLDER.iterdir()} == chosen
    assert set(CAPTURED) <= set(PAGES)
    assert all(path.stat().st_size <= MAX_BYTES for path in FOLDER.iterdir())


def test_the_report_has_every_page_and_nothing_grave() -> None:
    rows = [line.split("|")[1:-1] for line in REPORT.read_text().splitlines()[7:]]

    assert {row[0].strip() for row in rows} == set(PAGES)
    assert [row for row in rows if row[4].strip()] == []
