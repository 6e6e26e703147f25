"""Look-up of a node, and the check that the caller may use it."""

from understudy.core.caller import Caller
from understudy.core.json_types import ReadOnlyJson
from understudy.core.refused import Cause, Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.errors import NO_PERMISSION
from understudy.vendors.contacthub.tables import NODES


def check_node_access(caller: Caller, node_id: str, *, is_write: bool = False) -> None:
    """Refuse with 403 a node that the caller may not read or, with ``is_write``, not write to."""
    allowed = caller.claims.get("writableNodes" if is_write and "writableNodes" in caller.claims else "nodes")
    if allowed is not None and node_id not in allowed:
        raise Refused(403, NO_PERMISSION, cause=Cause.CREDENTIALS)


ENTRY, AGGREGATE = "ENTRY", "AGGREGATE"


def find_node(
    state: VendorState, caller: Caller, workspace_id: str, node_id: str, *kinds: str, is_write: bool = False
) -> ReadOnlyJson:
    """Return a node's row; refuse an unknown one with 404, and one that the caller may not use with 403.

    With ``kinds`` (``ENTRY``, ``AGGREGATE``), a node of another kind is unknown.
    """
    node = state.collection(NODES).view(node_id)
    if node is None or node["workspaceId"] != workspace_id or (kinds and node["kind"] not in kinds):
        raise Refused(404, f"node not found {node_id}")
    check_node_access(caller, node_id, is_write=is_write)
    return node
