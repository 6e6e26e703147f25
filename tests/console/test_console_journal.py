"""Pages of the journal: rows, filters, one exchange, its forms; nothing in it is run as markup."""

import html
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote, urlencode

import orjson
import pytest

from tests.asgi import Answer, call
from tests.conftest import world_name
from tests.console.conftest import CONSOLE, Visitor, text_of
from understudy.app import Understudy

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


class Callers:
    """Caller of vendors in the world of a test."""

    def __init__(self, understudy: Understudy, world: str) -> None:
        self.understudy, self.world = understudy, world
        self.understudy.worlds.get_or_create(world)

    def send(
        self, method: str, path: str, body: Any = None, vendor: str = "ecdp", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Call a vendor with credentials; a body of bytes is sent as it is."""
        served = self.understudy.vendors[vendor]
        assert served.vendor.sign_in
        signed = served.vendor.sign_in(self.understudy.worlds.get_or_create(self.world).vendors[vendor])
        given = {"content-type": "application/json", **signed, **(headers or {})}
        raw = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        return call(self.understudy.asgi, method, f"/@{self.world}{served.base_path}{path}", headers=given, body=raw)

    def customer(self, email: Any, **more: Any) -> Answer:
        """Save a customer."""
        data = {"mode": "Add", "matchBy": "Email", "data": [{"email": email, **more}]}
        return self.send("POST", "/customers", data)


@pytest.fixture
def callers(understudy: Understudy, request: pytest.FixtureRequest) -> Callers:
    return Callers(understudy, world_name(request.node.nodeid))


def journal(visitor: Visitor, callers: Callers, **query: str) -> str:
    return visitor.page(f"{CONSOLE}/journal?{urlencode({'world': callers.world, **query})}")


def shown(page: str) -> list[int]:
    """Return the numbers of the exchanges that a page links to."""
    return [int(found) for found in re.findall(r'href="[^"]*/journal/[^/"]+/(\d+)"><code>', page)]


def assert_harmless(page: str) -> None:
    """Assert that no markup of a caller is in a page, and that no script is in its text."""
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert all(not found or found.startswith(' src="/_understudy/') for found in re.findall(r"<script([^>]*)>", page))


def test_exchanges_are_shown_newest_first(visitor: Visitor, callers: Callers) -> None:
    callers.customer("one@example.com")
    callers.send("GET", "/customerattributes")

    assert shown(journal(visitor, callers)) == [2, 1]


def test_filters_in_the_address_narrow_the_journal(visitor: Visitor, callers: Callers) -> None:
    callers.customer("one@example.com")
    callers.customer(3)
    callers.send("GET", "/customerattributes")

    assert shown(journal(visitor, callers, outcome="contract")) == [2]
    assert shown(journal(visitor, callers, text="ONE@")) == [1]
    assert shown(journal(visitor, callers, operation="save_customers", status="2xx")) == [1]
    page = journal(visitor, callers, text="no such text")
    assert "No call fits" in page
    assert 'value="no such text"' in page


def test_an_unknown_operation_is_named_beside_the_filters(visitor: Visitor, callers: Callers) -> None:
    page = journal(visitor, callers, vendor="ecdp", operation="save_customer")

    assert "did you mean &#39;save_customers&#39;?" in page
    assert 'value="save_customer"' in page


def test_a_world_that_is_not_in_use_is_an_empty_page(visitor: Visitor) -> None:
    page = visitor.page(f"{CONSOLE}/journal?world=never-used")

    assert "No world of this name is in use" in page
    assert "/@never-used" in page


@pytest.mark.parametrize("query", ["before=x", "before=-1", f"before={10**30}", "before=1e3"])
def test_a_number_that_is_none_is_refused(visitor: Visitor, query: str) -> None:
    assert "is no number" in visitor.page(f"{CONSOLE}/journal?{query}", status=400)


def test_older_exchanges_are_on_the_next_page(visitor: Visitor, callers: Callers) -> None:
    for number in range(53):
        callers.send("GET", f"/customerattributes?n={number}")

    first = journal(visitor, callers)
    assert shown(first) == [*range(53, 3, -1)]
    link = re.search(r'href="([^"]*)" rel="next"', first)
    assert link
    assert shown(visitor.page(html.unescape(link[1]))) == [3, 2, 1]


def test_new_exchanges_come_as_rows(visitor: Visitor, callers: Callers) -> None:
    for _ in range(3):
        callers.send("GET", "/customerattributes")

    page = visitor.page(f"{CONSOLE}/journal/new?world={callers.world}&after=1")
    assert shown(page) == [3, 2]
    assert page.lstrip().startswith('<tr id="live"')
    assert "after=3" in page
    assert "<html" not in page


def test_the_place_that_broke_the_contract_is_marked(visitor: Visitor, callers: Callers) -> None:
    callers.customer(3)
    page = visitor.page(f"{CONSOLE}/journal/{callers.world}/1")

    [marked] = re.findall(r'<mark class="wrong">(.*?)</mark>', page)
    assert text_of(marked).startswith('"email" : 3')
    assert 'class="failed"><span class="name">body' in page


def test_a_missing_member_is_marked_where_it_would_be(visitor: Visitor, callers: Callers) -> None:
    callers.send("POST", "/customers", {"matchBy": "Email", "data": []})
    page = visitor.page(f"{CONSOLE}/journal/{callers.world}/1")

    assert '"mode"' in " ".join(map(text_of, re.findall(r'<mark class="missing">(.*?)</mark>', page)))


def test_a_credential_is_not_shown(visitor: Visitor, callers: Callers) -> None:
    callers.send("GET", "/customerattributes", headers={"x-api-key": "open-sesame-1"})
    callers.customer("one@example.com", password="open-sesame-2")

    for path in ("1", "2", "2/compare?other=1", "1/code?form=curl", "1/code?form=fixture", "1/har"):
        answer = visitor.get(f"{CONSOLE}/journal/{callers.world}/{path}")
        assert answer.status == 200
        assert b"open-sesame" not in answer.body


@pytest.mark.parametrize("path", ["journal", "journal/new", "state", "exchange"])
def test_nothing_in_a_call_is_run_as_markup(visitor: Visitor, callers: Callers, path: str) -> None:
    callers.customer(HOSTILE, **{HOSTILE: HOSTILE})
    callers.send("GET", f"/{quote(HOSTILE, safe='')}?{quote(HOSTILE)}={quote(HOSTILE)}", headers={"x-odd": HOSTILE})
    callers.send("GET", "/<script>alert(1)</script>")
    callers.send("POST", "/customers", HOSTILE.encode(), headers={"user-agent": HOSTILE})
    callers.send("POST", "/customers", {"mode": HOSTILE, "matchBy": HOSTILE, HOSTILE: [HOSTILE]})

    if path == "exchange":
        targets = [f"journal/{callers.world}/{number}" for number in range(1, 6)]
        targets += [
            f"journal/{callers.world}/{number}/{part}" for number in (1, 5) for part in ("compare?other=2", "code")
        ]
    else:
        targets = [f"{path}?world={callers.world}", f"{path}?world={callers.world}&text={quote(HOSTILE)}"]
    for target in targets:
        assert_harmless(visitor.page(f"{CONSOLE}/{target}"))


@pytest.mark.parametrize("name", ["text", "vendor", "operation", "status", "outcome", "method", "mentions", "world"])
def test_no_filter_is_run_as_markup(visitor: Visitor, callers: Callers, name: str) -> None:
    assert_harmless(journal(visitor, callers, **{name: HOSTILE}))


@pytest.mark.parametrize("world", [HOSTILE, "a b", "..", "no-such-world"])
def test_an_unknown_world_in_the_path_is_refused_without_harm(visitor: Visitor, world: str) -> None:
    page = visitor.page(f"{CONSOLE}/journal/{quote(world, safe='')}/1", status=404)

    assert_harmless(page)


def test_an_exchange_that_is_gone_is_a_page(visitor: Visitor, callers: Callers) -> None:
    assert "has no exchange 7" in visitor.page(f"{CONSOLE}/journal/{callers.world}/7", status=404)


def test_each_form_of_code_can_be_copied(visitor: Visitor, callers: Callers) -> None:
    callers.customer("one@example.com")
    path = f"{CONSOLE}/journal/{callers.world}/1"

    assert "curl -X POST" in visitor.page(path)
    assert "def test_the_client_calls_save_customers" in visitor.page(f"{path}/code?form=pytest")
    assert "@pytest.fixture" in visitor.page(f"{path}/code?form=fixture")
    assert "about no record" in visitor.page(f"{path}/code?form=scenario")
    archive = visitor.get(f"{path}/har")
    assert archive.headers["content-disposition"] == 'attachment; filename="exchange-1.har"'
    assert len(archive.json["log"]["entries"]) == 1


def test_an_exchange_is_compared_with_the_previous_call_of_its_operation(visitor: Visitor, callers: Callers) -> None:
    callers.customer("one@example.com")
    callers.send("GET", "/customerattributes")
    callers.customer("two@example.com")
    page = visitor.page(f"{CONSOLE}/journal/{callers.world}/3/compare")

    assert "/request/body/data/0/email" in page
    assert text_of(page).count("one@example.com") == text_of(page).count("two@example.com") == 1


def test_the_first_call_of_an_operation_has_nothing_to_compare_with(visitor: Visitor, callers: Callers) -> None:
    callers.customer("one@example.com")

    assert "Nothing to compare with" in visitor.page(f"{CONSOLE}/journal/{callers.world}/1/compare")


def test_a_fault_is_made_of_an_exchange(visitor: Visitor, callers: Callers) -> None:
    callers.customer(3)
    form = {"kind": "status", "status": "400", "times": "2", "same_body": "1"}
    answer = visitor.post(f"{CONSOLE}/journal/{callers.world}/1/fault", form)

    assert answer.status == 303
    [fault] = callers.understudy.worlds.get_or_create(callers.world).faults
    assert (fault.kind, fault.vendor, fault.operation, fault.times) == ("status", "ecdp", "save_customers", 2)
    assert callers.customer("one@example.com").json["title"] == "Bad request"


@pytest.mark.parametrize("form", [{"times": "x"}, {"times": "0"}, {"status": "200"}, {"kind": "no-such-kind"}])
def test_a_fault_that_cannot_be_is_refused_beside_the_form(
    visitor: Visitor, callers: Callers, form: dict[str, str]
) -> None:
    callers.customer("one@example.com")
    answer = visitor.post(f"{CONSOLE}/journal/{callers.world}/1/fault", {"kind": "status", "times": "1", **form})

    assert answer.status in {400, 422}
    assert b'role="alert"' in answer.body
    assert [*callers.understudy.worlds.get_or_create(callers.world).faults] == []


def test_a_request_is_replayed_in_another_world(visitor: Visitor, callers: Callers) -> None:
    callers.customer("one@example.com", lastName="Čapek")
    other = f"b-{callers.world[-40:]}"
    answer = visitor.post(f"{CONSOLE}/journal/{callers.world}/1/replay", {"target": other})

    assert answer.status == 303
    [replayed] = callers.understudy.worlds.get_or_create(other).journal
    [sent] = callers.understudy.worlds.get_or_create(callers.world).journal
    assert (replayed.status, replayed.request_body) == (201, sent.request_body)
    assert replayed.path.startswith(f"/@{other}/ecdp/".encode())
    page = visitor.page(answer.headers["location"])
    assert f"call 1 of {callers.world}" in page


@pytest.mark.parametrize(("form", "status"), [({}, 401), ({"sign_in": "1"}, 404)], ids=["as it was", "signed in anew"])
def test_a_signed_token_is_good_in_another_world_if_it_is_made_anew(
    visitor: Visitor, callers: Callers, form: dict[str, str], status: int
) -> None:
    tenant = {"x-twc-tenant": "understudy"}
    sent = callers.send("GET", "/services/eventcollector/api/v1/events/none", vendor="twc", headers=tenant)
    assert sent.status == 404
    other = f"b-{callers.world[-40:]}"
    visitor.post(f"{CONSOLE}/journal/{callers.world}/1/replay", {"target": other, **form})

    assert [each.status for each in callers.understudy.worlds.get_or_create(other).journal] == [status]


@pytest.mark.parametrize("target", ["", "a b", HOSTILE, "x" * 65])
def test_a_replay_in_no_world_is_refused(visitor: Visitor, callers: Callers, target: str) -> None:
    callers.customer("one@example.com")
    answer = visitor.post(f"{CONSOLE}/journal/{callers.world}/1/replay", {"target": target})

    assert answer.status == 422
    assert_harmless(answer.body.decode())


@pytest.mark.parametrize("action", ["fault", "replay"])
def test_a_form_without_its_token_does_nothing(visitor: Visitor, callers: Callers, action: str) -> None:
    callers.customer("one@example.com")
    body = urlencode({"target": callers.world, "kind": "drop"}).encode()
    answer = visitor.send("POST", f"{CONSOLE}/journal/{callers.world}/1/{action}", body=body)

    assert answer.status == 403
    assert len(callers.understudy.worlds.get_or_create(callers.world).journal) == 1
    assert [*callers.understudy.worlds.get_or_create(callers.world).faults] == []


def test_the_exchange_links_to_its_records(visitor: Visitor, callers: Callers) -> None:
    world = callers.understudy.worlds.get_or_create(callers.world)
    purchase = next(iter(world.vendors["crmcom"].collection("contacts")))["id"]
    callers.send("GET", f"/purchases/{purchase}", vendor="crmcom")
    page = visitor.page(f"{CONSOLE}/journal/{callers.world}/1")

    assert f"/state/{callers.world}/crmcom/contacts/record?key={purchase}" in unquote(html.unescape(page))


@pytest.mark.parametrize("number", ["0", "9" * 30, str(2**53)])
def test_a_number_that_no_exchange_can_have_is_a_page(visitor: Visitor, callers: Callers, number: str) -> None:
    assert visitor.get(f"{CONSOLE}/journal/{callers.world}/{number}").status in {400, 404}


def test_a_text_that_is_too_long_is_refused_beside_the_filters(visitor: Visitor, callers: Callers) -> None:
    assert 'role="alert"' in journal(visitor, callers, text="x" * 1001)
    assert "No call fits" in journal(visitor, callers, text="x" * 1000)


def test_who_has_signed_in_sees_the_journal_and_the_records(guarded: Understudy) -> None:
    guarded.worlds.get_or_create()
    visitor = Visitor(guarded)
    for page in ("journal", "state", "state/main/ecdp/customers"):
        assert visitor.get(f"{CONSOLE}/{page}").status == 303
    assert visitor.post(f"{CONSOLE}/sign-in", {"token": "open-sesame"}).status == 303

    for page in ("journal", "state", "state/main/ecdp/customers"):
        visitor.page(f"{CONSOLE}/{page}")


def exchange_of(operation: str, *, breach: str = "", body: bytes = b"") -> tuple[Any, bytes, bytes]:
    meta: Any = (
        0.0, "ecdp", operation, "GET", b"/ecdp/x", b"", 500, "behaviour", breach, "accepted", "", [],
        [(b"content-type", b"application/json")], 0.0, 0.0, "http", "", ("", ()),
    )  # fmt: skip
    return meta, b"", body


def test_a_breach_is_shown_beside_the_answer_that_replaced_the_broken_one(visitor: Visitor, callers: Callers) -> None:
    worlds = callers.understudy.worlds
    breach = "body of status 200: /data/0: 3 is not of type <b>"
    record = exchange_of("list_customer_attributes", breach=breach, body=orjson.dumps({"breach": breach, "data": [3]}))
    worlds.get_or_create(callers.world).journal.record(*record)
    page = visitor.page(f"{CONSOLE}/journal/{callers.world}/1")

    assert "The answer broke the document" in page
    assert text_of(page).count(breach) >= 1
    assert "<mark" not in page
    assert 'class="failed"><span class="name">answer' in page


def test_a_call_of_an_operation_that_is_served_no_more_is_shown(visitor: Visitor, callers: Callers) -> None:
    recorded = callers.understudy.worlds.get_or_create(callers.world).journal
    recorded.record(*exchange_of("gone"))
    recorded.record(*exchange_of("gone"))

    assert "gone" in visitor.page(f"{CONSOLE}/journal/{callers.world}/2")
    assert shown(journal(visitor, callers)) == [2, 1]
