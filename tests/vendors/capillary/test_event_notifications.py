"""Event notifications: a pushed occurrence that adds a customer is followed by one, any other by none."""

from collections.abc import Callable
from uuid import UUID

import pytest

from tests.vendors.capillary.bodies import WEBHOOK, event, field
from understudy.core.caller import Caller
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.epoch_millis import to_millis
from understudy.vendors.capillary.operations.events import create_event
from understudy.vendors.capillary.operations.webhooks import push_occurrence
from understudy.vendors.capillary.organisation import ORG_ID


@pytest.fixture
def state(vendor_state: Callable[[str], VendorState]) -> VendorState:
    found = vendor_state("capillary")
    found.clock.set(found.clock.now(), rate=0)
    customer = {
        "addCustomerIfNotExists": {"value": "true", "valueType": "Boolean"},
        "identifierType": {"value": "mobile", "valueType": "String"},
        "source": {"value": "INSTORE", "valueType": "String"},
    }
    create_event(found, event("Seen", {"name": "customer", "type": "customer", "attributes": customer}))
    return found


def push(state: VendorState, **payload: object) -> str:
    body = {"event_name": "Seen", **payload}
    return str(push_occurrence(state, body, WEBHOOK, Caller("someone")).body["requestId"])


def test_a_new_customer_is_notified_in_the_form_of_the_vendors_sample(state: VendorState) -> None:
    request_id = push(state, customer="393330001122")

    [message] = state.outbox
    assert (message["kind"], message["destination"]) == ("webhook", "capillary:customerAdded")
    assert message["operation"] == "push_occurrence"
    body = message["body"]
    key = body["attributes"]["data"]["customerIdentifiers"]["customerId"]
    assert message["because"] == {"collection": "customers", "id": str(key), "request": request_id}
    assert state.collection("customers").get(str(key)) is not None
    now = to_millis(state.now())
    assert UUID(body.pop("eventId")).version == 5
    till = body["attributes"]["data"].pop("enteredBy")
    assert till["id"] > 0
    assert body == {
        "eventType": f"{ORG_ID}_customerAdded",
        "consumerGroupId": None,
        "actionType": "START",
        "timeStamp": now,
        "attributes": {
            "createdAt": now,
            "data": {
                "loyaltyType": "LOYALTY",
                "source": "instore",
                "enteredAt": now,
                "customerIdentifiers": {"customerId": key, "instore": {"mobile": "393330001122"}},
            },
            "eventName": "customerAdded",
            "refId": f"{ORG_ID}_{key}",
            "apiRequestId": request_id.replace("-", ""),
            "orgId": ORG_ID,
        },
    }


def test_a_known_customer_is_not_notified_again(state: VendorState) -> None:
    push(state, customer="393330001122")
    push(state, customer="393330001122")
    push(state, customer="+393330001122")
    assert len(state.outbox) == 1


@pytest.mark.parametrize(
    "payload",
    [{}, {"customer": ""}, {"customer": "393330001122", "eventDateTime": "no time"}, {"event_name": "Unheard"}],
)
def test_an_occurrence_that_is_not_stored_notifies_nobody(state: VendorState, payload: dict[str, object]) -> None:
    push(state, **payload)
    assert len(state.outbox) == 0


def test_an_event_that_adds_no_customers_notifies_nobody(state: VendorState) -> None:
    create_event(state, event("Looked", field("customer", "customer", addCustomerIfNotExists="false")))
    push(state, event_name="Looked", customer="393330001123")
    assert len(state.outbox) == 0
