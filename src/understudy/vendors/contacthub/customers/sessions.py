"""Sessions of a customer, which link a visitor's events to the customer."""

from understudy.core.json_types import Json
from understudy.core.refused import Refused, Violation
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.events.pending_events import attach_events
from understudy.vendors.contacthub.tables import SESSIONS


def check_session(state: VendorState, node_id: str, value: str | None, customer_id: str | None) -> None:
    """Refuse the query parameter ``sessionId`` if another customer has it; a new customer has no ``customer_id``."""
    session = None if value is None else state.collection(SESSIONS).first("value", (node_id, value))
    if session is not None and session["customerId"] != customer_id:
        violation = Violation("query", "sessionId", "unique", "it is another customer's", value)
        raise Refused(400, f"another customer has the session {value}", violations=[violation])


def link_session(state: VendorState, customer: Json, value: str) -> Json:
    """Return the session with this value; create it for the customer, and attach its events, if there is none."""
    sessions = state.collection(SESSIONS)
    session = sessions.first("value", (customer["nodeId"], value))
    if session is None:
        session = {"id": state.new_id(), "value": value, "customerId": customer["id"], "nodeId": customer["nodeId"]}
        sessions.put(session)
        attach_events(state, customer["nodeId"], "SESSION_ID", value, customer["id"])
    return session
