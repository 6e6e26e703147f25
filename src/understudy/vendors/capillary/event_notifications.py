"""Event notifications, which Capillary sends to an organisation's webhooks: of what is modelled, a new customer.

The webhooks of notifications are accounts of another API (``/v3/webHooks``), which is not modelled, so the destination
is the event's name. The form is that of the vendor's sample, without what an organisation may have added to it; the id
of the event is computed, so that other ids stay the same.
"""

from uuid import NAMESPACE_URL, uuid5

from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.epoch_millis import to_millis
from understudy.vendors.capillary.organisation import ORG_ID, till_id

CUSTOMER_ADDED = "customerAdded"
DESTINATION = f"capillary:{CUSTOMER_ADDED}"
SHOWN_IDENTIFIERS = ("mobile", "email", "externalId")


def notify_customer_added(
    state: VendorState, user_id: int, identifier: tuple[str, str], source: str, till: str, request_id: str
) -> None:
    """Add the notification of a customer whom a pushed occurrence has added, by an identifier: its kind and value."""
    now = to_millis(state.now())
    kind, value = identifier
    known: Json = {kind: value} if kind in SHOWN_IDENTIFIERS else {}
    attributes: Json = {
        "createdAt": now,
        "data": {
            "loyaltyType": "LOYALTY",
            "source": source.lower(),
            "enteredAt": now,
            "enteredBy": {"id": till_id(state, till), "till": {"code": till, "name": till}},
            "customerIdentifiers": {"customerId": user_id, source.lower(): known},
        },
        "eventName": CUSTOMER_ADDED,
        "refId": f"{ORG_ID}_{user_id}",
        "apiRequestId": request_id.replace("-", ""),
        "orgId": ORG_ID,
    }
    body = {
        "eventId": str(uuid5(NAMESPACE_URL, f"{CUSTOMER_ADDED} {request_id}")),
        "eventType": f"{ORG_ID}_{CUSTOMER_ADDED}",
        "consumerGroupId": None,
        "actionType": "START",
        "timeStamp": now,
        "attributes": attributes,
    }
    because = {"collection": "customers", "id": str(user_id), "request": request_id}
    state.outbox.add(
        "webhook", DESTINATION, body, operation="push_occurrence", because=because, group=f"customers/{user_id}"
    )
