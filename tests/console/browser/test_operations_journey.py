"""Journeys through the overview, the operations and the reference, in Chromium."""

import re
from urllib.parse import quote

from playwright.sync_api import Page, expect

from tests.console.browser.conftest import OpenPage, StartServer
from understudy.client import RemoteWorld

CONSOLE = "/_understudy/console"
MARKUP = "<img src=x onerror=document.title='run'>"


def test_a_search_is_made_as_one_types_and_is_in_the_address(open_page: OpenPage) -> None:
    page = open_page(f"{CONSOLE}/operations").page
    page.keyboard.press("/")
    page.keyboard.type("post purchase")

    expect(page).to_have_url(re.compile(r"q=post(\+|%20)purchase"))
    expect(page.locator("tbody tr").first).to_contain_text("create_purchase")
    page.get_by_label("Method").select_option("GET")
    expect(page.get_by_text("No operation fits")).to_be_visible()
    page.go_back()
    expect(page.locator("tbody tr").first).to_contain_text("create_purchase")


def test_what_is_searched_is_never_run(open_page: OpenPage) -> None:
    page = open_page(f"{CONSOLE}/operations?q={quote(MARKUP)}").page

    expect(page.get_by_role("searchbox")).to_have_value(MARKUP)
    assert page.title() == "Operations · Understudy"


def test_a_request_is_sent_and_shown_with_code_to_copy(open_page: OpenPage, remote: RemoteWorld) -> None:
    page = open_page(f"{CONSOLE}/operations/crmcom/create_purchase?world={remote.name}").page
    page.get_by_role("button", name="Send").click()

    sent = page.locator("#sent")
    expect(sent.locator(".status").first).to_have_text("200")
    expect(sent.get_by_role("tab")).to_have_text(["curl", "httpx", "fetch"])
    sent.get_by_role("tab", name="fetch").click()
    expect(sent.locator("#snippet-fetch")).to_contain_text(f"/@{remote.name}/crmcom/")
    expect(sent.locator("#snippet-curl")).to_be_hidden()
    page.keyboard.press("ArrowLeft")
    expect(sent.locator("#snippet-httpx")).to_be_visible()
    [call] = remote.calls(vendor="crmcom")
    assert (call["operation"], call["response"]["status"]) == ("create_purchase", 200)

    page.get_by_label("As", exact=True).select_option("-")
    page.get_by_role("button", name="Send").click()
    expect(sent.locator(".status").first).to_have_text("401")


def test_the_values_of_an_example_and_other_values_are_filled_in(open_page: OpenPage) -> None:
    page = open_page(f"{CONSOLE}/operations/crmcom/create_purchase").page
    usual = page.locator("textarea[name=body]").input_value()

    page.get_by_label("Example of the document").select_option("mandatory_only")
    expect(page).to_have_url(re.compile("example=mandatory_only"))
    expect(page.locator("textarea[name=body]")).not_to_have_value(usual)
    page.get_by_role("link", name="Other values").click()
    expect(page).to_have_url(re.compile("seed=1"))
    first = page.locator("textarea[name=body]").input_value()
    page.get_by_role("link", name="Other values").click()
    expect(page.locator("textarea[name=body]")).not_to_have_value(first)


def test_credentials_are_shown_when_asked_for_and_copied(open_page: OpenPage) -> None:
    page = open_page("/").page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    card = page.locator("#ecdp")
    expect(card.get_by_text("api_key")).to_have_count(0)

    card.get_by_role("link", name="Credentials").click()
    card.get_by_role("button", name="Copy api_key").click()

    expect(card.locator(".copy.done")).to_have_count(1)
    assert page.evaluate("navigator.clipboard.readText()") == card.locator("dd code").first.text_content()


def test_the_theme_is_kept(open_page: OpenPage) -> None:
    page = open_page("/", scheme="light").page
    light = background(page)
    page.get_by_role("button", name="Light or dark").click()
    dark = background(page)
    page.reload()

    assert dark != light
    assert background(page) == dark


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_a_world_is_chosen_and_stays_chosen(open_page: OpenPage, remote: RemoteWorld) -> None:
    remote.create()
    page = open_page(f"{CONSOLE}/operations").page
    page.get_by_label("World", exact=True).fill(remote.name)
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(f"world={remote.name}"))
    page.get_by_role("link", name="Overview").click()
    expect(page.get_by_label("World", exact=True)).to_have_value(remote.name)
    expect(page.locator("#ecdp .copied code")).to_contain_text(f"/@{remote.name}/ecdp")


def test_the_world_names_are_offered(open_page: OpenPage, remote: RemoteWorld) -> None:
    remote.create()
    page = open_page("/").page

    page.get_by_label("World", exact=True).fill(remote.name[:20])

    expect(page.locator(f"#world-names option[value='{remote.name}']")).to_have_count(1)


def test_the_reference_shows_every_operation(open_page: OpenPage) -> None:
    page = open_page(f"{CONSOLE}/reference/contacthub").page

    expect(page.locator(".opblock")).to_have_count(128, timeout=30_000)
    expect(page.locator(".servers select")).to_contain_text("/contacthub/hub/v1")
    page.locator(".opblock-summary-control").first.click()
    expect(page.get_by_text("Parameters").first).to_be_visible()


def test_what_is_tried_in_the_reference_is_sent_to_this_server(open_page: OpenPage, remote: RemoteWorld) -> None:
    remote.create()
    found = open_page(f"{CONSOLE}/reference/ecdp?world={remote.name}")
    found.expected.add(401)
    page = found.page
    page.locator(".opblock-get .opblock-summary-control").first.click()
    page.get_by_role("button", name="Try it out").first.click()
    page.get_by_role("button", name="Execute").first.click()

    expect(page.locator(".live-responses-table td.response-col_status:not(.col_header)").first).to_contain_text("401")
    assert [call["response"]["status"] for call in remote.calls(vendor="ecdp")] == [401]


def test_the_token_of_the_server_is_asked_for_once(open_page: OpenPage, start_server: StartServer) -> None:
    root = start_server("--vendor", "ecdp", token="open-sesame")
    page = open_page(f"{CONSOLE}/operations?q=customer", root=root).page
    expect(page).to_have_url(re.compile("/sign-in"))
    page.get_by_label("Token").fill("open-sesame")
    page.get_by_role("button", name="Sign in").click()

    expect(page).to_have_url(re.compile(r"/operations\?q=customer"))
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("Worlds, calls and credentials are not shown")).to_be_visible()
