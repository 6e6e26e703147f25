"""Events that arrive before their customer, and are attached to it."""

from typing import Any

import pytest

from understudy.core.caller import Caller
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.events.pending_events import EXTERNAL_ID, SESSION_ID, attach_events, find_owner
from understudy.vendors.contacthub.operations.events import create_event, get_event
from understudy.vendors.contacthub.tables import CUSTOMERS, SESSIONS, UPDATES
from understudy.vendors.contacthub.update_stream import last_offset

Json = dict[str, Any]

ID = "3c9f1c2e-7d54-4b1a-9f00-0a1b2c3d"
WORKSPACE, NODE, OTHER_NODE, CUSTOMER, OTHER_CUSTOMER = (f"{ID}{last}" for last in "0001 0101 0102 5000 5001".split())
ANYONE = Caller("tester")


def happen(state: VendorState, kind: str, value: str, node_id: str = NODE) -> str:
    """Store an event with this session or external id instead of a customer."""
    body = {
        "bringBackProperties": {"type": kind, "value": value, "nodeId": node_id},
        "type": "viewedPage",
        "context": "WEB",
        "properties": {},
    }
    return str(create_event(state, WORKSPACE, body, ANYONE).body["id"])


def read(state: VendorState, event_id: str) -> Json:
    found: Json = get_event(state, WORKSPACE, event_id, None, ANYONE).body
    return found


def open_session(state: VendorState, value: str, customer_id: str = CUSTOMER) -> None:
    row = {"id": state.new_id(), "value": value, "customerId": customer_id, "nodeId": NODE}
    state.collection(SESSIONS).put(row)
    attach_events(state, NODE, SESSION_ID, value, customer_id)


def test_an_event_of_an_unknown_session_has_no_customer_yet(state: VendorState) -> None:
    assert read(state, happen(state, SESSION_ID, "a"))["customerId"] is None


def test_events_before_the_session_get_its_customer(state: VendorState) -> None:
    event_id = happen(state, SESSION_ID, "a")

    open_session(state, "a")

    assert read(state, event_id)["customerId"] == CUSTOMER


def test_events_after_the_session_get_its_customer(state: VendorState) -> None:
    open_session(state, "a")

    assert read(state, happen(state, SESSION_ID, "a"))["customerId"] == CUSTOMER


def test_a_reconciled_event_keeps_how_it_was_found(state: VendorState) -> None:
    event_id = happen(state, SESSION_ID, "a")
    open_session(state, "a")

    assert read(state, event_id)["bringBackProperties"] == {"type": SESSION_ID, "value": "a", "nodeId": NODE}


def test_reconciling_is_a_write(state: VendorState) -> None:
    event_id = happen(state, SESSION_ID, "a")
    before, start = read(state, event_id), last_offset(state)

    open_session(state, "a")

    after, update = read(state, event_id), state.collection(UPDATES).get(str(start + 1))
    assert (after["version"], after["updatedAt"] > before["updatedAt"]) == (1, True)
    assert update is not None
    assert (update["operation"], update["kind"], update["data"]) == ("UPDATE", "EVENT", after)


@pytest.mark.parametrize(("value", "node_id"), [("b", NODE), ("a", OTHER_NODE)])
def test_events_of_another_session_or_node_go_on_waiting(state: VendorState, value: str, node_id: str) -> None:
    event_id = happen(state, SESSION_ID, value, node_id)

    open_session(state, "a")

    assert read(state, event_id)["customerId"] is None


def test_an_event_is_reconciled_once(state: VendorState) -> None:
    event_id = happen(state, SESSION_ID, "a")
    open_session(state, "a")

    attach_events(state, NODE, SESSION_ID, "a", OTHER_CUSTOMER)

    assert read(state, event_id)["customerId"] == CUSTOMER


def test_a_session_is_no_external_id(state: VendorState) -> None:
    event_id = happen(state, SESSION_ID, "customer-5000")

    attach_events(state, NODE, EXTERNAL_ID, "customer-5000", CUSTOMER)

    assert read(state, event_id)["customerId"] is None


def test_an_external_id_finds_its_customer(state: VendorState) -> None:
    assert read(state, happen(state, EXTERNAL_ID, "customer-5000"))["customerId"] == CUSTOMER


def test_an_external_id_that_no_customer_has_creates_an_empty_one(state: VendorState) -> None:
    customer_id = read(state, happen(state, EXTERNAL_ID, "newcomer"))["customerId"]

    created = state.collection(CUSTOMERS).get(customer_id)

    assert created is not None
    assert (created["externalId"], created["nodeId"]) == ("newcomer", NODE)
    assert created["base"]["contacts"] is None or created["base"]["contacts"]["email"] is None


def test_the_next_event_of_that_external_id_is_of_the_same_customer(state: VendorState) -> None:
    first, second = (read(state, happen(state, EXTERNAL_ID, "newcomer")) for _ in range(2))

    assert first["customerId"] == second["customerId"]


def test_an_external_id_is_of_one_node(state: VendorState) -> None:
    wanted = {"type": EXTERNAL_ID, "value": "customer-5000", "nodeId": OTHER_NODE}

    assert find_owner(state, WORKSPACE, wanted) != CUSTOMER


def test_another_workspaces_node_identifies_no_customer(state: VendorState) -> None:
    wanted = {"type": EXTERNAL_ID, "value": "customer-5000", "nodeId": NODE}

    assert find_owner(state, f"{ID}0002", wanted) is None
