"""Messages to subscribers: which events make them, for whom, and what they hold."""

from base64 import b64encode
from collections.abc import Generator
from typing import Any

import orjson
import pytest

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.steps import run_to_end
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.operations.events import create_event
from understudy.vendors.twc.operations.subscriptions import (
    create_subscription,
    deactivate_subscription,
    update_subscription,
)
from understudy.vendors.twc.start import SUBSCRIPTION_IDS

TENANT = "understudy"
QUEUE = "https://sqs.ap-southeast-2.amazonaws.com/123456789012/orders"
SQS = {"type": "SQS", "sqs": {"queueUrl": QUEUE, "accessKey": "a-key", "accessSecret": "b", "region": "ap-southeast-2"}}
ALL = {"subscribeCreate": True, "subscribeChange": True, "subscribeDelete": True}


def encoded(payload: object) -> str:
    return b64encode(orjson.dumps(payload)).decode()


def event(kind: str, operation: str, payload: object = None, **others: Any) -> Json:
    body: Json = {"operation": operation, "entity_id": "e-1"}
    if payload is not None:
        body["base64_encoded_payload_json"] = encoded(payload)
    fixed = {"event_source": "APPLICATION", "event_type": "ENTITY_EVENT"}
    return {**fixed, "entity_name": kind, "event_payload": body, **others}


def post(state: VendorState, body: Json, caller: Caller, tenant: str = TENANT) -> Json:
    reply: Any = create_event(state, body, caller, tenant)
    found = run_to_end(reply) if isinstance(reply, Generator) else reply
    assert isinstance(found, Reply)
    stored: Json = found.body
    return stored


def subscribe(state: VendorState, caller: Caller, **others: Any) -> str:
    body = {"entityType": "ORDER", "destination": SQS, **ALL, **others}
    return str(create_subscription(state, body, caller, TENANT).body["id"])


@pytest.mark.parametrize("depth", [200, 255, 1000, 1020])
def test_a_payload_of_any_depth_makes_a_message(state: VendorState, caller: Caller, depth: int) -> None:
    deep = b"[" * depth + b"]" * depth
    nested = b'{"id": "w-1", "productId": %b, "purchased": %b}' % (deep, deep)
    body = event("WISHLIST_ITEM", "CREATE")
    body["event_payload"]["base64_encoded_payload_json"] = b64encode(nested).decode()
    before = len(state.outbox)
    subscribe(state, caller, entityType="WISHLIST")

    post(state, body, caller)

    assert len(state.outbox) > before
    assert sent(state)[-1]["body"]["itemId"] == ("w-1" if depth < 254 else "e-1")


def test_values_of_a_payload_that_are_no_texts_are_written_as_json(state: VendorState, caller: Caller) -> None:
    subscribe(state, caller, entityType="WISHLIST")
    payload = {"id": 7, "productId": ["a", True], "productRef": 1.5, "varientAttributes": {"gift": True, "size": "xl"}}

    post(state, event("WISHLIST_ITEM", "CREATE", payload), caller)

    body = sent(state)[-1]["body"]
    assert (body["itemId"], body["productId"], body["productRef"]) == ("7", '["a",true]', "1.5")
    assert body["varientAttributes"] == "gift=true,size=xl"


def sent(state: VendorState) -> list[Json]:
    return [*state.outbox]


@pytest.mark.parametrize(
    ("operation", "flag", "interaction"),
    [
        ("CREATE", "subscribeCreate", "CREATED"),
        ("BULK_CREATE", "subscribeCreate", "CREATED"),
        ("UPDATE", "subscribeChange", "CHANGED"),
        ("BULK_UPDATE", "subscribeChange", "CHANGED"),
        ("DELETE", "subscribeDelete", "DELETED"),
    ],
)
def test_an_operation_is_sent_to_those_whose_flag_covers_it(
    state: VendorState, caller: Caller, operation: str, flag: str, interaction: str
) -> None:
    wanted = subscribe(state, caller, **{**dict.fromkeys(ALL, False), flag: True})
    subscribe(state, caller, **{**ALL, flag: False})

    stored = post(state, event("ORDER", operation, {"total": 5}), caller)

    [message] = sent(state)
    assert (message["kind"], message["destination"], message["body"]) == ("sqs", QUEUE, stored)
    cause = {"collection": "events", "id": stored["id"], "tenant": TENANT, "subscription": wanted}
    assert (message["because"], message["operation"]) == (cause, "create_event")
    attributes = {"entityType": "ORDER", "interactionType": interaction, "tenantId": TENANT}
    assert (message["attributes"], message["group"]) == (attributes, "ORDER/e-1")
    assert message["headers"] == {"Region": "ap-southeast-2", "Access-Key": "a-key", "Access-Secret": "b"}


@pytest.mark.parametrize(
    "body",
    [
        event("ORDER", "READ"),
        event("CUSTOMER", "CREATE"),
        event("ORDER_ENTRY", "CREATE"),
        event("", "CREATE"),
        event("ORDER", "CREATE", event_type="FAULT"),
        event("ORDER", "CREATE", event_type="WARNING"),
        event("ORDER", "CREATE", event_type="SYSTEM_EVENT"),
    ],
)
def test_what_no_subscription_covers_is_not_sent(state: VendorState, caller: Caller, body: Json) -> None:
    subscribe(state, caller)
    post(state, body, caller)
    assert sent(state) == []


def test_an_event_whose_type_is_the_kind_is_sent(state: VendorState, caller: Caller) -> None:
    subscribe(state, caller)
    body = event("", "DELETE", event_type="ORDER")
    del body["entity_name"]
    post(state, body, caller)
    assert len(sent(state)) == 1


def test_each_subscriber_gets_it_once_the_oldest_first(state: VendorState, caller: Caller) -> None:
    keys = [subscribe(state, caller) for _ in range(3)]
    post(state, event("ORDER", "CREATE"), caller)
    assert [message["because"]["subscription"] for message in sent(state)] == keys


def test_a_refused_event_is_not_sent(state: VendorState, caller: Caller) -> None:
    subscribe(state, caller)
    post(state, event("ORDER", "CREATE", id="one"), caller)
    with pytest.raises(Refused):
        create_event(state, event("ORDER", "CREATE", id="one"), caller, TENANT)
    assert len(sent(state)) == 1


def test_a_deactivated_subscription_gets_nothing_more(state: VendorState, caller: Caller) -> None:
    key = subscribe(state, caller)
    post(state, event("ORDER", "CREATE"), caller)
    deactivate_subscription(state, key, caller, TENANT)
    post(state, event("ORDER", "UPDATE"), caller)
    assert len(sent(state)) == 1


def test_a_changed_subscription_is_served_by_its_new_values(state: VendorState, caller: Caller) -> None:
    key = subscribe(state, caller, active=False)
    post(state, event("ORDER", "CREATE"), caller)
    assert sent(state) == []

    body = {"id": key, "entityType": "PRICE", "destination": {"type": "SNS"}, "active": True}
    update_subscription(state, body, caller, TENANT)
    post(state, event("ORDER", "CREATE"), caller)
    post(state, event("PRICE", "CREATE"), caller)

    [message] = sent(state)
    assert (message["kind"], message["destination"], message["headers"]) == ("sns", f"sns:{key}", {})


def test_a_topic_is_named_like_a_queue(state: VendorState, caller: Caller) -> None:
    topic = "arn:aws:sns:ap-southeast-2:123456789012:orders"
    subscribe(state, caller, destination={"type": "SNS", "sqs": {"queueUrl": topic}})
    post(state, event("ORDER", "CREATE"), caller)
    assert [(message["kind"], message["destination"]) for message in sent(state)] == [("sns", topic)]


def test_another_tenants_subscribers_get_nothing(state: VendorState, caller: Caller, stranger: Caller) -> None:
    subscribe(state, caller)
    post(state, event("ORDER", "CREATE"), stranger, f"{TENANT}-two")
    assert sent(state) == []


def test_a_subscription_of_the_page_is_no_subscriber(state: VendorState, caller: Caller) -> None:
    update = {"id": SUBSCRIPTION_IDS[2], "entityType": "CUSTOMER", "destination": SQS, "active": False}
    update_subscription(state, update, caller, TENANT)
    post(state, event("CUSTOMER", "CREATE"), caller)
    assert sent(state) == []


def test_a_new_wishlist_is_sent_in_the_form_of_interactions(state: VendorState, caller: Caller) -> None:
    state.clock.set(state.now(), rate=0)
    payload = {"id": "w-1", "customerRef": "c-7", "customerId": "", "deleted": True}
    post(state, event("WISHLIST", "CREATE", payload, id="one"), caller)

    [message] = sent(state)
    body = message["body"]
    assert len(bytes.fromhex(body.pop("id"))) == 16
    assert body.pop("created_at") == state.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert body == {
        "tenantId": TENANT,
        "customerRef": "c-7",
        "entityType": "WISHLIST",
        "interactionType": "CREATED",
        "wishlistId": "w-1",
        "itemId": "w-1",
        "deleted": 0,
        "purchased": 0,
        "prerelease": 0,
        "disableNotification": 0,
    }


def test_an_item_of_a_wishlist_is_sent_to_the_wishlists_subscribers(state: VendorState, caller: Caller) -> None:
    item = {
        "id": "i-1",
        "wishlistId": "w-1",
        "product": {"productRef": "p", "selectedVariantId": 7},
        "varientAttributes": {"color": "blue", "size": "xl"},
        "prerelease": True,
    }
    post(state, event("WISHLIST_ITEM", "UPDATE", item), caller)

    [message] = sent(state)
    body = message["body"]
    assert (body["entityType"], body["interactionType"], body["prerelease"]) == ("WISHLISTITEM", "CHANGED", 1)
    assert (body["wishlistId"], body["itemId"]) == ("w-1", "i-1")
    assert (body["productRef"], body["variantId"], body["varientAttributes"]) == ("p", "7", "color=blue,size=xl")
    assert message["attributes"]["entityType"] == "WISHLIST"


def test_a_purchase_is_sent_as_a_change(state: VendorState, caller: Caller) -> None:
    post(state, event("WISHLIST_ITEM", "UPDATE", {"id": "i-1", "purchased": 1}), caller)
    [message] = sent(state)
    assert (message["body"]["interactionType"], message["body"]["purchased"]) == ("PURCHASED", 1)
    assert message["attributes"]["interactionType"] == "PURCHASED"


def test_a_deleted_wishlist_is_sent_where_deletions_are_subscribed_to(state: VendorState, caller: Caller) -> None:
    subscribe(state, caller, entityType="WISHLIST")
    post(state, event("WISHLIST", "DELETE"), caller)
    [message] = sent(state)  # the start's own subscription is to creations and changes
    assert (message["body"]["interactionType"], message["body"]["deleted"]) == ("DELETED", 1)


def test_a_bulk_of_wishlists_is_a_message_each(state: VendorState, caller: Caller) -> None:
    payload = [{"id": f"w-{number}"} for number in range(130)]
    reply = create_event(state, event("WISHLIST", "BULK_CREATE", payload), caller, TENANT)

    assert isinstance(reply, Generator)  # others run meanwhile
    assert run_to_end(reply).status == 201
    found = [message["body"] for message in sent(state)]
    assert [body["wishlistId"] for body in found] == [each["id"] for each in payload]
    assert len({body["id"] for body in found}) == len(found)


@pytest.mark.parametrize("text", ["string", "", encoded("text"), encoded([]), encoded([1]), "eyJ", "é"])
def test_a_payload_that_is_no_entity_is_sent_with_what_the_event_has(
    state: VendorState, caller: Caller, text: str
) -> None:
    body = event("WISHLIST", "CREATE")
    body["event_payload"] |= {"base64_encoded_payload_json": text, "key_attributes": {"customerId": "c-1"}}
    post(state, body, caller)
    [message] = sent(state)
    assert (message["body"]["wishlistId"], message["body"]["customerId"]) == ("e-1", "c-1")


def test_a_stored_subscription_with_values_of_other_kinds_is_served(state: VendorState, caller: Caller) -> None:
    key = subscribe(state, caller)
    rows = state.collection("subscriptions")
    [stored] = [each for each in rows if str(key) in str(each)]
    odd = {**SQS["sqs"], "accessKey": 7, "queueUrl": 8}  # type: ignore[dict-item] # a record that a user has put
    rows.put(replace_in(stored, SQS["sqs"], odd))

    post(state, event("ORDER", "CREATE", {"id": "1"}), caller)

    [message] = sent(state)
    assert (message["destination"], message["headers"]["Access-Key"]) == ("8", "7")


def replace_in(value: Any, old: Any, new: Any) -> Any:
    """Return a JSON value with a part replaced, however deep."""
    if value == old:
        return new
    return {name: replace_in(each, old, new) for name, each in value.items()} if isinstance(value, dict) else value
