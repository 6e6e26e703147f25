"""Handlers of events, which report changes of a shop's entities."""

import inspect
from itertools import islice

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.core.steps import Steps
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.known_fields import EVENT, keep_known
from understudy.vendors.twc.subscribed_changes import notify_subscribers
from understudy.vendors.twc.tables import EVENTS
from understudy.vendors.twc.tenant_collection import open_tenant_collection

MESSAGES_AT_ONCE = 50
"""Number of messages to subscribers up to which an event is stored in one piece."""


def create_event(state: VendorState, body: Json, caller: Caller, x_twc_tenant: str) -> Reply | Steps[Reply]:
    """Store a new event, with the body's id or a new one, and pass it on to its subscribers."""
    collection = open_tenant_collection(state, EVENTS, caller, x_twc_tenant)
    event = collection.add(keep_known(body, EVENT))
    steps = notify_subscribers(state, x_twc_tenant, event)
    reply = Reply(event, status=201)
    for _ in islice(steps, MESSAGES_AT_ONCE):
        pass
    return reply if inspect.getgeneratorstate(steps) == inspect.GEN_CLOSED else _after(steps, reply)


def _after(steps: Steps[None], reply: Reply) -> Steps[Reply]:
    yield from steps
    return reply


def get_event(state: VendorState, event_id: str, caller: Caller, x_twc_tenant: str) -> Reply:
    """Return an event."""
    return Reply(open_tenant_collection(state, EVENTS, caller, x_twc_tenant).get_or_refuse(event_id))
