"""Messages to subscribers: an event about an entity goes to each active subscription of its type that covers it.

The vendor says what a message about a wishlist has, and nothing of its envelope, its attributes, or the messages about
other entities. So these are inferred: a posted event is the change, as the entities' own services are not here; a
message about any other entity is the stored event; attributes name the entity, the interaction and the tenant. A
template of a scenario's ``deliveries`` replaces the body.
"""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

import orjson

from understudy.core.json_types import Json
from understudy.core.steps import Steps
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.tables import AUDIENCE, EVENTS, SUBSCRIPTIONS, audience_of

CREATED, CHANGED, DELETED, PURCHASED = "CREATED", "CHANGED", "DELETED", "PURCHASED"
INTERACTIONS = {
    "CREATE": CREATED,
    "BULK_CREATE": CREATED,
    "UPDATE": CHANGED,
    "BULK_UPDATE": CHANGED,
    "DELETE": DELETED,
}
"""Interactions by the operations of events; reading an entity is none."""

FLAGS = {CREATED: "subscribeCreate", CHANGED: "subscribeChange", DELETED: "subscribeDelete"}
NO_ENTITY = frozenset(("FAULT", "WARNING", "SYSTEM_EVENT"))
"""Types of events that report no change of an entity."""

WISHLIST = "WISHLIST"
SUBSCRIBED = "CUSTOMER INVENTORY_LEVEL INVENTORY_LOCATION ORDER PRICE PRODUCT VARIANT_PRODUCT WISHLIST".split()
ENTITY_TYPES = {**dict.fromkeys(("WISHLIST_ITEM", "WISHLISTITEM"), WISHLIST), **{each: each for each in SUBSCRIBED}}
"""Types of subscriptions by kinds of entities: messages about a wishlist's items go to the wishlist's subscribers."""

PRODUCT_KEYS = ("productId", "productRef", "variantId", "varientAttributes")
MARKS = ("prerelease", "disableNotification")


def notify_subscribers(state: VendorState, tenant: str, event: Json) -> Steps[None]:
    """Add the messages about an event to the outbox, those of the oldest subscription first, in steps."""
    kind, interaction = _entity_kind(event), INTERACTIONS.get(event["event_payload"]["operation"])
    if not kind or interaction is None:
        return
    audience = state.collection(SUBSCRIPTIONS).find(AUDIENCE, audience_of(tenant, ENTITY_TYPES[kind]))
    covered = [row["value"] for row in audience if row["value"][FLAGS[interaction]]]
    for subscription in covered:
        for body in _bodies(state, tenant, event, kind, interaction):
            _add_message(state, tenant, event, subscription, body)
            yield


def _entity_kind(event: Json) -> str:
    """Return the kind of entity that an event is about; empty for one about none that can be subscribed to."""
    if event["event_type"] in NO_ENTITY:
        return ""
    named = (str(event.get("entity_name", "")).strip().upper(), event["event_type"])
    return next((kind for kind in named if kind in ENTITY_TYPES), "")


def _bodies(state: VendorState, tenant: str, event: Json, kind: str, interaction: str) -> Iterator[Json]:
    """Yield the bodies of the messages about an event: of a wishlist's, one for each entity of a bulk."""
    if ENTITY_TYPES[kind] != WISHLIST:
        yield event
        return
    for number, entity in enumerate(_entities(event)):
        yield _wishlist_interaction(state, tenant, event, kind, interaction, entity, number)


def _entities(event: Json) -> list[Mapping[str, Any]]:
    """Return the entities in an event's payload; one without values if it holds none that can be read."""
    text = event["event_payload"].get("base64_encoded_payload_json", "")
    try:
        found = orjson.loads(b64decode(text, validate=True))
        orjson.dumps(found)  # a value that is nested too deep for a message is none that can be read
    except (NotBase64, ValueError, TypeError):
        return [{}]
    entities: list[Mapping[str, Any]] = [
        each for each in (found if isinstance(found, list) else [found]) if isinstance(each, Mapping)
    ]
    return entities or [{}]


def _wishlist_interaction(
    state: VendorState,
    tenant: str,
    event: Json,
    kind: str,
    interaction: str,
    entity: Mapping[str, Any],
    number: int,
) -> Json:
    """Return the message about a wishlist or an item; of fields that the entity lacks there are none."""
    known = {**(event["event_payload"].get("key_attributes") or {}), **entity}
    is_item = kind != WISHLIST
    entity_id = known.get("id") or event["event_payload"].get("entity_id") or event.get("entity_id")
    is_purchased = _flag(known.get("purchased") or known.get("purchasedAndRemoved"))
    body: Json = {
        "id": sha256(f"{tenant}\n{event['id']}\n{number}".encode()).hexdigest()[:32],
        "created_at": state.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "tenantId": tenant,
        **_given(known, ("customerId", "customerRef")),
        "entityType": "WISHLISTITEM" if is_item else WISHLIST,
        "interactionType": PURCHASED if interaction == CHANGED and is_purchased else interaction,
    }
    wishlist_id = known.get("wishlistId") if is_item else entity_id
    body |= {name: _text(value) for name, value in (("wishlistId", wishlist_id), ("itemId", entity_id)) if value}
    if is_item:
        product = known.get("product")
        body |= _given({**_product(product if isinstance(product, Mapping) else {}), **known}, PRODUCT_KEYS)
    body |= {"deleted": int(interaction == DELETED), "purchased": is_purchased}
    return body | {name: _flag(known.get(name)) for name in MARKS}


def _product(product: Mapping[str, Any]) -> Json:
    """Return a wishlist item's product under the names that messages have."""
    variant = product.get("selectedVariantId", product.get("variantId"))
    return {**product, "variantId": variant}


def _given(known: Mapping[str, Any], names: tuple[str, ...]) -> Json:
    """Return the texts of those names that have a value; attributes as ``color=blue,size=xl``."""
    return {name: _text(known[name]) for name in names if known.get(name) not in (None, "")}


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ",".join(f"{name}={_text(each)}" for name, each in value.items())
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _flag(value: Any) -> int:
    """Return 1 for a value that means yes, and 0 for any other."""
    return int(_text(value).lower() in {"1", "true"})


def _add_message(state: VendorState, tenant: str, event: Json, subscription: Json, body: Json) -> None:
    destination = subscription["destination"]
    details = destination.get("sqs") or {}
    kind = str(destination["type"]).lower()
    headers = {"Region": "region", "Access-Key": "accessKey", "Access-Secret": "accessSecret"}
    entity_id = event["event_payload"].get("entity_id") or event.get("entity_id") or ""
    state.outbox.add(
        kind,
        str(details.get("queueUrl") or f"{kind}:{subscription['id']}"),
        body,
        operation="create_event",
        because={"collection": EVENTS, "id": event["id"], "tenant": tenant, "subscription": subscription["id"]},
        headers={name: str(details[member]) for name, member in headers.items() if details.get(member)},
        attributes={
            "entityType": subscription["entityType"],
            "interactionType": body.get("interactionType") or INTERACTIONS[event["event_payload"]["operation"]],
            "tenantId": tenant,
        },
        group=f"{subscription['entityType']}/{entity_id}" if entity_id else subscription["entityType"],
    )
