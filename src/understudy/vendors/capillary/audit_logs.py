"""Audit log of event definitions: an entry for each creation, modification and deletion."""

import orjson

from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.organisation import ORG_ID

CREATION, MODIFICATION, DELETION = "creation", "modification", "deletion"
LOGGED = ("eventName", "actions", "description", "fields")


def log_change(state: VendorState, kind: str, before: Json | None, after: Json | None) -> None:
    """Add an entry for a changed definition; ``before`` is ``None`` for a new one, ``after`` for a disabled one."""
    meta = after or before or {}
    now = state.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    logs = state.collection("audit_logs")
    latest = logs.newest("eventName", meta["eventName"], 0, 1)
    since = latest[0]["valueHistory"][-1]["changedOn"] if latest else now
    history = [(before, since if after else now), (after, now)]
    logs.put(
        {
            "id": meta["eventId"],
            "orgId": ORG_ID,
            "valueHistory": [{"value": _text(each), "changedOn": at} for each, at in history if each is not None],
            "updatedType": kind,
            "requestId": state.new_id(),
            "eventName": meta["eventName"],
        }
    )


def _text(meta: Json) -> str:
    return orjson.dumps({name: meta[name] for name in LOGGED if name in meta}).decode()
