"""Operations on Contactsend sources and the connections of nodes to them."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.nodes.node_access import find_node
from understudy.vendors.contacthub.nodes.send_sources import (
    connections,
    fields_in,
    is_userdb,
    send_sources,
    sources_of,
    subscriptions_in,
)
from understudy.vendors.contacthub.workspace_access import enter_workspace


def list_send_source_subscriptions(
    state: VendorState, workspace_id: str, subscriber_source_id: str, group_pk: int | None, caller: Caller
) -> Reply:
    """Return the subscriptions of a user database in Contactsend."""
    enter_workspace(state, caller, workspace_id)
    return Reply({"elements": subscriptions_in(_find_source(state, workspace_id, subscriber_source_id, group_pk))})


def list_send_source_fields(
    state: VendorState, workspace_id: str, subscriber_source_id: str, group_pk: int | None, caller: Caller
) -> Reply:
    """Return the columns of a user database in Contactsend."""
    enter_workspace(state, caller, workspace_id)
    return Reply({"elements": fields_in(_find_source(state, workspace_id, subscriber_source_id, group_pk))})


def list_send_sources(state: VendorState, caller: Caller) -> Reply:
    """Return the connections of the caller's nodes, in all workspaces of the caller."""
    nodes = caller.claims.get("nodes")
    found = connections(state, send_sources(state, caller))
    return Reply({"elements": [one for one in found if nodes is None or one["nodeId"] in nodes]})


def get_node_send_source(state: VendorState, workspace_id: str, node_id: str, caller: Caller) -> Reply:
    """Return a node's connection."""
    enter_workspace(state, caller, workspace_id)
    find_node(state, caller, workspace_id, node_id)
    for connection in connections(state, sources_of(state, workspace_id)):
        if connection["nodeId"] == node_id:
            return Reply(connection)
    raise Refused(404, f"send source not found for node {node_id}")


def get_userdb_send_source(state: VendorState, group_pk: str, userdb_id: str, caller: Caller) -> Reply:
    """Return the connection of a customer group's user database, in any workspace."""
    found = [source for source in send_sources(state, caller) if is_userdb(source, userdb_id, group_pk)]
    for connection in connections(state, found):
        return Reply(connection)
    raise Refused(404, f"send source not found {userdb_id}")


def list_group_send_sources(state: VendorState, group_pk: str, caller: Caller) -> Reply:
    """Return the connections of a customer group in all workspaces."""
    sources = send_sources(state, caller)
    found = [source for source in sources if str(source["data"]["properties"]["groupPk"]) == group_pk]
    return Reply({"elements": connections(state, found)})


def _find_source(state: VendorState, workspace_id: str, userdb_id: str, group_pk: int | None) -> Json:
    group = None if group_pk is None else str(group_pk)
    for source in sources_of(state, workspace_id):
        if is_userdb(source, userdb_id, group):
            return source
    raise Refused(404, f"send source not found {userdb_id}")
