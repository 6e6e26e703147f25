"""Callbacks of a document: sent when the operation that declares them succeeds, to the URL of their expression."""

import logging
from pathlib import Path
from typing import Any

import pytest

from tests.own_document import TEXT, answer, ref
from tests.resources.sending_document import SendingShop, post, shop
from understudy.contract.foreign.loading import made_foreign

HOOK = "http://consumer.example/hook"
URL = "{$request.body#/callbackUrl}"
BODY = {
    "type": "object",
    "required": ["event", "order"],
    "properties": {"event": TEXT, "order": ref("Order"), "at": {"type": "string", "format": "date-time"}},
}


def calling(folder: Path, url: str, schema: Any = None, **others: Any) -> SendingShop:
    return SendingShop(folder, shop(callbacks={"orderMade": {url: post(schema or BODY)}}, **others))


def test_a_callback_is_sent_when_its_operation_succeeds(tmp_path: Path) -> None:
    own = calling(tmp_path, URL)
    key = own.create(callbackUrl=HOOK, own="x")

    [message] = own.messages
    assert (message["kind"], message["destination"], message["method"]) == ("webhook", HOOK, "POST")
    assert message["operation"] == "createOrder"
    assert message["because"] == {"callback": "orderMade", "collection": "orders", "id": key}
    assert message["headers"] == {"Content-Type": "application/json"}
    assert message["body"]["event"] == "orderMade"
    assert message["body"]["order"] == {"id": key, "item": "cup", "callbackUrl": HOOK}


URLS = {
    f"{URL}/data?order={{$response.body#/id}}": f"{HOOK}/data?order={{id}}",
    "$request.body#/callbackUrl": HOOK,
    "{$request.query.url}": "http://q.example/",
    "{$request.header.X-Hook}": "http://h.example",
    "http://fixed.example/{$method}/{$statusCode}": "http://fixed.example/POST/201",
    "http://fixed.example/?from={$url}": "http://fixed.example/?from=http://127.0.0.1/orders?url=http://q.example/",
    "{$request.body#/hooks/1/url}": "http://second.example",
}
"""URLs of callbacks, with those that a call makes of them."""


def test_the_url_is_made_of_the_call(tmp_path: Path) -> None:
    own = SendingShop(tmp_path, shop(callbacks={"made": {url: post(None) for url in URLS}}))
    body = {"item": "cup", "callbackUrl": HOOK, "hooks": [{}, {"url": "http://second.example"}]}
    reply = own.call("POST", "/orders?url=http://q.example/", body, X_Hook="http://h.example")
    assert [each["destination"] for each in own.messages] == [
        found.format(id=reply.json["id"]) for found in URLS.values()
    ]


def test_a_parameter_of_the_path_and_a_header_of_the_answer_are_known(tmp_path: Path) -> None:
    raw = shop()
    cancel = raw["paths"]["/orders/{id}/cancel"]["post"]
    cancel["callbacks"] = {"cancelled": {"http://c.example/{$request.path.id}": {"put": {"responses": {}}}}}
    ping = raw["paths"]["/ping"]["post"]
    ping["responses"]["204"]["headers"] = {"X-Hook": {"required": True, "schema": {"const": "http://p.example"}}}
    ping["callbacks"] = {"pinged": {"{$response.header.x-hook}": post(None)}}
    own = SendingShop(tmp_path, raw)
    key = own.create()

    own.call("POST", f"/orders/{key}/cancel")
    own.call("POST", "/ping")

    assert own.sent == [(f"http://c.example/{key}", "cancelOrder"), ("http://p.example", "ping")]
    assert [(each["method"], each["body"]) for each in own.messages] == [("PUT", ""), ("POST", "")]


def test_a_call_without_the_url_sends_nothing(tmp_path: Path) -> None:
    own = calling(tmp_path, URL)
    members: list[dict[str, Any]] = [{}, {"callbackUrl": None}, {"callbackUrl": ""}, {"callbackUrl": {"a": 1}}]
    for each in members:
        assert own.call("POST", "/orders", {"item": "cup", **each}).status == 201
    assert own.messages == []


def test_a_refused_call_sends_nothing(tmp_path: Path) -> None:
    raw = shop()
    change = raw["paths"]["/orders/{id}"]["patch"]
    change["callbacks"] = {"changed": {URL: post(None)}}
    own = SendingShop(tmp_path, raw)

    assert own.call("PATCH", "/orders/none", {"callbackUrl": HOOK}).status == 404
    assert own.messages == []
    key = own.create()
    assert own.call("PATCH", f"/orders/{key}", {"callbackUrl": HOOK}, prefer="code=404").status == 404
    assert own.messages == []
    assert own.call("PATCH", f"/orders/{key}", {"callbackUrl": HOOK}).status == 200
    assert own.sent == [(HOOK, "changeOrder")]


def test_a_repeated_request_with_an_idempotency_key_sends_once(tmp_path: Path) -> None:
    parameters = [{"name": "Idempotency-Key", "in": "header", "schema": TEXT}]
    own = calling(tmp_path, URL, parameters=parameters)
    body = {"item": "cup", "callbackUrl": HOOK}

    ids = [own.call("POST", "/orders", body, Idempotency_Key="k").json["id"] for _ in range(2)]

    assert (ids[0] == ids[1], len(own.messages)) == (True, 1)


def test_each_callback_is_sent_and_each_of_its_methods(tmp_path: Path) -> None:
    callbacks = {
        "one": {"http://one.example": {**post(None), "put": {"responses": {}}}, "http://two.example": post(None)},
        "two": {"http://three.example": post(None)},
    }
    own = SendingShop(tmp_path, shop(callbacks=callbacks))
    own.create()

    found = sorted((each["destination"], each["method"]) for each in own.messages)
    assert found == [
        ("http://one.example", "POST"),
        ("http://one.example", "PUT"),
        ("http://three.example", "POST"),
        ("http://two.example", "POST"),
    ]


def test_callbacks_and_their_items_may_be_references(tmp_path: Path) -> None:
    raw = shop(callbacks={"made": {"$ref": "#/components/callbacks/Made"}})
    raw["components"]["callbacks"] = {"Made": {URL: {"$ref": "#/components/pathItems/Hook"}}}
    raw["components"]["pathItems"] = {"Hook": post(ref("Event"))}
    own = SendingShop(tmp_path, raw)
    key = own.create(callbackUrl=HOOK)
    assert own.messages[0]["body"]["data"]["object"]["id"] == key


def test_a_body_that_the_record_does_not_fit_is_a_sample(tmp_path: Path) -> None:
    narrow = {"type": "object", "required": ["item"], "properties": {"item": {"const": "only this"}}}
    own = calling(tmp_path, URL, narrow)
    own.create(callbackUrl=HOOK)
    assert own.messages[0]["body"] == {"item": "only this"}


def test_a_body_that_nothing_fits_is_logged_and_the_call_succeeds(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    own = calling(tmp_path, URL, {"type": "integer", "minimum": 5, "maximum": 4})
    with caplog.at_level(logging.WARNING):
        own.create(callbackUrl=HOOK)
    assert own.messages == []
    assert "shop orderMade is not sent" in caplog.text


def test_a_body_of_another_type_is_text(tmp_path: Path) -> None:
    found = {"application/x-www-form-urlencoded": "event=form&", "text/plain": "", "application/xml": "<"}
    items = {
        media: {"post": {"requestBody": {"content": {media: {"schema": BODY}}}, "responses": {}}} for media in found
    }
    names = dict(zip(("form", "text", "xml"), found, strict=True))
    own = SendingShop(tmp_path, shop(callbacks={name: {URL: items[media]} for name, media in names.items()}))
    own.create(callbackUrl=HOOK)

    assert [each["headers"]["Content-Type"] for each in own.messages] == [*found]
    for message, start in zip(own.messages, found.values(), strict=True):
        assert isinstance(message["body"], str)
        assert start in message["body"]


def test_declared_headers_are_sent_with_their_values(tmp_path: Path) -> None:
    parameters = [
        {"name": "X-Event", "in": "header", "required": True, "schema": {"const": "made"}},
        {"name": "X-Shown", "in": "header", "schema": TEXT, "example": "as shown"},
        {"name": "X-Other", "in": "header", "schema": TEXT},
        {"name": "page", "in": "query", "schema": TEXT},
        5,
    ]
    own = SendingShop(tmp_path, shop(callbacks={"orderMade": {URL: post(None, parameters=parameters)}}))
    own.create(callbackUrl=HOOK)
    assert own.messages[0]["headers"] == {"X-Event": "made", "X-Shown": "as shown"}


UNREADABLE: list[Any] = [
    17,
    [1],
    {"a": 17},
    {"a": {URL: 17}},
    {"a": {URL: {}}},
    {"a": {URL: {"post": 17}}},
    {"a": {"{$reqest.body#/u}": post(None)}},
    {"a": {"{url}": post(None)}},
    {"a": {"$ref": "#/nowhere"}},
    {"a": {5: {"post": 6}}},
]


@pytest.mark.parametrize("callbacks", UNREADABLE)
def test_callbacks_that_cannot_be_read_are_left_out_and_noted(callbacks: Any) -> None:
    found = made_foreign("shop", "shop.json", shop(callbacks=callbacks))
    assert "callbacks" not in found.raw["paths"]["/orders"]["post"]
    assert {each.kind for each in found.findings} & {"callback", "node", "reference"}


def test_callbacks_that_cannot_be_read_stop_nothing(tmp_path: Path) -> None:
    odd = {f"odd{number}": each for number, each in enumerate(UNREADABLE)}
    schema = {"requestBody": {"content": {"application/json": {"schema": {"type": "odd"}}}}}
    odd["parts"] = {URL: {"post": {"requestBody": 17, "parameters": 5}, "put": schema}}
    own = SendingShop(tmp_path, shop(callbacks={**odd, "x-own": 1, "good": {URL: post(None)}}))
    own.create(callbackUrl=HOOK)
    assert (HOOK, "createOrder") in own.sent


def test_a_callback_of_an_operation_without_a_resource_is_sent(tmp_path: Path) -> None:
    raw = shop()
    raw["paths"]["/stream"] = {
        "post": {
            "operationId": "subscribe",
            "responses": {"202": answer({"type": "object", "required": ["id"], "properties": {"id": TEXT}})},
            "callbacks": {"data": {"{$request.query.url}": post({"type": "object", "properties": {"id": TEXT}})}},
        }
    }
    own = SendingShop(tmp_path, raw)
    reply = own.call("POST", "/stream?url=http://s.example")
    assert reply.status == 202
    [message] = own.messages
    assert (message["because"], message["body"]["id"]) == ({"callback": "data"}, reply.json["id"])


def test_other_worlds_and_a_reset_have_none_of_the_messages(tmp_path: Path) -> None:
    own = calling(tmp_path, URL)
    own.create(callbackUrl=HOOK)
    worlds = own.own.app.worlds
    assert len([*worlds.get_or_create("other").vendors["shop"].outbox]) == 0
    worlds.reset("main")
    assert own.messages == []


@pytest.mark.parametrize("name", ["X Hook", "X:Hook", "", "Höhe", "X\nHook"])
def test_a_declared_header_that_no_request_can_have_is_left_out(tmp_path: Path, name: str) -> None:
    header = {"name": name, "in": "header", "required": True, "schema": {"const": "a"}}
    good = {"name": "X-Good", "in": "header", "required": True, "schema": {"const": "b"}}
    sending = post(BODY)
    sending["post"]["parameters"] = [header, good]
    own = SendingShop(tmp_path, shop(callbacks={"orderMade": {URL: sending}}))
    own.create(callbackUrl=HOOK)

    [message] = own.messages
    assert message["headers"] == {"Content-Type": "application/json", "X-Good": "b"}
