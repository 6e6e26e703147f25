"""Operations on the sessions of a customer."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused, Violation
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.customers.customer_rules import refuse_if_any
from understudy.vendors.contacthub.customers.customer_store import find_customer, find_writable
from understudy.vendors.contacthub.customers.sessions import link_session
from understudy.vendors.contacthub.customers.unknown_keys import unknown_keys
from understudy.vendors.contacthub.tables import SESSIONS
from understudy.vendors.contacthub.workspace_access import enter_workspace


def list_sessions(state: VendorState, workspace_id: str, customer_id: str, caller: Caller) -> Reply:
    """Return the sessions of a customer, oldest first."""
    enter_workspace(state, caller, workspace_id)
    find_customer(state, caller, workspace_id, customer_id)
    return Reply({"elements": [_response(row) for row in state.collection(SESSIONS).find("customerId", customer_id)]})


def create_session(state: VendorState, workspace_id: str, customer_id: str, body: Json, caller: Caller) -> Reply:
    """Link a session to a customer; refuse a value that is in use in the node."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    customer, _ = find_writable(state, caller, workspace_id, customer_id)
    refuse_if_any(unknown_keys(state, body, ("id", "value")))
    value = body["value"]
    existing = state.collection(SESSIONS).first("value", (customer["nodeId"], value))
    if existing is not None:
        owner = "the customer" if existing["customerId"] == customer_id else "another customer"
        violation = Violation("body", "/value", "unique", "it exists already", value)
        raise Refused(400, f"{owner} has the session {value} already", violations=[violation])
    return Reply(_response(link_session(state, customer, value)), status=201)


def get_session(state: VendorState, workspace_id: str, customer_id: str, session_id: str, caller: Caller) -> Reply:
    """Return a session of a customer."""
    enter_workspace(state, caller, workspace_id)
    find_customer(state, caller, workspace_id, customer_id)
    return Reply(_response(_find(state, customer_id, session_id)))


def delete_session(state: VendorState, workspace_id: str, customer_id: str, session_id: str, caller: Caller) -> Reply:
    """Delete a session; its events stay with the customer."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    find_writable(state, caller, workspace_id, customer_id)
    _find(state, customer_id, session_id)
    state.collection(SESSIONS).delete(session_id)
    return Reply()


def _find(state: VendorState, customer_id: str, session_id: str) -> Json:
    session = state.collection(SESSIONS).get(session_id)
    if session is None or session["customerId"] != customer_id:
        raise Refused(404, f"session not found {session_id}")
    return session


def _response(session: Json) -> Json:
    return {"id": session["id"], "value": session["value"]}
