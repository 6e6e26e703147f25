"""Workspaces and nodes: finding the one that a request names, and refusing whoever may not be there."""

from understudy.core.caller import Caller
from understudy.core.refused import Cause, Refused
from understudy.state.collection import Json
from understudy.state.world import World
from understudy.vendors.contacthub.tables import NODES, WORKSPACES

ENTRY, AGGREGATE = "ENTRY", "AGGREGATE"
NO_PERMISSION = "You don't have the necessary permissions for the resource"


def find_workspace(world: World, caller: Caller, workspace_id: str) -> Json:
    """Return a workspace's row whatever its status; refuse one that is unknown or not the caller's with 403."""
    workspace = world.collection(WORKSPACES).get(workspace_id)
    allowed = caller.claims.get("workspaceId")
    if workspace is None or allowed not in (None, workspace_id):
        raise Refused(403, f"workspace not found: {workspace_id}")
    return workspace


def open_workspace(world: World, caller: Caller, workspace_id: str, *, is_write: bool = False) -> Json:
    """Return a workspace's row; refuse one that is unknown or not the caller's with 403 (notes, section 2).

    A disabled workspace refuses everything, a suspended one what writes.
    """
    workspace = find_workspace(world, caller, workspace_id)
    status = workspace["data"]["status"]
    if status == "DISABLED" or (status == "SUSPENDED" and is_write):
        raise Refused(403, f"workspace {status.lower()}: {workspace_id}")
    return workspace


def open_node(world: World, caller: Caller, workspace_id: str, node_id: str, *kinds: str) -> Json:
    """Return a node's row; refuse an unknown one with 404, and one that is not among the caller's with 403.

    ``kinds`` (``ENTRY``, ``AGGREGATE``) narrow what is meant; a node of another kind is unknown.
    """
    node = world.collection(NODES).get(node_id)
    if node is None or node["workspaceId"] != workspace_id or (kinds and node["kind"] not in kinds):
        raise Refused(404, f"node not found {node_id}")
    check_node(caller, node_id)
    return node


def check_node(caller: Caller, node_id: str) -> None:
    """Refuse a node that a source's token is not valid for."""
    allowed = caller.claims.get("nodes")
    if allowed is not None and node_id not in allowed:
        raise Refused(403, NO_PERMISSION, cause=Cause.CREDENTIALS)
