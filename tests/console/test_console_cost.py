"""Cost of the console: none for a server whose pages nobody opens, and little for one with large worlds."""

import subprocess
import sys
import time

import pytest

from tests.console.conftest import CONSOLE, Visitor
from understudy.app import create_app
from understudy.settings import Settings

START = """
import sys
from understudy.app import create_app
from understudy.settings import Settings
create_app(Settings(vendors=("ecdp",)))
print([name for name in sys.modules if name.startswith(("understudy.console.", "faker"))])
"""
LIGHT = {"access", "asgi_client", "control", "lazy_pages", "paths", "security_headers", "services", "streams"}
"""Modules of the console that a server needs at its start; none of them makes a page."""

PAINT = 0.2
"""Seconds of processor time within which each page is made."""


def test_a_server_starts_without_the_pages() -> None:
    printed = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, check=True, timeout=120)

    names = {name.strip("' ").removeprefix("understudy.console.") for name in printed.stdout.strip("[]\n").split(",")}
    assert names <= LIGHT


@pytest.mark.deep
def test_the_overview_is_quick_with_ten_thousand_worlds() -> None:
    understudy = create_app(Settings(vendors=("ecdp",)))
    for number in range(9_999):
        understudy.worlds.get_or_create(f"world-{number}")
    visitor = Visitor(understudy)
    assert 'hx-trigger="load, every 5s"' in visitor.page("/")  # the chart comes once the page is shown
    assert "<figure" in visitor.page(f"{CONSOLE}/calls")

    for path in ("/", f"{CONSOLE}/operations", f"{CONSOLE}/world-names?world=world-99", f"{CONSOLE}/calls"):
        started = time.process_time()
        visitor.get(path)
        assert time.process_time() - started < PAINT, path
