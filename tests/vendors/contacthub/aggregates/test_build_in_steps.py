"""Building of an aggregate node's customers, in steps between which other requests run."""

from collections.abc import Generator

import pytest

from tests.vendors.contacthub.calls import AGGREGATE, CLIENT, CUSTOMER, NODE, OTHER_NODE, WORKSPACE, create, patch, sent
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


def gathered(state: VendorState) -> int:
    """Return the number of customers of the node's entry nodes."""
    return sum(state.collection(CUSTOMERS).count("nodeId", node) for node in (NODE, OTHER_NODE))


@pytest.fixture
def halfway(state: VendorState) -> Generator[None, None, Reply]:
    """A first search, stopped halfway: every customer is a member, no member is merged yet."""
    turns = look(state)
    while len(state.collection(MEMBERS)) < gathered(state):
        next(turns)
    assert len(state.collection(AGGREGATED)) == 0
    return turns


def emails(reply: Reply) -> list[str]:
    return [found["base"]["contacts"]["email"] for found in reply.body["elements"]]


def test_building_aggregates_runs_in_steps(state: VendorState) -> None:
    customers = len(state.collection(CUSTOMERS))

    assert sum(1 for _ in look(state)) >= customers // CUSTOMERS_PER_STEP


def test_a_second_search_has_no_aggregates_to_build(state: VendorState) -> None:
    finish(look(state))

    assert list(look(state)) == []


def test_a_customer_created_while_aggregates_are_built_is_found(
    state: VendorState, halfway: Generator[None, None, Reply]
) -> None:
    create(state, sent())

    assert "new@example.com" in emails(finish(halfway))


def test_a_change_while_aggregates_are_built_is_not_lost(
    state: VendorState, halfway: Generator[None, None, Reply]
) -> None:
    patch(state, {"base": {"contacts": {"email": "moved@example.com"}}})

    assert emails(finish(halfway)).count("moved@example.com") == 1


def test_a_customer_deleted_while_aggregates_are_built_is_not_found(
    state: VendorState, halfway: Generator[None, None, Reply]
) -> None:
    email = create(state, sent())["base"]["contacts"]["email"]
    found = state.collection(CUSTOMERS).first("email", (NODE, email))
    assert found
    finish(delete_customer(state, WORKSPACE, found["id"], CLIENT))
    finish(delete_customer(state, WORKSPACE, CUSTOMER, CLIENT))

    assert email not in emails(finish(halfway))


def test_two_simultaneous_first_searches_find_the_same(
    state: VendorState, halfway: Generator[None, None, Reply]
) -> None:
    other = finish(look(state))

    assert finish(halfway).body == other.body


def test_the_update_stream_of_a_workspace_has_only_customers_of_entry_nodes(state: VendorState) -> None:
    finish(look(state))
    before = last_offset(state)

    patch(state, {"base": {"firstName": "Changed"}})

    [update] = finish(list_updates(state, WORKSPACE, 50, None, before, None, None, CLIENT)).body["updates"]
    assert update["entity"]["data"]["id"] == CUSTOMER


def test_sessions_are_of_entry_customers_only(state: VendorState) -> None:
    found = finish(look(state)).body["elements"]

    assert all(list_sessions(state, WORKSPACE, each["id"], CLIENT).body == {"elements": []} for each in found)
    assert list_sessions(state, WORKSPACE, CUSTOMER, CLIENT).body["elements"]
