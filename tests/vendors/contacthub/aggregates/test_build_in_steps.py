"""Gathering an aggregate node's customers takes turns with other requests."""

from collections.abc import Generator

import pytest

from tests.vendors.contacthub.calls import AGGREGATE, CLIENT, CUSTOMER, NODE, WORKSPACE, create, patch, sent
from tests.vendors.contacthub.steps import finish
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.aggregates.aggregation import CUSTOMERS_PER_STEP
from understudy.vendors.contacthub.operations.customer_search import search_customers
from understudy.vendors.contacthub.operations.customers import delete_customer
from understudy.vendors.contacthub.operations.sessions import list_sessions
from understudy.vendors.contacthub.operations.updates import list_updates
from understudy.vendors.contacthub.tables import AGGREGATED, CUSTOMERS, MEMBERS
from understudy.vendors.contacthub.update_stream import last_offset


def look(state: VendorState) -> Generator[None, None, Reply]:
    return search_customers(state, WORKSPACE, AGGREGATE, None, None, None, 50, None, 0, CLIENT)


@pytest.fixture
def halfway(state: VendorState) -> Generator[None, None, Reply]:
    """A first look that has come halfway: everybody is a member, nobody is aggregated yet."""
    turns = look(state)
    while len(state.collection(MEMBERS)) < len(state.collection(CUSTOMERS)):
        next(turns)
    assert len(state.collection(AGGREGATED)) == 0
    return turns


def emails(reply: Reply) -> list[str]:
    return [found["base"]["contacts"]["email"] for found in reply.body["elements"]]


def test_others_have_their_turn_while_a_node_gathers(state: VendorState) -> None:
    customers = len(state.collection(CUSTOMERS))

    assert sum(1 for _ in look(state)) >= customers // CUSTOMERS_PER_STEP


def test_a_second_look_has_nothing_left_to_gather(state: VendorState) -> None:
    finish(look(state))

    assert list(look(state)) == []


def test_a_customer_that_comes_while_a_node_gathers_is_there(
    state: VendorState, halfway: Generator[None, None, Reply]
) -> None:
    create(state, sent())

    assert "new@example.com" in emails(finish(halfway))


def test_a_change_while_a_node_gathers_is_not_lost(state: VendorState, halfway: Generator[None, None, Reply]) -> None:
    patch(state, {"base": {"contacts": {"email": "moved@example.com"}}})

    assert emails(finish(halfway)).count("moved@example.com") == 1


def test_a_customer_that_goes_while_a_node_gathers_is_gone(
    state: VendorState, halfway: Generator[None, None, Reply]
) -> None:
    email = create(state, sent())["base"]["contacts"]["email"]
    found = state.collection(CUSTOMERS).first("email", (NODE, email))
    assert found
    finish(delete_customer(state, WORKSPACE, found["id"], CLIENT))
    finish(delete_customer(state, WORKSPACE, CUSTOMER, CLIENT))

    assert email not in emails(finish(halfway))


def test_two_first_looks_at_once_find_the_same(state: VendorState, halfway: Generator[None, None, Reply]) -> None:
    other = finish(look(state))

    assert finish(halfway).body == other.body


def test_the_stream_of_updates_tells_of_entry_customers_only(state: VendorState) -> None:
    finish(look(state))
    before = last_offset(state)

    patch(state, {"base": {"firstName": "Changed"}})

    [update] = finish(list_updates(state, WORKSPACE, 50, None, before, None, None, CLIENT)).body["updates"]
    assert update["entity"]["data"]["id"] == CUSTOMER
    assert finish(list_updates(state, WORKSPACE, 50, None, 0, AGGREGATE, None, CLIENT)).body["updates"] == []


def test_sessions_are_of_entry_customers_only(state: VendorState) -> None:
    found = finish(look(state)).body["elements"]

    assert all(list_sessions(state, WORKSPACE, each["id"], CLIENT).body == {"elements": []} for each in found)
    assert list_sessions(state, WORKSPACE, CUSTOMER, CLIENT).body["elements"]
