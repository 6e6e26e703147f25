"""Merge, PATCH and PUT of customers."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.vendors.contacthub.calls import (
    CUSTOMER,
    NODE,
    OTHER_NODE,
    SECOND,
    SOURCE,
    WORKSPACE,
    configure,
    create,
    patch,
    put,
    read,
    sent,
)
from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.customers.document_changes import WRITABLE_PROPERTIES
from understudy.vendors.contacthub.nodes.unique_index import reindex_node, unique_value
from understudy.vendors.contacthub.operations.customers import patch_customer
from understudy.vendors.contacthub.tables import CUSTOMERS, UPDATES
from understudy.vendors.contacthub.update_stream import last_offset
from understudy.vendors.contacthub.writing.customer_put import CLEAR_MISSING, set_missing_in_put

Json = dict[str, Any]


def last_update(state: VendorState) -> Json:
    update = state.collection(UPDATES).get(str(last_offset(state)))
    assert update is not None
    return update


# Merging


def test_an_equal_customer_is_merged_into(state: VendorState) -> None:
    merged = create(state, sent("customer-5000@example.com", firstName="Merged"))
    assert (merged["id"], merged["base"]["firstName"]) == (CUSTOMER, "Merged")


def test_matching_ignores_case_unless_the_node_is_case_sensitive(state: VendorState) -> None:
    assert create(state, sent("Customer-5000@Example.com"))["id"] == CUSTOMER


def test_a_node_may_be_case_sensitive(state: VendorState) -> None:
    policy = {"caseSensitive": True, "properties": ["base.contacts.email"]}
    configure(state, uniqueCustomer=policy)
    assert create(state, sent("Customer-5000@Example.com"))["id"] != CUSTOMER


def test_equal_customers_of_two_nodes_are_two(state: VendorState) -> None:
    assert create(state, sent("customer-5001@example.com", node=OTHER_NODE))["id"] != SECOND


def test_customers_are_equal_by_all_unique_properties_together(state: VendorState) -> None:
    configure(state, uniqueCustomer={"properties": ["base.contacts.email", "externalId"]})
    first = create(state, sent("same@example.com") | {"externalId": "a"})
    second = create(state, sent("same@example.com") | {"externalId": "b"})
    again = create(state, sent("SAME@example.com") | {"externalId": "A"})
    assert (again["id"], again["id"] == second["id"]) == (first["id"], False)


def test_a_node_without_unique_properties_never_merges(state: VendorState) -> None:
    configure(state, uniqueCustomer={"properties": []})
    assert create(state, sent())["id"] != create(state, sent())["id"]


def test_customers_are_recognised_anew_when_the_unique_properties_change(state: VendorState) -> None:
    configure(state, uniqueCustomer={"properties": ["externalId"]})
    node = {"id": NODE, "data": {"uniqueCustomer": {"properties": ["externalId"]}}}
    reindex_node(state, node)
    assert create(state, sent() | {"externalId": "customer-5000"})["id"] == CUSTOMER


def test_a_list_or_object_makes_no_customers_equal() -> None:
    assert unique_value({"properties": ["base.contacts"]}, sent()) is None


def test_a_merge_leaves_what_is_not_sent(state: VendorState) -> None:
    before = read(state)
    merged = create(state, sent("customer-5000@example.com", firstName="Merged"))
    assert merged["base"] == {**before["base"], "firstName": "Merged"}


def test_a_merge_unsets_a_value_that_is_sent_as_null(state: VendorState) -> None:
    assert create(state, sent("customer-5000@example.com", dob=None))["base"]["dob"] is None


def test_a_merge_takes_nothing_from_lists(state: VendorState) -> None:
    before = read(state)["base"]
    merged = create(state, sent("customer-5000@example.com", jobs=[], likes=None))["base"]
    assert (merged["jobs"], merged["likes"]) == (before["jobs"], before["likes"])


def test_a_merge_appends_to_lists(state: VendorState) -> None:
    contact = {"name": "home", "type": "PHONE", "value": "1"}
    body = {"nodeId": NODE, "base": {"contacts": {"email": "customer-5000@example.com", "otherContacts": [contact]}}}
    assert [found["name"] for found in create(state, body)["base"]["contacts"]["otherContacts"]] == ["work", "home"]


def test_a_merge_leaves_no_doubles_in_lists(state: VendorState) -> None:
    body = sent("customer-5000@example.com") | {"tags": {"manual": ["new", "vip", "new"]}}
    assert create(state, body)["tags"] == {"auto": [], "manual": ["vip", "new"]}


def test_of_two_elements_with_one_id_the_later_counts(state: VendorState) -> None:
    merged = create(state, sent("customer-5000@example.com", jobs=[{"id": "job-1", "jobTitle": "Head"}]))
    assert [(job["id"], job["jobTitle"], job["companyName"]) for job in merged["base"]["jobs"]] == [
        ("job-1", "Head", None)
    ]


def test_a_merge_keeps_what_is_not_sent_of_a_subscription(state: VendorState) -> None:
    merged = create(state, sent("customer-5000@example.com", subscriptions=[{"id": "newsletter", "kind": "OTHER"}]))
    subscription = merged["base"]["subscriptions"][0]
    assert (subscription["kind"], subscription["name"], subscription["subscribed"]) == (
        "OTHER",
        "Weekly newsletter",
        True,
    )


def test_a_merge_is_an_update(state: VendorState) -> None:
    before = read(state)
    merged = create(state, sent("customer-5000@example.com"))
    assert (merged["version"], last_update(state)["operation"]) == (before["version"] + 1, "UPDATE")


def test_lists_of_extended_properties_are_appended_to_without_doubles(state: VendorState) -> None:
    define(state, sizes={"type": "array", "items": {"type": "integer"}})
    create(state, sent() | {"extended": {"sizes": [1, 2]}})
    assert create(state, sent() | {"extended": {"sizes": [2, 3]}})["extended"]["sizes"] == [1, 2, 3]


def define(state: VendorState, **properties: Json) -> None:
    state.collection("settings").put({"id": f"{WORKSPACE}/extended/customers", "data": properties})


# Changing


def test_a_patch_merges_deeply(state: VendorState) -> None:
    before = read(state)["base"]
    changed = patch(state, {"base": {"address": {"city": "Torino"}}})["base"]
    assert changed == {**before, "address": {**before["address"], "city": "Torino"}}


def test_a_patch_unsets_what_is_null(state: VendorState) -> None:
    changed = patch(state, {"base": {"dob": None, "address": None, "jobs": None}, "extended": {"visits": None}})
    base = changed["base"]
    assert (base["dob"], base["address"], base["jobs"], changed["extended"].get("visits")) == (None, None, [], None)


def test_a_patch_replaces_lists(state: VendorState) -> None:
    assert patch(state, {"tags": {"manual": ["one", "two", "one"]}})["tags"]["manual"] == ["one", "two"]


def test_a_patch_of_manual_tags_leaves_the_automatic_ones(state: VendorState) -> None:
    patch(state, {"tags": {"auto": ["regular"]}})
    assert patch(state, {"tags": {"manual": ["new"]}})["tags"] == {"auto": ["regular"], "manual": ["new"]}


def test_a_patch_of_consents_leaves_the_others(state: VendorState) -> None:
    before = read(state)["consents"]
    changed = patch(state, {"consents": {"softSpam": {"email": {"status": True}}}})["consents"]
    given = {"status": True, "limitation": None, "objection": None}
    assert changed == {**before, "softSpam": {"email": given, "papery": None}}


def test_a_patch_merges_subscriptions_one_by_one(state: VendorState) -> None:
    news = {"id": "news", "subscribed": False}
    subscriptions = patch(state, {"base": {"subscriptions": [news]}})["base"]["subscriptions"]
    assert [found["id"] for found in subscriptions] == ["newsletter", "news"]


def test_a_strict_patch_replaces_the_subscriptions(state: VendorState) -> None:
    body = {"base": {"subscriptions": [{"id": "newsletter", "subscribed": False}]}}
    subscriptions = patch(state, body, mode="STRICT")["base"]["subscriptions"]
    assert [(found["id"], found["name"]) for found in subscriptions] == [("newsletter", None)]


def test_a_strict_patch_without_subscriptions_leaves_them(state: VendorState) -> None:
    before = read(state)["base"]["subscriptions"]
    assert patch(state, {"base": {"firstName": "X"}}, mode="STRICT")["base"]["subscriptions"] == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", SECOND),
        ("nodeId", OTHER_NODE),
        ("intId", 1),
        ("registeredAt", "2001-01-01T00:00:00.000+0000"),
        ("deleted", 1),
        ("sourceInfo", None),
    ],
)
def test_an_immutable_property_is_ignored(state: VendorState, name: str, value: object) -> None:
    before = read(state)
    changed = patch(state, {name: value})
    assert changed[name] == (before[name] if name != "sourceInfo" else {**before[name], "updatedBy": SOURCE})


def test_version_and_time_grow_on_every_write(state: VendorState) -> None:
    state.clock.set(datetime(2027, 1, 1, tzinfo=UTC), rate=0)
    first = patch(state, {})
    second = patch(state, {})
    assert (second["version"], second["updatedAt"]) == (first["version"] + 1, "2027-01-01T00:00:00.001+0000")


def test_time_grows_also_where_the_clock_was_set_back(state: VendorState) -> None:
    first = patch(state, {})
    state.clock.set(datetime(2001, 1, 1, tzinfo=UTC), rate=0)
    assert patch(state, {})["updatedAt"] > first["updatedAt"]


def test_a_user_is_not_named_as_the_source_of_a_change(state: VendorState) -> None:
    user = Caller("user", claims={"userId": "401"})
    changed = patch_customer(state, WORKSPACE, CUSTOMER, {}, user).body
    assert changed["sourceInfo"] == {"registeredBy": SOURCE, "updatedBy": None}


def test_a_change_that_makes_two_customers_equal_is_refused(state: VendorState) -> None:
    with pytest.raises(Refused, match=f"^Conflict with exiting customer {SECOND}$") as caught:
        patch(state, {"base": {"contacts": {"email": "CUSTOMER-5001@example.com"}}})
    assert caught.value.status == 409
    assert caught.value.data["customer"]["id"] == SECOND
    assert caught.value.data["customer"]["href"].endswith(f"/workspaces/{WORKSPACE}/customers/{SECOND}")


def test_a_refusal_to_an_untrusted_source_does_not_name_the_other_customer(state: VendorState) -> None:
    browser = Caller("browser", frozenset({"UNTRUSTED_APPLICATION"}))
    body = {"base": {"contacts": {"email": "customer-5001@example.com"}}}
    with pytest.raises(Refused) as caught:
        patch_customer(state, WORKSPACE, CUSTOMER, body, browser)
    assert caught.value.data == {}


def test_a_refused_change_changes_nothing(state: VendorState) -> None:
    before, offset = read(state), last_offset(state)
    with pytest.raises(Refused):
        patch(state, {"base": {"contacts": {"email": "customer-5001@example.com"}}})
    assert (read(state), last_offset(state)) == (before, offset)


def test_an_address_that_a_customer_gave_up_is_free(state: VendorState) -> None:
    patch(state, {"base": {"contacts": {"email": "moved@example.com"}}})
    assert create(state, sent("customer-5000@example.com"))["id"] != CUSTOMER


def test_a_change_of_an_external_id_is_found(state: VendorState) -> None:
    patch(state, {"externalId": "renamed"})
    found = state.collection(CUSTOMERS).first("externalId", (NODE, "renamed"))
    assert found is not None
    assert found["id"] == CUSTOMER


# Replacing


def test_missing_properties_are_not_modified_by_a_put(state: VendorState) -> None:
    before = read(state)
    after = put(state, sent("customer-5000@example.com"))
    assert {name: after[name] for name in WRITABLE_PROPERTIES} == {name: before[name] for name in WRITABLE_PROPERTIES}
    assert after["consents"]["disclaimer"] is not None


def test_a_put_replaces_the_lists_that_it_sends_and_unsets_what_it_sends_as_null(state: VendorState) -> None:
    body = sent("customer-5000@example.com")
    body["base"] |= {"likes": [], "firstName": None}
    replaced = put(state, body | {"tags": {"manual": ["new"]}})
    assert (replaced["base"]["likes"], replaced["base"]["firstName"]) == ([], None)
    assert (replaced["tags"]["manual"], replaced["externalId"]) == (["new"], "customer-5000")


def test_a_put_unsets_what_the_body_lacks_in_the_other_reading(state: VendorState) -> None:
    set_missing_in_put(state, CLEAR_MISSING)
    subscriptions = read(state)["base"]["subscriptions"]
    replaced = put(state, sent("customer-5000@example.com"))
    assert (replaced["base"]["firstName"], replaced["externalId"], replaced["tags"]) == (None, None, None)
    assert replaced["base"]["subscriptions"] == subscriptions


def test_a_strict_put_unsets_what_the_body_lacks(state: VendorState) -> None:
    replaced = put(state, sent("customer-5000@example.com"), mode="STRICT")
    assert (replaced["base"]["firstName"], replaced["externalId"], replaced["extended"], replaced["tags"]) == (
        None,
        None,
        None,
        None,
    )


def test_a_put_of_what_was_read_changes_nothing_but_the_write_itself(state: VendorState) -> None:
    before = read(state)
    after = put(state, before)
    written = {"version", "updatedAt", "sourceInfo"}
    assert {name: value for name, value in after.items() if name not in written} == {
        name: value for name, value in before.items() if name not in written
    }


def test_a_put_keeps_the_subscriptions_that_the_body_lacks(state: VendorState) -> None:
    before = read(state)["base"]["subscriptions"]
    assert put(state, sent("customer-5000@example.com"))["base"]["subscriptions"] == before


def test_a_strict_put_unsets_the_subscriptions_too(state: VendorState) -> None:
    assert put(state, sent("customer-5000@example.com"), mode="STRICT")["base"]["subscriptions"] == []


def test_a_put_does_not_move_a_customer(state: VendorState) -> None:
    assert put(state, sent("customer-5000@example.com", node=OTHER_NODE))["nodeId"] == NODE


def test_a_put_needs_the_unique_properties(state: VendorState) -> None:
    with pytest.raises(Refused, match=r"^source customer is not valid$"):
        put(state, {"nodeId": NODE, "base": {"firstName": "Nameless"}})


def test_a_put_that_makes_two_customers_equal_is_refused(state: VendorState) -> None:
    with pytest.raises(Refused) as caught:
        put(state, sent("customer-5001@example.com"))
    assert caught.value.status == 409
