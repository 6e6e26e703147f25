"""Webhook accounts and who may push to them."""

from typing import Any

import pytest

from tests.vendors.capillary.shorthand import LOCKED, WEBHOOK, booking
from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.operations.webhooks import (
    add_webhook,
    disable_webhook,
    list_webhooks,
    push_occurrence,
    update_webhook,
)
from understudy.vendors.capillary.security import ACCESS_GROUP, anyone

NOBODY = Caller("someone")
TILL = Caller("till.understudy", frozenset((ACCESS_GROUP,)))


def account(kind: str, **more: Any) -> dict[str, Any]:
    return {"transformerType": kind, "tillCode": "till.understudy", **more}


def test_a_new_webhook_takes_occurrences_at_its_own_address(world: VendorState) -> None:
    answer = add_webhook(world, account("defaultTransformer")).body

    (listed,) = [each for each in list_webhooks(world).body["data"] if each["webHookUri"] == answer["webHookUri"]]
    assert answer["webHookUri"] == f"/v2/events/webhook/{listed['webHookId']}/push"
    assert push_occurrence(world, booking(), listed["webHookId"], NOBODY).body["status"]["code"] == 1100


def test_a_transformer_has_one_webhook(world: VendorState) -> None:
    with pytest.raises(Refused):
        add_webhook(world, account("WebEngageTransformer"))


def test_a_closed_webhook_makes_room_for_another(world: VendorState) -> None:
    disable_webhook(world, {"webHookId": WEBHOOK})

    add_webhook(world, account("WebEngageTransformer"))

    assert WEBHOOK not in [each["webHookId"] for each in list_webhooks(world).body["data"]]


def test_a_closed_webhook_takes_nothing(world: VendorState) -> None:
    disable_webhook(world, {"webHookId": WEBHOOK})

    with pytest.raises(Refused) as refusal:
        push_occurrence(world, booking(), WEBHOOK, NOBODY)
    assert refusal.value.status == 404
    with pytest.raises(Refused):
        disable_webhook(world, {"webHookId": WEBHOOK})


def test_an_update_finds_the_webhook_by_its_transformer(world: VendorState) -> None:
    answer = update_webhook(world, account("WebEngageTransformer", tillCode="elsewhere")).body

    assert WEBHOOK in answer["webHookUri"]
    assert (answer["tillCode"], answer["uniquenessCheckEnabled"]) == ("elsewhere", True)


def test_an_update_cannot_take_anothers_transformer(world: VendorState) -> None:
    with pytest.raises(Refused):
        update_webhook(world, account("kumulosTransformer", webHookId=WEBHOOK))


def test_an_unknown_webhook_is_refused(world: VendorState) -> None:
    with pytest.raises(Refused):
        update_webhook(world, account("webEngageTransformer", webHookId="nowhere"))


def test_the_uniqueness_check_can_be_turned_on_but_not_off(world: VendorState) -> None:
    add_webhook(world, account("defaultTransformer"))
    on = update_webhook(world, account("defaultTransformer", uniquenessCheckEnabled=True)).body

    assert on["uniquenessCheckEnabled"]
    with pytest.raises(Refused):
        update_webhook(world, account("defaultTransformer", uniquenessCheckEnabled=False))


def test_a_locked_webhook_wants_credentials(world: VendorState) -> None:
    with pytest.raises(Refused) as refusal:
        push_occurrence(world, booking(), LOCKED, NOBODY)
    assert refusal.value.status == 401

    for caller in (TILL, anyone(world)):
        assert push_occurrence(world, booking(), LOCKED, caller).status == 200


@pytest.mark.parametrize("operation", [add_webhook, update_webhook, disable_webhook])
def test_half_a_lookup_is_refused(world: VendorState, operation: Any) -> None:
    body = account("defaultTransformer", webHookId=WEBHOOK)
    with pytest.raises(Refused) as refusal:
        operation(world, body, x_cap_api_attribution_lookup="till.understudy")

    assert refusal.value.code == 1061
