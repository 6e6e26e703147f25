"""Effect of a workspace's configuration on events: consents, sizes, extended properties, register of products."""

from typing import Any

import orjson
import pytest

from tests.vendors.contacthub.calls import CUSTOMER, NODE, WORKSPACE, Json, create, patch, sent
from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.operations.event_policies import (
    update_workspace_consent_policy,
    update_workspace_payload_size,
)
from understudy.vendors.contacthub.operations.event_types import update_event_extended_properties
from understudy.vendors.contacthub.operations.events import create_event, get_event, patch_event, update_event
from understudy.vendors.contacthub.operations.products import (
    get_product_extended_properties,
    update_product_extended_properties,
    update_products_update_policy,
)
from understudy.vendors.contacthub.operations.sessions import create_session
from understudy.vendors.contacthub.tables import CUSTOMERS, EVENTS, PRODUCTS

ANYONE = Caller("tester")
VISIT: Json = {"customerId": CUSTOMER, "type": "viewedPage", "context": "WEB", "properties": {"title": "Home"}}
GIVEN = {"status": True, "limitation": False, "objection": False}


def add(state: VendorState, **parts: Any) -> str:
    return str(create_event(state, WORKSPACE, VISIT | parts, ANYONE).body["id"])


def awaited(kind: str, value: str) -> Json:
    """Return the ``bringBackProperties`` of an event without a customer."""
    return {"customerId": None, "bringBackProperties": {"type": kind, "value": value, "nodeId": NODE}}


def refused_places(state: VendorState, **parts: Any) -> list[str]:
    before = len(state.collection(EVENTS)), len(state.collection(CUSTOMERS))
    with pytest.raises(Refused, match="the event is not valid") as caught:
        add(state, **parts)
    assert caught.value.status == 400
    assert (len(state.collection(EVENTS)), len(state.collection(CUSTOMERS))) == before
    return [violation.path for violation in caught.value.violations]


# Consent policy


def ask_for(state: VendorState, *consents: str, event_type: str = "viewedPage") -> None:
    update_workspace_consent_policy(state, WORKSPACE, {event_type: list(consents)}, ANYONE)


def test_an_event_without_its_consent_is_refused(state: VendorState) -> None:
    ask_for(state, "profiling.online")

    assert refused_places(state) == ["/type"]


def test_an_event_with_its_consent_is_accepted(state: VendorState) -> None:
    ask_for(state, "profiling.online")
    patch(state, {"consents": {"profiling": {"online": GIVEN}}})

    assert add(state)


@pytest.mark.parametrize("change", [{"status": False}, {"status": None}, {"limitation": True}, {"objection": True}])
def test_a_consent_that_is_withdrawn_limited_or_objected_to_does_not_count(state: VendorState, change: Json) -> None:
    ask_for(state, "profiling.online")
    patch(state, {"consents": {"profiling": {"online": GIVEN | change}}})

    assert refused_places(state) == ["/type"]


def test_all_consents_of_the_policy_are_needed(state: VendorState) -> None:
    ask_for(state, "profiling.online", "profiling.classic", "softSpam.email")
    patch(state, {"consents": {"profiling": {"online": GIVEN}}})

    assert refused_places(state) == ["/type", "/type"]


def test_a_policy_is_for_the_event_types_that_it_names(state: VendorState) -> None:
    ask_for(state, "profiling.online", event_type="searched")

    assert add(state)


def test_an_empty_policy_requires_no_consent(state: VendorState) -> None:
    ask_for(state)

    assert add(state)


def test_an_event_that_would_make_its_customer_has_no_consents(state: VendorState) -> None:
    ask_for(state, "profiling.online")

    assert refused_places(state, **awaited("EXTERNAL_ID", "nobody-yet")) == ["/type"]


def test_an_event_of_a_known_external_id_has_its_customers_consents(state: VendorState) -> None:
    ask_for(state, "profiling.online")
    patch(state, {"consents": {"profiling": {"online": GIVEN}}})

    assert add(state, **awaited("EXTERNAL_ID", "customer-5000"))


@pytest.mark.parametrize(("consents", "is_kept"), [({"profiling": {"online": GIVEN}}, True), ({}, False)])
def test_a_pending_event_stays_if_its_customer_has_consented(
    state: VendorState,
    consents: Json,
    is_kept: bool,  # noqa: FBT001
) -> None:
    ask_for(state, "profiling.online")
    event = add(state, **awaited("SESSION_ID", "a-session"))
    customer = create(state, {**sent(), "consents": consents})["id"]

    create_session(state, WORKSPACE, customer, {"value": "a-session"}, ANYONE)

    assert (event in state.collection(EVENTS)) is is_kept


# Payload size


def limit(state: VendorState, size: int) -> None:
    update_workspace_payload_size(state, WORKSPACE, {"viewedPage": {"maxBytes": size}}, ANYONE)


def test_an_event_over_its_types_size_is_refused(state: VendorState) -> None:
    limit(state, 200)

    assert refused_places(state, properties={"title": "x" * 200}) == [""]


def test_an_event_of_exactly_its_types_size_is_taken(state: VendorState) -> None:
    size = len(orjson.dumps(VISIT))
    limit(state, size)
    assert add(state)
    limit(state, size - 1)
    assert refused_places(state) == [""]


def test_an_event_of_another_type_has_the_vendors_size(state: VendorState) -> None:
    limit(state, 10)

    assert add(state, type="searched", properties={"keyword": "x" * 200})


def test_a_change_of_an_event_keeps_the_size_too(state: VendorState) -> None:
    event = add(state)
    limit(state, 200)

    with pytest.raises(Refused, match="not valid"):
        patch_event(state, WORKSPACE, event, {"properties": {"title": "x" * 200}}, ANYONE)


def test_an_event_of_64_kb_is_too_large(state: VendorState) -> None:
    assert refused_places(state, properties={"extraProperties": {"text": "x" * 65_536}}) == [""]


# Extended properties of events and of their products


def order(**product: Any) -> Json:
    return {"type": "completedOrder", "properties": {"orderId": "o", "products": [{"id": "p", **product}]}}


@pytest.mark.parametrize("value", ["yes", 1, []])
def test_an_extended_property_of_an_event_must_fit_its_definition(state: VendorState, value: Any) -> None:
    properties = {"orderId": "o", "extended": {"giftWrapped": value}}

    assert refused_places(state, type="completedOrder", properties=properties) == ["/properties/extended/giftWrapped"]


def test_an_extended_property_of_an_event_must_be_defined(state: VendorState) -> None:
    properties = {"title": "Home", "extended": {"giftWrapped": True}}

    assert refused_places(state, properties=properties) == ["/properties/extended/giftWrapped"]


def test_an_extended_property_of_an_event_is_returned(state: VendorState) -> None:
    update_event_extended_properties(state, WORKSPACE, "viewedPage", {"depth": {"type": "integer"}}, ANYONE)

    event = add(state, properties={"title": "Home", "extended": {"depth": 3}})

    found = get_event(state, WORKSPACE, event, None, ANYONE).body
    assert found["properties"]["extended"] == {"depth": 3}


@pytest.mark.parametrize("extended", [{"material": 5}, {"material": "x" * 256}, {"colour": "red"}])
def test_an_extended_property_of_a_product_must_fit_its_definition(state: VendorState, extended: Json) -> None:
    place = f"/properties/products/0/extended/{next(iter(extended))}"

    assert refused_places(state, **order(extended=extended)) == [place]


def test_a_disabled_extended_property_of_a_product_is_refused(state: VendorState) -> None:
    definitions = get_product_extended_properties(state, WORKSPACE, ANYONE).body
    definitions["material"]["contactlabProperties"]["enabled"] = False
    update_product_extended_properties(state, WORKSPACE, definitions, ANYONE)

    assert refused_places(state, **order(extended={"material": "wool"})) == ["/properties/products/0/extended/material"]


def test_a_replaced_event_keeps_the_products_definitions(state: VendorState) -> None:
    event = add(state, **order())

    with pytest.raises(Refused, match="not valid"):
        update_event(state, WORKSPACE, event, VISIT | order(extended={"material": 5}), ANYONE)


# The register of products


def registered(state: VendorState, product: str = "p") -> Json | None:
    row = state.collection(PRODUCTS).get(f"{WORKSPACE}/{product}")
    return None if row is None else row["data"]


def chose(state: VendorState, *event_types: str) -> None:
    update_products_update_policy(state, WORKSPACE, {"eventTypes": list(event_types)}, ANYONE)


def test_an_event_of_a_chosen_type_updates_the_register(state: VendorState) -> None:
    add(state, **order(name="Coat", price=10, quantity=2, extended={"material": "wool"}))

    assert registered(state) == {"id": "p", "name": "Coat", "price": 10, "extended": {"material": "wool"}}


def test_an_event_of_another_type_does_not(state: VendorState) -> None:
    add(state, type="viewedProduct", properties={"id": "p", "name": "Coat"})

    assert registered(state) is None


@pytest.mark.parametrize("event_type", ["viewedProduct", "addedWishlist", "removedProduct", "reviewedProduct"])
def test_an_event_about_one_product_is_that_product(state: VendorState, event_type: str) -> None:
    chose(state, event_type)

    add(state, type=event_type, properties={"id": "p", "name": "Coat"})

    assert registered(state) == {"id": "p", "name": "Coat"}


def test_an_abandoned_cart_lists_products(state: VendorState) -> None:
    chose(state, "abandonedCart")

    add(state, type="abandonedCart", properties={"products": [{"id": "p"}, {"sku": "q", "name": "Hat"}]})

    assert (registered(state), registered(state, "q")) == ({"id": "p"}, {"sku": "q", "name": "Hat"})


def test_no_chosen_type_means_no_updates(state: VendorState) -> None:
    update_products_update_policy(state, WORKSPACE, {"eventTypes": None}, ANYONE)

    add(state, **order(name="Coat"))

    assert registered(state) is None


def test_the_latest_event_counts(state: VendorState) -> None:
    add(state, **order(name="New", price=2), date="2026-11-02T00:00:00.000+0000")
    add(state, **order(name="Old", vendor="Maker"), date="2026-11-01T00:00:00.000+0000")

    assert registered(state) == {"id": "p", "name": "New", "price": 2, "vendor": "Maker"}


def test_a_changed_event_updates_the_register_too(state: VendorState) -> None:
    event = add(state, **order(name="Coat"))

    patch_event(state, WORKSPACE, event, {"properties": {"products": [{"id": "p", "name": "Jacket"}]}}, ANYONE)

    assert registered(state) == {"id": "p", "name": "Jacket"}


def test_the_register_starts_with_what_was_ordered(state: VendorState) -> None:
    assert len(state.collection(PRODUCTS)) > 0
