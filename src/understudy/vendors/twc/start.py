"""A tenant in the middle of its work, and another beside it that must stay unseen."""

from collections.abc import Mapping
from typing import Any

from understudy.core.cast import Cast
from understudy.state.collection import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.cast_mapping import job, new_product, queue, registration, subscription
from understudy.vendors.twc.sent import run_due_job
from understudy.vendors.twc.tables import CLIENTS, EVENTS, JOBS, REALMS, SUBSCRIPTIONS
from understudy.vendors.twc.tenant_collection import TenantCollection

SECOND = "-two"
"""What the second tenant's name, client and secret add to the first's."""

EVENT_IDS = tuple(f"2b6f1a5e-90c4-4d5b-8a77-1f0e6c3d9a{number:02}" for number in range(1, 7))
SUBSCRIPTION_IDS = tuple(f"6a1f7c1e-0f5e-4d1b-9a53-2b8d3c4e5f{number:02}" for number in range(1, 4))
JOB_IDS = tuple(f"f3d2a1b0-4c5e-4f60-8a71-9b8c7d6e5f{number:02}" for number in range(1, 4))
"""Fixed, for the spec's examples. The last subscription is inactive; of the jobs, the second is, the third deleted."""


def start(state: VendorState, cast: Cast, options: Mapping[str, Any]) -> dict[str, str]:
    """Fill a new world with two tenants; return the first one's credentials."""
    credentials = {name: str(options[name]) for name in ("tenant", "client_id", "client_secret")}
    second = {name: value + SECOND for name, value in credentials.items()}
    for each in (credentials, second):
        state.collection(REALMS).put({"id": each["tenant"]})
        clients = TenantCollection(state, CLIENTS, each["tenant"])
        clients.put({"id": each["client_id"], "secret": each["client_secret"]})
    tenant = credentials["tenant"]
    events = [*map(registration, cast.people[:3]), *map(new_product, cast.products[:3])]
    _fill(state, EVENTS, tenant, events, EVENT_IDS)
    _fill(state, SUBSCRIPTIONS, tenant, _subscriptions(), SUBSCRIPTION_IDS)
    _fill(state, JOBS, tenant, _jobs(), JOB_IDS)
    _fill_second(state, cast, second["tenant"])
    return credentials


def _fill(state: VendorState, name: str, tenant: str, values: list[Json], ids: tuple[str, ...]) -> None:
    shelf = TenantCollection(state, name, tenant)
    for key, value in zip(ids, values, strict=False):
        shelf.put({"id": key, **value})
        if name == JOBS:
            run_due_job(state, tenant, {"id": key, **value})


def _fill_second(state: VendorState, cast: Cast, tenant: str) -> None:
    """Give the second tenant something of its own: to the first, none of it is there."""
    for name, values in (
        (EVENTS, [registration(person) for person in cast.people[3:4]]),
        (SUBSCRIPTIONS, [subscription("CUSTOMER", {"type": "SNS"})]),
        (JOBS, [job("PRICE_DROP", "0 8 * * *", "autumn-offers")]),
    ):
        _fill(state, name, tenant, values, tuple(state.new_id() for _ in values))


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
