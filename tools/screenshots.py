"""Screenshots of the console's pages, and axe-core's report on them: ``python -m tools.screenshots [PAGE]…``.

Writes ``docs/screenshots/`` and, for all pages, ``docs/console-accessibility.md``.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tools.console_browser import NARROW, WIDE, Scheme, started_browser, started_server, watched_page
from tools.console_pages import PAGES, fill

DOCS = Path(__file__).parent.parent / "docs"
FOLDER, REPORT = DOCS / "screenshots", DOCS / "console-accessibility.md"
WINDOWS: tuple[tuple[int, Scheme], ...] = ((WIDE, "light"), (WIDE, "dark"), (NARROW, "light"), (NARROW, "dark"))
CAPTURED = ("overview", "operations", "operation", "reference", "journal", "refused-call", "records", "worlds",
         "comparison", "faults", "clock", "deliveries", "data")  # fmt: skip
"""Pages of which there are screenshots; all are in the report."""

IN_EVERY_WINDOW = ("overview", "journal")
"""Pages with a screenshot of every window; the others have one wide and light and one narrow and dark."""

MAX_BYTES = 150_000
SETTLED = 300
"""Milliseconds after which a page has shown what its script asks for; a page with a stream is never idle."""

HEAD = """# What axe-core finds in the console

Written by `make screenshots`: each page, {windows}, by axe-core {version}.
`make browser` fails at a serious or critical one.

| page | window | rules passed | minor, moderate | serious, critical |
|---|---|---|---|---|
"""


def file_name(name: str, width: int, scheme: str) -> str:
    """Return the name of a page's screenshot."""
    return f"{name}-{'narrow' if width == NARROW else 'wide'}-{scheme}.png"


def is_captured(name: str, width: int, scheme: Scheme) -> bool:
    """Return whether there is a screenshot of a page in a window."""
    if name in IN_EVERY_WINDOW:
        return True
    return name in CAPTURED and (width, scheme) in {(WIDE, "light"), (NARROW, "dark")}


def draw(browser: Browser, root: str, name: str, places: dict[str, str]) -> Iterator[str]:
    """Write the screenshots of a page, if there are to be any; yield a row of the report for each."""
    for width, scheme in WINDOWS:
        with watched_page(browser, root, width, scheme) as found:
            page = found.open(PAGES[name].format(**places))
            page.wait_for_timeout(SETTLED)
            if found.problems:
                raise SystemExit(f"{PAGES[name]}: {found.problems}")
            if is_captured(name, width, scheme):
                path = FOLDER / file_name(name, width, scheme)
                page.screenshot(path=path)
                if path.stat().st_size > MAX_BYTES:
                    raise SystemExit(f"{path} has {path.stat().st_size} bytes, more than {MAX_BYTES}")
            yield row(name, f"{width} px, {scheme}", Axe().run(page, options={}).response)


def row(name: str, window: str, results: Any) -> str:
    """Return a row of the report."""
    found = [(each["impact"], f"{each['id']} ({len(each['nodes'])})") for each in results["violations"]]
    grave = [text for impact, text in found if impact in {"serious", "critical"}]
    slight = [text for impact, text in found if impact not in {"serious", "critical"}]
    return f"| {name} | {window} | {len(results['passes'])} | {', '.join(slight)} | {', '.join(grave)} |"


def axe_version(browser: Browser) -> str:
    """Return the version of axe-core."""
    with watched_page(browser, "about:blank") as found:
        return str(Axe().run(found.page).response["testEngine"]["version"])


def main(names: list[str]) -> None:
    """Write the screenshots of some pages, or those of all and the report."""
    FOLDER.mkdir(exist_ok=True)
    with started_server("--scenario", "small-shop") as root, started_browser() as browser:
        places = fill(root)
        rows = [row for name in names or PAGES for row in draw(browser, root, name, places)]
        windows = f"{WIDE} and {NARROW} px wide, light and dark"
        text = HEAD.format(windows=windows, version=axe_version(browser)) + "\n".join(rows) + "\n"
    if not names:
        captured = {FOLDER / file_name(name, *each) for name in PAGES for each in WINDOWS if is_captured(name, *each)}
        for path in {*FOLDER.glob("*.png")} - captured:
            path.unlink()
        REPORT.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main(sys.argv[1:])
