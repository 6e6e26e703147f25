"""Each page of the console fits its window, and axe-core finds nothing serious in it."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.console.browser.conftest import OpenPage, StartServer
from tools.console_browser import NARROW, WIDE, Scheme
from tools.console_pages import PAGES, fill

Filled = tuple[str, dict[str, str]]
GRAVE = {"serious", "critical"}


@pytest.fixture(scope="module")
def filled(start_server: StartServer) -> Filled:
    """Root URL of a server whose pages have something to show, and the values of the places in their paths."""
    root = start_server("--scenario", "small-shop")
    return root, fill(root)


def grave_violations(page: Page) -> list[str]:
    found: list[Any] = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {each['help']}: {[node['html'][:200] for node in each['nodes']]}"
        for each in found
        if each["impact"] in GRAVE
    ]


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (WIDE, "dark"), (NARROW, "light")])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_fits_its_window_and_has_no_grave_violation(
    open_page: OpenPage, filled: Filled, path: str, width: int, scheme: Scheme
) -> None:
    root, places = filled
    found = open_page(path.format(**places), width, scheme, root=root)

    assert found.overflow() == 0
    assert grave_violations(found.page) == []
