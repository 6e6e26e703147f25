"""Aggregate nodes: their members, the merge of the members' values, and excluded customers."""

from typing import Any

import pytest

from tests.vendors.contacthub.calls import (
    AGGREGATE,
    CLIENT,
    CUSTOMER,
    ELSEWHERE,
    ID,
    NODE,
    OTHER_NODE,
    SECOND,
    STRANGER,
    WORKSPACE,
    Json,
    configure,
    create,
    patch,
    read,
    sent,
)
from tests.vendors.contacthub.steps import finish
from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.aggregates.merge import merge_members
from understudy.vendors.contacthub.configuration.stored_settings import extended_definitions, write_setting
from understudy.vendors.contacthub.operations.aggregate_nodes import (
    create_aggregate_node,
    update_aggregate_node,
    update_aggregate_node_state,
)
from understudy.vendors.contacthub.operations.customer_search import search_customers
from understudy.vendors.contacthub.operations.customers import create_customer, delete_customer, list_entry_customers
from understudy.vendors.contacthub.operations.event_search import search_events
from understudy.vendors.contacthub.operations.events import create_event
from understudy.vendors.contacthub.start_data.fixed_ids import PRINTED_NODE
from understudy.vendors.contacthub.tables import AGGREGATED, CUSTOMERS, EVENTS, GATHERINGS

WEB_SHOP = f"{ID}0302"
ANYONE = Caller("tester")
SHARED = "customer-5000@example.com"


def search(
    state: VendorState, *, node: str = AGGREGATE, email: str | None = None, size: int = 50, query: str | None = None
) -> Json:
    """Return a page of a node's customers, optionally of those with an e-mail address."""
    if email is not None:
        condition = (
            f'{{"type": "atomic", "attribute": "base.contacts.email", "operator": "EQUALS", "value": "{email}"}}'
        )
        query = f'{{"query": {{"type": "simple", "are": {{"condition": {condition}}}}}}}'
    reply = finish(search_customers(state, WORKSPACE, node, None, query, None, size, None, 0, ANYONE))
    return dict(reply.body)


def gathered(state: VendorState, email: str = SHARED) -> Json:
    """Return the aggregate customer with an e-mail address."""
    [found] = search(state, email=email)["elements"]
    return dict(found)


def members(state: VendorState, aggregate_id: str, page: int = 0, size: int = 10) -> Json:
    return dict(list_entry_customers(state, WORKSPACE, aggregate_id, page, size, ANYONE).body)


def ids(page: Json) -> list[str]:
    return [element["id"] for element in page["elements"]]


def events_of(
    state: VendorState, *, node: str | None = None, customer: str | None = None, caller: Caller = ANYONE
) -> Json:
    reply = finish(
        search_events(state, WORKSPACE, customer, node, None, None, None, None, None, 50, None, 0, caller),
    )
    return dict(reply.body)


def define(state: VendorState, **definitions: Json) -> None:
    """Define additional extended properties of customers."""
    write_setting(
        state, WORKSPACE, "extended/customers", {**extended_definitions(state, WORKSPACE, "customers"), **definitions}
    )


def exclude(state: VendorState, *filters: tuple[str, str, str]) -> None:
    """Exclude customers from the aggregate node, by property, pattern and value."""
    listed = [{"property": path, "pattern": pattern, "value": value} for path, pattern, value in filters]
    update_aggregate_node(state, WORKSPACE, AGGREGATE, {"name": "Everyone", "exclusionFilters": listed}, ANYONE)


# Members


def test_an_aggregate_node_has_the_customers_of_its_entry_nodes(state: VendorState) -> None:
    customers = state.collection(CUSTOMERS)

    page = search(state)["page"]

    entries = customers.count("nodeId", NODE) + customers.count("nodeId", OTHER_NODE)
    assert page["totalElements"] == entries - 1  # one of them is in both


def test_customers_who_share_the_matching_properties_are_one(state: VendorState) -> None:
    assert set(ids(members(state, gathered(state)["id"]))) == {CUSTOMER, ELSEWHERE}


def test_matching_of_members_ignores_case_unless_the_node_is_case_sensitive(state: VendorState) -> None:
    customer = create(state, sent("CUSTOMER-5001@example.com", node=OTHER_NODE))["id"]

    assert set(ids(members(state, gathered(state, "customer-5001@example.com")["id"]))) == {SECOND, customer}


def test_a_case_sensitive_node_separates_values_that_differ_in_case(state: VendorState) -> None:
    configure(state, AGGREGATE, matchingProperties={"caseSensitive": True, "properties": ["base.contacts.email"]})
    customer = create(state, sent("CUSTOMER-5001@example.com", node=OTHER_NODE))["id"]

    assert ids(members(state, gathered(state, "CUSTOMER-5001@example.com")["id"])) == [customer]


def test_a_customer_without_the_matching_properties_is_alone(state: VendorState) -> None:
    configure(state, uniqueCustomer={"caseSensitive": False, "properties": []})
    made = [create(state, {"nodeId": NODE, "externalId": name})["id"] for name in ("first", "second")]

    alone = [each for each in search(state, size=2)["elements"] if each["externalId"] in {"first", "second"}]

    assert sorted(ids(members(state, each["id"]))[0] for each in alone) == sorted(made)


def test_an_aggregate_customer_is_read_by_its_id(state: VendorState) -> None:
    found = gathered(state)

    assert read(state, found["id"]) == found
    assert found["nodeId"] == AGGREGATE


def test_an_aggregate_customer_is_not_written(state: VendorState) -> None:
    with pytest.raises(Refused, match="is read only") as caught:
        patch(state, {}, gathered(state)["id"])
    assert caught.value.status == 403


def test_an_event_is_not_of_an_aggregate_customer(state: VendorState) -> None:
    body = {"customerId": gathered(state)["id"], "type": "loggedIn", "context": "WEB", "properties": {}}

    with pytest.raises(Refused, match="is read only") as caught:
        create_event(state, WORKSPACE, body, ANYONE)
    assert caught.value.status == 403


def test_entry_customers_are_listed_a_page_at_a_time(state: VendorState) -> None:
    page = members(state, gathered(state)["id"], page=1, size=1)

    assert (ids(page), page["page"]["totalPages"]) == ([ELSEWHERE], 2)


def test_a_customer_of_an_entry_node_has_no_entry_customers(state: VendorState) -> None:
    assert members(state, CUSTOMER)["elements"] == []


def test_a_source_of_other_nodes_does_not_see_an_aggregate_customer(state: VendorState) -> None:
    with pytest.raises(Refused) as caught:
        list_entry_customers(state, WORKSPACE, gathered(state)["id"], 0, 10, STRANGER)
    assert caught.value.status == 403


# Following


def test_an_aggregate_node_that_is_never_read_costs_nothing(state: VendorState) -> None:
    create(state, sent())

    assert len(state.collection(GATHERINGS)) == len(state.collection(AGGREGATED)) == 0


def test_a_new_customer_shows_in_the_next_search(state: VendorState) -> None:
    search(state)

    customer = create(state, sent())["id"]

    assert ids(members(state, gathered(state, "new@example.com")["id"])) == [customer]


def test_a_change_of_a_member_shows_at_once(state: VendorState) -> None:
    aggregate_id = gathered(state)["id"]
    before = read(state, aggregate_id)["version"]

    patch(state, {"base": {"firstName": "Changed"}})

    after = read(state, aggregate_id)
    assert (after["base"]["firstName"], after["version"]) == ("Changed", before + 1)


def test_a_member_that_no_longer_matches_leaves(state: VendorState) -> None:
    aggregate_id = gathered(state)["id"]

    patch(state, {"base": {"contacts": {"email": "moved@example.com"}}})

    assert ids(members(state, aggregate_id)) == [ELSEWHERE]
    assert ids(members(state, gathered(state, "moved@example.com")["id"])) == [CUSTOMER]


def test_an_aggregate_customer_is_gone_with_its_last_member(state: VendorState) -> None:
    aggregate_id = gathered(state)["id"]
    for customer in (CUSTOMER, ELSEWHERE):
        finish(delete_customer(state, WORKSPACE, customer, CLIENT))

    assert search(state, email=SHARED)["elements"] == []
    with pytest.raises(Refused, match="customer not found"):
        read(state, aggregate_id)


def test_an_aggregate_customer_has_the_same_id_each_time_it_is_built(state: VendorState) -> None:
    early = gathered(state)["id"]
    create(state, sent())
    late = gathered(state, "new@example.com")["id"]
    state.collection(GATHERINGS).clear()
    state.collection(AGGREGATED).clear()

    assert (gathered(state)["id"], gathered(state, "new@example.com")["id"]) == (early, late)


# States


def make(state: VendorState, **more: Any) -> str:
    matching = {"caseSensitive": False, "properties": ["base.contacts.email"]}
    body = {"name": "Other", "entryNodes": [OTHER_NODE, NODE], "matchingProperties": matching, **more}
    return str(create_aggregate_node(state, WORKSPACE, body, ANYONE).body["id"])


def test_a_new_node_holds_nothing_until_it_is_active(state: VendorState) -> None:
    node = make(state)
    before = (search(state, node=node)["page"]["totalElements"], events_of(state, node=node)["elements"])

    update_aggregate_node_state(state, WORKSPACE, node, {"state": "ACTIVE"}, ANYONE)

    assert before == (0, [])
    assert search(state, node=node)["page"]["totalElements"] == search(state)["page"]["totalElements"]


# Values


def test_the_foremost_entry_node_of_the_list_counts(state: VendorState) -> None:
    node = make(state)
    update_aggregate_node_state(state, WORKSPACE, node, {"state": "ACTIVE"}, ANYONE)
    patch(state, {"base": {"firstName": "Of the shop"}})
    patch(state, {"base": {"firstName": "Of the stores"}}, ELSEWHERE)
    [other] = search(state, node=node, email=SHARED)["elements"]

    assert gathered(state)["base"]["firstName"] == "Of the shop"
    assert other["base"]["firstName"] == "Of the stores"


def test_what_the_foremost_lacks_comes_from_the_next(state: VendorState) -> None:
    patch(state, {"base": {"middleName": "Of the stores"}}, ELSEWHERE)

    assert gathered(state)["base"]["middleName"] == "Of the stores"


def in_one_node(state: VendorState, priority: list[str]) -> str:
    """Return two customers of one node with one e-mail address: the first written by the web shop, the other later."""
    configure(state, uniqueCustomer={"caseSensitive": False, "properties": ["externalId"]}, sourcePriority=priority)
    for source, name in ((WEB_SHOP, "web"), (f"{ID}0301", "system")):
        caller = Caller(name, claims={"workspaceId": WORKSPACE, "sourceId": source})
        body = {**sent("both@example.com", firstName=name), "externalId": name}
        create_customer(state, WORKSPACE, body, caller)
    return str(gathered(state, "both@example.com")["base"]["firstName"])


def test_within_a_node_the_source_with_priority_counts(state: VendorState) -> None:
    assert in_one_node(state, [WEB_SHOP]) == "web"


def test_a_source_without_priority_comes_after_those_with_one(state: VendorState) -> None:
    assert in_one_node(state, [f"{ID}0301", WEB_SHOP]) == "system"


def test_a_change_of_priority_shows_in_the_next_search(state: VendorState) -> None:
    in_one_node(state, [WEB_SHOP])

    configure(state, sourcePriority=[f"{ID}0301"])

    assert gathered(state, "both@example.com")["base"]["firstName"] == "system"


def test_an_address_is_one_members_as_a_whole(state: VendorState) -> None:
    patch(state, {"base": {"address": {"region": None}}})
    patch(state, {"base": {"address": {"region": "Elsewhere"}}}, ELSEWHERE)

    assert gathered(state)["base"]["address"] == read(state)["base"]["address"]


def test_lists_are_united_without_doubles(state: VendorState) -> None:
    patch(state, {"tags": {"manual": ["vip", "shop"]}})
    patch(state, {"tags": {"manual": ["vip", "stores"]}}, ELSEWHERE)

    assert gathered(state)["tags"]["manual"] == ["vip", "shop", "stores"]


def test_of_subscriptions_with_one_id_the_foremost_counts(state: VendorState) -> None:
    subscriptions = [{"id": "newsletter", "subscribed": False}, {"id": "paper", "subscribed": True}]
    patch(state, {"base": {"subscriptions": subscriptions}}, ELSEWHERE)

    found = {each["id"]: each["subscribed"] for each in gathered(state)["base"]["subscriptions"]}

    assert found == {"newsletter": True, "paper": True}


def test_an_aggregate_customer_was_registered_with_its_first_member_and_updated_with_its_last(
    state: VendorState,
) -> None:
    patch(state, {}, ELSEWHERE)
    entries = [read(state, CUSTOMER), read(state, ELSEWHERE)]

    found = gathered(state)

    assert found["registeredAt"] == min(each["registeredAt"] for each in entries)
    assert found["updatedAt"] == entries[1]["updatedAt"]


# Merge policies


def merged(kind: str, policy: str | None, *values: Any) -> Any:
    """Return the merge of values of an extended property, the foremost member's value first."""
    settings = {} if policy is None else {"mergePolicy": policy}
    customers = [
        {
            "id": str(number),
            "intId": number,
            "externalId": None,
            "base": {},
            "consents": {},
            "extended": {"value": value},
            "extra": None,
            "tags": None,
            "enabled": True,
            "registeredAt": "",
            "updatedAt": "",
            "version": 0,
            "sourceInfo": {"registeredBy": None, "updatedBy": None},
        }
        for number, value in enumerate(values)
    ]
    definitions = {"value": {"type": kind, "contactlabProperties": settings}}
    return merge_members("node", "aggregate", customers, definitions)["extended"]["value"]


@pytest.mark.parametrize(
    ("kind", "policy", "values", "after"),
    [
        ("string", "OBJ_PRIORITY", ["a", "b"], "a"),
        ("string", None, ["a", "b"], "a"),
        ("string", "OBJ_CONCATENATE", ["a", "b", "a"], "a b"),
        ("array", "ARRAY_UNION", [[1, 2], [2, 3]], [1, 2, 3]),
        ("array", None, [["a"], ["b"]], ["a", "b"]),
        ("array", "ARRAY_INTERSECTION", [[1, 2, 3], [3, 2], [2, 4]], [2]),
        ("integer", "MATH_SUM", [1, 2, 3], 6),
        ("integer", "MATH_AVG", [1, 3, 4], 3),
        ("number", "MATH_AVG", [1, 4], 2.5),
        ("number", "MATH_DIFF", [10, 2, 3], 5),
        ("number", "MATH_MIN", [2, 1.5], 1.5),
        ("number", "MATH_MAX", [2, 1.5], 2),
    ],
)
def test_an_extended_property_follows_its_merge_policy(kind: str, policy: str, values: list[Any], after: Any) -> None:
    assert merged(kind, policy, *values) == after


@pytest.mark.parametrize(
    ("kind", "policy", "values"),
    [
        ("string", "MATH_SUM", ["a", "b"]),
        ("boolean", "MATH_SUM", [True, False]),
        ("string", "ARRAY_UNION", ["a", "b"]),
        ("integer", "MATH_SUM", [2**63 - 1, 1]),
        ("number", "MATH_SUM", [1.7e308, 1.7e308]),
    ],
)
def test_a_policy_that_does_not_fit_the_values_leaves_the_first(kind: str, policy: str, values: list[Any]) -> None:
    assert merged(kind, policy, *values) == values[0]


def test_a_change_of_a_merge_policy_shows_in_the_next_search(state: VendorState) -> None:
    visits = [read(state, each)["extended"]["visits"] for each in (CUSTOMER, ELSEWHERE)]
    before = gathered(state)["extended"]["visits"]

    definition = extended_definitions(state, WORKSPACE, "customers")["visits"]
    define(state, visits=definition | {"contactlabProperties": {"mergePolicy": "MATH_MAX"}})

    assert (before, gathered(state)["extended"]["visits"]) == (sum(visits), max(visits))


# Exclusion filters


@pytest.mark.parametrize(
    ("path", "pattern", "value"),
    [
        ("base.contacts.email", "START_WITH", "customer-5001"),
        ("base.contacts.email", "CONTAINS", "r-5001@"),
        ("externalId", "START_WITH", "customer-5001"),
        ("tags.manual", "CONTAINS", "staff"),
        ("extended.visits", "START_WITH", "99"),
    ],
)
def test_a_filter_excludes_customers(state: VendorState, path: str, pattern: str, value: str) -> None:
    patch(state, {"tags": {"manual": ["our staff"]}, "extended": {"visits": 9912}}, SECOND)

    exclude(state, (path, pattern, value))

    assert search(state, email="customer-5001@example.com")["elements"] == []
    assert gathered(state)["nodeId"] == AGGREGATE


@pytest.mark.parametrize(
    ("pattern", "value"), [("START_WITH", "5001"), ("START_WITH", "Customer"), ("CONTAINS", "R-5001")]
)
def test_a_filter_that_does_not_match_excludes_no_customer(state: VendorState, pattern: str, value: str) -> None:
    exclude(state, ("base.contacts.email", pattern, value))

    assert gathered(state, "customer-5001@example.com")["nodeId"] == AGGREGATE


def test_an_excluded_member_is_no_part_of_the_customer(state: VendorState) -> None:
    patch(state, {"base": {"middleName": "Tester"}})

    exclude(state, ("base.middleName", "CONTAINS", "Test"))

    found = gathered(state)
    assert found["base"]["middleName"] is None
    assert ids(members(state, found["id"])) == [ELSEWHERE]


def test_a_filter_excludes_the_events_of_excluded_customers(state: VendorState) -> None:
    before = events_of(state, node=AGGREGATE)["page"]["totalElements"]

    exclude(state, ("base.contacts.email", "START_WITH", SHARED))

    assert before - events_of(state, node=AGGREGATE)["page"]["totalElements"] == 40


def test_a_customer_that_a_filter_no_longer_excludes_is_back(state: VendorState) -> None:
    exclude(state, ("base.contacts.email", "START_WITH", SHARED))
    search(state)

    exclude(state)

    assert set(ids(members(state, gathered(state)["id"]))) == {CUSTOMER, ELSEWHERE}


# Events


def test_an_aggregate_node_has_the_events_of_its_members_newest_first(state: VendorState) -> None:
    found = events_of(state, node=AGGREGATE)

    dates = [event["date"] for event in found["elements"]]
    assert dates == sorted(dates, reverse=True)
    elsewhere = state.collection(EVENTS).count("nodeId", PRINTED_NODE)
    assert found["page"]["totalElements"] == events_of(state)["page"]["totalElements"] - elsewhere


def test_an_event_that_waits_for_its_customer_is_in_no_aggregate_node(state: VendorState) -> None:
    later = {"type": "SESSION_ID", "value": "a-session", "nodeId": NODE}
    before = events_of(state, node=AGGREGATE)["page"]["totalElements"]
    create_event(
        state,
        WORKSPACE,
        {"bringBackProperties": later, "type": "loggedIn", "context": "WEB", "properties": {}},
        ANYONE,
    )

    assert events_of(state, node=AGGREGATE)["page"]["totalElements"] == before


def test_an_aggregate_customer_has_the_events_of_its_members(state: VendorState) -> None:
    body = {"customerId": ELSEWHERE, "type": "loggedIn", "context": "WEB", "properties": {}}
    event = create_event(state, WORKSPACE, body, ANYONE).body["id"]

    found = events_of(state, customer=gathered(state)["id"])

    assert found["page"]["totalElements"] == 41
    assert ids(found)[0] == event


def test_a_source_of_the_aggregate_node_alone_reads_its_customers_events(state: VendorState) -> None:
    source = Caller("source", claims={"workspaceId": WORKSPACE, "nodes": [AGGREGATE]})

    assert events_of(state, customer=gathered(state)["id"], caller=source)["page"]["totalElements"] == 40
    assert events_of(state, customer=CUSTOMER, caller=source)["elements"] == []


def test_a_query_selects_an_aggregate_customer_by_its_members_events(state: VendorState) -> None:
    search(state)
    body = {"customerId": ELSEWHERE, "type": "closedTicket", "context": "CONTACT_CENTER", "properties": {}}
    create_event(state, WORKSPACE, body, ANYONE)

    found = search(state, query='{"query": {"type": "simple", "did": {"event": {"name": "closedTicket"}}}}')

    assert [each["base"]["contacts"]["email"] for each in found["elements"]] == [SHARED]
