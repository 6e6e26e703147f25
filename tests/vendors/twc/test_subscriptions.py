import pytest

from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.operations.subscriptions import (
    create_subscription,
    deactivate_subscription,
    get_subscription,
    list_subscriptions,
    update_subscription,
)
from understudy.vendors.twc.start import SUBSCRIPTION_IDS

TENANT = "understudy"
ACTIVE, _, INACTIVE = SUBSCRIPTION_IDS
SMALLEST = {"entityType": "ORDER", "destination": {"type": "SNS"}}


def listed(state: VendorState, caller: Caller) -> list[str]:
    return [found["id"] for found in list_subscriptions(state, caller, TENANT).body]


def test_a_new_subscription_is_active_and_covers_what_is_switched_on(state: VendorState, caller: Caller) -> None:
    reply = create_subscription(state, {**SMALLEST, "active": None, "subscribeChange": True}, caller, TENANT)
    flags = {"active": True, "subscribeCreate": False, "subscribeChange": True, "subscribeDelete": False}
    assert (reply.status, reply.body) == (201, {**SMALLEST, **flags, "id": reply.body["id"]})
    assert listed(state, caller)[-1] == reply.body["id"]


def test_the_queues_details_are_kept_for_a_topic(state: VendorState, caller: Caller) -> None:
    destination = {"type": "SNS", "sqs": {"region": "ap-southeast-2"}}
    body = create_subscription(state, {**SMALLEST, "destination": destination}, caller, TENANT).body
    assert get_subscription(state, body["id"], caller, TENANT).body["destination"] == destination


@pytest.mark.parametrize("key", [ACTIVE, INACTIVE])
def test_an_id_in_use_is_refused(state: VendorState, caller: Caller, key: str) -> None:
    with pytest.raises(Refused) as refused:
        create_subscription(state, {**SMALLEST, "id": key}, caller, TENANT)
    assert (refused.value.status, refused.value.data) == (400, "eventSubscription")


def test_only_active_subscriptions_of_the_tenant_are_listed(state: VendorState, caller: Caller) -> None:
    assert listed(state, caller) == [*SUBSCRIPTION_IDS[:2]]


def test_an_update_answers_created_and_keeps_flags_left_out(state: VendorState, caller: Caller) -> None:
    reply = update_subscription(state, {**SMALLEST, "id": ACTIVE}, caller, TENANT)
    assert (reply.status, reply.body["entityType"], reply.body["subscribeCreate"]) == (201, "ORDER", True)
    assert get_subscription(state, ACTIVE, caller, TENANT).body == reply.body


def test_an_update_replaces_the_destination(state: VendorState, caller: Caller) -> None:
    assert update_subscription(state, {**SMALLEST, "id": ACTIVE}, caller, TENANT).body["destination"] == {"type": "SNS"}


def test_an_update_can_make_a_subscription_active_again(state: VendorState, caller: Caller) -> None:
    update_subscription(state, {**SMALLEST, "id": INACTIVE, "active": True}, caller, TENANT)
    assert INACTIVE in listed(state, caller)


def test_an_update_of_an_unknown_subscription_is_refused(state: VendorState, caller: Caller) -> None:
    with pytest.raises(Refused) as refused:
        update_subscription(state, {**SMALLEST, "id": "nobody"}, caller, TENANT)
    assert refused.value.status == 404


def test_a_deactivated_subscription_is_gone(state: VendorState, caller: Caller) -> None:
    reply = deactivate_subscription(state, ACTIVE, caller, TENANT)
    assert (reply.status, reply.body) == (200, {"body": {}, "statusCode": "ACCEPTED", "statusCodeValue": 0})
    assert ACTIVE not in listed(state, caller)
    for operate in (get_subscription, deactivate_subscription):
        with pytest.raises(Refused) as refused:
            operate(state, ACTIVE, caller, TENANT)
        assert refused.value.status == 404


def test_another_tenants_subscriptions_stay_unseen(state: VendorState, stranger: Caller) -> None:
    (only,) = list_subscriptions(state, stranger, f"{TENANT}-two").body
    assert only["entityType"] == "CUSTOMER"
    with pytest.raises(Refused) as refused:
        deactivate_subscription(state, ACTIVE, stranger, f"{TENANT}-two")
    assert refused.value.status == 404


def test_a_token_of_another_realm_is_refused(state: VendorState, stranger: Caller) -> None:
    with pytest.raises(Refused) as refused:
        list_subscriptions(state, stranger, TENANT)
    assert refused.value.status == 403
