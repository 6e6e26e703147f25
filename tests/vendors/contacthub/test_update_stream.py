"""Update stream: its start, its end, and its filters."""

from datetime import timedelta
from typing import Any

import pytest

from tests.vendors.contacthub.steps import finish
from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.operations.updates import get_last_offset, list_updates
from understudy.vendors.contacthub.tables import COUNTERS, UPDATES
from understudy.vendors.contacthub.update_stream import CREATE, CUSTOMER, DELETE, EVENT, UPDATE, append_update

Json = dict[str, Any]

ID = "3c9f1c2e-7d54-4b1a-9f00-0a1b2c3d"
WORKSPACE, OTHER_WORKSPACE, NODE, OTHER_NODE = (f"{ID}{last}" for last in "0001 0002 0101 0102".split())
ANYONE = Caller("tester")


@pytest.fixture
def stream(state: VendorState) -> VendorState:
    """A state whose stream has five updates, ten seconds between them; the fourth is another workspace's."""
    state.collection(UPDATES).clear()
    state.collection(COUNTERS).delete(UPDATES)
    state.clock.set(rate=0)
    for operation, kind, workspace_id, node_id in (
        (CREATE, CUSTOMER, WORKSPACE, NODE),
        (CREATE, EVENT, WORKSPACE, OTHER_NODE),
        (UPDATE, CUSTOMER, WORKSPACE, NODE),
        (CREATE, CUSTOMER, OTHER_WORKSPACE, None),
        (DELETE, EVENT, WORKSPACE, NODE),
    ):
        append_update(state, operation, kind, workspace_id, node_id, {"at": len(state.collection(UPDATES)) + 1})
        state.clock.move(timedelta(seconds=10))
    return state


def ask(state: VendorState, **filters: Any) -> tuple[list[int], int]:
    """Return the numbers of the updates in a reply, and its ``nextOffset``."""
    asked = {"size": 50, "timestamp": None, "offset": None, "node_id": None, "entity": None, **filters}
    body = finish(list_updates(state, WORKSPACE, **asked, caller=ANYONE)).body
    return [update["entity"]["data"]["at"] for update in body["updates"]], body["nextOffset"]


def seconds_ago(state: VendorState, seconds: int) -> int:
    return int((state.now() - timedelta(seconds=seconds)).timestamp() * 1000)


@pytest.mark.parametrize(
    ("filters", "answered", "then"),
    [
        ({}, [1, 2, 3, 5], 5),
        ({"offset": 0}, [1, 2, 3, 5], 5),
        ({"offset": 2}, [3, 5], 5),
        ({"offset": 5}, [], 5),
        ({"offset": 99}, [], 99),
        ({"size": 2}, [1, 2], 2),
        ({"size": 0}, [], 0),
        ({"offset": 2, "size": 0}, [], 2),
        ({"entity": EVENT}, [2, 5], 5),
        ({"node_id": NODE}, [1, 3, 5], 5),
        ({"node_id": NODE, "entity": CUSTOMER}, [1, 3], 3),
        ({"node_id": OTHER_NODE, "offset": 2}, [], 2),
        ({"timestamp": 2**63 - 1}, [], 5),
        ({"timestamp": 2**63 - 1, "offset": 2}, [3, 5], 5),
    ],
)
def test_updates_are_returned_after_an_offset(
    stream: VendorState, filters: Json, answered: list[int], then: int
) -> None:
    assert ask(stream, **filters) == (answered, then)


@pytest.mark.parametrize(("seconds", "answered"), [(1000, [1, 2, 3, 5]), (30, [3, 5]), (29, [5]), (10, [5]), (9, [])])
def test_updates_are_returned_from_a_time_on(stream: VendorState, seconds: int, answered: list[int]) -> None:
    assert ask(stream, timestamp=seconds_ago(stream, seconds))[0] == answered


def test_an_update_has_the_operation_and_the_entity(stream: VendorState) -> None:
    body = finish(list_updates(stream, WORKSPACE, 50, None, 4, None, None, ANYONE)).body

    assert body["updates"] == [{"operation": DELETE, "entity": {"type": EVENT, "data": {"at": 5}}}]


@pytest.mark.parametrize(
    ("filters", "last"),
    [((None, None), 5), ((OTHER_NODE, None), 2), ((None, CUSTOMER), 3), ((OTHER_NODE, CUSTOMER), 0)],
)
def test_the_last_offset_is_that_of_the_newest_update_the_filters_leave(
    stream: VendorState, filters: tuple[str | None, str | None], last: int
) -> None:
    assert finish(get_last_offset(stream, WORKSPACE, *filters, ANYONE)).body == {"lastOffset": last}


def test_an_unknown_node_is_refused(state: VendorState) -> None:
    with pytest.raises(Refused) as caught:
        ask(state, node_id="none")
    assert (caught.value.status, caught.value.message) == (404, "node not found none")


def test_reading_a_long_stream_runs_in_steps(stream: VendorState) -> None:
    for number in range(600):
        append_update(stream, UPDATE, CUSTOMER, WORKSPACE, NODE, {"at": number})

    turns = list(list_updates(stream, WORKSPACE, 4000, None, None, None, None, ANYONE))

    assert len(turns) > 1
