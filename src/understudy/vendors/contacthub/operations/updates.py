"""Operations that read the update stream, from which a client copies customers and events."""

from bisect import bisect_left
from collections.abc import Generator

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.nodes.node_access import find_node
from understudy.vendors.contacthub.tables import UPDATES
from understudy.vendors.contacthub.update_stream import last_offset
from understudy.vendors.contacthub.workspace_access import enter_workspace

ROWS_PER_STEP = 250
"""Number of updates that are read in one step: about two milliseconds."""


def list_updates(
    state: VendorState,
    workspace_id: str,
    size: int,
    timestamp: int | None,
    offset: int | None,
    node_id: str | None,
    entity: str | None,
    caller: Caller,
) -> Generator[None, None, Reply]:
    """Return the updates after an offset, or from a time on, in their order.

    ``nextOffset`` is the offset of the last update returned, or the offset of the request if there is none.
    """
    wanted = _wanted(state, caller, workspace_id, node_id, entity)
    stream = state.collection(UPDATES)
    reached = _start(state, timestamp, offset)
    found: list[Json] = []
    for number in range(reached + 1, last_offset(state) + 1):
        if len(found) == size:
            break
        row = stream.get(str(number))
        if row is not None and wanted.items() <= row.items():
            found.append({"operation": row["operation"], "entity": {"type": row["kind"], "data": row["data"]}})
            reached = number
        if number % ROWS_PER_STEP == 0:
            yield
    return Reply({"nextOffset": reached, "updates": found})


def get_last_offset(
    state: VendorState, workspace_id: str, node_id: str | None, entity: str | None, caller: Caller
) -> Generator[None, None, Reply]:
    """Return the offset of the newest update that passes the filters; 0 if there is none."""
    wanted = _wanted(state, caller, workspace_id, node_id, entity)
    stream = state.collection(UPDATES)
    for number in range(last_offset(state), 0, -1):
        row = stream.get(str(number))
        if row is not None and wanted.items() <= row.items():
            return Reply({"lastOffset": number})
        if number % ROWS_PER_STEP == 0:
            yield
    return Reply({"lastOffset": 0})


def _wanted(state: VendorState, caller: Caller, workspace_id: str, node_id: str | None, entity: str | None) -> Json:
    """Return the column values that a row must have to pass the filters."""
    enter_workspace(state, caller, workspace_id)
    if node_id is not None:
        find_node(state, caller, workspace_id, node_id)
    filters = {"workspaceId": workspace_id, "nodeId": node_id, "kind": entity}
    return {name: value for name, value in filters.items() if value is not None}


def _start(state: VendorState, timestamp: int | None, offset: int | None) -> int:
    """Return the offset after which the result starts.

    The search by time assumes rows in the order of time, which is not so if the clock was set back.
    """
    if offset is not None:
        return offset
    if timestamp is None:
        return 0
    stream = state.collection(UPDATES)

    def written_at(number: int) -> int:
        row = stream.get(str(number))
        return 0 if row is None else int(row["at"])

    return bisect_left(range(1, last_offset(state) + 1), timestamp, key=written_at)
