import json
from typing import Any

import pytest

from understudy.contract.json_schema_validator import Validator
from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.state.collection import Json
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


def kept(world: VendorState) -> Json:
    found: Json = customer_properties.get_customer_extended_properties(world, WORKSPACE, ADMIN).body
    return found


def define(world: VendorState, added: Json, caller: Caller = ADMIN) -> Json:
    """Define the customers' properties that there are, and these."""
    body = kept(world) | added
    answer: Json = customer_properties.update_customer_extended_properties(world, WORKSPACE, body, caller).body
    return answer


def broken_places(world: VendorState, body: Json) -> list[str]:
    with pytest.raises(Refused, match="extended properties are not valid") as refusal:
        customer_properties.update_customer_extended_properties(world, WORKSPACE, body, OPERATOR)
    assert refusal.value.status == 400
    return [violation.path for violation in refusal.value.violations]


# The workspace's settings


def test_settings_start_with_their_defaults(world: VendorState) -> None:
    assert workspace_configuration.get_workspace_configuration(world, WORKSPACE, ADMIN).body == {
        "name": "Understudy",
        "industry": "NotDefined",
        "logo": None,
        "timezone": "Europe/Rome",
        "currency": "EUR",
        "customerUniquenessPolicy": "MERGE",
        "tier": None,
    }


def test_a_setting_that_is_left_out_takes_its_default_and_the_name_stays(world: VendorState) -> None:
    workspace_configuration.update_workspace_configuration(world, WORKSPACE, {"name": "Mine", "currency": "JPY"}, ADMIN)
    after = workspace_configuration.update_workspace_configuration(world, WORKSPACE, {"industry": "GDO"}, ADMIN).body
    assert (after["name"], after["currency"], after["industry"]) == ("Mine", "EUR", "GDO")
    assert workspace_configuration.get_workspace_configuration(world, WORKSPACE, ADMIN).body == after


def test_a_suspended_workspace_can_be_read_and_not_configured(world: VendorState) -> None:
    assert workspace_configuration.get_workspace_configuration(world, SUSPENDED, OPERATOR).status == 200
    with pytest.raises(Refused) as refusal:
        workspace_configuration.update_workspace_configuration(world, SUSPENDED, {}, OPERATOR)
    assert refusal.value.status == 403


def test_a_disabled_workspace_refuses_everything(world: VendorState) -> None:
    with pytest.raises(Refused) as refusal:
        workspace_configuration.get_workspace_configuration(world, DISABLED, OPERATOR)
    assert refusal.value.status == 403


def test_a_workspace_sets_no_limit_of_requests_until_it_does(world: VendorState) -> None:
    assert workspace_configuration.get_workspace_throttling(world, WORKSPACE, ADMIN).body["maxRequestsPerMinute"] == 0
    workspace_configuration.update_workspace_throttling(world, WORKSPACE, {"maxRequestsPerMinute": 6}, ADMIN)
    assert workspace_configuration.update_workspace_throttling(world, WORKSPACE, {}, ADMIN).body == {
        "maxRequestsPerMinute": 6
    }


# Event types


def test_all_event_types_are_on_one_page(world: VendorState) -> None:
    body = events.list_event_configurations(world, WORKSPACE, ADMIN).body
    assert [one["id"] for one in body["elements"]] == list(event_types())
    assert (body["page"]["totalElements"], body["page"]["totalPages"]) == (48, 1)


def test_an_event_type_is_disabled_and_enabled(world: VendorState) -> None:
    assert events.update_event_state(world, WORKSPACE, "loggedIn", {"value": False}, ADMIN).body == {"value": False}
    assert not is_event_enabled(world, WORKSPACE, "loggedIn")
    assert not events.get_event_configuration(world, WORKSPACE, "loggedIn", ADMIN).body["enabled"]
    assert events.update_event_state(world, WORKSPACE, "loggedIn", {}, ADMIN).body == {"value": False}
    assert events.update_event_state(world, WORKSPACE, "loggedIn", {"value": True}, ADMIN).body == {"value": True}


def test_the_older_way_enables_unless_it_is_told_otherwise(world: VendorState) -> None:
    body = {"id": "searched", "type": "searched", "enabled": False}
    off = events.update_event_configuration(world, WORKSPACE, "loggedIn", body, ADMIN).body
    assert (off["id"], off["enabled"]) == ("loggedIn", False)
    assert events.update_event_configuration(world, WORKSPACE, "loggedIn", {}, ADMIN).body["enabled"]


def test_the_schema_of_an_event_names_the_workspace_s_own_properties(world: VendorState) -> None:
    schema = events.get_event_properties(world, WORKSPACE, "completedOrder", ADMIN).body
    validator = Validator(schema)
    assert validator.is_valid({"orderId": "1", "extended": {"giftWrapped": True}})
    assert not validator.is_valid({"extended": {"giftWrapped": "yes"}})
    assert not validator.is_valid({"extended": {"carrier": "post"}})


def test_the_properties_of_one_event_type_are_no_other_s(world: VendorState) -> None:
    events.update_event_extended_properties(world, WORKSPACE, "loggedIn", {"device": TEXT}, ADMIN)
    assert set(events.get_event_extended_properties(world, WORKSPACE, "loggedIn", ADMIN).body) == {"device"}
    assert events.get_event_extended_properties(world, WORKSPACE, "loggedOut", ADMIN).body == {}


# Extended properties


def test_a_name_has_no_dot(world: VendorState) -> None:
    assert broken_places(world, kept(world) | {"gift.wrapped": TEXT}) == ["/gift.wrapped"]


def test_a_property_that_exists_is_not_left_out(world: VendorState) -> None:
    assert broken_places(world, {"visits": kept(world)["visits"]}) == ["/loyaltyLevel"]


@pytest.mark.parametrize("retyped", [NUMBER, {"type": "array", "items": TEXT}, {"type": "string", "format": "date"}])
def test_a_property_that_exists_keeps_its_type(world: VendorState, retyped: Json) -> None:
    assert broken_places(world, kept(world) | {"loyaltyLevel": retyped}) == ["/loyaltyLevel/type"]


def test_a_list_that_exists_keeps_the_type_of_its_items(world: VendorState) -> None:
    define(world, {"sizes": {"type": "array", "items": TEXT}})
    assert broken_places(world, kept(world) | {"sizes": {"type": "array", "items": NUMBER}}) == ["/sizes/type"]


@pytest.mark.parametrize("nullable", [{"type": ["string", "null"]}, {"type": "string", "nullable": True}])
def test_a_property_that_exists_may_become_nullable(world: VendorState, nullable: Json) -> None:
    define(world, {"hobby": TEXT})
    assert define(world, {"hobby": nullable})["hobby"]["type"] == nullable["type"]


def test_at_most_ten_properties_are_indexed(world: VendorState) -> None:
    indexed = {"type": "string", "contactlabProperties": {"indexed": True}}
    define(world, {f"p{number}": indexed for number in range(9)}, OPERATOR)
    assert broken_places(world, kept(world) | {"p9": indexed}) == ["/p9/contactlabProperties/indexed"]


@pytest.mark.parametrize("settings", [{"indexed": True}, {"label": "x", "indexed": True}])
def test_only_the_vendor_s_staff_changes_what_is_indexed(world: VendorState, settings: Json) -> None:
    body = {"hobby": {"type": "string", "contactlabProperties": settings}}
    with pytest.raises(Refused) as refusal:
        define(world, body)
    assert refusal.value.status == 403
    assert define(world, body, OPERATOR)["hobby"]["contactlabProperties"]["indexed"]


def test_what_is_indexed_may_be_sent_back_by_anyone(world: VendorState) -> None:
    assert define(world, {}) == kept(world)


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
    world: VendorState, definition: Json, most: int | None
) -> None:
    assert define(world, {"hobby": definition})["hobby"]["contactlabProperties"].get("maxLength") == most


def test_a_refused_definition_changes_nothing(world: VendorState) -> None:
    before = kept(world)
    broken_places(world, {"another.one": TEXT})
    assert kept(world) == before


def test_products_have_properties_of_their_own(world: VendorState) -> None:
    body = products.get_product_extended_properties(world, WORKSPACE, ADMIN).body | {"washable": {"type": "boolean"}}
    products.update_product_extended_properties(world, WORKSPACE, body, ADMIN)
    assert set(products.get_product_extended_properties(world, WORKSPACE, ADMIN).body) == {"material", "washable"}
    assert "washable" not in kept(world)


# Base properties


def test_a_base_property_is_disabled_and_enabled_either_way(world: VendorState) -> None:
    customer_properties.update_base_property(world, WORKSPACE, "contacts.fax", {"enabled": False}, ADMIN)
    assert disabled_base_properties(world, WORKSPACE) == {"contacts.fax"}
    answer = customer_properties.update_base_property_state(world, WORKSPACE, "contacts.fax", {"value": True}, ADMIN)
    assert answer.body == {"value": True}
    assert disabled_base_properties(world, WORKSPACE) == frozenset()


def test_a_base_property_without_a_new_state_keeps_the_old_one(world: VendorState) -> None:
    customer_properties.update_base_property_state(world, WORKSPACE, "title", {"value": False}, ADMIN)
    assert customer_properties.update_base_property_state(world, WORKSPACE, "title", {}, ADMIN).body == {"value": False}
    assert customer_properties.update_base_property(world, WORKSPACE, "title", {}, ADMIN).body["enabled"] is False


def test_the_list_says_which_base_properties_are_in_use(world: VendorState) -> None:
    customer_properties.update_base_property(world, WORKSPACE, "title", {"enabled": False}, ADMIN)
    states = {
        one["name"]: one["enabled"]
        for one in customer_properties.list_base_properties(world, WORKSPACE, ADMIN).body["elements"]
    }
    assert len(states) == 41
    assert [name for name, is_enabled in states.items() if not is_enabled] == ["title"]


def test_an_unknown_base_property_is_not_found(world: VendorState) -> None:
    with pytest.raises(Refused, match="base property not found shoeSize") as refusal:
        customer_properties.update_base_property(world, WORKSPACE, "shoeSize", {"enabled": False}, ADMIN)
    assert refusal.value.status == 404


def test_customers_of_the_start_keep_the_schema_of_customers(world: VendorState) -> None:
    validator = Validator(customer_properties.get_customer_properties(world, WORKSPACE, ADMIN).body)
    sent = {"base": {"firstName": "Ada", "contacts": {"email": "ada@example.com"}}, "extended": {"visits": 3}}
    assert validator.is_valid(sent)
    assert not validator.is_valid({"base": {"firstName": "A" * 256}})
    assert validator.is_valid({"base": {"address": {"street": "A" * 500}}})
    assert not validator.is_valid({"extended": {"visits": "3"}})


def test_the_schema_of_customers_lacks_what_is_disabled(world: VendorState) -> None:
    customer_properties.update_base_property(world, WORKSPACE, "contacts.fax", {"enabled": False}, ADMIN)
    schema = customer_properties.get_customer_properties(world, WORKSPACE, ADMIN).body
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
def test_the_products_policy_is_a_set_of_event_types(world: VendorState, body: Json, after: Any) -> None:
    products.update_products_update_policy(world, WORKSPACE, body, ADMIN)
    assert products.get_products_update_policy(world, WORKSPACE, ADMIN).body == {"eventTypes": after}


def test_a_plan_model_can_be_filled_from_its_events_and_from_products(world: VendorState) -> None:
    hub = contactplan_models.get_plan_model(world, WORKSPACE, "ORDER", ADMIN).body["hub"]
    assert [field["name"] for field in hub["event"]] == ["giftWrapped"]
    assert [field["name"] for field in hub["product"]] == ["material"]
    assert contactplan_models.get_plan_model(world, WORKSPACE, "COUPON", ADMIN).body["hub"]["event"] == []


def test_a_matching_policy_keeps_what_is_left_out(world: VendorState) -> None:
    answer = matching_policies.update_customer_matching_policy(
        world, WORKSPACE, ENTRY_NODE, {"caseSensitive": True}, ADMIN
    )
    assert answer.body == {"properties": ["base.contacts.email"], "caseSensitive": True}
    assert matching_policies.get_customer_matching_policy(world, WORKSPACE, ENTRY_NODE, ADMIN).body == answer.body


def test_customers_are_matched_by_a_new_policy_at_once(world: VendorState) -> None:
    body = {"properties": ["externalId"]}
    matching_policies.update_customer_matching_policy(world, WORKSPACE, ENTRY_NODE, body, ADMIN)
    node = world.collection(NODES).get(ENTRY_NODE) or {}
    customer = world.collection(CUSTOMERS).get(example_id(FIRST_CUSTOMER)) or {}
    assert find_equal(world, node, {"externalId": customer["externalId"]}) == customer["id"]


@pytest.mark.parametrize("node_id", [UNKNOWN, EVERYONE, "no-uuid"])
def test_only_an_entry_node_has_a_matching_policy(world: VendorState, node_id: str) -> None:
    with pytest.raises(Refused, match=f"node not found {node_id}") as refusal:
        matching_policies.get_customer_matching_policy(world, WORKSPACE, node_id, ADMIN)
    assert refusal.value.status == 404


def test_every_provider_s_role_is_listed(world: VendorState) -> None:
    listed = reference_lists.list_providers(world, WORKSPACE, ADMIN).body["elements"]
    assert {one["id"]: one["role"] for one in listed} == ROLE_OF


def test_every_context_is_listed_with_its_schema_as_text(world: VendorState) -> None:
    listed = reference_lists.list_contexts(world, WORKSPACE, ADMIN).body["elements"]
    assert sorted(one["id"] for one in listed) == sorted(context_names())
    assert all(json.loads(one["propertiesSchema"])["type"] == "object" for one in listed)


def test_sums_are_for_numbers_only(world: VendorState) -> None:
    listed = reference_lists.list_merge_policies(world, WORKSPACE, ADMIN).body["elements"]
    types = {one["id"]: set(one["supportedTypes"]) for one in listed}
    assert types["MATH_SUM"] == {"number", "integer"}
    assert len(types) == 9
