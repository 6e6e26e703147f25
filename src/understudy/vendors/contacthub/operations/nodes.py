"""Operation that lists nodes of both kinds."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.nodes.node_access import ENTRY
from understudy.vendors.contacthub.nodes.nodes import nodes_of
from understudy.vendors.contacthub.paging import page_of
from understudy.vendors.contacthub.retention.retention_policy import is_in_force
from understudy.vendors.contacthub.workspace_access import enter_workspace

OWN_PROPERTIES = {
    True: ("uniqueCustomer", "mandatoryProperties"),
    False: ("state", "entryNodes", "exclusionFilters", "matchingProperties"),
}
"""Additional properties of a listed node, by whether it is an entry node."""


def list_nodes(
    state: VendorState, workspace_id: str, page: int, size: int, node_type: str | None, caller: Caller
) -> Reply:
    """Return a page of summaries of the workspace's nodes, or of its nodes of one kind."""
    enter_workspace(state, caller, workspace_id)
    rows = nodes_of(state, workspace_id)
    found = [_summary(state, row) for row in rows if node_type in (None, row["kind"])]
    return Reply(page_of(found, size, page, len(rows)))


def _summary(state: VendorState, row: Json) -> Json:
    node = row["data"]
    return {
        "id": node["id"],
        "name": node["name"],
        "description": node["description"],
        "nodeType": row["kind"],
        "retentionState": is_in_force(state, node["id"]),
        "properties": {name: node[name] for name in OWN_PROPERTIES[row["kind"] == ENTRY]},
    }
