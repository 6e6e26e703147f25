"""Webhook accounts, and the authentication of pushes."""

from functools import partial
from typing import Any

import pytest

from tests.vendors.capillary.bodies import LOCKED, WEBHOOK, booking
from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.operations import webhooks as operations
from understudy.vendors.capillary.operations.webhooks import disable_webhook, push_occurrence
from understudy.vendors.capillary.security import ACCESS_GROUP, anyone

UNAUTHENTICATED_CALLER = Caller("someone")
TILL = Caller("till.understudy", frozenset((ACCESS_GROUP,)))


def url_for(operation: str, *, webhookId: str) -> str:  # noqa: N803 - the parameter is the vendor's
    return f"http://stand-in/{operation}/{webhookId}"


add_webhook = partial(operations.add_webhook, url_for=url_for)
update_webhook = partial(operations.update_webhook, url_for=url_for)
list_webhooks = partial(operations.list_webhooks, url_for=url_for)


def account(kind: str, **more: Any) -> dict[str, Any]:
    return {"transformerType": kind, "tillCode": "till.understudy", **more}


def test_a_new_webhook_accepts_occurrences_at_its_own_address(state: VendorState) -> None:
    answer = add_webhook(state, account("defaultTransformer")).body

    (listed,) = [each for each in list_webhooks(state).body["data"] if each["webHookUri"] == answer["webHookUri"]]
    assert answer["webHookUri"] == f"http://stand-in/push_occurrence/{listed['webHookId']}"
    assert push_occurrence(state, booking(), listed["webHookId"], UNAUTHENTICATED_CALLER).body["status"]["code"] == 1100


def test_a_transformer_has_one_webhook(state: VendorState) -> None:
    with pytest.raises(Refused):
        add_webhook(state, account("WebEngageTransformer"))


def test_a_disabled_webhook_can_be_replaced_by_another(state: VendorState) -> None:
    disable_webhook(state, {"webHookId": WEBHOOK})

    add_webhook(state, account("WebEngageTransformer"))

    assert WEBHOOK not in [each["webHookId"] for each in list_webhooks(state).body["data"]]


def test_a_disabled_webhook_refuses_pushes(state: VendorState) -> None:
    disable_webhook(state, {"webHookId": WEBHOOK})

    with pytest.raises(Refused) as refusal:
        push_occurrence(state, booking(), WEBHOOK, UNAUTHENTICATED_CALLER)
    assert refusal.value.status == 404
    with pytest.raises(Refused):
        disable_webhook(state, {"webHookId": WEBHOOK})


def test_an_update_finds_the_webhook_by_its_transformer(state: VendorState) -> None:
    answer = update_webhook(state, account("WebEngageTransformer", tillCode="elsewhere")).body

    assert WEBHOOK in answer["webHookUri"]
    assert (answer["tillCode"], answer["uniquenessCheckEnabled"]) == ("elsewhere", True)


def test_an_update_cannot_use_the_transformer_of_another_webhook(state: VendorState) -> None:
    with pytest.raises(Refused):
        update_webhook(state, account("kumulosTransformer", webHookId=WEBHOOK))


def test_an_unknown_webhook_is_refused(state: VendorState) -> None:
    with pytest.raises(Refused):
        update_webhook(state, account("webEngageTransformer", webHookId="nowhere"))


def test_the_uniqueness_check_can_be_turned_on_but_not_off(state: VendorState) -> None:
    add_webhook(state, account("defaultTransformer"))
    on = update_webhook(state, account("defaultTransformer", uniquenessCheckEnabled=True)).body

    assert on["uniquenessCheckEnabled"]
    with pytest.raises(Refused):
        update_webhook(state, account("defaultTransformer", uniquenessCheckEnabled=False))


def test_a_webhook_with_authentication_requires_credentials(state: VendorState) -> None:
    with pytest.raises(Refused) as refusal:
        push_occurrence(state, booking(), LOCKED, UNAUTHENTICATED_CALLER)
    assert refusal.value.status == 401

    for caller in (TILL, anyone(state)):
        assert push_occurrence(state, booking(), LOCKED, caller).status == 200


@pytest.mark.parametrize("operation", [add_webhook, update_webhook, disable_webhook])
def test_one_header_of_the_lookup_pair_is_refused(state: VendorState, operation: Any) -> None:
    body = account("defaultTransformer", webHookId=WEBHOOK)
    with pytest.raises(Refused) as refusal:
        operation(state, body, x_cap_api_attribution_lookup="till.understudy")

    assert refusal.value.code == 1061


@pytest.mark.parametrize("mechanism", ["Basic", "BASIC", "OAUTH", "oauth"])
def test_the_mechanism_is_answered_while_authentication_is_on(state: VendorState, mechanism: str) -> None:
    on = add_webhook(state, account("defaultTransformer", authEnabled=True, authMechanism=mechanism)).body
    off = update_webhook(state, account("defaultTransformer", authEnabled=False)).body

    assert (on["authEnabled"], on["authMechanism"]) == (True, mechanism)
    assert "authMechanism" not in off


def test_what_is_null_stays_as_it_is(state: VendorState) -> None:
    nothing = dict.fromkeys(("authEnabled", "authMechanism", "uniquenessCheckEnabled", "listenToChildEvents"))

    added = add_webhook(state, account("defaultTransformer", **nothing)).body
    kept = update_webhook(state, account("webEngageTransformer", webHookId=None, **nothing)).body

    assert (added["authEnabled"], added["uniquenessCheckEnabled"]) == (False, False)
    assert kept["uniquenessCheckEnabled"] is True


def test_a_transformer_is_known_in_any_case(state: VendorState) -> None:
    add_webhook(state, account("SomeTransformer", listenToChildEvents=True))

    with pytest.raises(Refused):
        add_webhook(state, account("sometransformer"))


def test_the_request_id_of_a_push_is_in_a_header_too(state: VendorState) -> None:
    reply = push_occurrence(state, booking(), WEBHOOK, UNAUTHENTICATED_CALLER)

    assert reply.headers == {"x-cap-hydra-request-id": reply.body["requestId"]}
