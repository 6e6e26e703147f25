"""Sessions of a customer."""

import pytest

from tests.vendors.contacthub.calls import (
    CLIENT,
    CUSTOMER,
    NO_ONE,
    OTHER_NODE,
    SECOND,
    SESSION,
    WORKSPACE,
    create,
    sent,
)
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.operations.sessions import create_session, delete_session, get_session, list_sessions


def test_a_new_session_gets_an_id_of_the_servers(state: VendorState) -> None:
    reply = create_session(state, WORKSPACE, CUSTOMER, {"value": "visit"}, CLIENT)
    assert (reply.status, reply.body["value"], reply.body["id"] != "visit") == (201, "visit", True)


def test_a_customers_sessions_are_listed_oldest_first(state: VendorState) -> None:
    made = create_session(state, WORKSPACE, CUSTOMER, {"value": "visit"}, CLIENT).body
    listed = list_sessions(state, WORKSPACE, CUSTOMER, CLIENT).body
    assert listed == {"elements": [{"id": SESSION, "value": SESSION}, made]}


def test_a_session_is_read_by_its_id(state: VendorState) -> None:
    made = create_session(state, WORKSPACE, CUSTOMER, {"value": "visit"}, CLIENT).body
    assert get_session(state, WORKSPACE, CUSTOMER, made["id"], CLIENT).body == made


def test_a_session_is_not_read_by_its_value(state: VendorState) -> None:
    create_session(state, WORKSPACE, CUSTOMER, {"value": "visit"}, CLIENT)
    with pytest.raises(Refused, match=r"^session not found visit$") as caught:
        get_session(state, WORKSPACE, CUSTOMER, "visit", CLIENT)
    assert caught.value.status == 404


def test_a_session_that_the_customer_has_is_refused(state: VendorState) -> None:
    with pytest.raises(Refused, match=f"^the customer has the session {SESSION} already$") as caught:
        create_session(state, WORKSPACE, CUSTOMER, {"value": SESSION}, CLIENT)
    assert (caught.value.status, caught.value.violations[0].path) == (400, "/value")


def test_a_session_that_another_customer_of_the_node_has_is_refused(state: VendorState) -> None:
    with pytest.raises(Refused, match=f"^another customer has the session {SESSION} already$"):
        create_session(state, WORKSPACE, SECOND, {"value": SESSION}, CLIENT)


def test_a_value_may_be_used_in_each_node(state: VendorState) -> None:
    other = create(state, sent(node=OTHER_NODE))
    assert create_session(state, WORKSPACE, other["id"], {"value": SESSION}, CLIENT).status == 201


def test_a_session_of_another_customer_is_not_found(state: VendorState) -> None:
    with pytest.raises(Refused, match=f"^session not found {SESSION}$"):
        get_session(state, WORKSPACE, SECOND, SESSION, CLIENT)


def test_a_deleted_session_is_not_found(state: VendorState) -> None:
    reply = delete_session(state, WORKSPACE, CUSTOMER, SESSION, CLIENT)
    assert (reply.status, reply.body) == (200, None)
    with pytest.raises(Refused, match=r"^session not found"):
        delete_session(state, WORKSPACE, CUSTOMER, SESSION, CLIENT)


def test_the_value_of_a_deleted_session_is_free(state: VendorState) -> None:
    delete_session(state, WORKSPACE, CUSTOMER, SESSION, CLIENT)
    assert create_session(state, WORKSPACE, SECOND, {"value": SESSION}, CLIENT).status == 201


@pytest.mark.parametrize("operation", [list_sessions, create_session])
def test_the_sessions_of_an_unknown_customer_are_not_found(state: VendorState, operation: object) -> None:
    given = ({"value": "visit"},) if operation is create_session else ()
    with pytest.raises(Refused, match=f"^customer not found {NO_ONE}$"):
        operation(state, WORKSPACE, NO_ONE, *given, CLIENT)  # type: ignore[operator]
