from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.vendors.contacthub.calls import AGGREGATE, CLIENT, NO_ONE, NODE, OTHER_NODE, WORKSPACE
from tests.vendors.contacthub.steps import finish
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.events.event_store import drop_event
from understudy.vendors.contacthub.operations.retention import (
    get_entry_node_retention_policy,
    get_entry_node_retention_state,
    get_node_retention_policy,
    get_workspace_retention_policy,
    get_workspace_retention_status,
    update_entry_node_retention_policy,
    update_entry_node_retention_state,
    update_node_retention_policy,
    update_workspace_retention_policy,
)
from understudy.vendors.contacthub.retention.retention_policy import earliest_retained
from understudy.vendors.contacthub.start_data.fixed_ids import FIRST_EVENT, PRINTED_ENTRY_NODES, example_id
from understudy.vendors.contacthub.tables import EVENTS

ORDERS_A_YEAR = {"completedOrder": {"months": 12}}
NO_SUCH = {"noSuchEvent": {"months": 12}}


def of_workspace(state: VendorState, body: Json) -> Json:
    return dict(update_workspace_retention_policy(state, WORKSPACE, body, CLIENT).body)


def of_entry_node(state: VendorState, body: Json) -> Json:
    return dict(update_entry_node_retention_policy(state, WORKSPACE, NODE, body, CLIENT).body)


def of_node(state: VendorState, body: Json, node_id: str = NODE) -> Json:
    return dict(update_node_retention_policy(state, WORKSPACE, node_id, body, CLIENT).body)


def status(state: VendorState, node_id: str = NODE, event_type: str = "viewedPage") -> Json:
    found: Json = finish(get_workspace_retention_status(state, WORKSPACE, CLIENT)).body[node_id][event_type]
    return found


def test_a_workspace_starts_with_the_vendors_months_of_all_types(state: VendorState) -> None:
    policy = get_workspace_retention_policy(state, WORKSPACE, CLIENT).body
    assert len(policy) == 48
    assert (policy["viewedPage"], policy["campaignSent"]) == ({"months": 3}, {"months": 13})


def test_a_type_that_is_left_out_keeps_its_months(state: VendorState) -> None:
    of_workspace(state, {"viewedPage": {"months": 1}})
    answered = of_workspace(state, ORDERS_A_YEAR)
    policy = get_workspace_retention_policy(state, WORKSPACE, CLIENT).body
    assert answered == policy
    assert (len(policy), policy["viewedPage"], policy["completedOrder"]) == (48, {"months": 1}, {"months": 12})


def test_a_type_that_is_left_out_keeps_the_months_of_its_node(state: VendorState) -> None:
    of_entry_node(state, {"viewedPage": {"months": 1}})
    of_node(state, {"events": ORDERS_A_YEAR})
    policy = get_entry_node_retention_policy(state, WORKSPACE, NODE, CLIENT).body
    assert (len(policy), policy["viewedPage"], policy["completedOrder"]) == (48, {"months": 1}, {"months": 12})


def test_a_type_that_the_workspace_leaves_out_has_the_vendors_months(state: VendorState) -> None:
    of_workspace(state, ORDERS_A_YEAR)
    assert status(state)["months"] == 3


def test_a_node_starts_with_the_workspaces_months(state: VendorState) -> None:
    of_workspace(state, {"viewedPage": {"months": 7}})
    policy = get_entry_node_retention_policy(state, WORKSPACE, NODE, CLIENT).body
    assert (len(policy), policy["viewedPage"]) == (48, {"months": 7})


def test_the_nodes_months_count_over_the_workspaces(state: VendorState) -> None:
    of_workspace(state, {"viewedPage": {"months": 7}})
    of_entry_node(state, {"viewedPage": {"months": 2}})
    assert (status(state)["months"], status(state, OTHER_NODE)["months"]) == (2, 7)


def test_a_type_that_the_node_leaves_out_has_the_workspaces_months(state: VendorState) -> None:
    of_entry_node(state, ORDERS_A_YEAR)
    of_workspace(state, {"viewedPage": {"months": 7}})
    policy = get_entry_node_retention_policy(state, WORKSPACE, NODE, CLIENT).body
    assert (policy["viewedPage"], policy["completedOrder"]) == ({"months": 7}, {"months": 12})
    assert status(state)["months"] == 7


def test_the_entry_nodes_policy_is_that_of_the_node(state: VendorState) -> None:
    whole = of_node(state, {"events": ORDERS_A_YEAR})["events"]
    assert get_entry_node_retention_policy(state, WORKSPACE, NODE, CLIENT).body == whole
    assert whole["completedOrder"] == {"months": 12}


def test_an_aggregate_node_has_a_policy_of_its_own(state: VendorState) -> None:
    of_node(state, {"enabled": False, "events": ORDERS_A_YEAR}, AGGREGATE)
    policy = get_node_retention_policy(state, WORKSPACE, AGGREGATE, CLIENT).body
    assert (policy["enabled"], len(policy["events"]), policy["events"]["completedOrder"]) == (False, 48, {"months": 12})


def test_an_aggregate_node_is_no_entry_node_with_a_policy(state: VendorState) -> None:
    with pytest.raises(Refused, match=f"^node not found {AGGREGATE}$"):
        get_entry_node_retention_policy(state, WORKSPACE, AGGREGATE, CLIENT)


def test_switching_a_nodes_retention_leaves_its_months(state: VendorState) -> None:
    of_node(state, {"events": ORDERS_A_YEAR})
    policy = of_node(state, {"enabled": False})
    assert (policy["enabled"], policy["events"]["completedOrder"]) == (False, {"months": 12})


def test_setting_a_nodes_months_leaves_its_state(state: VendorState) -> None:
    of_node(state, {"enabled": False})
    assert of_node(state, {"events": ORDERS_A_YEAR})["enabled"] is False


def test_retention_is_in_force_until_it_is_switched_off(state: VendorState) -> None:
    assert get_entry_node_retention_state(state, WORKSPACE, NODE, CLIENT).body == {"enabled": True}
    assert update_entry_node_retention_state(state, WORKSPACE, NODE, {"enabled": False}, CLIENT).body == {
        "enabled": False
    }
    assert get_node_retention_policy(state, WORKSPACE, NODE, CLIENT).body["enabled"] is False


def test_an_empty_object_does_not_switch(state: VendorState) -> None:
    of_node(state, {"enabled": False})
    assert update_entry_node_retention_state(state, WORKSPACE, NODE, {}, CLIENT).body == {"enabled": False}


@pytest.mark.parametrize(
    ("update", "body", "place"),
    [
        (of_workspace, NO_SUCH, "/noSuchEvent"),
        (of_entry_node, NO_SUCH, "/noSuchEvent"),
        (of_node, {"events": NO_SUCH}, "/events/noSuchEvent"),
        (of_workspace, {"a/b~c": {"months": 1}}, "/a~1b~0c"),
    ],
)
def test_only_built_in_event_types_have_months(state: VendorState, update: Any, body: Json, place: str) -> None:
    with pytest.raises(Refused, match=r"^retention policy is not valid$") as refused:
        update(state, body)
    found = [(violation.path, violation.message) for violation in refused.value.violations]
    assert (refused.value.status, found) == (400, [(place, "unknown event type")])


def test_an_unknown_node_has_no_policy(state: VendorState) -> None:
    with pytest.raises(Refused, match=f"^node not found {NO_ONE}$"):
        get_node_retention_policy(state, WORKSPACE, NO_ONE, CLIENT)


def test_the_status_has_all_types_of_every_entry_node(state: VendorState) -> None:
    found = finish(get_workspace_retention_status(state, WORKSPACE, CLIENT)).body
    assert {node: len(types) for node, types in found.items()} == dict.fromkeys(
        (NODE, OTHER_NODE, *PRINTED_ENTRY_NODES), 48
    )


def test_a_type_without_events_has_no_oldest_date(state: VendorState) -> None:
    assert status(state, event_type="loggedIn") == {
        "months": 12,
        "total": 0,
        "valid": 0,
        "expired": 0,
        "oldestDate": None,
    }


def test_the_status_counts_the_events_that_are_there(state: VendorState) -> None:
    before = status(state)["total"]
    event = state.collection(EVENTS).get(example_id(FIRST_EVENT))
    assert event is not None
    drop_event(state, event)
    assert status(state)["total"] == before - 1


def test_the_status_parts_the_events_that_are_past_their_months(state: VendorState) -> None:
    of_workspace(state, {"viewedPage": {"months": 1}})
    dates = [
        row["data"]["date"]
        for row in state.collection(EVENTS).find("nodeId", NODE)
        if row["data"]["type"] == "viewedPage"
    ]
    valid = sum(date >= earliest_retained(state.now(), 1) for date in dates)
    counts = {"total": len(dates), "valid": valid, "expired": len(dates) - valid, "oldestDate": min(dates)}
    assert 0 < valid < len(dates)
    assert status(state) == {"months": 1, **counts}


def test_events_go_past_their_months_as_the_clock_goes_on(state: VendorState) -> None:
    state.clock.move(timedelta(days=400))
    counts = status(state)
    assert (counts["valid"], counts["expired"]) == (0, counts["total"])


@pytest.mark.parametrize(
    ("now", "months", "earliest"),
    [
        ("2026-05-31", 1, "2026-04-30T00:00:00.000+0000"),
        ("2026-01-15", 2, "2025-11-15T00:00:00.000+0000"),
        ("2026-03-31", 13, "2025-02-28T00:00:00.000+0000"),
        ("2026-03-31", 0, "2026-03-31T00:00:00.000+0000"),
        ("2026-03-31", 2**31 - 1, "0001-01-01T00:00:00.000+0000"),
    ],
)
def test_months_are_those_of_the_calendar(now: str, months: int, earliest: str) -> None:
    assert earliest_retained(datetime.fromisoformat(now).replace(tzinfo=UTC), months) == earliest
