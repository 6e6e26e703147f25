"""Operations on the users of a workspace."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.nodes.node_access import find_node
from understudy.vendors.contacthub.paging import whole_page
from understudy.vendors.contacthub.tables import USERS
from understudy.vendors.contacthub.timestamps import now_text
from understudy.vendors.contacthub.workspace_access import enter_workspace

SEARCHED = ("surname", "username", "email")
"""Searchable columns of a user's row, beside the name in ``data``."""


def list_users(state: VendorState, workspace_id: str, search: str | None, caller: Caller) -> Reply:
    """Return the users of the workspace, or those whose names or e-mail address contain a text; case is ignored."""
    enter_workspace(state, caller, workspace_id)
    rows = state.collection(USERS).find("workspaceId", workspace_id)
    text = (search or "").lower()
    return Reply(whole_page([row["data"] for row in rows if _contains(row, text)], len(rows)))


def get_user(state: VendorState, workspace_id: str, id: str, caller: Caller) -> Reply:  # noqa: A002 - the spec's name
    """Return a user."""
    enter_workspace(state, caller, workspace_id)
    return Reply(_find_user(state, workspace_id, id)["data"])


def update_user(
    state: VendorState,
    workspace_id: str,
    id: str,  # noqa: A002 - the spec's name
    body: Json,
    caller: Caller,
) -> Reply:
    """Replace the nodes of a user; of a node that is named twice, the last permission counts."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    row = _find_user(state, workspace_id, id)
    permissions = {node["id"]: node["permission"] for node in body["nodes"]}
    for node_id in permissions:
        find_node(state, caller, workspace_id, node_id)
    row["data"]["nodes"] = [{"id": node_id, "permission": given} for node_id, given in permissions.items()]
    row["data"]["updatedAt"] = now_text(state)
    state.collection(USERS).put(row)
    return Reply(row["data"])


def _find_user(state: VendorState, workspace_id: str, user_id: str) -> Json:
    row = state.collection(USERS).get(user_id)
    if row is None or row["workspaceId"] != workspace_id:
        raise Refused(404, f"user not found {user_id}")
    return row


def _contains(row: Json, text: str) -> bool:
    return any(text in found.lower() for found in (row["data"]["name"], *(row[name] for name in SEARCHED)))
