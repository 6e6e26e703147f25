"""Fixtures for tests in a browser: Debian's Chromium, a started server, and pages whose errors fail the test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import world_name
from tools.console_browser import MISSING, WIDE, Scheme, WatchedPage, find_chromium, started_browser, started_server
from tools.console_browser import watched_page as opened_page
from understudy.client import Control, RemoteWorld

StartServer = Callable[..., str]
OpenPage = Callable[..., WatchedPage]
HERE = "tests/console/browser/"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if HERE in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Browser of the whole run."""
    if find_chromium() is None:
        pytest.fail(MISSING)
    with started_browser() as found:
        yield found


@pytest.fixture(scope="session")
def start_server() -> Iterator[StartServer]:
    """Return a function that starts a server with more options, once for each choice of them, and returns its URL."""
    started: dict[object, str] = {}
    with ExitStack() as servers:

        def start(*words: str, token: str | None = None) -> str:
            if (words, token) not in started:
                started[words, token] = servers.enter_context(started_server(*words, token=token))
            return started[words, token]

        yield start


@pytest.fixture(scope="session")
def console_url(start_server: StartServer) -> str:
    """Root URL of a server with every vendor."""
    return start_server()


@pytest.fixture
def remote(console_url: str, request: pytest.FixtureRequest) -> Iterator[RemoteWorld]:
    """World of this test on that server: with it a test arranges what a page shows, and checks what a page did."""
    with Control(console_url) as control:
        yield RemoteWorld(control, world_name(request.node.nodeid))


@pytest.fixture
def open_page(browser: Browser, console_url: str) -> Iterator[OpenPage]:
    """Return a function that opens a page in a session of its own; its errors fail the test at the end."""
    with ExitStack() as pages:
        opened: list[WatchedPage] = []

        def opening(path: str = "/", width: int = WIDE, scheme: Scheme = "light", root: str = "") -> WatchedPage:
            found = pages.enter_context(opened_page(browser, root or console_url, width, scheme))
            opened.append(found)
            found.open(path)
            return found

        yield opening
        assert [problem for each in opened for problem in each.problems] == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """Page of the console's overview, wide and light."""
    return open_page().page
