"""Matching policies: properties by which two customers of a node are equal."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.absent_values import without_nulls
from understudy.vendors.contacthub.nodes.matching_policy import DEFAULT_POLICY
from understudy.vendors.contacthub.nodes.node_access import ENTRY, find_node
from understudy.vendors.contacthub.nodes.node_rules import unknown_properties
from understudy.vendors.contacthub.nodes.unique_index import reindex_node
from understudy.vendors.contacthub.tables import NODES
from understudy.vendors.contacthub.workspace_access import enter_workspace


def get_default_customer_matching_policy(state: VendorState, workspace_id: str, caller: Caller) -> Reply:
    """Return the default policy of a node."""
    enter_workspace(state, caller, workspace_id)
    return Reply(DEFAULT_POLICY)


def get_customer_matching_policy(state: VendorState, workspace_id: str, node_id: str, caller: Caller) -> Reply:
    """Return the policy of an entry node."""
    enter_workspace(state, caller, workspace_id)
    return Reply(find_node(state, caller, workspace_id, node_id, ENTRY)["data"]["uniqueCustomer"])


def update_customer_matching_policy(
    state: VendorState, workspace_id: str, node_id: str, body: Json, caller: Caller
) -> Reply:
    """Change the policy of an entry node; a property that is left out stays."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    node = find_node(state, caller, workspace_id, node_id, ENTRY)
    body = without_nulls(body)
    unknown = [*unknown_properties(state, workspace_id, body.get("properties", ()), "/properties")]
    if unknown:
        raise Refused(400, "customer matching policy is not valid", violations=unknown)
    policy = {name: body.get(name, kept) for name, kept in node["data"]["uniqueCustomer"].items()}
    changed = {**node, "data": {**node["data"], "uniqueCustomer": policy}}
    state.collection(NODES).put(changed)
    reindex_node(state, changed)
    return Reply(policy)
