from typing import Any

import pytest

from tests.vendors.contacthub.calls import (
    AGGREGATE,
    CLIENT,
    CUSTOMER,
    ELSEWHERE,
    NO_ONE,
    NODE,
    OTHER_NODE,
    SECOND,
    SESSION,
    SOURCE,
    SUSPENDED,
    WORKSPACE,
    create,
    sent,
)
from tests.vendors.contacthub.steps import finish
from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.operations.aggregate_nodes import (
    create_aggregate_node,
    get_aggregate_node,
    list_aggregate_node_send_subscriptions,
    list_aggregate_nodes,
    update_aggregate_node,
    update_aggregate_node_state,
)
from understudy.vendors.contacthub.operations.entry_nodes import (
    create_entry_node,
    empty_entry_node,
    get_entry_node,
    list_entry_nodes,
    update_entry_node,
)
from understudy.vendors.contacthub.operations.nodes import list_nodes
from understudy.vendors.contacthub.retention.retention_policy import set_in_force
from understudy.vendors.contacthub.start_data.fixed_ids import PRINTED_AGGREGATES, PRINTED_ENTRY_NODES, RESERVE
from understudy.vendors.contacthub.tables import CUSTOMERS, EVENTS, MATCHES, SESSIONS, UPDATES

EMAIL = {"caseSensitive": False, "properties": ["base.contacts.email"]}
FILTER = {"property": "base.contacts.email", "value": "staff", "pattern": "START_WITH"}
PRINTED_ENTRIES = [name for name, _ in PRINTED_ENTRY_NODES.values()]
PRINTED_AGGREGATED = [name for name, *_ in PRINTED_AGGREGATES.values()]
GATHERED: Json = {"name": "Gathered", "entryNodes": [NODE], "matchingProperties": EMAIL}


def names(reply: Any) -> list[str]:
    return [node["name"] for node in reply.body["elements"]]


def listed(state: VendorState, node_type: str | None = None, page: int = 0, size: int = 20) -> Any:
    return list_nodes(state, WORKSPACE, page, size, node_type, CLIENT)


def refused_places(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(violation.path, violation.message) for violation in refused.value.violations]


def empty(state: VendorState, node_id: str = NODE, *, events_only: bool = False) -> None:
    assert finish(empty_entry_node(state, WORKSPACE, node_id, CLIENT, events_only=events_only)).status == 204


def test_nodes_of_both_kinds_are_listed(state: VendorState) -> None:
    assert names(listed(state)) == ["Shop", "Stores", "Everyone", "Reserve", *PRINTED_ENTRIES, *PRINTED_AGGREGATED]


def test_the_node_type_leaves_one_kind(state: VendorState) -> None:
    assert names(listed(state, "AGGREGATE")) == ["Everyone", "Reserve", *PRINTED_AGGREGATED]


def test_nodes_are_listed_a_page_at_a_time(state: VendorState) -> None:
    reply = listed(state, page=1, size=3)
    assert (names(reply), reply.body["page"]["totalPages"]) == (["Reserve", *PRINTED_ENTRIES[:2]], 4)


def test_a_listed_node_has_the_state_of_its_retention(state: VendorState) -> None:
    set_in_force(state, NODE, {"enabled": False})
    assert [node["retentionState"] for node in listed(state).body["elements"]] == [False] + [True] * 9


def test_a_listed_node_shows_what_its_kind_adds(state: VendorState) -> None:
    entry, *_, aggregate = listed(state).body["elements"]
    assert entry["properties"] == {"uniqueCustomer": EMAIL, "mandatoryProperties": []}
    assert sorted(aggregate["properties"]) == ["entryNodes", "exclusionFilters", "matchingProperties", "state"]


def test_a_new_entry_node_has_the_default_matching_policy(state: VendorState) -> None:
    node = create_entry_node(state, WORKSPACE, {"name": "Outlet"}, CLIENT).body
    assert node == get_entry_node(state, WORKSPACE, node["id"], CLIENT).body
    assert node["uniqueCustomer"] == EMAIL


def test_a_new_entry_node_has_no_customers(state: VendorState) -> None:
    node = create_entry_node(state, WORKSPACE, {"name": "Outlet"}, CLIENT).body
    assert state.collection(CUSTOMERS).count("nodeId", node["id"]) == 0


def test_a_new_entry_node_is_listed_last(state: VendorState) -> None:
    create_entry_node(state, WORKSPACE, {"name": "Outlet"}, CLIENT)
    assert names(list_entry_nodes(state, WORKSPACE, 0, 20, CLIENT)) == ["Shop", "Stores", *PRINTED_ENTRIES, "Outlet"]


@pytest.mark.parametrize(
    "path",
    ["externalId", "base.address.geo.lat", "consents.marketing.automatic.sms.status", "extended.loyaltyLevel"],
)
def test_every_property_of_customers_can_be_mandatory(state: VendorState, path: str) -> None:
    body = {"name": "Outlet", "mandatoryProperties": [path]}
    assert create_entry_node(state, WORKSPACE, body, CLIENT).body["mandatoryProperties"] == [path]


@pytest.mark.parametrize("path", ["base.shoeSize", "extended.shoeSize", "loyaltyLevel", "base", "id"])
def test_what_is_no_property_of_customers_cannot_be_mandatory(state: VendorState, path: str) -> None:
    with pytest.raises(Refused) as refused:
        create_entry_node(state, WORKSPACE, {"name": "Outlet", "mandatoryProperties": ["extra", path]}, CLIENT)
    assert refused_places(refused) == [("/mandatoryProperties/1", f"unknown property {path}")]


def test_what_is_no_property_of_customers_cannot_be_unique(state: VendorState) -> None:
    body = {"name": "Outlet", "uniqueCustomer": {"properties": ["base.shoeSize"]}}
    with pytest.raises(Refused) as refused:
        create_entry_node(state, WORKSPACE, body, CLIENT)
    assert refused_places(refused) == [("/uniqueCustomer/properties/0", "unknown property base.shoeSize")]


def test_a_source_that_is_not_there_has_no_priority(state: VendorState) -> None:
    with pytest.raises(Refused) as refused:
        create_entry_node(state, WORKSPACE, {"name": "Outlet", "sourcePriority": [SOURCE, NO_ONE]}, CLIENT)
    assert refused_places(refused) == [("/sourcePriority/1", f"source not found {NO_ONE}")]


def test_a_refused_entry_node_is_not_stored(state: VendorState) -> None:
    with pytest.raises(Refused, match=r"^entry node is not valid$"):
        create_entry_node(state, WORKSPACE, {"name": "Outlet", "mandatoryProperties": ["base.shoeSize"]}, CLIENT)
    assert names(list_entry_nodes(state, WORKSPACE, 0, 20, CLIENT)) == ["Shop", "Stores", *PRINTED_ENTRIES]


def test_an_update_of_an_entry_node_empties_what_it_leaves_out(state: VendorState) -> None:
    update_entry_node(state, WORKSPACE, NODE, {"id": NODE, "name": "Shop", "uniqueCustomer": EMAIL}, CLIENT)
    node = get_entry_node(state, WORKSPACE, NODE, CLIENT).body
    assert (node["description"], node["sourcePriority"], node["mandatoryProperties"]) == (None, [], [])


def test_an_id_in_the_body_does_not_choose_the_entry_node(state: VendorState) -> None:
    body = {"id": OTHER_NODE, "name": "Web shop", "uniqueCustomer": EMAIL}
    assert update_entry_node(state, WORKSPACE, NODE, body, CLIENT).body["id"] == NODE


def test_customers_are_matched_by_the_new_unique_properties(state: VendorState) -> None:
    body = {"id": NODE, "name": "Shop", "uniqueCustomer": {"properties": ["externalId"]}}
    update_entry_node(state, WORKSPACE, NODE, body, CLIENT)
    merged = create(state, sent("elsewhere@example.com") | {"externalId": "customer-5001"})
    assert merged["id"] == SECOND


def test_an_aggregate_node_is_no_entry_node(state: VendorState) -> None:
    with pytest.raises(Refused, match=f"^node not found {AGGREGATE}$") as refused:
        get_entry_node(state, WORKSPACE, AGGREGATE, CLIENT)
    assert refused.value.status == 404


def test_an_emptied_node_has_neither_customers_nor_events(state: VendorState) -> None:
    empty(state)
    assert [state.collection(name).count("nodeId", NODE) for name in (CUSTOMERS, EVENTS)] == [0, 0]


def test_nothing_that_was_a_customers_outlives_an_emptied_node(state: VendorState) -> None:
    empty(state)
    assert SESSION not in state.collection(SESSIONS)
    assert state.collection(MATCHES).find("customerId", CUSTOMER) == []


def test_an_emptied_node_is_still_there(state: VendorState) -> None:
    empty(state)
    assert get_entry_node(state, WORKSPACE, NODE, CLIENT).body["name"] == "Shop"


def test_emptying_a_node_leaves_the_others(state: VendorState) -> None:
    empty(state)
    assert ELSEWHERE in state.collection(CUSTOMERS)


def test_a_node_emptied_of_events_keeps_its_customers(state: VendorState) -> None:
    empty(state, events_only=True)
    assert [state.collection(name).count("nodeId", NODE) for name in (CUSTOMERS, EVENTS)] == [60, 0]


def test_the_update_stream_has_a_delete_of_each_record_of_an_emptied_node(state: VendorState) -> None:
    had = sum(state.collection(name).count("nodeId", NODE) for name in (CUSTOMERS, EVENTS))
    empty(state)
    assert sum(row["operation"] == "DELETE" for row in state.collection(UPDATES)) == had


def test_an_unknown_node_is_not_emptied(state: VendorState) -> None:
    with pytest.raises(Refused, match=f"^node not found {NO_ONE}$"):
        empty(state, NO_ONE)


def test_aggregate_nodes_are_listed_on_one_page(state: VendorState) -> None:
    reply = list_aggregate_nodes(state, WORKSPACE, CLIENT)
    assert (names(reply), reply.body["page"]["totalPages"]) == (["Everyone", "Reserve", *PRINTED_AGGREGATED], 1)


def test_an_aggregate_node_starts_as_new(state: VendorState) -> None:
    node = create_aggregate_node(state, WORKSPACE, GATHERED | {"exclusionFilters": [FILTER]}, CLIENT).body
    assert node == get_aggregate_node(state, WORKSPACE, node["id"], CLIENT).body
    assert (node["state"], node["exclusionFilters"]) == ("NEW", [FILTER])


def test_an_aggregate_node_names_only_entry_nodes_that_exist(state: VendorState) -> None:
    with pytest.raises(Refused, match=r"^aggregate node is not valid$") as refused:
        create_aggregate_node(state, WORKSPACE, GATHERED | {"entryNodes": [NODE, AGGREGATE, NO_ONE]}, CLIENT)
    assert refused_places(refused) == [
        ("/entryNodes/1", f"node not found {AGGREGATE}"),
        ("/entryNodes/2", f"node not found {NO_ONE}"),
    ]


def test_an_aggregate_node_matches_only_by_properties_of_customers(state: VendorState) -> None:
    with pytest.raises(Refused) as refused:
        create_aggregate_node(state, WORKSPACE, GATHERED | {"matchingProperties": {"properties": ["base.no"]}}, CLIENT)
    assert refused_places(refused) == [("/matchingProperties/properties/0", "unknown property base.no")]


def test_entry_nodes_and_matching_properties_of_an_aggregate_node_cannot_change(state: VendorState) -> None:
    body = GATHERED | {"matchingProperties": {"properties": ["externalId"]}}
    node = update_aggregate_node(state, WORKSPACE, AGGREGATE, body, CLIENT).body
    assert (node["name"], node["entryNodes"], node["matchingProperties"]) == ("Gathered", [NODE, OTHER_NODE], EMAIL)


def test_an_update_of_an_aggregate_node_empties_what_it_leaves_out(state: VendorState) -> None:
    update_aggregate_node(state, WORKSPACE, AGGREGATE, {"name": "All", "exclusionFilters": [FILTER]}, CLIENT)
    node = update_aggregate_node(state, WORKSPACE, AGGREGATE, {"name": "All"}, CLIENT).body
    assert (node["description"], node["exclusionFilters"], node["state"]) == (None, [], "ACTIVE")


def test_a_new_aggregate_node_can_be_activated(state: VendorState) -> None:
    assert update_aggregate_node_state(state, WORKSPACE, RESERVE, {"state": "ACTIVE"}, CLIENT).body == {
        "state": "ACTIVE"
    }
    assert get_aggregate_node(state, WORKSPACE, RESERVE, CLIENT).body["state"] == "ACTIVE"


def test_an_aggregate_node_can_be_activated_by_an_update(state: VendorState) -> None:
    update_aggregate_node(state, WORKSPACE, RESERVE, {"name": "Reserve", "state": "ACTIVE"}, CLIENT)
    assert get_aggregate_node(state, WORKSPACE, RESERVE, CLIENT).body["state"] == "ACTIVE"


def test_an_empty_object_changes_no_state(state: VendorState) -> None:
    assert update_aggregate_node_state(state, WORKSPACE, RESERVE, {}, CLIENT).body == {"state": "NEW"}


@pytest.mark.parametrize(
    ("node_id", "present", "wanted"),
    [(AGGREGATE, "ACTIVE", "NEW"), (AGGREGATE, "ACTIVE", "REMOVED"), (RESERVE, "NEW", "LOCKED")],
)
def test_no_other_change_of_state_is_supported(state: VendorState, node_id: str, present: str, wanted: str) -> None:
    with pytest.raises(Refused, match=r"^aggregate node state is not valid$") as refused:
        update_aggregate_node_state(state, WORKSPACE, node_id, {"state": wanted}, CLIENT)
    assert refused_places(refused) == [("/state", f"a node cannot go from {present} to {wanted}")]


def test_an_entry_node_is_no_aggregate_node(state: VendorState) -> None:
    with pytest.raises(Refused, match=f"^node not found {NODE}$"):
        get_aggregate_node(state, WORKSPACE, NODE, CLIENT)


def test_an_aggregate_node_has_the_send_subscriptions_of_its_entry_nodes(state: VendorState) -> None:
    assert list_aggregate_node_send_subscriptions(state, WORKSPACE, AGGREGATE, CLIENT).body == [
        {
            "subscriptionId": "newsletter",
            "path": "base.subscriptions.newsletter",
            "entryNodeName": "Shop",
            "entryNodeId": NODE,
            "type": "string",
        }
    ]


def test_an_aggregate_node_of_unconnected_nodes_has_no_send_subscriptions(state: VendorState) -> None:
    node = create_aggregate_node(state, WORKSPACE, GATHERED | {"entryNodes": [OTHER_NODE]}, CLIENT).body
    assert list_aggregate_node_send_subscriptions(state, WORKSPACE, node["id"], CLIENT).body == []


def test_a_suspended_workspace_takes_no_node(state: VendorState) -> None:
    with pytest.raises(Refused, match=f"^workspace suspended: {SUSPENDED}$"):
        create_entry_node(state, SUSPENDED, {"name": "Outlet"}, Caller("staff"))
