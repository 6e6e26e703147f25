"""Aggregate nodes, which merge the customers of entry nodes."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused, Violation
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.absent_values import without_nulls
from understudy.vendors.contacthub.aggregates.aggregation import ACTIVE
from understudy.vendors.contacthub.nodes.matching_policy import DEFAULT_POLICY, complete_policy
from understudy.vendors.contacthub.nodes.node_access import AGGREGATE, ENTRY, find_node
from understudy.vendors.contacthub.nodes.node_rules import unknown_entry_nodes, unknown_properties
from understudy.vendors.contacthub.nodes.nodes import nodes_of, put_node
from understudy.vendors.contacthub.nodes.send_sources import mapped_subscriptions
from understudy.vendors.contacthub.paging import page_of
from understudy.vendors.contacthub.workspace_access import enter_workspace

NEW = "NEW"


def list_aggregate_nodes(state: VendorState, workspace_id: str, caller: Caller) -> Reply:
    """Return all aggregate nodes of the workspace, on one page."""
    enter_workspace(state, caller, workspace_id)
    found = [row["data"] for row in nodes_of(state, workspace_id, AGGREGATE)]
    return Reply(page_of(found, len(found), 0))


def create_aggregate_node(state: VendorState, workspace_id: str, body: Json, caller: Caller) -> Reply:
    """Add an aggregate node, which has no customers before it is activated.

    By default it gathers all entry nodes that there are, and customers match by e-mail address.
    """
    enter_workspace(state, caller, workspace_id, is_write=True)
    body = without_nulls(body)
    matching = complete_policy(body.get("matchingProperties", DEFAULT_POLICY))
    entries = body.get("entryNodes", [row["id"] for row in nodes_of(state, workspace_id, ENTRY)])
    violations = [
        *unknown_entry_nodes(state, workspace_id, entries, "/entryNodes"),
        *unknown_properties(state, workspace_id, matching["properties"], "/matchingProperties/properties"),
    ]
    if violations:
        raise Refused(400, "aggregate node is not valid", violations=violations)
    fixed = {"state": NEW, "entryNodes": entries, "matchingProperties": matching}
    node = {"id": state.new_id(), **_settable(body, ""), **fixed}
    put_node(state, workspace_id, AGGREGATE, node)
    return Reply(node, status=201)


def get_aggregate_node(state: VendorState, workspace_id: str, aggregate_node_id: str, caller: Caller) -> Reply:
    """Return one aggregate node."""
    enter_workspace(state, caller, workspace_id)
    return Reply(find_node(state, caller, workspace_id, aggregate_node_id, AGGREGATE)["data"])


def update_aggregate_node(
    state: VendorState, workspace_id: str, aggregate_node_id: str, body: Json, caller: Caller
) -> Reply:
    """Replace the settings of an aggregate node; its entry nodes, matching properties and, if left out, name stay."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    node = find_node(state, caller, workspace_id, aggregate_node_id, AGGREGATE)["data"]
    body = without_nulls(body)
    node = {**node, **_settable(body, node["name"]), "state": _next_state(node, body)}
    put_node(state, workspace_id, AGGREGATE, node)
    return Reply(node)


def update_aggregate_node_state(
    state: VendorState, workspace_id: str, aggregate_node_id: str, body: Json, caller: Caller
) -> Reply:
    """Activate a new aggregate node."""
    enter_workspace(state, caller, workspace_id, is_write=True)
    node = find_node(state, caller, workspace_id, aggregate_node_id, AGGREGATE)["data"]
    node_state = _next_state(node, without_nulls(body))
    put_node(state, workspace_id, AGGREGATE, {**node, "state": node_state})
    return Reply({"state": node_state})


def list_aggregate_node_send_subscriptions(
    state: VendorState, workspace_id: str, aggregate_node_id: str, caller: Caller
) -> Reply:
    """Return the subscriptions that the Contactsend sources of an aggregate node's entry nodes map."""
    enter_workspace(state, caller, workspace_id)
    node = find_node(state, caller, workspace_id, aggregate_node_id, AGGREGATE)["data"]
    entry_nodes = [find_node(state, caller, workspace_id, node_id)["data"] for node_id in node["entryNodes"]]
    return Reply([found for entry in entry_nodes for found in mapped_subscriptions(state, workspace_id, entry)])


def _settable(body: Json, default_name: str) -> Json:
    filters = body.get("exclusionFilters") or []
    return {
        "name": body.get("name", default_name),
        "description": body.get("description"),
        "imageUrl": body.get("imageUrl"),
        "exclusionFilters": [{name: rule[name] for name in ("property", "value", "pattern")} for rule in filters],
    }


def _next_state(node: Json, body: Json) -> str:
    """Return the state in the body, by default the present state; only NEW to ACTIVE is a change."""
    present = str(node["state"])
    wanted = str(body.get("state", present))
    if wanted != present and (present, wanted) != (NEW, ACTIVE):
        violation = Violation("body", "/state", "transition", f"a node cannot go from {present} to {wanted}", wanted)
        raise Refused(400, "aggregate node state is not valid", violations=[violation])
    return wanted
