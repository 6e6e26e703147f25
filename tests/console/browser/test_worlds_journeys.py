"""Journeys of a user through the pages of worlds."""

import json
from pathlib import Path

from playwright.sync_api import expect

from tests.console.browser.conftest import OpenPage
from tools.console_pages import CONSOLE
from understudy.client import RemoteWorld

MARKUP = "<img src=x onerror=console.error(1)>"


def test_a_world_is_made_copied_changed_compared_and_reset(open_page: OpenPage, remote: RemoteWorld) -> None:
    page = open_page(f"{CONSOLE}/worlds").page
    page.get_by_text("New world").click()
    page.get_by_label("Name", exact=True).fill(remote.name)
    page.get_by_label("Its time (UTC)").fill("2026-03-02T09:00:00")
    page.get_by_label("Clock frozen").check()
    page.get_by_role("button", name="Make the world").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(remote.name)

    page.get_by_label("Name of the fork").fill(f"{remote.name}-b"[-60:])
    page.get_by_role("button", name="Fork", exact=True).click()
    copy = RemoteWorld(remote.control, f"{remote.name}-b"[-60:])
    expect(page.get_by_role("heading", level=1)).to_have_text(copy.name)
    contacts = copy.collection("crmcom", "contacts")
    first = contacts.read(limit=1)[0]
    contacts.put(first["id"], {**first, "first_name": MARKUP})

    expect(page.get_by_label("With the world")).to_have_value(remote.name)
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("1 changed")).to_be_visible()
    page.get_by_role("link", name=first["id"]).click()
    expect(page.locator(".l-removed")).to_contain_text(MARKUP)

    page.get_by_role("link", name=copy.name).click()
    page.get_by_role("button", name="Reset").click()
    assert copy.compare(remote)["collections"] == []


def test_a_world_is_downloaded_and_restored_from_its_file(
    open_page: OpenPage, remote: RemoteWorld, tmp_path: Path
) -> None:
    remote.create()
    page = open_page(f"{CONSOLE}/worlds/{remote.name}").page
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    file = tmp_path / "world.json"
    download.value.save_as(file)
    remote.collection("twc", "realms").delete("understudy")

    page.get_by_label("Restore a file").set_input_files(file)
    with page.expect_response(f"**/worlds/{remote.name}/restore"):
        page.get_by_role("button", name="Restore", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(remote.name)

    assert download.value.suggested_filename == f"{remote.name}.json"
    assert json.loads(file.read_text())["format"] == "understudy-snapshot"
    assert remote.collection("twc", "realms").get("understudy")
    assert page.url.endswith(f"/worlds/{remote.name}")


def test_a_snapshot_is_kept_restored_and_dropped(open_page: OpenPage, remote: RemoteWorld) -> None:
    remote.create()
    page = open_page(f"{CONSOLE}/worlds/{remote.name}").page
    page.get_by_label("Keep the world as it is").fill("browser-kept")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("button", name="Drop browser-kept")).to_be_visible()
    remote.collection("twc", "realms").delete("understudy")
    page.get_by_role("button", name="Restore browser-kept").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(remote.name)

    assert remote.collection("twc", "realms").get("understudy")
    page.get_by_role("button", name="Drop browser-kept").click()
    expect(page.get_by_role("button", name="Drop browser-kept")).to_have_count(0)


def test_worlds_are_found_as_one_types_and_the_address_can_be_shared(open_page: OpenPage, remote: RemoteWorld) -> None:
    remote.create()
    page = open_page(f"{CONSOLE}/worlds").page
    page.get_by_role("searchbox").press_sequentially(remote.name[-12:])
    expect(page.get_by_role("link", name=remote.name, exact=True)).to_be_visible()
    expect(page.locator("#results tbody tr")).to_have_count(1)
    page.wait_for_url(f"**contains={remote.name[-12:]}*")

    shared = open_page(page.url.removeprefix(remote.control.root)).page
    expect(shared.locator("#results tbody tr")).to_have_count(1)


def test_a_refused_name_is_explained_beside_the_form(open_page: OpenPage, remote: RemoteWorld) -> None:
    remote.create()
    found = open_page(f"{CONSOLE}/worlds/{remote.name}")
    found.expected.add(409)
    found.page.get_by_label("Name of the fork").fill(remote.name)
    found.page.get_by_role("button", name="Fork", exact=True).click()

    expect(found.page.get_by_role("alert")).to_contain_text("is in use")


def test_a_world_is_deleted_with_the_keyboard_alone(open_page: OpenPage, remote: RemoteWorld) -> None:
    remote.create()
    page = open_page(f"{CONSOLE}/worlds/{remote.name}").page
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Delete":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/worlds")

    assert remote.name not in [each["name"] for each in remote.control.rows("worlds")]
