"""Pages of worlds: what a form asks is done by the control API, and its refusal is shown beside the form."""

import json
from itertools import count

import pytest

from tests.console.conftest import CONSOLE, Visitor, control, text_of
from understudy.app import Understudy

NUMBERS = count()
WORLDS = f"{CONSOLE}/worlds"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def name(understudy: Understudy) -> str:
    """Name of a new world of this test."""
    made = f"paged-{next(NUMBERS)}"
    assert control(understudy, "POST", "/worlds", {"name": made}).status == 201
    return made


def multipart(name: str, content: bytes) -> tuple[bytes, str]:
    """Return a form with a file, and its content type."""
    head = f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="f.json"\r\n\r\n'.encode()
    return head + content + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"


def test_a_world_is_made_as_the_form_asks(visitor: Visitor, understudy: Understudy) -> None:
    form = {"name": "formed", "origin": "scenario:small-shop", "seed": "7", "now": "2026-05-01T10:30", "frozen": "1"}
    answer = visitor.post(WORLDS, form)

    found = control(understudy, "GET", "/worlds/formed").json
    assert (answer.status, answer.headers["location"]) == (303, f"{WORLDS}/formed")
    assert found["origin"] == {"scenario": "small-shop"}
    assert found["clock"] == {"now": "2026-05-01T10:30:00.000000Z", "rate": 0, "is_real": False}


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ({"name": "main"}, "the world 'main' is in use"),
        ({"name": SCRIPT}, "body /name"),
        ({"seed": SCRIPT}, "body /seed"),
        ({"origin": f"scenario:{SCRIPT}"}, f"there is no scenario '{SCRIPT}'"),
        ({"now": SCRIPT}, "body /clock/now"),
        ({"now": "3000-01-01T00:00"}, "a world's time is between 1970 and 2999"),
    ],
)
def test_a_refused_form_is_shown_again_with_the_reason(
    visitor: Visitor, understudy: Understudy, form: dict[str, str], text: str
) -> None:
    understudy.worlds.get_or_create()
    answer = visitor.post(WORLDS, form)

    page = answer.body.decode()
    assert answer.status in {400, 409, 422}
    assert text in text_of(page)
    assert SCRIPT not in page


def test_the_list_shows_fifty_worlds_at_a_time_and_finds_by_name(visitor: Visitor, understudy: Understudy) -> None:
    for number in range(52):
        control(understudy, "POST", "/worlds", {"name": f"Zq52-{number:02}"})
    first, second = (visitor.page(f"{WORLDS}?contains=zq52-{more}") for more in ("", "&offset=50"))
    one = visitor.page(f"{WORLDS}?contains=ZQ52-07")

    assert "1\u201350 of 52" in first
    assert ">Zq52-49</a>" in first
    assert ">Zq52-50</a>" not in first
    assert "51\u201352 of 52" in second
    assert "?contains=zq52-&amp;offset=50" in first
    assert one.count('class="strong"') == 1
    for number in range(52):
        understudy.worlds.delete(f"Zq52-{number:02}")


def test_a_search_without_a_match_shows_its_text_as_text(visitor: Visitor) -> None:
    page = visitor.page(f"{WORLDS}?contains=%3Cscript%3E")

    assert "No world's name has <script> in it" in text_of(page)
    assert "<script>" not in page


@pytest.mark.parametrize("offset", ["-1", "x", "99999999"])
def test_an_odd_offset_is_no_error(visitor: Visitor, offset: str) -> None:
    visitor.page(f"{WORLDS}?offset={offset}")


def test_a_world_is_shown_copied_reset_and_deleted(visitor: Visitor, understudy: Understudy, name: str) -> None:
    page = visitor.page(f"{WORLDS}/{name}")
    copy = visitor.post(f"{WORLDS}/{name}/fork", {"name": f"{name}-copy"})
    control(understudy, "DELETE", f"/worlds/{name}/collections/twc/realms/understudy")
    reset = visitor.post(f"{WORLDS}/{name}/reset", {"clear_journal": "1"})
    equal = control(understudy, "GET", f"/worlds/{name}/compare/{name}-copy").json
    deleted = visitor.post(f"{WORLDS}/{name}/delete")

    assert f"/@{name}" in text_of(page)
    assert copy.headers["location"] == f"{WORLDS}/{name}-copy"
    assert (reset.status, deleted.status) == (303, 303)
    assert equal["collections"] == []
    assert understudy.worlds.get(name) is None


def test_a_name_in_use_is_refused_on_the_page_of_the_copied_world(visitor: Visitor, name: str) -> None:
    answer = visitor.post(f"{WORLDS}/{name}/fork", {"name": name})

    assert answer.status == 409
    assert f"the world '{name}' is in use" in text_of(answer.body.decode())
    assert f"<title>World {name}" in answer.body.decode()


def test_a_downloaded_world_is_restored_from_its_file(visitor: Visitor, understudy: Understudy, name: str) -> None:
    file = visitor.get(f"{WORLDS}/{name}/snapshot")
    control(understudy, "POST", f"/worlds/{name}/fork", {"name": f"{name}-whole"})
    control(understudy, "DELETE", f"/worlds/{name}/collections/twc/realms/understudy")
    body, content_type = multipart("file", file.body)
    headers = {"content-type": content_type, "x-csrf-token": visitor.token()}
    answer = visitor.send("POST", f"{WORLDS}/{name}/restore", headers=headers, body=body)

    assert file.headers["content-disposition"] == f'attachment; filename="{name}.json"'
    assert len(body) > 512 * 1024  # more than other forms may have
    assert answer.status == 303
    assert control(understudy, "GET", f"/worlds/{name}/compare/{name}-whole").json["collections"] == []


@pytest.mark.parametrize("content", [b"{", b"{}", b"[]", f'{{"format": "{SCRIPT}"}}'.encode(), b"\xff"])
def test_a_file_that_is_no_snapshot_changes_nothing(visitor: Visitor, name: str, content: bytes) -> None:
    body, content_type = multipart("file", content)
    headers = {"content-type": content_type, "x-csrf-token": visitor.token()}
    answer = visitor.send("POST", f"{WORLDS}/{name}/restore", headers=headers, body=body)

    assert answer.status in {400, 422}
    assert 'role="alert"' in answer.body.decode()
    assert SCRIPT not in answer.body.decode()


def test_a_form_without_a_file_asks_for_one(visitor: Visitor, name: str) -> None:
    answer = visitor.post(f"{WORLDS}/{name}/restore")

    assert (answer.status, "choose a file or a snapshot" in answer.body.decode()) == (422, True)


def test_a_snapshot_is_kept_restored_downloaded_and_dropped(
    visitor: Visitor, understudy: Understudy, name: str
) -> None:
    kept = visitor.post(f"{WORLDS}/{name}/keep", {"snapshot": f"{name}-kept"})
    control(understudy, "DELETE", f"/worlds/{name}/collections/twc/realms/understudy")
    restored = visitor.post(f"{WORLDS}/{name}/restore", {"snapshot": f"{name}-kept"})
    file = visitor.get(f"{CONSOLE}/snapshots/{name}-kept")
    listed = visitor.page(WORLDS)
    dropped = visitor.post(f"{CONSOLE}/snapshots/{name}-kept/drop")

    assert (kept.status, restored.status, dropped.status) == (303, 303, 303)
    assert control(understudy, "GET", f"/worlds/{name}/collections/twc/realms/understudy").status == 200
    assert json.loads(file.body)["format"] == "understudy-snapshot"
    assert f"{name}-kept" in listed
    assert f"{name}-kept" not in visitor.page(WORLDS)


@pytest.mark.parametrize("snapshot", ["", " ", "-", "a/b", SCRIPT])
def test_a_name_that_no_snapshot_can_have_is_refused(visitor: Visitor, name: str, snapshot: str) -> None:
    answer = visitor.post(f"{WORLDS}/{name}/keep", {"snapshot": snapshot})

    assert answer.status in {400, 404, 422}
    assert SCRIPT not in answer.body.decode()


def test_differences_are_listed_and_shown_line_by_line(visitor: Visitor, understudy: Understudy, name: str) -> None:
    other, path = f"{name}-other", "/collections/crmcom/contacts"
    control(understudy, "POST", f"/worlds/{name}/fork", {"name": other})
    first, second, *_ = control(understudy, "GET", f"/worlds/{name}{path}").json["records"]
    control(understudy, "PUT", f"/worlds/{other}{path}/{first['id']}", {**first, "first_name": SCRIPT})
    control(understudy, "DELETE", f"/worlds/{other}{path}/{second['id']}")
    control(understudy, "PUT", f"/worlds/{other}{path}/{SCRIPT.replace('/', '%2F')}", {**second, "id": SCRIPT})

    page = visitor.page(f"{WORLDS}/{name}/compare/{other}")
    one = visitor.page(f"{WORLDS}/{name}/compare/{other}?vendor=crmcom&collection=contacts")
    record = visitor.page(f"{WORLDS}/{name}/compare/{other}?vendor=crmcom&collection=contacts&key={first['id']}")
    gone = visitor.page(f"{WORLDS}/{name}/compare/{other}?vendor=crmcom&collection=contacts&key={second['id']}")
    none = visitor.page(f"{WORLDS}/{name}/compare/{other}?vendor=crmcom&collection=contacts&key=%3Cb%3E")

    assert all(SCRIPT not in each for each in (page, one, record, gone))
    assert f"1 only in {name}" in text_of(page)
    assert f"+ {SCRIPT} only in {other}" in text_of(one)
    assert f'+ "first_name": "{SCRIPT}"' in text_of(record)
    assert "l-added" not in gone
    assert "Neither world has this record" in none


def test_equal_worlds_have_a_page_for_that(visitor: Visitor, name: str) -> None:
    assert "No record differs" in visitor.page(f"{WORLDS}/{name}/compare/{name}")


def test_a_second_world_is_chosen_by_a_form(visitor: Visitor, name: str) -> None:
    assert 'name="other"' in visitor.page(f"{WORLDS}/{name}/compare")
    assert visitor.get(f"{WORLDS}/{name}/compare?other=main").headers["location"] == f"{WORLDS}/{name}/compare/main"


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (f"{WORLDS}/nobody", 404),
        (f"{WORLDS}/nobody/compare", 404),
        (f"{WORLDS}/nobody/compare/main", 404),
        (f"{WORLDS}/main/compare/main?vendor=%3Cscript%3E", 400),
        (f"{WORLDS}/main/compare/main?vendor=twc&collection=%3Cscript%3E&key=1", 404),
        (f"{WORLDS}/%3Cscript%3E", 404),
        (f"{CONSOLE}/snapshots/%3Cscript%3E", 404),
    ],
)
def test_what_is_not_there_is_a_page_for_it(visitor: Visitor, understudy: Understudy, target: str, status: int) -> None:
    understudy.worlds.get_or_create()
    assert "<script>" not in visitor.page(target, status)


def test_a_world_that_is_not_in_use_is_made_from_its_page(visitor: Visitor, understudy: Understudy) -> None:
    page = visitor.page(f"{CONSOLE}/clock?world=unborn", 404)
    made = visitor.post(WORLDS, {"name": "unborn", "next": f"{CONSOLE}/clock?world=unborn"})

    assert "The world unborn is not in use" in text_of(page)
    assert made.headers["location"] == f"{CONSOLE}/clock?world=unborn"
    understudy.worlds.delete("unborn")


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/twc/", f"{CONSOLE}/\\evil", "%0d%0aX: 1"]
)
def test_a_form_leads_to_no_other_site(visitor: Visitor, understudy: Understudy, target: str) -> None:
    made = visitor.post(WORLDS, {"name": "led", "next": target})

    assert made.headers["location"] == f"{WORLDS}/led"
    understudy.worlds.delete("led")


def test_another_world_chosen_in_the_header_is_led_to(visitor: Visitor, name: str) -> None:
    assert visitor.get(f"{WORLDS}/{name}?world=main").headers["location"] == f"{WORLDS}/main"
