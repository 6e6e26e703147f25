"""Chromium and a started server, for tests and screenshots of the console's pages.

The browser is Debian's, driven by Playwright; each page that ``watched_page`` opens collects what went wrong in it.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, sync_playwright

COMMAND = Path(sys.executable).with_name("understudy")
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
NARROW, WIDE = 360, 1280
HEIGHT = 720
PATIENCE = 10_000
"""Milliseconds after which an element or a page is given up."""

MISSING = "no Chromium found: `make browser` installs Debian's (apt-get install chromium)"

Scheme = Literal["light", "dark"]


@dataclass
class WatchedPage:
    """Page of the browser, and what went wrong in it: script errors, console errors, refused or failed loads."""

    page: Page
    root: str
    problems: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)
    """Statuses that a test provokes; the browser's console reports each as an error."""

    def open(self, path: str) -> Page:
        """Open a path of the server, and return the page once it has loaded."""
        self.page.goto(self.root + path)
        return self.page

    def watch(self) -> None:
        """Collect errors of the page from now on."""
        self.page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        self.page.on("console", self._read_message)
        self.page.on("response", self._read_response)
        self.page.on("requestfailed", lambda request: self._read_failure(request.url, request.failure))

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        found = self.page.evaluate(
            "document.documentElement.scrollWidth - Math.ceil(document.documentElement.getBoundingClientRect().width)"
        )
        return int(found)

    def _read_message(self, message: ConsoleMessage) -> None:
        """Keep an error of the console; the browser reports breaches of the Content-Security-Policy there, too."""
        is_of_status = "Failed to load resource" in message.text  # `_read_response` has the status
        if message.type in {"error", "warning"} and not is_of_status:
            self.problems.append(f"console {message.type}: {message.text}")

    def _read_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.problems.append(f"{response.status} {response.request.method} {response.url}")

    def _read_failure(self, url: str, reason: str | None) -> None:
        if reason != "net::ERR_ABORTED":  # a download, or a stream that ends with its page
            self.problems.append(f"{reason}: {url}")


def find_chromium() -> str | None:
    """Return the path of the installed Chromium, or ``None``."""
    return next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


@contextmanager
def started_server(*words: str, token: str | None = None) -> Iterator[str]:
    """Start ``understudy serve`` on a free port of this machine with more options; yield its root URL."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("UNDERSTUDY_")}
    process = subprocess.Popen(
        [COMMAND, "serve", "--port", "0", "--quiet", *words],
        stdout=subprocess.PIPE,
        text=True,
        env=variables | ({"UNDERSTUDY_TOKEN": token} if token else {}),
    )
    try:
        first = process.stdout.readline() if process.stdout else ""
        if " at http" not in first:
            raise SystemExit(f"understudy serve did not start: {first or 'see its errors above'}")
        yield first.split()[-1]
    finally:
        process.terminate()
        process.communicate(timeout=20)


@contextmanager
def started_browser() -> Iterator[Browser]:
    """Start Chromium without a window."""
    path = find_chromium()
    if path is None:
        raise SystemExit(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def new_context(browser: Browser, width: int = WIDE, scheme: Scheme = "light") -> BrowserContext:
    """Return a browser session without cookies, with a window of this width; nothing in it moves."""
    made = browser.new_context(
        viewport={"width": width, "height": HEIGHT}, color_scheme=scheme, reduced_motion="reduce", accept_downloads=True
    )
    made.set_default_timeout(PATIENCE)
    return made


@contextmanager
def watched_page(browser: Browser, root: str, width: int = WIDE, scheme: Scheme = "light") -> Iterator[WatchedPage]:
    """Open a page in a session of its own."""
    with new_context(browser, width, scheme) as context:
        found = WatchedPage(context.new_page(), root)
        found.watch()
        yield found
