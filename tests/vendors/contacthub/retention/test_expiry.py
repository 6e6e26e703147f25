"""Deletion of expired events as the clock advances."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from tests.vendors.contacthub.calls import CUSTOMER, ELSEWHERE, NODE, OTHER_NODE, WORKSPACE, Json
from tests.vendors.contacthub.steps import finish
from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.core.timestamps import iso_milliseconds
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.operations.event_search import search_events
from understudy.vendors.contacthub.operations.events import create_event, get_event
from understudy.vendors.contacthub.operations.health import get_health
from understudy.vendors.contacthub.operations.retention import (
    get_workspace_retention_status,
    update_entry_node_retention_policy,
    update_entry_node_retention_state,
    update_node_retention_policy,
    update_workspace_retention_policy,
)
from understudy.vendors.contacthub.operations.updates import list_updates
from understudy.vendors.contacthub.retention import expiry
from understudy.vendors.contacthub.tables import EVENTS
from understudy.vendors.contacthub.update_stream import last_offset

ANYONE = Caller("tester")
DAY = timedelta(days=1)


def visit(state: VendorState, *, customer: str = CUSTOMER, age: timedelta = DAY, **parts: Any) -> str:
    """Store an event of yesterday, by default a visit; return its id."""
    body = {"customerId": customer, "type": "viewedPage", "context": "WEB", "properties": {}, **parts}
    body["date"] = iso_milliseconds(state.now() - age)
    return str(create_event(state, WORKSPACE, body, ANYONE).body["id"])


def is_kept(state: VendorState, event_id: str) -> bool:
    try:
        get_event(state, WORKSPACE, event_id, None, ANYONE)
    except Refused:
        return False
    return True


def found(state: VendorState, **filters: str) -> Json:
    named = {"customer_id": None, "node_id": None, **filters}
    reply = finish(
        search_events(
            state, WORKSPACE, **named, type=None, context=None, mode=None, date_from=None, date_to=None,
            size=50, sort=None, page=0, caller=ANYONE,
        )
    )  # fmt: skip
    return dict(reply.body)


def test_an_event_is_gone_after_its_months(state: VendorState) -> None:
    event = visit(state)  # three months

    state.clock.move(80 * DAY)
    before = is_kept(state, event)
    state.clock.move(20 * DAY)

    assert (before, is_kept(state, event)) == (True, False)


def test_each_event_type_has_months_of_its_own(state: VendorState) -> None:
    ticket = visit(state, type="closedTicket", context="CONTACT_CENTER")  # twelve months

    state.clock.move(330 * DAY)
    before = is_kept(state, ticket)
    state.clock.move(60 * DAY)

    assert (before, is_kept(state, ticket)) == (True, False)


def test_a_search_finds_none_that_is_past_its_months(state: VendorState) -> None:
    state.clock.move(400 * DAY)

    assert found(state)["page"]["totalElements"] == 0


def test_events_wait_for_the_end_of_the_day(state: VendorState) -> None:
    state.clock.set(state.now().replace(hour=12), rate=0)
    found(state)
    event = visit(state, age=200 * DAY)

    state.clock.move(timedelta(hours=1))
    before = is_kept(state, event)
    state.clock.move(timedelta(hours=11))

    assert (before, is_kept(state, event)) == (True, False)


def test_the_status_counts_what_will_be_gone(state: VendorState) -> None:
    state.clock.set(state.now().replace(hour=12), rate=0)
    found(state)
    visit(state, age=200 * DAY)

    status = finish(get_workspace_retention_status(state, WORKSPACE, ANYONE)).body[NODE]["viewedPage"]

    assert (status["expired"], status["total"] - status["valid"]) == (1, 1)


def test_the_status_of_another_day_counts_none_that_is_past(state: VendorState) -> None:
    state.clock.move(400 * DAY)

    status = finish(get_workspace_retention_status(state, WORKSPACE, ANYONE)).body

    assert {counts["total"] for node in status.values() for counts in node.values()} == {0}


def test_the_workspaces_months_count_instead_of_the_vendors(state: VendorState) -> None:
    event = visit(state)
    update_workspace_retention_policy(state, WORKSPACE, {"viewedPage": {"months": 24}}, ANYONE)

    state.clock.move(400 * DAY)

    assert is_kept(state, event)


def test_a_nodes_months_count_instead_of_the_workspaces(state: VendorState) -> None:
    here, there = visit(state), visit(state, customer=ELSEWHERE)
    update_workspace_retention_policy(state, WORKSPACE, {"viewedPage": {"months": 24}}, ANYONE)
    update_entry_node_retention_policy(state, WORKSPACE, NODE, {"viewedPage": {"months": 1}}, ANYONE)

    state.clock.move(60 * DAY)

    assert (is_kept(state, here), is_kept(state, there)) == (False, True)


@pytest.mark.parametrize("is_old_style", [True, False])
def test_a_node_whose_retention_is_off_keeps_everything(state: VendorState, is_old_style: bool) -> None:  # noqa: FBT001
    event = visit(state)
    if is_old_style:
        update_entry_node_retention_state(state, WORKSPACE, NODE, {"enabled": False}, ANYONE)
    else:
        update_node_retention_policy(state, WORKSPACE, NODE, {"enabled": False}, ANYONE)

    state.clock.move(400 * DAY)

    assert is_kept(state, event)
    assert found(state, node_id=OTHER_NODE)["page"]["totalElements"] == 0


def test_what_a_node_kept_is_gone_the_day_after_its_retention_is_on_again(state: VendorState) -> None:
    event = visit(state)
    update_entry_node_retention_state(state, WORKSPACE, NODE, {"enabled": False}, ANYONE)
    state.clock.move(400 * DAY)
    before = is_kept(state, event)

    update_entry_node_retention_state(state, WORKSPACE, NODE, {"enabled": True}, ANYONE)
    state.clock.move(DAY)

    assert (before, is_kept(state, event)) == (True, False)


def test_the_update_stream_has_expired_events(state: VendorState) -> None:
    event = visit(state)
    before = last_offset(state)
    state.clock.move(400 * DAY)

    updates = finish(list_updates(state, WORKSPACE, 4000, None, before, None, None, ANYONE)).body["updates"]

    gone = [update["entity"]["data"]["id"] for update in updates if update["operation"] == "DELETE"]
    assert event in gone


def test_a_request_without_a_workspace_deletes_nothing(state: VendorState) -> None:
    state.clock.move(400 * DAY)
    before = len(state.collection(EVENTS))

    get_health(state)

    assert len(state.collection(EVENTS)) == before > 0


def test_many_events_are_dropped_in_portions(state: VendorState, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expiry, "EVENTS_PER_STEP", 10)
    state.clock.move(400 * DAY)
    before = len(state.collection(EVENTS))
    dropping = expiry.drop_expired(state, WORKSPACE)

    next(dropping)
    after_one = len(state.collection(EVENTS))
    turns = next(number for number in count(1) if next(dropping, StopIteration) is StopIteration)

    assert (before - after_one, turns >= before // 10, len(state.collection(EVENTS))) == (10, True, 0)


def test_a_portion_is_dropped_with_each_request_until_none_is_left(
    state: VendorState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiry, "EVENTS_PER_STEP", 10)
    state.clock.move(400 * DAY)
    before = len(state.collection(EVENTS))

    is_kept(state, "none")
    assert len(state.collection(EVENTS)) == before - 10
    for _ in range(before // 10):
        is_kept(state, "none")
    assert len(state.collection(EVENTS)) == 0
