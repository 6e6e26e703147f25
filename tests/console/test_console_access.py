"""Access to the console: guard, token, forms, headers."""

import re
from hashlib import sha256
from pathlib import Path

import pytest

from tests.asgi import call
from tests.console.conftest import CONSOLE, Visitor
from understudy.app import Understudy
from understudy.console import app as console_app

STATIC = Path(console_app.__file__).with_name("static")
DIGESTS = {
    "htmx.min.js": "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717",
    "swagger-ui/swagger-ui-bundle.js": "e6a898692f2d768e807c3ba4626068a69a2c5dd960dd6c76f3e4d3a3de180af2",
    "swagger-ui/swagger-ui.css": "5ed08757e53da3e026d6cbecc61fe5d43585c9560b302d534ad56692519a273d",
}
LICENCES = (
    "htmx.LICENSE.txt",
    "swagger-ui/LICENSE",
    "swagger-ui/NOTICE",
    "swagger-ui/swagger-ui-bundle.js.LICENSE.txt",
)
POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"
PAGES = ("/", f"{CONSOLE}/world-names", f"{CONSOLE}/no-such-page", f"{CONSOLE}/static/console.css")


@pytest.mark.parametrize("name", DIGESTS)
def test_a_packaged_script_is_the_one_that_was_released(name: str) -> None:
    assert sha256((STATIC / name).read_bytes()).hexdigest() == DIGESTS[name]


@pytest.mark.parametrize("name", LICENCES)
def test_a_packaged_script_has_its_licence_beside_it(name: str) -> None:
    assert (STATIC / name).stat().st_size > 50


@pytest.mark.parametrize("target", PAGES)
def test_every_answer_forbids_scripts_and_frames_of_others(visitor: Visitor, target: str) -> None:
    headers = visitor.get(target).headers

    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"


def test_a_page_has_no_script_or_style_in_its_text(visitor: Visitor) -> None:
    page = visitor.page("/")

    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page)
    assert re.findall(r"<script[^>]*>", page) == re.findall(r'<script src="/_understudy/[^"]*"(?: defer)?>', page)


def test_a_page_has_a_title_a_language_and_its_landmarks(visitor: Visitor) -> None:
    page = visitor.page("/")

    for part in ('<html lang="en">', "<title>Overview · Understudy</title>", '<main id="main"', "<nav ", "<header"):
        assert part in page
    assert 'href="#main"' in page


@pytest.mark.parametrize("path", [f"{CONSOLE}/world-names", f"{CONSOLE}/no-such-page", CONSOLE, "/_understudy/"])
@pytest.mark.parametrize(
    ("headers", "client"),
    [({"sec-fetch-site": "cross-site"}, "127.0.0.1"), ({"host": "evil.example"}, "127.0.0.1"), ({}, "192.0.2.7")],
    ids=["page of another site", "name of another host", "another machine"],
)
def test_the_console_is_refused_as_the_control_api_is(
    understudy: Understudy, path: str, headers: dict[str, str], client: str
) -> None:
    own = call(understudy.asgi, "GET", "/_understudy/api/worlds", headers=headers, client=client)
    found = call(understudy.asgi, "GET", path, headers=headers, client=client)

    assert (found.status, own.status) == (403, 403)
    assert own.json["title"].partition("'")[0] in found.body.decode()


def test_the_overview_shows_another_machine_what_is_served_and_no_more(understudy: Understudy) -> None:
    answer = call(understudy.asgi, "GET", "/", client="192.0.2.7")

    page = answer.body.decode()
    assert answer.status == 200
    assert "/contacthub/hub/v1" in page
    assert "only this machine may steer" in page
    assert " worlds<" not in page


@pytest.mark.parametrize("given", ["", "csrf_token=", "csrf_token=0", "csrf_token=\xe9"])
def test_a_change_without_the_token_of_a_form_is_refused(visitor: Visitor, given: str) -> None:
    visitor.get("/")  # which gives the cookie

    answer = visitor.send("POST", f"{CONSOLE}/sign-out", body=given.encode() or b"x=1")

    assert answer.status == 403
    assert b"load the page again" in answer.body


def test_the_token_of_a_form_is_worth_nothing_with_another_cookie(visitor: Visitor) -> None:
    token = visitor.token()
    name = next(iter(visitor.cookies))

    visitor.cookies[name] += "x"

    assert visitor.send("POST", f"{CONSOLE}/sign-out", body=f"csrf_token={token}".encode()).status == 403
    del visitor.cookies[name]
    assert visitor.send("POST", f"{CONSOLE}/sign-out", body=f"csrf_token={token}".encode()).status == 403


def test_the_token_of_a_form_is_taken_in_the_form_and_in_a_header(visitor: Visitor) -> None:
    assert visitor.post(f"{CONSOLE}/sign-out").status == 303
    token = visitor.token()
    assert visitor.send("POST", f"{CONSOLE}/sign-out", headers={"X-CSRF-Token": token}, body=b"x=1").status == 303


def test_cookies_are_for_this_server_alone(understudy: Understudy) -> None:
    given = call(understudy.asgi, "GET", "/", headers={"host": "localhost:8123"}).headers["set-cookie"]

    assert given.startswith("understudy_csrf_8123=")
    assert "HttpOnly" in given
    assert "SameSite=Strict" in given


def test_a_page_without_the_servers_token_leads_to_the_form_for_it(guarded: Understudy) -> None:
    visitor = Visitor(guarded)

    answer = visitor.get(f"{CONSOLE}/world-names?world=a")

    assert answer.status == 303
    assert answer.headers["location"] == f"{CONSOLE}/sign-in?next={CONSOLE}/world-names?world%3Da"
    led = visitor.get(f"{CONSOLE}/world-names", headers={"hx-request": "true"})
    assert (led.status, led.headers["hx-redirect"]) == (204, f"{CONSOLE}/sign-in?next={CONSOLE}/world-names")


def test_the_overview_without_the_servers_token_shows_no_worlds(guarded: Understudy) -> None:
    page = Visitor(guarded).page("/")

    assert "sign in" in page
    assert " worlds<" not in page


def test_the_servers_token_opens_the_console_until_one_signs_out(guarded: Understudy) -> None:
    visitor = Visitor(guarded)
    target = f"{CONSOLE}/world-names"

    assert visitor.post(f"{CONSOLE}/sign-in", {"token": "open"}).status == 403
    signed_in = visitor.post(f"{CONSOLE}/sign-in", {"token": "open-sesame", "next": target})
    assert (signed_in.status, signed_in.headers["location"]) == (303, target)
    assert "open-sesame" not in str(visitor.cookies)
    assert visitor.get(target).status == 200
    assert visitor.post(f"{CONSOLE}/sign-out").status == 303
    assert visitor.get(target).status == 303


def test_the_servers_token_is_taken_from_a_header(guarded: Understudy) -> None:
    visitor = Visitor(guarded)

    assert visitor.get(f"{CONSOLE}/world-names", headers={"authorization": "Bearer open-sesame"}).status == 200
    assert visitor.get(f"{CONSOLE}/world-names", headers={"authorization": "Bearer open"}).status == 303


def test_a_session_of_another_process_is_worth_nothing(guarded: Understudy) -> None:
    visitor = Visitor(guarded, {"understudy_session": "0" * 64})

    assert visitor.get(f"{CONSOLE}/world-names").status == 303


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example", "", "/ /x", "/\t/x"])
def test_signing_in_leads_to_no_other_site(guarded: Understudy, target: str) -> None:
    answer = Visitor(guarded).post(f"{CONSOLE}/sign-in", {"token": "open-sesame", "next": target})

    assert (answer.status, answer.headers["location"]) == (303, "/")


def test_the_paths_before_the_console_lead_to_the_overview(visitor: Visitor) -> None:
    for path in ("/_understudy", "/_understudy/"):
        answer = visitor.get(path)
        assert (answer.status, answer.headers["location"]) == (302, f"{CONSOLE}/")
    assert visitor.get(CONSOLE).headers["location"].endswith(f"{CONSOLE}/")
    assert "<title>Overview" in visitor.page(f"{CONSOLE}/")


def test_a_form_that_is_too_large_is_refused(visitor: Visitor) -> None:
    visitor.get("/")

    answer = visitor.send("POST", f"{CONSOLE}/sign-out", body=b"csrf_token=" + b"x" * 600_000)

    assert answer.status == 413
    assert b"<title>413" in answer.body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_method_that_a_page_does_not_take_is_a_page_with_the_reason(visitor: Visitor, method: str) -> None:
    for path in ("/", f"{CONSOLE}/operations"):
        answer = visitor.send(method, path)
        assert (answer.status, b"Method Not Allowed" in answer.body) == (405, True)


@pytest.mark.parametrize("world", ["<script>alert(1)</script>", "a b", "", "x" * 65, "../x"])
def test_a_world_that_can_be_none_is_the_main_one(visitor: Visitor, world: str) -> None:
    page = visitor.page(f"/?world={world}")

    assert 'name="world" value="main"' in page
    assert "<script>alert" not in page


def test_a_query_of_bytes_is_no_error(visitor: Visitor) -> None:
    assert visitor.get("/?world=\xff\xfe").status == 200
