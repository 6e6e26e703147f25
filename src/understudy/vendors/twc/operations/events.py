"""Handlers of events, which report changes of a shop's entities."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.known_fields import EVENT, keep_known
from understudy.vendors.twc.tables import EVENTS
from understudy.vendors.twc.tenant_collection import open_tenant_collection


def create_event(state: VendorState, body: Json, caller: Caller, x_twc_tenant: str) -> Reply:
    """Store a new event, with the body's id or a new one."""
    collection = open_tenant_collection(state, EVENTS, caller, x_twc_tenant)
    return Reply(collection.add(keep_known(body, EVENT)), status=201)


def get_event(state: VendorState, event_id: str, caller: Caller, x_twc_tenant: str) -> Reply:
    """Return an event."""
    return Reply(open_tenant_collection(state, EVENTS, caller, x_twc_tenant).get_or_refuse(event_id))
