"""Journeys through the journal and the records in a browser."""

import json
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError

import pytest
from playwright.sync_api import Page, expect

from tests.console.browser.conftest import OpenPage
from understudy.client import RemoteWorld

CONSOLE = "/_understudy/console"


def send(remote: RemoteWorld, method: str, path: str, body: Any = None) -> int:
    """Call ECDP with credentials; return the status."""
    vendor = remote.vendor("ecdp")
    content = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json", "x-api-key": vendor.credentials["api_key"]}
    request = urllib.request.Request(vendor.url + path, content, headers, method=method)  # noqa: S310 - this machine
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


def customer(remote: RemoteWorld, email: Any) -> int:
    return send(remote, "POST", "/customers", {"mode": "Add", "matchBy": "Email", "data": [{"email": email}]})


@pytest.fixture
def made(remote: RemoteWorld) -> Iterator[RemoteWorld]:
    """World of the test, which is in use."""
    remote.create()
    yield remote
    remote.control.close()


def test_calls_appear_as_they_happen(made: RemoteWorld, open_page: OpenPage) -> None:
    page = open_page(f"{CONSOLE}/journal?world={made.name}").page
    expect(page.locator("#results")).to_contain_text("No calls yet")
    customer(made, "one@example.com")
    expect(page.locator("#rows tr:not([hidden])")).to_have_count(1)

    for number in range(3):
        send(made, "GET", f"/customerattributes?n={number}")
    expect(page.locator("#rows tr:not([hidden])")).to_have_count(4)
    expect(page.locator("#rows tr:not([hidden]) .number").first).to_have_text("4")


def test_a_paused_journal_waits_and_then_catches_up(made: RemoteWorld, open_page: OpenPage) -> None:
    page = open_page(f"{CONSOLE}/journal?world={made.name}").page
    customer(made, "one@example.com")
    expect(page.locator("#rows tr:not([hidden])")).to_have_count(1)
    page.get_by_role("button", name="Live").click()
    customer(made, "two@example.com")
    page.wait_for_timeout(600)
    expect(page.locator("#rows tr:not([hidden])")).to_have_count(1)

    page.get_by_role("button", name="Paused").click()
    expect(page.locator("#rows tr:not([hidden])")).to_have_count(2)


def test_a_filtered_journal_shows_only_what_fits_as_it_happens(made: RemoteWorld, open_page: OpenPage) -> None:
    customer(made, "one@example.com")
    page = open_page(f"{CONSOLE}/journal?world={made.name}").page
    page.get_by_role("searchbox").fill("two@example")
    expect(page.locator("#results")).to_contain_text("No call fits")
    assert page.url.partition("?")[2] == f"world={made.name}&text=two%40example"

    customer(made, "three@example.com")
    customer(made, "two@example.com")
    expect(page.locator("#rows tr:not([hidden])")).to_have_count(1)
    page.get_by_role("searchbox").fill("")
    expect(page.locator("#rows tr:not([hidden])")).to_have_count(3)


def test_a_reset_and_a_new_world_of_the_name_are_followed(made: RemoteWorld, open_page: OpenPage) -> None:
    customer(made, "one@example.com")
    page = open_page(f"{CONSOLE}/journal?world={made.name}").page
    made.reset()
    customer(made, "two@example.com")
    expect(page.locator("#rows tr:not([hidden])")).to_have_count(2)
    made.delete()
    made.create()
    customer(made, "three@example.com")
    expect(page.locator("#rows tr:not([hidden])")).to_have_count(1)


def test_a_refused_call_leads_to_the_place_that_broke_the_contract(made: RemoteWorld, open_page: OpenPage) -> None:
    customer(made, 3)
    page = open_page(f"{CONSOLE}/journal?world={made.name}").page
    page.locator("#rows .call a").first.click()

    expect(page.locator("mark.wrong")).to_have_text('"email": 3')
    expect(page.locator(".checks .failed .name")).to_have_text("body")
    page.get_by_role("link", name="pytest assertion").click()
    expect(page.locator("#code")).to_contain_text("def test_the_client_calls_save_customers")


def test_a_call_is_replayed_in_another_world_and_compared(made: RemoteWorld, open_page: OpenPage) -> None:
    customer(made, "one@example.com")
    other = made.name[:40] + "-other"
    page = open_page(f"{CONSOLE}/journal/{made.name}/1").page
    page.locator("#replay input[name=target]").fill(other)
    page.get_by_role("button", name="Replay").click()

    expect(page.locator("main")).to_contain_text(f"call 1 of {made.name}")
    assert RemoteWorld(made.control, other).calls()[0]["response"]["status"] == 201


def test_a_fault_is_made_of_a_call(made: RemoteWorld, open_page: OpenPage) -> None:
    customer(made, "one@example.com")
    page = open_page(f"{CONSOLE}/journal/{made.name}/1").page
    page.locator("#fault input[name=status]").fill("500")
    page.get_by_role("button", name="Make the fault").click()
    expect(page.locator("main")).to_contain_text("fault")

    assert customer(made, "two@example.com") == 500
    struck = open_page(f"{CONSOLE}/journal/{made.name}/2").page
    expect(struck.locator(".notice.fault")).to_contain_text("fault-1")


def record_page(made: RemoteWorld, open_page: OpenPage) -> tuple[Page, str]:
    contact = made.collection("crmcom", "contacts").read(limit=1)[0]["id"]
    page = open_page(f"{CONSOLE}/state?world={made.name}").page
    page.get_by_role("link", name="contacts", exact=True).click()
    page.get_by_role("searchbox").fill(contact.upper())
    expect(page.locator("#results tbody tr")).to_have_count(1)
    page.get_by_role("link", name=contact).click()
    return page, contact


def test_references_are_followed_there_and_back(made: RemoteWorld, open_page: OpenPage) -> None:
    page, contact = record_page(made, open_page)
    account = next(each for each in made.collection("crmcom", "accounts").read() if each["contact_id"] == contact)
    page.get_by_role("link", name=account["id"]).click()
    expect(page.locator("h1")).to_have_text(account["id"])
    page.get_by_role("link", name=contact).first.click()

    expect(page.locator("h1")).to_have_text(contact)


def test_a_record_is_edited_refused_and_deleted(made: RemoteWorld, open_page: OpenPage) -> None:
    page, contact = record_page(made, open_page)
    page.get_by_text("Edit", exact=True).click()
    box = page.get_by_role("textbox", name="Record, as JSON")
    changed = {**made.collection("crmcom", "contacts").get(contact), "name": "Changed Here"}
    box.fill(json.dumps(changed))
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#record-json")).to_contain_text("Changed Here")
    assert made.collection("crmcom", "contacts").get(contact)["name"] == "Changed Here"

    page.get_by_text("Delete", exact=True).click()
    page.get_by_role("button", name="Delete this record").click()
    expect(page.locator(".notice")).to_contain_text(contact)
    assert contact not in [each["id"] for each in made.collection("crmcom", "contacts").read(limit=1000)]


def test_a_refused_edit_stays_in_the_form(made: RemoteWorld, open_page: OpenPage) -> None:
    contact = made.collection("crmcom", "contacts").read(limit=1)[0]["id"]
    opened = open_page(f"{CONSOLE}/state/{made.name}/crmcom/contacts/record?key={contact}")
    opened.expected.add(422)
    page = opened.page
    page.get_by_text("Edit", exact=True).click()
    page.get_by_role("textbox", name="Record, as JSON").fill('{"id": "another"}')
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("alert")).to_contain_text("and not")
    expect(page.get_by_role("textbox", name="Record, as JSON")).to_have_value('{"id": "another"}')


@pytest.mark.parametrize("form", ["JSON", "CSV"])
def test_a_collection_is_downloaded(made: RemoteWorld, open_page: OpenPage, form: str) -> None:
    page = open_page(f"{CONSOLE}/state/{made.name}/crmcom/contacts").page
    with page.expect_download() as waiting:
        page.get_by_role("link", name=form, exact=True).click()
    text = waiting.value.path().read_text()

    contacts = made.collection("crmcom", "contacts").read(limit=10_000)
    if form == "JSON":
        assert json.loads(text) == contacts
    else:
        assert len(text.splitlines()) == len(contacts) + 1


def test_script_like_texts_stay_texts(made: RemoteWorld, open_page: OpenPage) -> None:
    hostile = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>"
    customer(made, hostile)
    send(made, "POST", "/customers", {"mode": hostile, hostile: hostile, "matchBy": "Email", "data": []})
    made.collection("crmcom", "settings").put("odd", {"name": "odd", "value": hostile})
    page = open_page(f"{CONSOLE}/journal?world={made.name}").page
    customer(made, hostile)
    expect(page.locator("#rows tr:not([hidden])")).to_have_count(3)
    for path in (
        f"journal/{made.name}/2",
        f"journal/{made.name}/1",
        f"state/{made.name}/crmcom/settings/record?key=odd",
    ):
        page.goto(f"{made.control.root}{CONSOLE}/{path}")
        page.wait_for_timeout(100)
        assert "broken" not in page.title()
        assert page.locator("main img, main script").count() == 0
