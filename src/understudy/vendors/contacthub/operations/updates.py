"""The stream of updates, for whoever keeps a copy of customers and events."""

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

ROWS_A_TURN = 250
"""How many updates are looked at before other requests have their turn: about two milliseconds."""


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
    """Answer updates after an offset, or from a time on, in their order.

    ``nextOffset`` is where the answer ends; where it would have begun if there is nothing new (notes, section 8).
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
        if number % ROWS_A_TURN == 0:
            yield
    return Reply({"nextOffset": reached, "updates": found})


def get_last_offset(
    state: VendorState, workspace_id: str, node_id: str | None, entity: str | None, caller: Caller
) -> Generator[None, None, Reply]:
    """Answer the offset of the newest update that the filters leave; 0 if there is none."""
    wanted = _wanted(state, caller, workspace_id, node_id, entity)
    stream = state.collection(UPDATES)
    for number in range(last_offset(state), 0, -1):
        row = stream.get(str(number))
        if row is not None and wanted.items() <= row.items():
            return Reply({"lastOffset": number})
        if number % ROWS_A_TURN == 0:
            yield
    return Reply({"lastOffset": 0})


def _wanted(state: VendorState, caller: Caller, workspace_id: str, node_id: str | None, entity: str | None) -> Json:
    """What a row of the stream has if the filters leave it."""
    enter_workspace(state, caller, workspace_id)
    if node_id is not None:
        find_node(state, caller, workspace_id, node_id)
    filters = {"workspaceId": workspace_id, "nodeId": node_id, "kind": entity}
    return {name: value for name, value in filters.items() if value is not None}


def _start(state: VendorState, timestamp: int | None, offset: int | None) -> int:
    """The offset after which the answer begins. The stream is in the order of time, unless the clock was set back."""
    if offset is not None:
        return offset
    if timestamp is None:
        return 0
    stream = state.collection(UPDATES)

    def written_at(number: int) -> int:
        row = stream.get(str(number))
        return 0 if row is None else int(row["at"])

    return bisect_left(range(1, last_offset(state) + 1), timestamp, key=written_at)
