"""Look-up of the workspace that a request names, with the checks that every request to it must pass."""

from understudy.core.caller import Caller
from understudy.core.json_types import ReadOnlyJson
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.throttling import check_rate
from understudy.vendors.contacthub.retention.expiry import drop_expired, is_due
from understudy.vendors.contacthub.tables import WORKSPACES


def find_workspace(state: VendorState, caller: Caller, workspace_id: str) -> ReadOnlyJson:
    """Return a workspace's row, also a disabled one's; refuse an unknown or foreign one with 403."""
    workspace = state.collection(WORKSPACES).view(workspace_id)
    allowed = caller.claims.get("workspaceId")
    if workspace is None or allowed not in (None, workspace_id):
        raise Refused(403, f"workspace not found: {workspace_id}")
    return workspace


def enter_workspace(state: VendorState, caller: Caller, workspace_id: str, *, is_write: bool = False) -> ReadOnlyJson:
    """Return a workspace's row, count the request, and delete a portion of the expired events.

    Refuses with 403 an unknown or foreign workspace, a disabled one, and a suspended one for a write; refuses with 429
    if the workspace has used up its requests of this minute. Expired events are deleted here so that no request sees
    them.
    """
    workspace = find_workspace(state, caller, workspace_id)
    status = workspace["data"]["status"]
    if status == "DISABLED" or (status == "SUSPENDED" and is_write):
        raise Refused(403, f"workspace {status.lower()}: {workspace_id}")
    check_rate(state, workspace_id)
    if is_due(state, workspace_id):
        next(drop_expired(state, workspace_id), None)
    return workspace
