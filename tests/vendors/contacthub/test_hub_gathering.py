"""Gathering an aggregate node's customers takes turns with other requests."""

from collections.abc import Generator

import pytest

from tests.vendors.contacthub.calls import AGGREGATE, CLIENT, CUSTOMER, NODE, WORKSPACE, create, patch, sent
from tests.vendors.contacthub.turns import finish
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.aggregates.aggregation import PORTION
from understudy.vendors.contacthub.operations.customer_search import search_customers
from understudy.vendors.contacthub.operations.customers import delete_customer
from understudy.vendors.contacthub.operations.sessions import list_sessions
from understudy.vendors.contacthub.operations.updates import list_updates
from understudy.vendors.contacthub.tables import AGGREGATED, CUSTOMERS, MEMBERS
from understudy.vendors.contacthub.update_stream import last_offset


def look(world: VendorState) -> Generator[None, None, Reply]:
    return search_customers(world, WORKSPACE, AGGREGATE, None, None, None, 50, None, 0, CLIENT)


@pytest.fixture
def halfway(world: VendorState) -> Generator[None, None, Reply]:
    """A first look that has come halfway: everybody is a member, nobody is aggregated yet."""
    turns = look(world)
    while len(world.collection(MEMBERS)) < len(world.collection(CUSTOMERS)):
        next(turns)
    assert len(world.collection(AGGREGATED)) == 0
    return turns


def emails(reply: Reply) -> list[str]:
    return [found["base"]["contacts"]["email"] for found in reply.body["elements"]]


def test_others_have_their_turn_while_a_node_gathers(world: VendorState) -> None:
    customers = len(world.collection(CUSTOMERS))

    assert sum(1 for _ in look(world)) >= customers // PORTION


def test_a_second_look_has_nothing_left_to_gather(world: VendorState) -> None:
    finish(look(world))

    assert list(look(world)) == []


def test_a_customer_that_comes_while_a_node_gathers_is_there(
    world: VendorState, halfway: Generator[None, None, Reply]
) -> None:
    create(world, sent())

    assert "new@example.com" in emails(finish(halfway))


def test_a_change_while_a_node_gathers_is_not_lost(world: VendorState, halfway: Generator[None, None, Reply]) -> None:
    patch(world, {"base": {"contacts": {"email": "moved@example.com"}}})

    assert emails(finish(halfway)).count("moved@example.com") == 1


def test_a_customer_that_goes_while_a_node_gathers_is_gone(
    world: VendorState, halfway: Generator[None, None, Reply]
) -> None:
    email = create(world, sent())["base"]["contacts"]["email"]
    found = world.collection(CUSTOMERS).first("email", (NODE, email))
    assert found
    finish(delete_customer(world, WORKSPACE, found["id"], CLIENT))
    finish(delete_customer(world, WORKSPACE, CUSTOMER, CLIENT))

    assert email not in emails(finish(halfway))


def test_two_first_looks_at_once_find_the_same(world: VendorState, halfway: Generator[None, None, Reply]) -> None:
    other = finish(look(world))

    assert finish(halfway).body == other.body


def test_the_stream_of_updates_tells_of_entry_customers_only(world: VendorState) -> None:
    finish(look(world))
    before = last_offset(world)

    patch(world, {"base": {"firstName": "Changed"}})

    [update] = finish(list_updates(world, WORKSPACE, 50, None, before, None, None, CLIENT)).body["updates"]
    assert update["entity"]["data"]["id"] == CUSTOMER
    assert finish(list_updates(world, WORKSPACE, 50, None, 0, AGGREGATE, None, CLIENT)).body["updates"] == []


def test_sessions_are_of_entry_customers_only(world: VendorState) -> None:
    found = finish(look(world)).body["elements"]

    assert all(list_sessions(world, WORKSPACE, each["id"], CLIENT).body == {"elements": []} for each in found)
    assert list_sessions(world, WORKSPACE, CUSTOMER, CLIENT).body["elements"]
