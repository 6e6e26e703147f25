"""Declared idempotency keys: the first reply is repeated, and another request with the same key is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.asgi import call
from tests.own_document import ERROR, TEXT, OwnDocument, answer, document, header, ref, sent, serve

ORDER = {"type": "object", "required": ["id"], "properties": {"id": TEXT, "note": TEXT}}


def shop(refusal: str = "422", *, name: str = "Idempotency-Key", **properties: Any) -> dict[str, Any]:
    body = {"type": "object", "properties": {"note": TEXT, **properties}}
    post = {
        "parameters": [header(name)] if name else [],
        "requestBody": sent(body),
        "responses": {"201": answer(ref("Order"), X_Trace=TEXT), refusal: answer(ref("Error"))},
    }
    lists = {"responses": {"200": answer({"type": "array", "items": ref("Order")})}}
    reads = {"responses": {"200": answer(ref("Order")), "404": answer(ERROR)}}
    cancel = {
        "operationId": "cancel",
        "parameters": [header(name)] if name else [],
        "responses": {"200": answer(ref("Order")), refusal: answer(ERROR), "404": answer(ERROR)},
    }
    return document(
        {
            "/orders": {"post": post, "get": lists},
            "/orders/{id}": {"get": reads},
            "/orders/{id}/cancel": {"post": cancel},
        },
        Order=ORDER,
    )


@pytest.fixture
def served(tmp_path: Path) -> OwnDocument:
    return serve(tmp_path, shop(), records=0)


def test_the_same_request_is_answered_as_the_first_and_creates_nothing(served: OwnDocument) -> None:
    first, second = (served.call("post", "/orders", {"note": "tea"}, idempotency_key="k1") for _ in range(2))

    assert (first.status, first.json) == (second.status, second.json)
    assert len(served.call("get", "/orders").json) == 1


def test_members_in_another_order_are_the_same_request(served: OwnDocument) -> None:
    first = served.call("post", "/orders", {"note": "tea", "more": 1}, idempotency_key="k1").json

    assert served.call("post", "/orders", {"more": 1, "note": "tea"}, idempotency_key="k1").json == first


def test_another_body_is_refused_and_creates_nothing(served: OwnDocument) -> None:
    served.call("post", "/orders", {"note": "tea"}, idempotency_key="k1")

    refused = served.call("post", "/orders", {"note": "milk"}, idempotency_key="k1")

    assert (refused.status, refused.json["message"]) == (422, "idempotency key 'k1' was used for another request")
    assert len(served.call("get", "/orders").json) == 1


@pytest.mark.parametrize("status", ["422", "409", "400"])
def test_the_refusal_has_the_status_that_the_document_declares(tmp_path: Path, status: str) -> None:
    served = serve(tmp_path, shop(status))
    served.call("post", "/orders", {"note": "tea"}, idempotency_key="k1")

    assert served.call("post", "/orders", {"note": "milk"}, idempotency_key="k1").status == int(status)


def test_other_keys_and_none_create_anew(served: OwnDocument) -> None:
    for key in ("k1", "k2"):
        served.call("post", "/orders", {"note": "tea"}, idempotency_key=key)
    for _ in range(2):
        served.call("post", "/orders", {"note": "tea"})

    assert len({each["id"] for each in served.call("get", "/orders").json}) == 4


def test_the_first_reply_stays_though_its_record_is_changed_meanwhile(served: OwnDocument) -> None:
    first = served.call("post", "/orders", {"note": "tea"}, idempotency_key="k1").json
    orders = served.app.worlds.get_or_create().vendors["shop"].collection("orders")
    orders.put({**(orders.get(first["id"]) or {}), "note": "cold"})

    assert served.call("post", "/orders", {"note": "tea"}, idempotency_key="k1").json == first
    assert served.call("get", f"/orders/{first['id']}").json["note"] == "cold"


def test_a_key_is_of_one_operation_and_one_world(served: OwnDocument) -> None:
    first = served.call("post", "/orders", {"note": "tea"}, idempotency_key="k1").json

    assert served.call("post", f"/orders/{first['id']}/cancel", idempotency_key="k1").status == 200
    other = served.call("post", "/orders", {"note": "milk"}, idempotency_key="k1", world="other")
    assert other.status == 201


def test_the_same_key_at_another_path_is_refused(served: OwnDocument) -> None:
    one, other = (served.call("post", "/orders", {"note": "tea"}).json["id"] for _ in range(2))
    served.call("post", f"/orders/{one}/cancel", idempotency_key="k1")

    assert served.call("post", f"/orders/{other}/cancel", idempotency_key="k1").status == 422


def test_a_request_that_was_refused_may_be_sent_again(served: OwnDocument) -> None:
    assert served.call("post", "/orders/none/cancel", idempotency_key="k1").status == 404
    made = served.call("post", "/orders", {"note": "tea"}).json["id"]

    assert served.call("post", f"/orders/{made}/cancel", idempotency_key="k1").status == 200


def test_a_key_that_is_not_declared_has_no_effect(tmp_path: Path) -> None:
    served = serve(tmp_path, shop(name=""), records=0)
    for _ in range(2):
        served.call("post", "/orders", {"note": "tea"}, idempotency_key="k1")

    assert len(served.call("get", "/orders").json) == 2


@pytest.mark.parametrize("name", ["X-Idempotency-Key", "idempotency-key", "Shop-Idempotency-Key"])
def test_a_key_is_recognised_by_its_name(tmp_path: Path, name: str) -> None:
    served = serve(tmp_path, shop(name=name), records=0)
    for _ in range(2):
        served.call("post", "/orders", {"note": "tea"}, **{name: "k1"})

    assert len(served.call("get", "/orders").json) == 1


def test_a_key_may_be_a_member_of_the_body(tmp_path: Path) -> None:
    served = serve(tmp_path, shop(name="", idempotency_key=TEXT), records=0)
    for _ in range(2):
        served.call("post", "/orders", {"note": "tea", "idempotency_key": "k1"})

    assert len(served.call("get", "/orders").json) == 1
    assert served.call("post", "/orders", {"note": "milk", "idempotency_key": "k1"}).status == 422


def test_a_snapshot_keeps_the_keys(served: OwnDocument) -> None:
    first = served.call("post", "/orders", {"note": "tea"}, idempotency_key="k1").json
    api = "/_understudy/api/worlds/main"
    snapshot = call(served.app.asgi, "GET", f"{api}/snapshot").json
    served.call("post", "/orders", {"note": "tea"}, idempotency_key="k2")
    restored = call(
        served.app.asgi,
        "POST",
        f"{api}/restore",
        headers={"Content-Type": "application/json"},
        body=json.dumps(snapshot).encode(),
    )
    assert restored.status == 200

    assert served.call("post", "/orders", {"note": "tea"}, idempotency_key="k1").json == first
    assert served.call("post", "/orders", {"note": "milk"}, idempotency_key="k1").status == 422
    assert served.call("post", "/orders", {"note": "milk"}, idempotency_key="k2").status == 201
    assert len(served.call("get", "/orders").json) == 2


def test_a_fork_keeps_the_keys(served: OwnDocument) -> None:
    first = served.call("post", "/orders", {"note": "tea"}, idempotency_key="k1").json
    served.app.worlds.fork("main", "copy")

    assert served.call("post", "/orders", {"note": "tea"}, idempotency_key="k1", world="copy").json == first


def test_files_of_a_form_and_bodies_that_are_no_json_count_too(tmp_path: Path) -> None:
    form = {"type": "object", "properties": {"photo": {**TEXT, "format": "binary"}}}
    content = {"multipart/form-data": {"schema": form}, "application/octet-stream": {"schema": {}}}
    raw = shop()
    raw["paths"]["/orders"]["post"]["requestBody"] = {"content": content}
    served = serve(tmp_path, raw, records=0)

    def send(key: str, photo: str, media: str) -> int:
        text = photo
        if media.startswith("multipart"):
            text = f'--b\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\n\r\n{photo}\r\n--b--\r\n'
        headers = {"Content-Type": media, "Idempotency-Key": key}
        return call(served.app.asgi, "POST", "/orders", headers=headers, body=text.encode()).status

    for key, media in (("k1", "multipart/form-data; boundary=b"), ("k2", "application/octet-stream")):
        assert [send(key, photo, media) for photo in ("one", "one", "two")] == [201, 201, 422]
    assert len(served.call("get", "/orders").json) == 2
