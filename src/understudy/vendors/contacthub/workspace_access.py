"""Workspaces and nodes: finding the one that a request names, and refusing whoever may not be there."""

from understudy.core.caller import Caller
from understudy.core.json_types import ReadOnlyJson
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.throttling import check_rate
from understudy.vendors.contacthub.retention.expiry import drop_expired, is_due
from understudy.vendors.contacthub.tables import WORKSPACES


def find_workspace(state: VendorState, caller: Caller, workspace_id: str) -> ReadOnlyJson:
    """Return a workspace's row whatever its status; refuse one that is unknown or not the caller's with 403."""
    workspace = state.collection(WORKSPACES).view(workspace_id)
    allowed = caller.claims.get("workspaceId")
    if workspace is None or allowed not in (None, workspace_id):
        raise Refused(403, f"workspace not found: {workspace_id}")
    return workspace


def enter_workspace(state: VendorState, caller: Caller, workspace_id: str, *, is_write: bool = False) -> ReadOnlyJson:
    """Return a workspace's row; refuse one that is unknown or not the caller's with 403 (notes, section 2).

    A disabled workspace refuses everything, a suspended one what writes; one that has used up its requests of this
    minute answers 429. Events that are past their months are dropped before anyone can see them, a portion at a time.
    """
    workspace = find_workspace(state, caller, workspace_id)
    status = workspace["data"]["status"]
    if status == "DISABLED" or (status == "SUSPENDED" and is_write):
        raise Refused(403, f"workspace {status.lower()}: {workspace_id}")
    check_rate(state, workspace_id)
    if is_due(state, workspace_id):
        next(drop_expired(state, workspace_id), None)
    return workspace
