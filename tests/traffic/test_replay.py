"""Recorded calls answer where nothing better does: matched by operation and parameters, state first."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.asgi import Answer, call
from understudy.app import Understudy, create_app
from understudy.core.misconfigured import Misconfigured
from understudy.settings import Settings

DOCUMENT = """
openapi: 3.1.0
info: {title: Shop, version: "1"}
servers: [{url: https://api.example.com/v1}]
paths:
  /orders:
    get: {operationId: list_orders, responses: {"200": {$ref: "#/components/responses/Orders"}}}
    post:
      operationId: create_order
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
      responses: {"201": {$ref: "#/components/responses/Order"}}
  /orders/{orderId}:
    parameters: [{name: orderId, in: path, required: true, schema: {type: string}}]
    get:
      operationId: get_order
      responses: {"200": {$ref: "#/components/responses/Order"}, "404": {description: Unknown.}}
    delete: {operationId: delete_order, responses: {"204": {description: Gone.}, "404": {description: Unknown.}}}
  /quotes:
    get:
      operationId: get_quote
      parameters: [{name: currency, in: query, schema: {type: string}}]
      responses:
        "200": {description: Quote., content: {application/json: {schema: {$ref: "#/components/schemas/Quote"}}}}
  /quotes/search:
    post:
      operationId: search_quotes
      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
      responses:
        "200": {description: Quote., content: {application/json: {schema: {$ref: "#/components/schemas/Quote"}}}}
components:
  responses:
    Order: {description: Order., content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
    Orders:
      description: Orders.
      content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Order"}}}}
  schemas:
    Order: {type: object, required: [item], properties: {id: {type: string}, item: {type: string}}}
    Quote: {type: object, required: [price], properties: {price: {type: number}, currency: {type: string}}}
"""


def entry(method: str, url: str, status: int, value: Any = None, sent: Any = None, **headers: str) -> dict[str, Any]:
    """Return an entry as a browser writes it."""
    content = {"mimeType": "application/json", "text": json.dumps(value)} if value is not None else {"size": 0}
    given = {"Content-Type": "application/json", **headers} if value is not None else headers
    posted = {"postData": {"mimeType": "application/json", "text": json.dumps(sent)}} if sent is not None else {}
    return {
        "startedDateTime": "2026-11-28T09:00:00.000Z",
        "time": 12.5,
        "request": {
            "method": method,
            "url": url,
            "headers": [{"name": "Content-Type", "value": "application/json"}] if sent is not None else [],
            **posted,
        },
        "response": {
            "status": status,
            "headers": [{"name": name, "value": text} for name, text in given.items()],
            "content": content,
        },
    }


def archive(folder: Path, *entries: Any) -> Path:
    path = folder / "calls.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "creator": {"name": "Chrome"}, "entries": entries}}))
    return path


def shop(folder: Path, *entries: Any, **settings: Any) -> Understudy:
    spec = folder / "shop.yaml"
    spec.write_text(DOCUMENT)
    given = {"documents": (("shop", str(spec)),), "cache": None, "replays": (archive(folder, *entries),), **settings}
    return create_app(Settings(**given))


def ask(app: Understudy, method: str, target: str, sent: Any = None, **headers: str) -> Answer:
    body = b"" if sent is None else json.dumps(sent).encode()
    given = {"content-type": "application/json", **headers} if body else headers
    return call(app.asgi, method, target, headers=given, body=body)


API = "https://api.example.com/v1"


def test_a_recorded_call_answers_in_place_of_a_sample(tmp_path: Path) -> None:
    app = shop(tmp_path, entry("GET", f"{API}/quotes?currency=EUR", 200, {"price": 7}, ETag='"7"', Connection="close"))

    found = ask(app, "GET", "/shop/v1/quotes?currency=EUR")

    assert (found.status, found.json) == (200, {"price": 7})
    assert found.headers["understudy-fidelity"] == "recording"
    assert found.headers["etag"] == '"7"'
    assert "connection" not in found.headers
    assert [each.fidelity for each in app.worlds.get_or_create().journal] == ["recording"]


def test_the_journal_has_recorded_answers_and_its_archive_is_replayed_again(tmp_path: Path) -> None:
    app = shop(tmp_path, entry("GET", f"{API}/quotes", 200, {"price": 7}))
    ask(app, "GET", "/shop/v1/quotes")
    journal = "/_understudy/api/worlds/main/journal"

    [call] = ask(app, "GET", journal).json
    again = tmp_path / "again.har"
    again.write_bytes(ask(app, "GET", f"{journal}/har").body)

    assert call["fidelity"] == "recording"
    settings = Settings(documents=(("shop", str(tmp_path / "shop.yaml")),), cache=None, replays=(again,))
    assert ask(create_app(settings), "GET", "/shop/v1/quotes").json == {"price": 7}


def test_a_snapshot_continues_where_recordings_were(tmp_path: Path) -> None:
    app = shop(tmp_path, *(entry("GET", f"{API}/quotes", 200, {"price": number}) for number in (1, 2, 3)))
    world = "/_understudy/api/worlds/main"
    ask(app, "GET", "/shop/v1/quotes")
    snapshot = ask(app, "GET", f"{world}/snapshot")

    assert ask(app, "GET", "/shop/v1/quotes").json == {"price": 2}
    assert ask(app, "POST", f"{world}/restore", snapshot.json).status < 300
    assert ask(app, "GET", "/shop/v1/quotes").json == {"price": 2}


@pytest.mark.parametrize("target", ["/shop/v1/quotes?currency=USD", "/shop/v1/quotes"])
def test_other_parameters_get_a_sample(tmp_path: Path, target: str) -> None:
    app = shop(tmp_path, entry("GET", f"{API}/quotes?currency=EUR", 200, {"price": 7}))

    assert ask(app, "GET", target).headers["understudy-fidelity"] == "sample"


def test_a_choice_of_the_client_comes_before_a_recording(tmp_path: Path) -> None:
    app = shop(tmp_path, entry("GET", f"{API}/quotes", 200, {"price": 7}))

    assert ask(app, "GET", "/shop/v1/quotes", prefer="code=200").headers["understudy-fidelity"] == "sample"
    assert ask(app, "GET", "/shop/v1/quotes").json == {"price": 7}


def test_the_recording_whose_body_is_most_alike_answers(tmp_path: Path) -> None:
    one, two = {"from": "A", "to": "B", "at": 1}, {"from": "A", "to": "C", "at": 2}
    app = shop(
        tmp_path,
        entry("POST", f"{API}/quotes/search", 200, {"price": 1}, one),
        entry("POST", f"{API}/quotes/search", 200, {"price": 2}, two),
    )

    def price(sent: Any) -> Any:
        found = ask(app, "POST", "/shop/v1/quotes/search", sent)
        return found.json["price"] if found.headers["understudy-fidelity"] == "recording" else "sample"

    assert price(one) == 1
    assert price(two) == 2
    assert price({"from": "A", "to": "C", "at": 99}) == 2
    assert price({"something": "else"}) == "sample"


def test_the_answers_to_one_request_come_in_their_order_in_each_world(tmp_path: Path) -> None:
    app = shop(tmp_path, *(entry("GET", f"{API}/quotes", 200, {"price": number}) for number in (1, 2)))

    assert [ask(app, "GET", "/shop/v1/quotes").json["price"] for _ in range(3)] == [1, 2, 2]
    assert ask(app, "GET", "/@other/shop/v1/quotes").json["price"] == 1


def test_state_comes_before_recordings(tmp_path: Path) -> None:
    app = shop(
        tmp_path,
        entry("GET", f"{API}/orders/o-1", 200, {"id": "o-1", "item": "recorded"}),
        entry("GET", f"{API}/orders", 200, [{"id": "o-1", "item": "recorded"}]),
    )
    made = ask(app, "POST", "/shop/v1/orders", {"item": "tea"}).json["id"]

    assert ask(app, "GET", f"/shop/v1/orders/{made}").headers["understudy-fidelity"] == "resource"
    assert ask(app, "GET", "/shop/v1/orders").headers["understudy-fidelity"] == "resource"
    recorded = ask(app, "GET", "/shop/v1/orders/o-1")
    assert (recorded.json["item"], recorded.headers["understudy-fidelity"]) == ("recorded", "recording")
    assert ask(app, "GET", "/shop/v1/orders/o-2").status == 404


def test_a_recorded_record_that_is_deleted_is_gone(tmp_path: Path) -> None:
    app = shop(
        tmp_path,
        entry("GET", f"{API}/orders/o-1", 200, {"id": "o-1", "item": "recorded"}),
        entry("DELETE", f"{API}/orders/o-1", 204),
    )

    assert ask(app, "DELETE", "/shop/v1/orders/o-1").status == 204
    assert ask(app, "GET", "/shop/v1/orders/o-1").status == 404
    assert ask(app, "DELETE", "/shop/v1/orders/o-1").status == 404
    assert ask(app, "GET", "/@other/shop/v1/orders/o-1").status == 200


def test_what_the_document_forbids_or_does_not_have_is_left_out_and_named(tmp_path: Path) -> None:
    app = shop(
        tmp_path,
        entry("GET", f"{API}/quotes", 200, {"price": "seven"}),
        entry("GET", f"{API}/quotes", 203, {"price": 7}),
        entry("GET", f"{API}/nothing", 200, {"price": 7}),
        entry("GET", f"{API}/quotes", 0),
        {"request": "none"},
    )

    assert ask(app, "GET", "/shop/v1/quotes").headers["understudy-fidelity"] == "sample"
    lines = "\n".join(app.notes)
    assert "2 recorded calls are left out: the document of shop forbids it" in lines
    assert "1 recorded call is left out: no operation takes it (first: GET /v1/nothing 200)" in lines
    assert "it was not answered" in lines
    assert "it has no request" in lines


@pytest.mark.parametrize("prefix", ["", "/sandbox", "/shop/v1", "/@test/shop/v1"])
def test_whatever_stands_before_the_path_is_left_out(tmp_path: Path, prefix: str) -> None:
    app = shop(tmp_path, entry("GET", f"http://127.0.0.1:8080{prefix}/quotes", 200, {"price": 7}))

    assert ask(app, "GET", "/shop/v1/quotes").json == {"price": 7}


def test_an_archive_alone_becomes_a_stand_in(tmp_path: Path) -> None:
    page = entry("GET", "https://www.example.org/index.html", 200)
    page["response"] |= {
        "headers": [
            {"name": "content-type", "value": "text/html; charset=utf-8"},
            {"name": "content-encoding", "value": "br"},
        ],
        "content": {"mimeType": "text/html", "text": "<p>hello"},
    }
    image = entry("GET", "https://www.example.org/logo.png", 200)
    image["response"] |= {
        "headers": [{"name": "content-type", "value": "image/png"}],
        "content": {"mimeType": "image/png", "text": "iVBORw0KGgo=", "encoding": "base64"},
    }
    app = create_app(
        Settings(
            cache=None,
            replays=(
                archive(
                    tmp_path,
                    entry("GET", f"{API}/orders/17?full=1", 200, {"id": "17", "lines": [{"sku": "a"}]}),
                    entry("GET", f"{API}/orders/18?full=1", 404, {"message": "no"}),
                    entry("POST", f"{API}/orders", 201, {"id": "19"}, {"item": "tea"}),
                    entry("DELETE", f"{API}/orders/17", 204),
                    page,
                    image,
                ),
            ),
        )
    )

    assert sorted(app.vendors) == ["api-example-com", "www-example-org"]
    assert app.notes == ()
    api = app.vendors["api-example-com"]
    assert [(each.method, each.path) for each in api.operations] == [
        ("get", "/v1/orders/{order_id}"), ("delete", "/v1/orders/{order_id}"), ("post", "/v1/orders"),
    ]  # fmt: skip
    assert ask(app, "GET", "/api-example-com/v1/orders/17?full=1").json == {"id": "17", "lines": [{"sku": "a"}]}
    assert ask(app, "GET", "/api-example-com/v1/orders/18?full=1").status == 404
    assert ask(app, "POST", "/api-example-com/v1/orders", {"item": "tea"}).json == {"id": "19"}
    assert ask(app, "DELETE", "/api-example-com/v1/orders/17").status == 204
    sample = ask(app, "GET", "/api-example-com/v1/orders/99")
    assert (sample.status, sample.headers["understudy-fidelity"]) == (200, "sample")
    assert sample.json.keys() == {"id", "lines"}
    by_host = ask(app, "GET", "/index.html", host="www.example.org")
    assert (by_host.body, by_host.headers["content-type"]) == (b"<p>hello", "text/html; charset=utf-8")
    assert "content-encoding" not in by_host.headers
    assert ask(app, "GET", "/logo.png", host="www.example.org").body == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"log": {"entries": [', r"calls\.har:1: not JSON"),
        ("{}", r"calls\.har: no HTTP archive"),
        ('{"log": {"entries": []}}', "nothing can be replayed"),
        (
            '{"log": {"entries": [{"request": {"method": "GET", "url": "data:,x"}, "response": {"status": 200}}]}}',
            "nothing can",
        ),
    ],
)
def test_a_file_that_is_no_archive_is_refused_in_one_line(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "calls.har"
    path.write_text(text)

    with pytest.raises(Misconfigured, match=why) as refusal:
        create_app(Settings(cache=None, replays=(path,)))

    assert "\n" not in str(refusal.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="cannot be read"):
        create_app(Settings(cache=None, replays=(tmp_path / "none.har",)))


def test_an_archive_that_answers_nothing_is_named(tmp_path: Path) -> None:
    app = shop(tmp_path, entry("GET", f"{API}/nothing", 200, {"price": 7}))

    assert app.notes[0].startswith("no recorded call answers anything")
