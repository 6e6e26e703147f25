"""Operations that read the update stream, from which a client copies customers and events."""

from bisect import bisect_left
from collections.abc import Generator

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.aggregates.aggregate_updates import ShowUpdate, aggregate_updates, show_update
from understudy.vendors.contacthub.aggregates.aggregation import build_aggregates
from understudy.vendors.contacthub.nodes.node_access import AGGREGATE, find_node
from understudy.vendors.contacthub.retention.visible_events import visibility_test
from understudy.vendors.contacthub.tables import UPDATES
from understudy.vendors.contacthub.update_stream import last_offset
from understudy.vendors.contacthub.workspace_access import enter_workspace

ROWS_PER_STEP = 100
"""Number of updates that are read in one step: about a millisecond, and a few more for an aggregate node."""


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
    wanted, show = yield from _selection(state, caller, workspace_id, node_id, entity)
    stream = state.collection(UPDATES)
    reached = _start(state, timestamp, offset)
    found: list[Json] = []
    for number in range(reached + 1, last_offset(state) + 1):
        if len(found) == size:
            break
        row = stream.get(str(number))
        shown = show(row) if row is not None and wanted.items() <= row.items() else None
        if shown is not None:
            found.append(shown)
            reached = number
        if number % ROWS_PER_STEP == 0:
            yield
    return Reply({"nextOffset": reached, "updates": found})


def get_last_offset(
    state: VendorState, workspace_id: str, node_id: str | None, entity: str | None, caller: Caller
) -> Generator[None, None, Reply]:
    """Return the offset of the newest update that passes the filters; 0 if there is none."""
    wanted, show = yield from _selection(state, caller, workspace_id, node_id, entity)
    stream = state.collection(UPDATES)
    for number in range(last_offset(state), 0, -1):
        row = stream.get(str(number))
        if row is not None and wanted.items() <= row.items() and show(row) is not None:
            return Reply({"lastOffset": number})
        if number % ROWS_PER_STEP == 0:
            yield
    return Reply({"lastOffset": 0})


def _selection(
    state: VendorState, caller: Caller, workspace_id: str, node_id: str | None, entity: str | None
) -> Generator[None, None, tuple[Json, ShowUpdate]]:
    """Return the column values that a row must have to pass the filters, and the function that shows it.

    An aggregate node is built first, and shows the updates of its entry nodes.
    """
    enter_workspace(state, caller, workspace_id)
    node = None if node_id is None else find_node(state, caller, workspace_id, node_id)
    if node is not None and node["kind"] == AGGREGATE:
        yield from build_aggregates(state, node)
        return {"workspaceId": workspace_id}, aggregate_updates(state, node, entity, visibility_test(state, node))
    filters = {"workspaceId": workspace_id, "nodeId": node_id, "kind": entity}
    allowed = caller.claims.get("nodes")
    wanted = {name: value for name, value in filters.items() if value is not None}
    return wanted, lambda row: show_update(row) if allowed is None or row["nodeId"] in allowed else None


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
