"""Pages of records: browse, search, follow references, edit, delete; nothing in a record is run as markup."""

import html
import re
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import orjson
import pytest

from tests.conftest import world_name
from tests.console.conftest import CONSOLE, Visitor, text_of
from tests.console.test_console_journal import HOSTILE, assert_harmless
from understudy.app import Understudy
from understudy.state.collection import Collection
from understudy.state.vendor_state import VendorState


class Records:
    """Records of a vendor in the world of a test, and the addresses of their pages."""

    def __init__(self, understudy: Understudy, world: str) -> None:
        self._understudy, self.world = understudy, world
        understudy.worlds.get_or_create(world)

    def of(self, vendor: str) -> VendorState:
        """Return the state of a vendor."""
        return self._understudy.worlds.get_or_create(self.world).vendors[vendor]

    def rows(self, vendor: str, collection: str) -> Collection:
        """Return a collection."""
        return self.of(vendor).collection(collection)

    def path(self, vendor: str, collection: str, part: str = "", **query: str) -> str:
        """Return the address of a page."""
        path = f"{CONSOLE}/state/{self.world}/{vendor}/{collection}" + (f"/{part}" if part else "")
        return f"{path}?{urlencode(query)}" if query else path


@pytest.fixture
def records(understudy: Understudy, request: pytest.FixtureRequest) -> Records:
    return Records(understudy, world_name(request.node.nodeid))


def contact(records: Records) -> dict[str, Any]:
    return next(iter(records.rows("crmcom", "contacts")))


def test_collections_are_listed_with_their_numbers_of_records(visitor: Visitor, records: Records) -> None:
    page = visitor.page(f"{CONSOLE}/state?world={records.world}")

    assert f"contacts {len(records.rows('crmcom', 'contacts'))} " in text_of(page) + " "
    narrowed = text_of(visitor.page(f"{CONSOLE}/state?world={records.world}&text=CONTACTS"))
    assert "purchases" not in narrowed.partition("Name of")[2]


def test_a_world_that_is_not_in_use_has_an_empty_page(visitor: Visitor) -> None:
    assert "No world of this name is in use" in visitor.page(f"{CONSOLE}/state?world=never-used-2")


def test_records_are_paged(visitor: Visitor, records: Records) -> None:
    rows = records.rows("crmcom", "contacts")
    assert len(rows) > 50
    first = visitor.page(records.path("crmcom", "contacts"))
    second = visitor.page(records.path("crmcom", "contacts", offset="50"))

    keys = [re.findall(r'record\?key=([\w-]+)"', page) for page in (first, second)]
    assert keys[0] + keys[1][:50] == rows.keys()[:100]
    assert f"1 to 50 of {len(rows)}" in text_of(first)


def test_records_are_searched(visitor: Visitor, records: Records) -> None:
    wanted = contact(records)
    page = visitor.page(records.path("crmcom", "contacts", text=wanted["name"].upper()))

    assert wanted["id"] in page
    assert "No record fits" in visitor.page(records.path("crmcom", "contacts", text="no such text"))


@pytest.mark.parametrize("offset", ["x", "-1", "1" * 30, "1.5"])
def test_an_offset_that_is_no_number_is_refused(visitor: Visitor, records: Records, offset: str) -> None:
    assert "is no number of records" in visitor.page(records.path("crmcom", "contacts", offset=offset), status=400)


def test_an_unknown_collection_is_a_page_with_the_nearest_name(visitor: Visitor, records: Records) -> None:
    assert "did you mean &#39;contacts&#39;?" in visitor.page(records.path("crmcom", "contact"), status=404)


def test_a_record_leads_to_those_that_refer_to_it_and_back(visitor: Visitor, records: Records) -> None:
    wanted = contact(records)
    links = html.unescape(visitor.page(records.path("crmcom", "contacts", "links", key=wanted["id"])))
    account = next(each for each in records.rows("crmcom", "accounts") if each["contact_id"] == wanted["id"])

    assert f"/accounts/record?key={account['id']}" in links
    back = html.unescape(visitor.page(records.path("crmcom", "accounts", "links", key=account["id"])))
    assert f"/contacts/record?key={wanted['id']}" in back


def test_a_record_without_references_has_a_line_for_it(visitor: Visitor, records: Records) -> None:
    records.rows("crmcom", "settings").put({"name": "alone", "value": 1})

    assert "refers to no record" in visitor.page(records.path("crmcom", "settings", "links", key="alone"))


def test_the_history_of_a_record_is_its_calls(visitor: Visitor, records: Records) -> None:
    key = "no-such-purchase"
    assert "No call in the journal" in visitor.page(records.path("crmcom", "purchases", "history", key=key))
    base = visitor.understudy.vendors["crmcom"].base_path
    visitor.get(f"/@{records.world}{base}/purchases/{key}")
    visitor.get(f"/@{records.world}{base}/purchases/another")

    page = visitor.page(records.path("crmcom", "purchases", "history", key=key))
    assert re.findall(r"/journal/[^/]+/(\d+)\"", page) == ["1"]


def test_a_record_is_edited(visitor: Visitor, records: Records) -> None:
    changed = {**contact(records), "name": "Someone Else"}
    path = records.path("crmcom", "contacts", "record", key=changed["id"])
    answer = visitor.post(path, {"record": orjson.dumps(changed).decode()})

    assert answer.status == 303
    assert records.rows("crmcom", "contacts").get(changed["id"]) == changed
    assert "Saved." in visitor.page(answer.headers["location"])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "no JSON"),
        ("[]", "no JSON object"),
        ("", "no JSON"),
        ('{"id": "another"}', "and not"),
        (HOSTILE, "no JSON"),
    ],
)
def test_a_refused_record_is_shown_as_it_was_typed(visitor: Visitor, records: Records, text: str, reason: str) -> None:
    before = contact(records)
    answer = visitor.post(records.path("crmcom", "contacts", "record", key=before["id"]), {"record": text})
    page = answer.body.decode()

    assert answer.status == 422
    assert reason in text_of(page)
    assert f">{html.escape(text, quote=True)}</textarea>".replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in page
    assert records.rows("crmcom", "contacts").get(before["id"]) == before
    assert_harmless(page)


def test_a_record_that_its_schema_forbids_is_refused_with_the_place(visitor: Visitor, records: Records) -> None:
    purchase = next(iter(records.rows("crmcom", "purchases")))
    broken = {**purchase, "state": 7}
    answer = visitor.post(
        records.path("crmcom", "purchases", "record", key=purchase["id"]), {"record": orjson.dumps(broken).decode()}
    )

    assert answer.status == 422
    assert "/state" in text_of(answer.body.decode())


def test_a_record_is_made_and_its_key_is_free(visitor: Visitor, records: Records) -> None:
    model = contact(records)
    assert html.escape(model["id"]) in visitor.page(records.path("crmcom", "contacts", "new"))
    made = {**model, "id": "made-by-hand", "code": "C-77", "cim": "77"}
    path = records.path("crmcom", "contacts", "new")

    assert visitor.post(path, {"record": orjson.dumps(made).decode()}).status == 303
    assert records.rows("crmcom", "contacts").get("made-by-hand") == made
    assert visitor.post(path, {"record": orjson.dumps(made).decode()}).status == 409
    assert visitor.post(path, {"record": "{}"}).status == 422


def test_a_record_is_deleted(visitor: Visitor, records: Records) -> None:
    key = contact(records)["id"]
    answer = visitor.post(records.path("crmcom", "contacts", "delete", key=key))

    assert answer.status == 303
    assert key not in records.rows("crmcom", "contacts")
    assert f"Deleted {key}" in text_of(visitor.page(answer.headers["location"])).replace(" .", ".")
    assert visitor.post(records.path("crmcom", "contacts", "delete", key=key)).status == 404


@pytest.mark.parametrize("part", ["record", "new", "delete"])
def test_a_form_without_its_token_changes_nothing(visitor: Visitor, records: Records, part: str) -> None:
    wanted = contact(records)
    body = urlencode({"record": orjson.dumps({**wanted, "name": "x"}).decode()}).encode()

    assert visitor.send("POST", records.path("crmcom", "contacts", part, key=wanted["id"]), body=body).status == 403
    assert records.rows("crmcom", "contacts").get(wanted["id"]) == wanted


@pytest.mark.parametrize("key", [HOSTILE, "a/b", "a b", "..", "%2e%2e", "č", "?", "#", "a&key=b"])
def test_any_key_has_its_page(visitor: Visitor, records: Records, key: str) -> None:
    rows = records.rows("crmcom", "settings")
    rows.put({"name": key, "value": HOSTILE, HOSTILE: {HOSTILE: [HOSTILE]}})
    listing = visitor.page(records.path("crmcom", "settings", text=key))
    links = map(html.unescape, re.findall(r'href="([^"]*/record\?key=[^"]*)"', listing))
    address = next(each for each in links if parse_qs(urlsplit(each).query)["key"] == [key])
    page = visitor.page(address)

    assert html.escape(key, quote=False)[:3] in page
    for each in (listing, page, visitor.page(records.path("crmcom", "settings", "links", key=key)),
                 visitor.page(records.path("crmcom", "settings", "history", key=key))):  # fmt: skip
        assert_harmless(each)
    assert visitor.post(records.path("crmcom", "settings", "delete", key=key)).status == 303
    assert key not in rows


@pytest.mark.parametrize("path", ["{}/crmcom/contacts", "main/{}/contacts", "main/crmcom/{}"])
def test_no_name_in_the_path_is_run_as_markup(visitor: Visitor, understudy: Understudy, path: str) -> None:
    understudy.worlds.get_or_create()

    assert_harmless(visitor.page(f"{CONSOLE}/state/{path.format(quote(HOSTILE, safe=''))}", status=404))


def test_a_record_can_be_copied_as_fixtures(visitor: Visitor, records: Records) -> None:
    wanted = contact(records)
    page = html.unescape(visitor.page(records.path("crmcom", "contacts", "record", key=wanted["id"])))

    assert f'crmcom.state["contacts"].put("{wanted["id"]}", record)' in page
    assert 'records:\n  "crmcom":\n    "contacts":\n      - {' in page


def test_a_long_record_is_shown_by_its_beginning(visitor: Visitor, records: Records) -> None:
    records.rows("crmcom", "settings").put({"name": "long", "value": "x" * 2_000_000})
    page = visitor.page(records.path("crmcom", "settings", "record", key="long"))

    assert len(page) < 200_000
    assert "Only its beginning is shown" in page
    assert "<textarea" not in page


@pytest.mark.parametrize("offset", ["0" * 12 + "9" * 4400, "9" * 5000, "100000001", "-1", "\u0663", "1e3", " 1"])
def test_an_offset_that_is_none_is_refused(visitor: Visitor, records: Records, offset: str) -> None:
    answer = visitor.get(records.path("crmcom", "contacts", offset=offset))

    assert answer.status == 400
    assert "is no number of records" in html.unescape(answer.body.decode())


@pytest.mark.parametrize("key", ["", None, True, [], {}])
def test_a_new_record_without_a_key_is_refused(visitor: Visitor, records: Records, key: Any) -> None:
    before = records.rows("crmcom", "contacts").keys()
    made = orjson.dumps({**contact(records), "id": key}).decode()

    answer = visitor.post(records.path("crmcom", "contacts", "new"), {"record": made})

    assert answer.status == 422
    assert "the record needs its key, 'id', a text or a number" in html.unescape(answer.body.decode())
    assert records.rows("crmcom", "contacts").keys() == before
