"""Operations on workspaces, for the vendor's staff."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused, Violation
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.paging import page_of
from understudy.vendors.contacthub.tables import WORKSPACES
from understudy.vendors.contacthub.workspace_access import find_workspace

ENABLED = "ENABLED"


def list_workspaces(
    state: VendorState, name: str | None, group_pk: float | None, page: int, size: int, caller: Caller
) -> Reply:
    """Return a page of the caller's workspaces, filtered by a text in the name and by customer group."""
    allowed = caller.claims.get("workspaceId")
    known = [row["data"] for row in state.collection(WORKSPACES) if allowed in (None, row["id"])]
    found = [each for each in known if (name or "") in each["name"] and group_pk in (None, each["groupPk"])]
    return Reply(page_of(found, size, page, len(known)))


def create_workspace(state: VendorState, body: Json) -> Reply:
    """Create an enabled workspace without nodes, with the vendor's default settings."""
    workspaces = state.collection(WORKSPACES)
    if any(row["data"]["slug"] == body["slug"] for row in workspaces):
        violation = Violation("body", "/slug", "unique", "the slug is taken", body["slug"])
        raise Refused(400, "workspace is not valid", violations=[violation])
    workspace = {
        "id": state.new_id(),
        **{name: body[name] for name in ("name", "slug", "groupPk", "shard")},
        "status": ENABLED,
    }
    workspaces.put({"id": workspace["id"], "industry": None, "data": workspace})
    return Reply(workspace, status=201)


def get_workspace(state: VendorState, workspace_id: str, caller: Caller) -> Reply:
    """Return a workspace, also a disabled one."""
    return Reply(find_workspace(state, caller, workspace_id)["data"])


def update_workspace_status(state: VendorState, workspace_id: str, body: Json, caller: Caller) -> Reply:
    """Enable, suspend or disable a workspace; a disabled one can be enabled again."""
    workspace = find_workspace(state, caller, workspace_id)
    status = body.get("status") or workspace["data"]["status"]
    state.collection(WORKSPACES).put({**workspace, "data": {**workspace["data"], "status": status}})
    return Reply({"status": status})
