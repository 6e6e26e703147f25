"""Journeys of a user through the pages of deliveries."""

import re

from playwright.sync_api import expect

from tests.console.browser.conftest import OpenPage
from tools.console_pages import CONSOLE
from understudy.client import RemoteWorld


def test_what_a_job_sends_is_delivered_by_a_rule_and_sent_again(open_page: OpenPage, remote: RemoteWorld) -> None:
    remote.create(clock={"now": "2026-03-02T07:00:00Z", "rate": 0})
    page = open_page(f"{CONSOLE}/deliveries?world={remote.name}").page
    expect(page.get_by_text("Nothing was sent")).to_be_visible()
    page.get_by_label("Destination, * for any text", exact=True).last.fill("*")
    page.get_by_label("Target on this machine").fill("http://127.0.0.1:9/hook")
    page.get_by_label("in order").check()
    page.get_by_role("button", name="Add the rule").click()
    expect(page.locator("#rules tbody tr")).to_have_count(1)

    page.get_by_role("link", name="Clock").click()
    page.get_by_role("button", name="+ 1 day").click()
    page.get_by_role("link", name="Deliveries").click()
    page.get_by_label("State").select_option("delivered")
    expect(page.get_by_text("No delivery fits")).to_be_visible()
    page.wait_for_url("**state=delivered*")
    page.get_by_label("State").select_option("")
    page.get_by_role("link", name="twc-1").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("twc-1")
    page.get_by_role("button", name="Resend").click()
    expect(page).to_have_url(re.compile(r"/deliveries/twc-1\?"))

    delivery, *_ = remote.control.get("worlds", remote.name, "deliveries")["deliveries"]
    assert delivery["target"] == "http://127.0.0.1:9/hook"
