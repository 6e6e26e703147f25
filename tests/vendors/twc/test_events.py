import pytest

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.operations.events import create_event as create_in_steps
from understudy.vendors.twc.operations.events import get_event
from understudy.vendors.twc.security import anyone
from understudy.vendors.twc.start import EVENT_IDS

TENANT = "understudy"
SMALLEST = {"event_source": "SYSTEM", "event_type": "ENTITY_EVENT", "event_payload": {"operation": "READ"}}


def create_event(state: VendorState, body: Json, caller: Caller, tenant: str) -> Reply:
    """Store an event whose messages to subscribers are few; return the reply."""
    reply = create_in_steps(state, body, caller, tenant)
    assert isinstance(reply, Reply)
    return reply


def test_an_event_keeps_the_callers_id(state: VendorState, caller: Caller) -> None:
    reply = create_event(state, {**SMALLEST, "id": "mine"}, caller, TENANT)
    assert (reply.status, reply.body) == (201, {**SMALLEST, "id": "mine"})
    assert get_event(state, "mine", caller, TENANT).body == reply.body


@pytest.mark.parametrize("body", [SMALLEST, {**SMALLEST, "id": None}])
def test_an_event_without_id_gets_a_new_one(state: VendorState, caller: Caller, body: dict[str, object]) -> None:
    first, second = (create_event(state, body, caller, TENANT).body["id"] for _ in range(2))
    assert first
    assert first != second


def test_an_id_in_use_is_refused(state: VendorState, caller: Caller) -> None:
    with pytest.raises(Refused) as refused:
        create_event(state, {**SMALLEST, "id": EVENT_IDS[0]}, caller, TENANT)
    assert (refused.value.status, refused.value.code, refused.value.data) == (400, "idexists", "event")


def test_unknown_fields_and_nulls_are_not_stored(state: VendorState, caller: Caller) -> None:
    payload = {"operation": "READ", "entity_id": None, "colour": "red", "key_attributes": {"any": "thing"}}
    body = {**SMALLEST, "id": "odd", "entity_name": None, "shoe_size": 43, "event_payload": payload}
    event = create_event(state, body, caller, TENANT).body
    assert event == {
        **SMALLEST,
        "id": "odd",
        "event_payload": {"operation": "READ", "key_attributes": {"any": "thing"}},
    }


def test_an_unknown_event_is_not_found(state: VendorState, caller: Caller) -> None:
    with pytest.raises(Refused) as refused:
        get_event(state, "nobody", caller, TENANT)
    assert refused.value.status == 404


def test_another_tenants_event_is_not_found(state: VendorState, stranger: Caller) -> None:
    with pytest.raises(Refused) as refused:
        get_event(state, EVENT_IDS[0], stranger, f"{TENANT}-two")
    assert refused.value.status == 404


def test_two_tenants_may_use_the_same_id(state: VendorState, caller: Caller, stranger: Caller) -> None:
    create_event(state, {**SMALLEST, "id": "same", "entity_id": "a"}, caller, TENANT)
    create_event(state, {**SMALLEST, "id": "same", "entity_id": "b"}, stranger, f"{TENANT}-two")
    assert get_event(state, "same", caller, TENANT).body["entity_id"] == "a"


def test_a_token_of_another_realm_is_refused(state: VendorState, stranger: Caller) -> None:
    with pytest.raises(Refused) as refused:
        get_event(state, EVENT_IDS[0], stranger, TENANT)
    assert refused.value.status == 403


def test_a_caller_with_unknown_credentials_may_use_any_tenant(state: VendorState) -> None:
    assert get_event(state, EVENT_IDS[0], anyone(state), TENANT).body["entity_name"] == "CUSTOMER"
