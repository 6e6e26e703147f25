"""Pending events: events that are stored before their customer is known."""

from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.events.consent_policy import missing_consents
from understudy.vendors.contacthub.events.event_store import drop_event, rewrite_event
from understudy.vendors.contacthub.tables import CUSTOMERS, EVENTS, NODES, SESSIONS

SESSION_ID, EXTERNAL_ID = "SESSION_ID", "EXTERNAL_ID"


def find_owner(state: VendorState, workspace_id: str, bring_back: Json) -> str | None:
    """Return the id of the customer that ``bringBackProperties`` identify; ``None`` if there is none yet.

    External ids need not be unique: the oldest customer with this one is the owner.
    """
    node = state.collection(NODES).view(bring_back["nodeId"])
    if node is None or node["workspaceId"] != workspace_id:
        return None
    key = (bring_back["nodeId"], bring_back["value"])
    if bring_back["type"] == SESSION_ID:
        session = state.collection(SESSIONS).first("value", key)
        return None if session is None else str(session["customerId"])
    customer = state.collection(CUSTOMERS).first("externalId", key)
    return None if customer is None else str(customer["id"])


def attach_events(state: VendorState, node_id: str, kind: str, value: str, customer_id: str) -> None:
    """Attach to a customer the pending events of its session (``SESSION_ID``) or external id (``EXTERNAL_ID``).

    An event that needs a consent which the customer has not given is deleted.
    """
    for row in state.collection(EVENTS).find("awaited", (node_id, kind, value)):
        if missing_consents(state, row["workspaceId"], row["data"]["type"], customer_id):
            drop_event(state, row)
        else:
            rewrite_event(state, row, {"customerId": customer_id})
