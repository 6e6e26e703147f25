"""Update stream: every write of a customer or an event, in order."""

import orjson

from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.sequences import last_number, next_number
from understudy.vendors.contacthub.tables import UPDATES
from understudy.vendors.contacthub.timestamps import now_millis

CREATE, UPDATE, DELETE = "CREATE", "UPDATE", "DELETE"
CUSTOMER, EVENT = "CUSTOMER", "EVENT"
LEFT = "LEFT"
"""Kind of a row that only the stream of an aggregate node shows: a member has left its aggregate customer."""

DELETED = 1
"""``deleted`` of a customer that is deleted; inferred, for the meaning of -1, 0 and 1 is lost on the vendor's page."""


def append_update(
    state: VendorState, operation: str, kind: str, workspace_id: str, node_id: str | None, data: Json | bytes
) -> None:
    """Append a write of a customer or event to the stream.

    ``operation`` is CREATE, UPDATE or DELETE. ``data`` is the record after the write, or before a DELETE; bytes are its
    JSON text.
    """
    offset = next_number(state, UPDATES)
    state.collection(UPDATES).put(
        {
            "id": str(offset),
            "operation": operation,
            "kind": kind,
            "workspaceId": workspace_id,
            "nodeId": node_id,
            "at": now_millis(state),
        },
        shared=data if isinstance(data, bytes) else orjson.dumps(data),
    )


def last_offset(state: VendorState) -> int:
    """Return the offset of the newest update; 0 before the first."""
    return last_number(state, UPDATES)
