"""Webhooks of a document: sent after what their names say happened to a recognised resource, or by a hint."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.own_document import TEXT, ref
from tests.resources.sending_document import SendingShop, post, shop
from understudy.contract.foreign.loading import made_foreign
from understudy.core.misconfigured import Misconfigured
from understudy.resources.event_names import read_event_names


def sending(folder: Path, **webhooks: Any) -> SendingShop:
    return SendingShop(folder, shop(webhooks={name.replace("__", "."): item for name, item in webhooks.items()}))


def lifecycle(own: SendingShop) -> str:
    """Create, change, cancel and delete an order; return its id."""
    key = own.create()
    for method, path, body in (
        ("PATCH", f"/orders/{key}", {"item": "plate"}),
        ("POST", f"/orders/{key}/cancel", None),
        ("DELETE", f"/orders/{key}", None),
    ):
        assert own.call(method, path, body).status < 300
    return key


NAMES = {
    "newOrder": ["createOrder"],
    "order.created": ["createOrder"],
    "ORDER_CREATED": ["createOrder"],
    "orders/create": ["createOrder"],
    "onOrderAdded": ["createOrder"],
    "order-placed-event": ["createOrder"],
    "order.updated": ["changeOrder", "cancelOrder"],
    "OrderStatusChanged": ["changeOrder", "cancelOrder"],
    "orderDeleted": ["deleteOrder"],
    "removed_order": ["deleteOrder"],
    "order.cancelled": ["cancelOrder"],
    "orderCanceled": ["cancelOrder"],
    "shop.order.created.v1": ["createOrder"],
    "order.paid": [],
    "order": [],
    "invoice.created": [],
    "created": [],
    "": [],
    "reorder.created": [],
}
"""Webhooks by name, with the operations after which each is sent."""


def test_a_webhook_is_sent_after_the_event_of_its_name(tmp_path: Path) -> None:
    own = SendingShop(tmp_path, shop(webhooks={name: post(ref("Order")) for name in NAMES}))
    key = lifecycle(own)

    assert {name: [by for to, by in own.sent if to == name] for name in NAMES} == NAMES
    for message in own.messages:
        assert (message["kind"], message["body"]["id"], message["group"]) == ("webhook", key, f"orders/{key}")
        assert message["because"] == {"webhook": message["destination"], "collection": "orders", "id": key}


def test_an_envelope_has_the_record_the_name_and_the_time(tmp_path: Path) -> None:
    own = sending(tmp_path, order__updated=post(ref("Event")))
    own.own.clock.set(own.own.clock.now().replace(microsecond=0), rate=0)
    key = own.create()
    own.call("PATCH", f"/orders/{key}", {"item": "plate"})

    [message] = own.messages
    assert message["body"] == {
        "event": "order.updated",
        "created": own.own.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "data": {"object": {"id": key, "item": "plate"}},
    }


def test_a_record_is_put_where_an_envelope_leaves_room_for_any_object(tmp_path: Path) -> None:
    def envelope(place: str) -> dict[str, Any]:
        return {"type": "object", "required": [place], "properties": {"name": TEXT, place: {"type": "object"}}}

    places = {"order.created": "data", "newOrder": "order", "orderAdded": "payload"}
    own = SendingShop(tmp_path, shop(webhooks={name: post(envelope(place)) for name, place in places.items()}))
    key = own.create()
    found = {each["destination"]: each["body"][places[each["destination"]]] for each in own.messages}
    assert found == {name: {"id": key, "item": "cup"} for name in places}


def test_a_records_own_members_are_no_names_of_events(tmp_path: Path) -> None:
    raw = shop(webhooks={"newOrder": post(ref("Order"))})
    raw["components"]["schemas"]["Order"]["properties"]["type"] = TEXT
    raw["components"]["schemas"]["Order"]["properties"]["name"] = TEXT
    own = SendingShop(tmp_path, raw)
    own.create(type="gift", name="Ada")
    assert (own.messages[0]["body"]["type"], own.messages[0]["body"]["name"]) == ("gift", "Ada")


def test_a_webhook_for_several_events_names_the_one_that_happened(tmp_path: Path) -> None:
    events = {"enum": ["order.created", "order.deleted", "order.unheard"]}
    schema = {"type": "object", "required": ["type", "data"], "properties": {"type": events, "data": ref("Order")}}
    own = sending(tmp_path, events=post(schema))
    lifecycle(own)
    assert [(each["operation"], each["body"]["type"]) for each in own.messages] == [
        ("createOrder", "order.created"),
        ("deleteOrder", "order.deleted"),
    ]


def test_the_value_of_an_event_that_is_like_the_name_is_taken(tmp_path: Path) -> None:
    schema = {
        "type": "object",
        "required": ["action", "order"],
        "properties": {"action": {"enum": ["deleted", "created"]}, "order": ref("Order")},
    }
    own = sending(tmp_path, orderCreated=post(schema))
    own.create()
    assert own.messages[0]["body"]["action"] == "created"


def test_each_record_of_a_list_is_announced(tmp_path: Path) -> None:
    raw = shop(webhooks={"newOrder": post(ref("Order"))})
    create = raw["paths"]["/orders"]["post"]
    many = {"type": "array", "items": ref("Order")}
    create["requestBody"]["content"]["application/json"]["schema"] = many
    create["responses"]["201"]["content"]["application/json"]["schema"] = many
    own = SendingShop(tmp_path, raw)
    reply = own.call("POST", "/orders", [{"item": f"cup {number}", "id": f"o{number}"} for number in range(12)])
    assert reply.status == 201
    assert [each["body"]["id"] for each in own.messages] == [f"o{number}" for number in range(12)]


def test_what_is_refused_or_preferred_sends_nothing(tmp_path: Path) -> None:
    own = sending(tmp_path, newOrder=post(None), order__deleted=post(None))
    own.call("DELETE", "/orders/none")
    own.call("POST", "/orders", {"item": "cup"}, prefer="dynamic=true")
    assert own.messages == []


def test_a_webhook_is_sent_after_the_operations_of_a_hint_only(tmp_path: Path) -> None:
    own = sending(
        tmp_path,
        odd=17,
        newOrder={**post(ref("Order")), "x-understudy": {"after": ["deleteOrder"]}},
        pinged=post({"type": "object"}, **{"x-understudy": {"after": ["ping", "listOrders"]}}),
        silent={**post(None), "x-understudy": {"after": []}},
    )
    lifecycle(own)
    own.call("POST", "/ping")
    own.call("GET", "/orders")
    assert own.sent == [("newOrder", "deleteOrder"), ("pinged", "ping")]


@pytest.mark.parametrize(
    ("hint", "reason"),
    [
        ({"after": ["pong"]}, "after: no operation 'pong'; did you mean 'ping'"),
        ({"after": "ping"}, "after: is a list of operationIds, not 'ping'"),
        ({"after": [5]}, "is a list of operationIds"),
        ({"afer": ["ping"]}, "'afer' is unknown; did you mean 'after'"),
        (5, "is no object"),
    ],
)
def test_a_mistake_in_a_hint_is_refused(tmp_path: Path, hint: Any, reason: str) -> None:
    with pytest.raises(Misconfigured) as raised:
        sending(tmp_path, pinged={**post(None), "x-understudy": hint})
    assert reason in str(raised.value)


@pytest.mark.parametrize(
    "webhooks",
    [
        17,
        [1],
        {"newOrder": 17},
        {"newOrder": {"post": 17}},
        {"newOrder": {}},
        {"newOrder": {"$ref": "#/nowhere"}},
        {5: 6},
    ],
)
def test_webhooks_that_cannot_be_read_are_left_out_and_noted(webhooks: Any) -> None:
    found = made_foreign("shop", "shop.json", shop(webhooks=webhooks))
    assert found.raw["webhooks"] == {}
    assert {each.kind for each in found.findings} & {"webhook", "node", "reference"}


def test_webhooks_of_an_older_document_are_read_too(tmp_path: Path) -> None:
    raw = {**shop(), "openapi": "3.0.3", "x-webhooks": {"newOrder": post(ref("Order"))}}
    own = SendingShop(tmp_path, raw)
    own.create()
    assert own.sent == [("newOrder", "createOrder")]


def test_a_webhook_may_be_a_reference(tmp_path: Path) -> None:
    raw = shop(webhooks={"newOrder": {"$ref": "#/components/pathItems/Hook"}})
    raw["components"]["pathItems"] = {"Hook": post(ref("Order"))}
    own = SendingShop(tmp_path, raw)
    assert own.create() == own.messages[0]["body"]["id"]


BEHAVIOUR = """
from understudy.behaviour import Reply

def ping(state, webhooks):
    webhooks.send({name!r}, {{"id": "o-1", "item": "tea"}})
    state.outbox.add("webhook", "http://own.example", {{"own": True}})
    return Reply(status=204)

def createOrder(state, body, recognised, webhooks):
    reply = recognised()
    webhooks.send("shipped", reply.body)
    return reply
"""


def behaving(folder: Path, name: str) -> SendingShop:
    operations = folder / "behaviour" / "shop" / "operations"
    operations.mkdir(parents=True)
    (operations / "own.py").write_text(BEHAVIOUR.format(name=name))
    webhooks = {"newOrder": post(ref("Order")), "shipped": post(ref("Event"))}
    return SendingShop(folder, shop(webhooks=webhooks), behaviour=(folder / "behaviour",))


def test_a_users_function_sends_webhooks_and_messages_of_its_own(tmp_path: Path) -> None:
    own = behaving(tmp_path, "shipped")
    assert own.call("POST", "/ping").status == 204
    key = own.create()

    assert own.sent == [
        ("shipped", "ping"),
        ("http://own.example", ""),
        ("newOrder", "createOrder"),
        ("shipped", "createOrder"),
    ]
    first, other, _, last = own.messages
    assert (first["body"]["event"], first["body"]["data"]["object"]) == ("shipped", {"id": "o-1", "item": "tea"})
    assert other["body"] == {"own": True}
    assert last["body"]["data"]["object"]["id"] == key


def test_a_users_function_that_names_no_webhook_fails_with_the_nearest(tmp_path: Path) -> None:
    own = behaving(tmp_path, "shiped")
    reply = own.call("POST", "/ping")
    assert reply.status == 500
    assert "the document has no webhook 'shiped'; did you mean 'shipped'" in json.dumps(reply.json)
    assert own.messages == []


def test_names_are_read_as_a_noun_and_what_happened() -> None:
    found = {
        name: [(each.noun, each.happened) for each in read_event_names(name)][:1] for name in ("placeCreated", "x")
    }
    assert found == {"placeCreated": [(("place",), "create")], "x": []}
