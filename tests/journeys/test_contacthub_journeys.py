"""Uses of Contacthub over real HTTP: visitors, shops, data protection officers, copies of the data."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

Json = dict[str, Any]

ENVELOPE = {"message", "logref", "data", "errors"}


class Hub:
    """Client of a workspace of Contacthub, with one token."""

    def __init__(self, client: httpx.Client, node: str) -> None:
        self.client = client
        self.node = node

    def send(self, method: str, path: str, status: int, body: Json | None = None, **params: Any) -> Any:
        """Send a request; return the JSON of its response, or ``None`` for a response without a body."""
        answer = self.client.request(method, path, json=body, params=params)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def add_customer(self, base: Json, **others: Any) -> Json:
        found: Json = self.send("POST", "/customers", 201, {"nodeId": self.node, "base": base, **others})
        return found

    def add_event(self, kind: str, properties: Json, **others: Any) -> str:
        body = {"type": kind, "context": "WEB", "properties": properties, **others}
        return str(self.send("POST", "/events", 202, body)["id"])

    def pages(self, path: str, **params: Any) -> Iterator[Json]:
        """Yield every element of a list, page after page."""
        number, pages = 0, 1
        while number < pages:
            found = self.send("GET", path, 200, size=50, page=number, **params)
            yield from found["elements"]
            number, pages = number + 1, found["page"]["totalPages"]

    def updates(self, offset: int, size: int) -> Json:
        found: Json = self.send("GET", "/updates", 200, offset=offset, size=size)
        return found


@pytest.fixture
def known(stand_in: Any) -> Json:
    found: Json = stand_in.credentials("contacthub")
    return found


@pytest.fixture
def sign_in(stand_in: Any, known: Json) -> Iterator[Any]:
    """Return a client with a token: the development client's, or a source's as its settings show it."""
    clients = []

    def signed_in(token: str = "") -> Hub:
        headers = {"Authorization": f"Bearer {token or known['token']}"}
        url = f"{stand_in.url('contacthub')}/workspaces/{known['workspace']}"
        clients.append(httpx.Client(base_url=url, headers=headers))
        return Hub(clients[-1], known["node"])

    yield signed_in
    for client in clients:
        client.close()


@pytest.fixture
def hub(sign_in: Any) -> Hub:
    found: Hub = sign_in()
    return found


def token_of(hub: Hub, name: str) -> str:
    """Return the token of a source, read from its settings."""
    sources = hub.send("GET", "/configuration/sources", 200)["elements"]
    return str(next(source["token"] for source in sources if source["name"] == name))


def test_an_anonymous_visitor_browses_buys_registers_and_is_reconciled(hub: Hub, sign_in: Any) -> None:
    browser = sign_in(token_of(hub, "Web shop"))
    session = str(uuid4())
    later = {"bringBackProperties": {"type": "SESSION_ID", "value": session, "nodeId": hub.node}}
    browsed = browser.add_event("viewedPage", {"title": "Home"}, **later, date="2026-01-31T10:00:00.000+0000")
    order = {"orderId": "journey-1", "amount": {"total": 11.22}}
    bought = browser.add_event("completedOrder", order, **later, date="2026-01-31T10:05:00.000+0000")
    before = [hub.send("GET", f"/events/{event}", 200)["customerId"] for event in (browsed, bought)]

    customer = browser.add_customer({"contacts": {"email": "visitor@example.com"}})["id"]
    opened = browser.send("POST", f"/customers/{customer}/sessions", 201, {"value": session})
    returned = browser.add_event("loggedIn", {}, **later, date="2026-01-31T10:10:00.000+0000")
    known = browser.add_event("viewedPage", {}, customerId=customer, date="2026-01-31T10:15:00.000+0000")

    assert before == [None, None]
    assert opened["value"] == session
    elements = list(hub.pages("/events", customerId=customer))
    assert [event["id"] for event in elements] == [known, returned, bought, browsed]
    neighbours = hub.send("GET", f"/events/{bought}", 200, nav="CUSTOMER")
    assert (neighbours["prev"], neighbours["next"]) == (browsed, returned)


def test_a_visitor_is_reconciled_in_the_call_that_registers(hub: Hub) -> None:
    session = str(uuid4())
    later = {"type": "SESSION_ID", "value": session, "nodeId": hub.node}
    event = hub.add_event("viewedPage", {}, bringBackProperties=later)
    body = {"nodeId": hub.node, "base": {"contacts": {"email": "visitor@example.com"}}}

    customer = hub.send("POST", "/customers", 201, body, sessionId=session)["id"]

    assert hub.send("GET", f"/events/{event}", 200)["customerId"] == customer


def test_an_external_id_makes_a_customer_that_registers_later(hub: Hub) -> None:
    later = {"type": "EXTERNAL_ID", "value": "till-4711", "nodeId": hub.node}
    event = hub.add_event("completedOrder", {"orderId": "journey-2"}, bringBackProperties=later, context="RETAIL")
    customer = hub.send("GET", f"/events/{event}", 200)["customerId"]

    [empty] = hub.pages("/customers", nodeId=hub.node, externalId="till-4711")
    hub.send("PATCH", f"/customers/{customer}", 200, {"base": {"contacts": {"email": "till@example.com"}}})
    again = hub.add_customer({"firstName": "Till", "contacts": {"email": "till@example.com"}})

    assert (empty["id"], empty["base"]["firstName"]) == (customer, None)
    assert (again["id"], again["externalId"]) == (customer, "till-4711")


def test_a_customer_is_merged_from_two_sources(hub: Hub, sign_in: Any) -> None:
    shop, web = sign_in(token_of(hub, "Shop system")), sign_in(token_of(hub, "Web shop"))
    sources = {each["name"]: each["id"] for each in hub.send("GET", "/configuration/sources", 200)["elements"]}
    likes = [{"id": "rowing", "category": "Sport", "name": "Rowing"}]
    paper = {"id": "paper", "subscribed": True, "name": "Catalogue"}
    letter = {"id": "letter", "subscribed": True}

    first = shop.add_customer(
        {
            "firstName": "Example",
            "lastName": "Old",
            "contacts": {"email": "two@example.com", "phone": "+390000000001"},
            "likes": likes,
            "subscriptions": [paper],
        },
        tags={"manual": ["shop"]},
    )
    second = web.add_customer(
        {
            "lastName": "New",
            "contacts": {"email": "TWO@example.com"},
            "likes": [*likes, {"id": "chess", "name": "Chess"}],
            "subscriptions": [{"id": "paper", "subscribed": False}, letter],
        },
        tags={"manual": ["shop", "web"]},
    )

    merged = hub.send("GET", f"/customers/{first['id']}", 200)
    base = merged["base"]
    assert second == merged
    assert (base["firstName"], base["lastName"], base["contacts"]["phone"]) == ("Example", "New", "+390000000001")
    assert [like["id"] for like in base["likes"]] == ["rowing", "chess"]
    subscriptions = {each["id"]: (each["subscribed"], each["name"]) for each in base["subscriptions"]}
    assert subscriptions == {"paper": (False, "Catalogue"), "letter": (True, None)}
    assert merged["tags"]["manual"] == ["shop", "web"]
    assert merged["sourceInfo"] == {"registeredBy": sources["Shop system"], "updatedBy": sources["Web shop"]}
    assert (merged["version"], merged["updatedAt"] > first["updatedAt"]) == (first["version"] + 1, True)


def test_consent_changes_are_seen_in_the_log(hub: Hub, sign_in: Any) -> None:
    shop = sign_in(token_of(hub, "Shop system"))
    given = {
        "disclaimer": {"date": "2026-01-31T10:00:00.000+0000", "version": "2.0"},
        "marketing": {"automatic": {"email": {"status": True}}},
    }
    customer = shop.add_customer({"contacts": {"email": "asked@example.com"}}, consents=given)["id"]
    withdrawn = {"marketing": {"automatic": {"email": {"status": False, "objection": True}}}}
    hub.send("PATCH", f"/customers/{customer}", 200, {"consents": withdrawn})
    hub.send("PATCH", f"/customers/{customer}", 200, {"consents": withdrawn})

    log = list(hub.pages("/consent-logs", customerId=customer))
    key = json.dumps({"base": {"contacts": {"email": "asked@example.com"}}})
    changed = list(hub.pages("/consent-logs", uniqueKey=key, type="CONSENT_CHANGED", sort="date,desc"))

    email = "consents.marketing.automatic.email"
    assert sorted((entry["type"], entry["property"], entry["value"]) for entry in log) == [
        ("CONSENT_CHANGED", f"{email}.status", "false"),
        ("CONSENT_CHANGED", f"{email}.status", "true"),
        ("CONSENT_OBJECTED", f"{email}.objection", "true"),
        ("DISCLAIMER_READ", "consents.disclaimer.date", "2026-01-31T10:00:00.000+0000"),
        ("DISCLAIMER_READ", "consents.disclaimer.version", "2.0"),
    ]
    assert [(entry["value"], entry["sourceId"] is None) for entry in changed] == [("false", True), ("true", False)]
    assert hub.send("GET", f"/consent-logs/{changed[0]['id']}", 200) == changed[0]
    assert shop.client.get("/consent-logs").status_code == 403


Copy = dict[tuple[str, str], Json]
"""Customers and events by kind and id; the vendor's page prints one id for both."""


def follow(hub: Hub, copy: Copy, offset: int) -> int:
    """Update a copy of all customers and events; return its offset in the stream."""
    while True:
        found = hub.updates(offset, size=7)
        for update in found["updates"]:
            data = update["entity"]["data"]
            key = (update["entity"]["type"], data["id"])
            if update["operation"] == "DELETE":
                del copy[key]
            else:
                assert (key in copy) == (update["operation"] == "UPDATE")
                copy[key] = data
        if not found["updates"]:
            return offset
        offset = found["nextOffset"]


def test_who_follows_the_stream_ends_with_exactly_the_servers_state(hub: Hub) -> None:
    nodes = [node["id"] for node in hub.pages("/configuration/nodes", nodeType="ENTRY")]
    copy: Copy = {}
    offset = follow(hub, copy, 0)

    def on_the_server() -> Copy:
        customers = [found for node in nodes for found in hub.pages("/customers", nodeId=node)]
        kinds = {"CUSTOMER": customers, "EVENT": hub.pages("/events")}
        return {(kind, found["id"]): found for kind, records in kinds.items() for found in records}

    assert copy == on_the_server()

    later = {"type": "SESSION_ID", "value": "journey", "nodeId": hub.node}
    events = [hub.add_event("viewedPage", {"title": f"Page {n}"}, bringBackProperties=later) for n in range(5)]
    kept, gone = (hub.add_customer({"contacts": {"email": f"{name}@example.com"}})["id"] for name in ("kept", "gone"))
    hub.send("POST", f"/customers/{kept}/sessions", 201, {"value": "journey"})
    hub.add_event("loggedIn", {}, customerId=gone)
    offset = follow(hub, copy, offset)
    hub.add_customer({"firstName": "Again", "contacts": {"email": "kept@example.com"}})
    hub.send("PATCH", f"/customers/{kept}", 200, {"base": {"lastName": "Journey"}})
    hub.send("POST", f"/customers/{kept}/subscriptions", 201, {"id": "letter", "subscribed": True})
    hub.send("PATCH", f"/events/{events[0]}", 202, {"properties": {"path": "/"}})
    hub.send("DELETE", f"/events/{events[1]}", 204)
    hub.send("DELETE", f"/customers/{gone}", 200)

    end = follow(hub, copy, offset)

    assert copy == on_the_server()
    assert ("CUSTOMER", gone) not in copy
    assert hub.send("GET", "/updates/last-offset", 200) == {"lastOffset": end}
    assert hub.updates(end, size=50) == {"nextOffset": end, "updates": []}


# Requests of the vendor's public client libraries


def test_a_browser_may_ask_before_it_writes(stand_in: Any, known: Json) -> None:
    asked = {
        "Origin": "https://shop.example.com",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,contactlab-clientid,content-type",
    }

    answer = httpx.options(f"{stand_in.url('contacthub')}/workspaces/{known['workspace']}/events", headers=asked)

    assert answer.is_success
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "contactlab-clientid" in answer.headers["access-control-allow-headers"].lower()


def test_a_browser_client_writes_with_headers_of_its_own(hub: Hub, sign_in: Any) -> None:
    browser = sign_in(token_of(hub, "Web shop"))
    headers = {
        "Contactlab-ClientId": "sdk-browser",
        "Contactlab-ClientVersion": "1.0",
        "Accept": "application/json",
        "Content-Type": "application/json",
        "Origin": "https://shop.example.com",
    }
    browser.client.headers.update(headers)
    later = {"type": "SESSION_ID", "value": str(uuid4()), "nodeId": hub.node}
    body = {
        "type": "viewedPage",
        "context": "WEB",
        "properties": {},
        "bringBackProperties": later,
        "tracking": {"ga": {}},
    }

    answer = browser.client.post("/events", content=json.dumps(body))

    assert (answer.status_code, list(answer.json())) == (202, ["id"])
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "written",
    [
        "nodeId={node}&sort=base.lastName,desc&fields=base.firstName,base.lastName&page=0&size=5",
        "nodeId={node}&sort=base.lastName%2Cdesc&fields=base.firstName%2Cbase.lastName&page=0&size=5",
    ],
)
def test_a_list_is_asked_for_as_the_libraries_write_it(hub: Hub, written: str) -> None:
    """The JavaScript library does not escape commas, PHP and Python escape them; both send Content-Type on GET."""
    answer = hub.client.get(f"/customers?{written.format(node=hub.node)}", headers={"Content-Type": "application/json"})

    found = answer.json()
    names = [each["base"]["lastName"] for each in found["elements"]]
    assert answer.status_code == 200
    assert names == sorted(names, reverse=True)
    assert {"size", "totalElements", "totalPages", "number", "totalUnfilteredElements"} <= found["page"].keys()
    assert (found["page"]["number"], found["page"]["size"], len(names)) == (0, 5, 5)
    assert found["elements"][0]["base"]["contacts"] is None or found["elements"][0]["base"]["contacts"]["email"] is None


def test_a_query_is_written_with_brackets_colons_and_pluses(hub: Hub) -> None:
    """Encoding of axios: spaces as ``+``; ``: , [ ]`` as they are."""
    condition = '{"type":"atomic","attribute":"base.firstName","operator":"IN","value":["Query Journey"]}'
    query = '{"name":"","query":{"type":"simple","name":"","are":{"condition":' + condition + "}}}"
    hub.add_customer({"firstName": "Query Journey", "contacts": {"email": "query@example.com"}})
    written = query.replace(" ", "+").replace("{", "%7B").replace("}", "%7D").replace('"', "%22")

    found = hub.client.get(f"/customers?nodeId={hub.node}&query={written}").json()

    assert [each["base"]["contacts"]["email"] for each in found["elements"]] == ["query@example.com"]


def test_a_page_past_the_last_is_empty(hub: Hub) -> None:
    found = hub.send("GET", "/customers", 200, nodeId=hub.node, page=99)

    assert (found["elements"], found["page"]["size"]) == ([], 10)


def test_what_was_read_is_written_back(hub: Hub) -> None:
    """The JavaScript library adds a tag by GET and PUT of the whole customer, and sends the id in a PATCH."""
    customer = hub.add_customer({"contacts": {"email": "back@example.com"}})
    tagged = {**customer, "tags": {"auto": [], "manual": ["journey"]}}

    put = hub.send("PUT", f"/customers/{customer['id']}", 200, tagged)
    patched = hub.send("PATCH", f"/customers/{customer['id']}", 200, {"id": customer["id"], "tags": {"manual": []}})

    assert put["tags"]["manual"] == ["journey"]
    assert not patched["tags"]
    assert patched["base"] == customer["base"]


def test_a_deleted_customer_is_answered_without_a_body(hub: Hub) -> None:
    """The Go and .NET libraries treat any body as a failure."""
    customer = hub.add_customer({"contacts": {"email": "gone@example.com"}})["id"]

    answer = hub.client.delete(f"/customers/{customer}", headers={"User-Agent": "golang+contacthub/0.0.1"})

    assert (answer.status_code, answer.content) == (200, b"")
    assert hub.client.get(f"/customers/{customer}").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "message"),
    [
        ("GET", "/customers?nodeId=none", None, 404, "node not found none"),
        ("GET", "/customers/123", None, 404, "customer not found 123"),
        ("POST", "/customers", {"nodeId": "{node}", "base": {}}, 400, "source customer is not valid"),
        ("POST", "/events", {"type": "viewedPage", "context": "WEB", "properties": {}}, 400, "the event is not valid"),
        ("DELETE", "/events", None, 405, "Request method 'DELETE' not supported"),
    ],
)
def test_an_error_has_all_four_keys(
    hub: Hub, method: str, path: str, body: Json | None, status: int, message: str
) -> None:
    """The Python library raises a KeyError for a missing key."""
    sent = json.dumps(body).replace("{node}", hub.node) if body else None

    answer = hub.client.request(method, path, content=sent, headers={"Content-Type": "application/json"})

    assert answer.status_code == status
    assert answer.json().keys() == ENVELOPE
    assert answer.json()["message"] == message
    assert all(item.keys() == {"message", "path", "data", "code"} for item in answer.json()["errors"])


def test_an_unknown_token_and_workspace_are_refused(stand_in: Any, hub: Hub, sign_in: Any) -> None:
    stranger = sign_in("0" * 60).client.get("/customers")
    lost = httpx.get(f"{stand_in.url('contacthub')}/workspaces/nowhere/customers?nodeId=x", headers=hub.client.headers)

    assert (stranger.status_code, stranger.json()["message"]) == (
        401,
        "The client is not authorized to access the API",
    )
    assert (lost.status_code, lost.json()["message"]) == (403, "workspace not found: nowhere")
    assert stranger.json().keys() == lost.json().keys() == ENVELOPE
