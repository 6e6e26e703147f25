"""Start data of the event collector: two tenants, of which each must see only its own records."""

from collections.abc import Mapping
from typing import Any

from understudy.core.cast import Cast
from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.cast_mapping import job, product_update, queue, registration, subscription
from understudy.vendors.twc.sent import note_due
from understudy.vendors.twc.tables import CLIENTS, CONFIGS, EVENTS, JOBS, REALMS, SUBSCRIPTIONS
from understudy.vendors.twc.tenant_collection import TenantCollection

SECOND = "-two"
"""Suffix of the second tenant's name, client and secret, after the first's."""

EVENT_IDS = tuple(f"2b6f1a5e-90c4-4d5b-8a77-1f0e6c3d9a{number:02}" for number in range(1, 7))
SUBSCRIPTION_IDS = tuple(f"6a1f7c1e-0f5e-4d1b-9a53-2b8d3c4e5f{number:02}" for number in range(1, 4))
JOB_IDS = tuple(f"f3d2a1b0-4c5e-4f60-8a71-9b8c7d6e5f{number:02}" for number in range(1, 4))
"""Fixed ids, for the spec's examples. The last subscription and the second job are inactive, the third job deleted."""

PRINTED = "string"
"""Value of every text in the requests that the vendor's page prints, ids included."""

PRINTED_OBJECTS: tuple[tuple[str, Json], ...] = (
    (
        EVENTS,
        {
            "id": PRINTED,
            "entity_id": PRINTED,
            "entity_name": PRINTED,
            "event_payload": {
                "base64_encoded_fault_json": PRINTED,
                "base64_encoded_payload_json": PRINTED,
                "entity_id": PRINTED,
                "key_attributes": {f"additionalProp{number}": PRINTED for number in (1, 2, 3)},
                "operation": "BULK_CREATE",
            },
            "event_source": "APPLICATION",
            "event_type": "ENTITY_EVENT",
        },
    ),
    (
        SUBSCRIPTIONS,
        {
            "id": PRINTED,
            "active": True,
            "destination": {
                "sqs": dict.fromkeys(("accessKey", "accessSecret", "queueUrl", "region"), PRINTED),
                "type": "SNS",
            },
            "entityType": "CUSTOMER",
            **dict.fromkeys(("subscribeChange", "subscribeCreate", "subscribeDelete"), True),
        },
    ),
    (
        JOBS,
        {
            "id": PRINTED,
            **dict.fromkeys(("deleted", "is_active", "is_scheduled"), True),
            "job_parameters": {"campaign_id": PRINTED, "utm_medium": PRINTED},
            "notification": "BACK_IN_STOCK",
            "number_of_items_in_email": 0,
            **dict.fromkeys(("schedule", "scheduleExpression", "template_id"), PRINTED),
        },
    ),
)
"""Objects of the page's requests, as samples: its reads and updates find them, and its creations take their place."""


def start(state: VendorState, cast: Cast, options: Mapping[str, Any]) -> dict[str, str]:
    """Add two tenants to a new world; return the first tenant's credentials."""
    credentials = {name: str(options[name]) for name in ("tenant", "client_id", "client_secret")}
    second = {name: value + SECOND for name, value in credentials.items()}
    for each in (credentials, second):
        state.collection(REALMS).put({"id": each["tenant"]})
        clients = TenantCollection(state, CLIENTS, each["tenant"])
        clients.put({"id": each["client_id"], "secret": each["client_secret"]})
    tenant = credentials["tenant"]
    events = [*map(registration, cast.people[:3]), *map(product_update, cast.products[:3])]
    _add_records(state, EVENTS, tenant, events, EVENT_IDS)
    _add_records(state, SUBSCRIPTIONS, tenant, _subscriptions(), SUBSCRIPTION_IDS)
    _add_records(state, JOBS, tenant, _jobs(), JOB_IDS)
    for name, value in PRINTED_OBJECTS:
        TenantCollection(state, name, tenant).put_sample(value)
    state.collection(CONFIGS).put({"id": tenant, "value": {"websiteRecommendations": {"engine": "TWC"}}})
    _add_second_tenant(state, cast, second["tenant"])
    return credentials


def _add_records(state: VendorState, name: str, tenant: str, values: list[Json], ids: tuple[str, ...]) -> None:
    collection = TenantCollection(state, name, tenant)
    for key, value in zip(ids, values, strict=False):
        (collection.remove if value.get("deleted") else collection.put)({"id": key, **value})
        if name == JOBS:
            note_due(state, tenant, {"id": key, **value})


def _add_second_tenant(state: VendorState, cast: Cast, tenant: str) -> None:
    """Add records of the second tenant, which the first must not see."""
    for name, values in (
        (EVENTS, [registration(person) for person in cast.people[3:4]]),
        (SUBSCRIPTIONS, [subscription("CUSTOMER", {"type": "SNS"})]),
        (JOBS, [job("PRICE_DROP", "0 8 * * *", "autumn-offers")]),
    ):
        _add_records(state, name, tenant, values, tuple(state.new_id() for _ in values))


def _subscriptions() -> list[Json]:
    return [
        subscription("WISHLIST", queue("wishlists")),
        subscription("PRODUCT", {"type": "SNS"}),
        {**subscription("CUSTOMER", queue("customers")), "active": False},
    ]


def _jobs() -> list[Json]:
    return [
        job("REMINDER", "0 0 9 ? * MON", "winter-reminder"),
        {**job("PRICE_DROP", "*/30 8-18 * * 1-5", "price-drop"), "is_active": False},
        {**job("LOW_STOCK", "0 0 7 * * ?", "low-stock"), "is_active": False, "deleted": True},
    ]
