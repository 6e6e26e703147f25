import json
from typing import Any

import pytest

from understudy.contract.json_schema_validator import Validator
from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.stored_settings import disabled_base_properties, is_event_enabled
from understudy.vendors.contacthub.nodes.source_providers import ROLE_OF
from understudy.vendors.contacthub.nodes.unique_index import find_equal
from understudy.vendors.contacthub.operations import (
    contactplan_models,
    customer_properties,
    matching_policies,
    products,
    reference_lists,
    workspace_configuration,
)
from understudy.vendors.contacthub.operations import event_types as events
from understudy.vendors.contacthub.schemas.event_models import context_names, event_types
from understudy.vendors.contacthub.start_data.fixed_ids import (
    DISABLED,
    ENTRY_NODE,
    EVERYONE,
    FIRST_CUSTOMER,
    SUSPENDED,
    WORKSPACE,
    example_id,
)
from understudy.vendors.contacthub.tables import CUSTOMERS, NODES

ADMIN = Caller("admin", frozenset({"ADMIN"}), {"workspaceId": WORKSPACE})
OPERATOR = Caller("operator", frozenset({"CLAB_OPERATOR"}))
UNKNOWN = "3c9f1c2e-7d54-4b1a-9f00-0a1b2c3dffff"
TEXT: Json = {"type": "string"}
NUMBER: Json = {"type": "number"}


def kept(state: VendorState) -> Json:
    found: Json = customer_properties.get_customer_extended_properties(state, WORKSPACE, ADMIN).body
    return found


def define(state: VendorState, added: Json, caller: Caller = ADMIN) -> Json:
    """Define additional extended properties of customers."""
    body = kept(state) | added
    answer: Json = customer_properties.update_customer_extended_properties(state, WORKSPACE, body, caller).body
    return answer


def broken_places(state: VendorState, body: Json) -> list[str]:
    with pytest.raises(Refused, match="extended properties are not valid") as refusal:
        customer_properties.update_customer_extended_properties(state, WORKSPACE, body, OPERATOR)
    assert refusal.value.status == 400
    return [violation.path for violation in refusal.value.violations]


# The workspace's settings


def test_settings_start_with_their_defaults(state: VendorState) -> None:
    assert workspace_configuration.get_workspace_configuration(state, WORKSPACE, ADMIN).body == {
        "name": "Understudy",
        "industry": "NotDefined",
        "logo": None,
        "timezone": "Europe/Rome",
        "currency": "EUR",
        "customerUniquenessPolicy": "MERGE",
        "tier": None,
    }


def test_a_setting_that_is_left_out_takes_its_default_and_the_name_stays(state: VendorState) -> None:
    workspace_configuration.update_workspace_configuration(state, WORKSPACE, {"name": "Mine", "currency": "JPY"}, ADMIN)
    after = workspace_configuration.update_workspace_configuration(state, WORKSPACE, {"industry": "GDO"}, ADMIN).body
    assert (after["name"], after["currency"], after["industry"]) == ("Mine", "EUR", "GDO")
    assert workspace_configuration.get_workspace_configuration(state, WORKSPACE, ADMIN).body == after


def test_a_suspended_workspace_can_be_read_and_not_configured(state: VendorState) -> None:
    assert workspace_configuration.get_workspace_configuration(state, SUSPENDED, OPERATOR).status == 200
    with pytest.raises(Refused) as refusal:
        workspace_configuration.update_workspace_configuration(state, SUSPENDED, {}, OPERATOR)
    assert refusal.value.status == 403


def test_a_disabled_workspace_refuses_everything(state: VendorState) -> None:
    with pytest.raises(Refused) as refusal:
        workspace_configuration.get_workspace_configuration(state, DISABLED, OPERATOR)
    assert refusal.value.status == 403


def test_a_workspace_sets_no_limit_of_requests_until_it_does(state: VendorState) -> None:
    assert workspace_configuration.get_workspace_throttling(state, WORKSPACE, ADMIN).body["maxRequestsPerMinute"] == 0
    workspace_configuration.update_workspace_throttling(state, WORKSPACE, {"maxRequestsPerMinute": 6}, ADMIN)
    assert workspace_configuration.update_workspace_throttling(state, WORKSPACE, {}, ADMIN).body == {
        "maxRequestsPerMinute": 6
    }


# Event types


def test_all_event_types_are_on_one_page(state: VendorState) -> None:
    body = events.list_event_configurations(state, WORKSPACE, ADMIN).body
    assert [one["id"] for one in body["elements"]] == list(event_types())
    assert (body["page"]["totalElements"], body["page"]["totalPages"]) == (48, 1)


def test_an_event_type_is_disabled_and_enabled(state: VendorState) -> None:
    assert events.update_event_state(state, WORKSPACE, "loggedIn", {"value": False}, ADMIN).body == {"value": False}
    assert not is_event_enabled(state, WORKSPACE, "loggedIn")
    assert not events.get_event_configuration(state, WORKSPACE, "loggedIn", ADMIN).body["enabled"]
    assert events.update_event_state(state, WORKSPACE, "loggedIn", {}, ADMIN).body == {"value": False}
    assert events.update_event_state(state, WORKSPACE, "loggedIn", {"value": True}, ADMIN).body == {"value": True}


def test_the_older_way_enables_by_default(state: VendorState) -> None:
    body = {"id": "searched", "type": "searched", "enabled": False}
    off = events.update_event_configuration(state, WORKSPACE, "loggedIn", body, ADMIN).body
    assert (off["id"], off["enabled"]) == ("loggedIn", False)
    assert events.update_event_configuration(state, WORKSPACE, "loggedIn", {}, ADMIN).body["enabled"]


def test_the_schema_of_an_event_has_the_workspace_s_extended_properties(state: VendorState) -> None:
    schema = events.get_event_properties(state, WORKSPACE, "completedOrder", ADMIN).body
    validator = Validator(schema)
    assert validator.is_valid({"orderId": "1", "extended": {"giftWrapped": True}})
    assert not validator.is_valid({"extended": {"giftWrapped": "yes"}})
    assert not validator.is_valid({"extended": {"carrier": "post"}})


def test_the_properties_of_one_event_type_are_no_other_s(state: VendorState) -> None:
    events.update_event_extended_properties(state, WORKSPACE, "loggedIn", {"device": TEXT}, ADMIN)
    assert set(events.get_event_extended_properties(state, WORKSPACE, "loggedIn", ADMIN).body) == {"device"}
    assert events.get_event_extended_properties(state, WORKSPACE, "loggedOut", ADMIN).body == {}


# Extended properties


def test_a_name_has_no_dot(state: VendorState) -> None:
    assert broken_places(state, kept(state) | {"gift.wrapped": TEXT}) == ["/gift.wrapped"]


def test_a_property_that_exists_is_not_left_out(state: VendorState) -> None:
    assert broken_places(state, {"visits": kept(state)["visits"]}) == ["/loyaltyLevel"]


@pytest.mark.parametrize("retyped", [NUMBER, {"type": "array", "items": TEXT}, {"type": "string", "format": "date"}])
def test_a_property_that_exists_keeps_its_type(state: VendorState, retyped: Json) -> None:
    assert broken_places(state, kept(state) | {"loyaltyLevel": retyped}) == ["/loyaltyLevel/type"]


def test_a_list_that_exists_keeps_the_type_of_its_items(state: VendorState) -> None:
    define(state, {"sizes": {"type": "array", "items": TEXT}})
    assert broken_places(state, kept(state) | {"sizes": {"type": "array", "items": NUMBER}}) == ["/sizes/type"]


@pytest.mark.parametrize("nullable", [{"type": ["string", "null"]}, {"type": "string", "nullable": True}])
def test_a_property_that_exists_may_become_nullable(state: VendorState, nullable: Json) -> None:
    define(state, {"hobby": TEXT})
    assert define(state, {"hobby": nullable})["hobby"]["type"] == nullable["type"]


def test_at_most_ten_properties_are_indexed(state: VendorState) -> None:
    indexed = {"type": "string", "contactlabProperties": {"indexed": True}}
    define(state, {f"p{number}": indexed for number in range(9)}, OPERATOR)
    assert broken_places(state, kept(state) | {"p9": indexed}) == ["/p9/contactlabProperties/indexed"]


@pytest.mark.parametrize("settings", [{"indexed": True}, {"label": "x", "indexed": True}])
def test_only_the_vendor_s_staff_changes_what_is_indexed(state: VendorState, settings: Json) -> None:
    body = {"hobby": {"type": "string", "contactlabProperties": settings}}
    with pytest.raises(Refused) as refusal:
        define(state, body)
    assert refusal.value.status == 403
    assert define(state, body, OPERATOR)["hobby"]["contactlabProperties"]["indexed"]


def test_what_is_indexed_may_be_sent_back_by_anyone(state: VendorState) -> None:
    assert define(state, {}) == kept(state)


@pytest.mark.parametrize(
    ("definition", "most"),
    [
        (TEXT, 255),
        ({"type": ["null", "string"]}, 255),
        ({"type": "array", "items": TEXT}, 1000),
        ({"type": "string", "contactlabProperties": {"maxLength": 80}}, 80),
        (NUMBER, None),
        ({"type": "array", "items": NUMBER}, None),
        ({"type": "object"}, None),
    ],
)
def test_a_text_and_a_list_of_texts_have_a_greatest_length(
    state: VendorState, definition: Json, most: int | None
) -> None:
    assert define(state, {"hobby": definition})["hobby"]["contactlabProperties"].get("maxLength") == most


def test_a_refused_definition_changes_nothing(state: VendorState) -> None:
    before = kept(state)
    broken_places(state, {"another.one": TEXT})
    assert kept(state) == before


def test_products_have_extended_properties(state: VendorState) -> None:
    body = products.get_product_extended_properties(state, WORKSPACE, ADMIN).body | {"washable": {"type": "boolean"}}
    products.update_product_extended_properties(state, WORKSPACE, body, ADMIN)
    assert set(products.get_product_extended_properties(state, WORKSPACE, ADMIN).body) == {"material", "washable"}
    assert "washable" not in kept(state)


# Base properties


def test_a_base_property_is_disabled_and_enabled_either_way(state: VendorState) -> None:
    customer_properties.update_base_property(state, WORKSPACE, "contacts.fax", {"enabled": False}, ADMIN)
    assert disabled_base_properties(state, WORKSPACE) == {"contacts.fax"}
    answer = customer_properties.update_base_property_state(state, WORKSPACE, "contacts.fax", {"value": True}, ADMIN)
    assert answer.body == {"value": True}
    assert disabled_base_properties(state, WORKSPACE) == frozenset()


def test_a_base_property_without_a_new_state_keeps_the_old_one(state: VendorState) -> None:
    customer_properties.update_base_property_state(state, WORKSPACE, "title", {"value": False}, ADMIN)
    assert customer_properties.update_base_property_state(state, WORKSPACE, "title", {}, ADMIN).body == {"value": False}
    assert customer_properties.update_base_property(state, WORKSPACE, "title", {}, ADMIN).body["enabled"] is False


def test_the_list_has_the_state_of_every_base_property(state: VendorState) -> None:
    customer_properties.update_base_property(state, WORKSPACE, "title", {"enabled": False}, ADMIN)
    states = {
        one["name"]: one["enabled"]
        for one in customer_properties.list_base_properties(state, WORKSPACE, ADMIN).body["elements"]
    }
    assert len(states) == 41
    assert [name for name, is_enabled in states.items() if not is_enabled] == ["title"]


def test_an_unknown_base_property_is_not_found(state: VendorState) -> None:
    with pytest.raises(Refused, match="base property not found shoeSize") as refusal:
        customer_properties.update_base_property(state, WORKSPACE, "shoeSize", {"enabled": False}, ADMIN)
    assert refusal.value.status == 404


def test_customers_of_the_start_keep_the_schema_of_customers(state: VendorState) -> None:
    validator = Validator(customer_properties.get_customer_properties(state, WORKSPACE, ADMIN).body)
    sent = {"base": {"firstName": "Ada", "contacts": {"email": "ada@example.com"}}, "extended": {"visits": 3}}
    assert validator.is_valid(sent)
    assert not validator.is_valid({"base": {"firstName": "A" * 256}})
    assert validator.is_valid({"base": {"address": {"street": "A" * 500}}})
    assert not validator.is_valid({"extended": {"visits": "3"}})


def test_the_schema_of_customers_lacks_what_is_disabled(state: VendorState) -> None:
    customer_properties.update_base_property(state, WORKSPACE, "contacts.fax", {"enabled": False}, ADMIN)
    schema = customer_properties.get_customer_properties(state, WORKSPACE, ADMIN).body
    assert "fax" not in schema["properties"]["base"]["properties"]["contacts"]["properties"]


# Products, plans, matching, models


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ({"eventTypes": ["viewedProduct", "viewedProduct"]}, ["viewedProduct"]),
        ({"eventTypes": []}, []),
        ({"eventTypes": None}, None),
        ({}, ["completedOrder"]),
    ],
)
def test_the_products_policy_is_a_set_of_event_types(state: VendorState, body: Json, after: Any) -> None:
    products.update_products_update_policy(state, WORKSPACE, body, ADMIN)
    assert products.get_products_update_policy(state, WORKSPACE, ADMIN).body == {"eventTypes": after}


def test_a_plan_model_can_be_filled_from_its_events_and_from_products(state: VendorState) -> None:
    hub = contactplan_models.get_plan_model(state, WORKSPACE, "ORDER", ADMIN).body["hub"]
    assert [field["name"] for field in hub["event"]] == ["giftWrapped"]
    assert [field["name"] for field in hub["product"]] == ["material"]
    assert contactplan_models.get_plan_model(state, WORKSPACE, "COUPON", ADMIN).body["hub"]["event"] == []


def test_a_matching_policy_keeps_what_is_left_out(state: VendorState) -> None:
    answer = matching_policies.update_customer_matching_policy(
        state, WORKSPACE, ENTRY_NODE, {"caseSensitive": True}, ADMIN
    )
    assert answer.body == {"properties": ["base.contacts.email"], "caseSensitive": True}
    assert matching_policies.get_customer_matching_policy(state, WORKSPACE, ENTRY_NODE, ADMIN).body == answer.body


def test_customers_are_matched_by_a_new_policy_at_once(state: VendorState) -> None:
    body = {"properties": ["externalId"]}
    matching_policies.update_customer_matching_policy(state, WORKSPACE, ENTRY_NODE, body, ADMIN)
    node = state.collection(NODES).get(ENTRY_NODE) or {}
    customer = state.collection(CUSTOMERS).get(example_id(FIRST_CUSTOMER)) or {}
    assert find_equal(state, node, {"externalId": customer["externalId"]}) == customer["id"]


@pytest.mark.parametrize("node_id", [UNKNOWN, EVERYONE, "no-uuid"])
def test_only_an_entry_node_has_a_matching_policy(state: VendorState, node_id: str) -> None:
    with pytest.raises(Refused, match=f"node not found {node_id}") as refusal:
        matching_policies.get_customer_matching_policy(state, WORKSPACE, node_id, ADMIN)
    assert refusal.value.status == 404


def test_every_provider_s_role_is_listed(state: VendorState) -> None:
    listed = reference_lists.list_providers(state, WORKSPACE, ADMIN).body["elements"]
    assert {one["id"]: one["role"] for one in listed} == ROLE_OF


def test_every_context_is_listed_with_its_schema_as_text(state: VendorState) -> None:
    listed = reference_lists.list_contexts(state, WORKSPACE, ADMIN).body["elements"]
    assert sorted(one["id"] for one in listed) == sorted(context_names())
    assert all(json.loads(one["propertiesSchema"])["type"] == "object" for one in listed)


def test_sums_are_for_numbers_only(state: VendorState) -> None:
    listed = reference_lists.list_merge_policies(state, WORKSPACE, ADMIN).body["elements"]
    types = {one["id"]: set(one["supportedTypes"]) for one in listed}
    assert types["MATH_SUM"] == {"number", "integer"}
    assert len(types) == 9
