"""Contactsend sources, and the connections of nodes to their user databases.

Contactsend itself is not part of this vendor: a user database has exactly the columns that its source maps.
"""

from collections.abc import Iterator

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.tables import NODES, SOURCES, WORKSPACES

PROVIDER = "CONTACTSEND"


def connections(state: VendorState, sources: list[Json]) -> list[Json]:
    """Return the connections between these sources, given as rows, and their nodes."""
    return [
        _connection(workspace, node, source["data"])
        for source in sources
        for workspace in [state.collection(WORKSPACES).get(source["workspaceId"])]
        for node in map(state.collection(NODES).get, source["data"]["nodes"])
        if workspace and node
    ]


def send_sources(state: VendorState, caller: Caller) -> list[Json]:
    """Return the rows of the Contactsend sources in all workspaces of the caller, oldest first."""
    allowed = caller.claims.get("workspaceId")
    return [row for row in state.collection(SOURCES) if _is_send(row) and allowed in (None, row["workspaceId"])]


def sources_of(state: VendorState, workspace_id: str) -> list[Json]:
    """Return the rows of a workspace's Contactsend sources, oldest first."""
    return [row for row in state.collection(SOURCES).find("workspaceId", workspace_id) if _is_send(row)]


def is_userdb(source: Json, userdb_id: str, group_pk: str | None = None) -> bool:
    """Return whether a source's user database has this id, and, if one is given, belongs to this customer group."""
    properties = source["data"]["properties"]
    return userdb_id == str(properties["userdbId"]) and group_pk in (None, str(properties["groupPk"]))


def subscriptions_in(source: Json) -> list[Json]:
    """Return the subscriptions of a source's user database, each with the name of its registration date's column."""
    names = dict.fromkeys(one["send"] for one in _subscriptions(source) if "send" in one)
    return [
        {"id": number, "name": name, "registrationField": f"{name}_DATE"} for number, name in enumerate(names, start=1)
    ]


def fields_in(source: Json) -> list[Json]:
    """Return the columns of a source's user database: mapped columns, then registration dates."""
    mapped = [column["send"] for column in source["data"]["properties"].get("mappedColumns", []) if "send" in column]
    registrations = [subscription["registrationField"] for subscription in subscriptions_in(source)]
    types = dict.fromkeys(registrations, "date") | dict.fromkeys(mapped, "string")
    return [{"name": name, "type": types[name]} for name in dict.fromkeys([*mapped, *registrations])]


def mapped_subscriptions(state: VendorState, workspace_id: str, node: Json) -> Iterator[Json]:
    """Yield the customer subscriptions that the Contactsend sources of an entry node map."""
    for source in sources_of(state, workspace_id):
        if node["id"] not in source["data"]["nodes"]:
            continue
        for hub in dict.fromkeys(one["hub"] for one in _subscriptions(source) if "hub" in one):
            yield {
                "subscriptionId": hub,
                "path": f"base.subscriptions.{hub}",
                "entryNodeName": node["name"],
                "entryNodeId": node["id"],
                "type": "string",
            }


def _is_send(source: Json) -> bool:
    return bool(source["data"]["provider"] == PROVIDER)


def _subscriptions(source: Json) -> list[Json]:
    found: list[Json] = source["data"]["properties"].get("subscriptions", [])
    return found


def _connection(workspace: Json, node: Json, source: Json) -> Json:
    return {
        "portfolio": workspace["data"]["groupPk"],
        "id": workspace["id"],
        "name": workspace["data"]["name"],
        "industry": workspace.get("industry"),
        "workspaceStatus": workspace["data"]["status"],
        "nodeId": node["id"],
        "nodeName": node["data"]["name"],
        "nodeType": node["kind"],
        "contactSendSource": source,
    }
