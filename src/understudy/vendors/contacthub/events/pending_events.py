"""Events that came before their customer: whom they are of, and giving them to the customer when it appears."""

from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.events.consent_policy import missing_consents
from understudy.vendors.contacthub.events.event_store import drop_event, rewrite_event
from understudy.vendors.contacthub.tables import CUSTOMERS, EVENTS, NODES, SESSIONS

SESSION_ID, EXTERNAL_ID = "SESSION_ID", "EXTERNAL_ID"


def find_owner(state: VendorState, workspace_id: str, bring_back: Json) -> str | None:
    """Return the id of the customer that an event's ``bringBackProperties`` mean, if it is known yet.

    External ids need not be unique: the customer that had this one first is meant.
    """
    node = state.collection(NODES).view(bring_back["nodeId"])
    if node is None or node["workspaceId"] != workspace_id:
        return None
    place = (bring_back["nodeId"], bring_back["value"])
    if bring_back["type"] == SESSION_ID:
        session = state.collection(SESSIONS).first("value", place)
        return None if session is None else str(session["customerId"])
    customer = state.collection(CUSTOMERS).first("externalId", place)
    return None if customer is None else str(customer["id"])


def attach_events(state: VendorState, node_id: str, kind: str, value: str, customer_id: str) -> None:
    """Give a customer the events that wait for its session (``SESSION_ID``) or external id (``EXTERNAL_ID``).

    Events that need a consent which the customer has not given are not kept.
    """
    for row in state.collection(EVENTS).find("awaited", (node_id, kind, value)):
        if missing_consents(state, row["workspaceId"], row["data"]["type"], customer_id):
            drop_event(state, row)
        else:
            rewrite_event(state, row, {"customerId": customer_id})
