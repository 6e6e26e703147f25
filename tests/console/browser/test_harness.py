"""The harness notices each kind of problem that a page can have."""

import pytest
from playwright.sync_api import Browser

from tools.console_browser import NARROW, started_server, watched_page


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("setTimeout(() => { throw new Error('broken script') })", "script error: broken script"),
        ("console.error('complaint')", "console error: complaint"),
        ("fetch('/no-such-path')", "404 GET {root}/no-such-path"),
        ("fetch('http://127.0.0.1:1/')", "http://127.0.0.1:1/"),
    ],
)
def test_a_problem_of_a_page_is_noticed(browser: Browser, console_url: str, script: str, problem: str) -> None:
    with watched_page(browser, console_url) as found:
        found.open("/")
        before = list(found.problems)
        found.page.evaluate(f"() => {{ {script} }}")
        found.page.wait_for_timeout(200)

    assert before == []
    assert problem.format(root=console_url) in " ".join(found.problems)


def test_an_expected_status_is_no_problem(browser: Browser, console_url: str) -> None:
    with watched_page(browser, console_url) as found:
        found.expected.add(404)
        found.open("/no-such-path")

    assert found.problems == []


def test_a_page_that_runs_off_its_window_is_noticed(browser: Browser, console_url: str) -> None:
    with watched_page(browser, console_url, NARROW) as found:
        page = found.open("/")
        page.evaluate("document.body.append(document.createElement('hr'))")
        page.evaluate("document.querySelector('hr:last-of-type').style.width = '2000px'")

        assert found.overflow() > 1000


def test_a_server_that_does_not_start_is_reported() -> None:
    with pytest.raises(SystemExit, match="did not start"), started_server("--vendor", "no-such-vendor"):
        pass
