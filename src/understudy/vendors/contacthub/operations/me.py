"""Operation that describes the authenticated caller."""

from collections.abc import Iterator

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.security import ALL_NODES_ROLES
from understudy.vendors.contacthub.tables import NODES, USERS, WORKSPACES

NO_USER: Json = {"data": {"id": None}, "surname": None, "lang": None, "email": None}
READ_ONLY_ROLES = frozenset({"GUEST", "DPO", "PLATFORM_UPDATES"})


def get_me(state: VendorState, caller: Caller) -> Reply:
    """Return the user or source that the token belongs to, its roles, and the workspaces and nodes it may use."""
    user = state.collection(USERS).get(str(caller.claims.get("userId")))
    row = NO_USER if user is None else user
    groups: dict[int, list[Json]] = {}
    for workspace in _workspaces(state, caller):
        nodes = list(_nodes(state, caller, workspace["id"], user))
        summary = {name: workspace["data"][name] for name in ("id", "name", "status")} | {"nodes": nodes}
        groups.setdefault(workspace["data"]["groupPk"], []).append(summary)
    me = {
        "id": row["data"]["id"],
        "name": row["data"].get("name", caller.name),
        "surname": row["surname"],
        "groups": [{"id": key, "name": f"Group {key}", "workspaces": found} for key, found in groups.items()],
        "lang": row["lang"],
        "email": row["email"],
        "roles": sorted(caller.scopes),
        "mc": False,
    }
    return Reply(me)


def _workspaces(state: VendorState, caller: Caller) -> Iterator[Json]:
    allowed = caller.claims.get("workspaceId")
    return (row for row in state.collection(WORKSPACES) if allowed in (None, row["id"]))


def _nodes(state: VendorState, caller: Caller, workspace_id: str, user: Json | None) -> Iterator[Json]:
    """Yield the nodes of a workspace that the caller may use, each with the permission.

    These are the nodes of the source or of the user, or all nodes.
    """
    default = "R" if caller.scopes <= READ_ONLY_ROLES else "RW"
    given = None if user is None else {node["id"]: node["permission"] for node in user["data"]["nodes"]}
    if caller.scopes & ALL_NODES_ROLES:
        given = None
    allowed = caller.claims.get("nodes")
    for row in state.collection(NODES).find("workspaceId", workspace_id):
        if (allowed is None or row["id"] in allowed) and (given is None or row["id"] in given):
            permission = default if given is None else given[row["id"]]
            yield {"id": row["id"], "name": row["data"]["name"], "type": row["kind"], "permission": permission}
