"""Journeys of a user through the pages of faults, the clock and fixtures."""

import pytest
from playwright.sync_api import expect

from tests.console.browser.conftest import OpenPage
from tools.console_pages import CONSOLE
from understudy.client import RemoteWorld

MARKUP = "<img src=x onerror=console.error(1)>"


@pytest.fixture
def frozen(remote: RemoteWorld) -> RemoteWorld:
    """World of this test, whose clock stands still."""
    remote.create(clock={"now": "2026-03-02T09:00:00Z", "rate": 0})
    return remote


def test_a_fault_is_chosen_by_kind_added_and_removed(open_page: OpenPage, frozen: RemoteWorld) -> None:
    page = open_page(f"{CONSOLE}/faults?world={frozen.name}").page
    expect(page.get_by_text("No fault is set")).to_be_visible()
    page.get_by_role("link", name="latency").click()
    expect(page.get_by_label("retry after")).to_have_count(0)
    page.get_by_label("strikes calls of").select_option("crmcom/create_purchase")
    page.get_by_label("delay", exact=True).fill("1.5")
    page.get_by_label("times").fill("2")
    page.get_by_role("button", name="Add the fault").click()

    expect(page.locator("#results")).to_contain_text("create_purchase")
    [fault] = frozen.faults.all()
    assert (fault["kind"], fault["delay"], fault["times"]) == ("latency", 1.5, 2)
    page.get_by_role("button", name="Remove fault-1").click()
    expect(page.get_by_text("No fault is set")).to_be_visible()


def test_a_canned_answer_with_markup_is_shown_as_text(open_page: OpenPage, frozen: RemoteWorld) -> None:
    page = open_page(f"{CONSOLE}/faults?world={frozen.name}&kind=status").page
    page.get_by_role("textbox", name="body").fill(f'"{MARKUP}"')
    page.get_by_label("unchecked", exact=True).check()
    page.get_by_role("button", name="Add the fault").click()

    expect(page.locator("#results")).to_contain_text(MARKUP)
    assert frozen.faults.all()[0]["body"] == MARKUP


def test_a_fault_that_is_refused_keeps_what_was_typed(open_page: OpenPage, frozen: RemoteWorld) -> None:
    found = open_page(f"{CONSOLE}/faults?world={frozen.name}&kind=status")
    found.expected.add(422)
    found.page.get_by_label("strikes calls of").select_option("crmcom/create_purchase")
    found.page.get_by_label("status", exact=True).fill("418")
    found.page.get_by_role("textbox", name="body").fill('{"a": 1}')
    found.page.get_by_role("button", name="Add the fault").click()

    expect(found.page.get_by_role("alert")).to_contain_text("unchecked: true sends it all the same")
    expect(found.page.get_by_role("textbox", name="body")).to_have_value('{"a": 1}')
    expect(found.page.get_by_label("strikes calls of")).to_have_value("crmcom/create_purchase")


def test_the_clock_jumps_and_shows_what_fell_due(open_page: OpenPage, frozen: RemoteWorld) -> None:
    frozen.faults.add("drop", vendor="ecdp", lasting=3600)
    page = open_page(f"{CONSOLE}/clock?world={frozen.name}").page
    page.get_by_role("button", name="+ 1 day").click()

    expect(page.locator(".face")).to_contain_text("2026-03-03 09:00:00")
    expect(page.locator("#fell")).to_contain_text("fault ends")
    expect(page.locator("#fell")).to_contain_text("PRICE_DROP")
    assert frozen.clock.now().isoformat() == "2026-03-03T09:00:00+00:00"


def test_the_clock_is_run_frozen_and_set(open_page: OpenPage, frozen: RemoteWorld) -> None:
    page = open_page(f"{CONSOLE}/clock?world={frozen.name}").page
    page.get_by_role("button", name="Let it run").click()
    expect(page.get_by_role("button", name="Freeze")).to_be_visible()
    page.get_by_role("button", name="Freeze").click()
    expect(page.get_by_role("button", name="Let it run")).to_be_visible()
    page.get_by_label("Time (UTC)").fill("2026-06-01T12:00:00")
    page.get_by_role("button", name="Set").first.click()
    expect(page.locator(".face")).to_contain_text("2026-06-01 12:00:00")
    page.get_by_role("button", name="Follow the machine's").click()
    expect(page.get_by_text("real time")).to_be_visible()


def test_another_span_of_what_falls_due_is_shown_at_once(open_page: OpenPage, frozen: RemoteWorld) -> None:
    page = open_page(f"{CONSOLE}/clock?world={frozen.name}&days=1").page
    expect(page.locator("#results")).not_to_contain_text("2026-03-04")
    page.get_by_label("Span of time").select_option("7")
    expect(page.locator("#results")).to_contain_text("2026-03-04")
    page.wait_for_url("**days=7*")
    assert f"world={frozen.name}" in page.url


def test_a_kind_of_fixture_is_tried_and_its_command_copied(open_page: OpenPage) -> None:
    page = open_page(f"{CONSOLE}/data").page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_label("Kind").select_option("crmcom.purchases")
    expect(page.locator("#command")).to_contain_text("generate crmcom.purchases")
    page.get_by_label("Seed").fill("7")
    page.get_by_label("Seed").press("Enter")
    expect(page.locator("#command")).to_contain_text("--seed 7")
    expect(page.locator("table.grid tbody tr")).to_have_count(20)
    page.get_by_role("button", name="Copy the command").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()

    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "understudy generate crmcom.purchases --count 1000000 --seed 7 --out crmcom.purchases.jsonl"
    assert "kind=crmcom.purchases" in page.url
