"""Stored nodes of a workspace."""

from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.tables import NODES


def put_node(state: VendorState, workspace_id: str, kind: str, data: Json) -> None:
    """Store a node; ``data`` is the node as responses show it."""
    state.collection(NODES).put({"id": data["id"], "workspaceId": workspace_id, "kind": kind, "data": data})


def nodes_of(state: VendorState, workspace_id: str, *kinds: str) -> list[Json]:
    """Return the rows of a workspace's nodes of these kinds (default: all), oldest first."""
    rows = state.collection(NODES).find("workspaceId", workspace_id)
    return [row for row in rows if not kinds or row["kind"] in kinds]
