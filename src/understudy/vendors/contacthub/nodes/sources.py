"""Sources, which are API clients of a workspace, and their tokens."""

from collections.abc import Iterator

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.refused import Refused, Violation
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.absent_values import without_nulls
from understudy.vendors.contacthub.nodes.node_access import AGGREGATE, find_node
from understudy.vendors.contacthub.nodes.source_providers import CONTACTPLAN, CONTACTSEND, PROGRAMS, ROLE_OF
from understudy.vendors.contacthub.security import read_addresses, token_row
from understudy.vendors.contacthub.tables import NODES, SOURCES, TOKENS


def find_source(state: VendorState, workspace_id: str, source_id: str) -> Json:
    """Return a source's row; refuse an unknown one with 404."""
    row = state.collection(SOURCES).get(source_id)
    if row is None or row["workspaceId"] != workspace_id:
        raise Refused(404, f"source not found {source_id}")
    return row


def store_source(state: VendorState, workspace_id: str, source: Json, role: str | None = None) -> None:
    """Store a source, given as responses show it, and replace its tokens by one with its current permissions.

    With ``role``, the source is the development client of that role.
    """
    state.collection(SOURCES).put(
        {"id": source["id"], "workspaceId": workspace_id, "token": source["token"], "data": source}
    )
    tokens = state.collection(TOKENS)
    for old in tokens.find("sourceId", source["id"]):
        role = role or old["role"]
        tokens.delete(old["token"])
    row = token_row(source["token"], source["name"] or source["id"], (ROLE_OF[source["provider"]],))
    row |= {"enabled": source["enabled"], "role": role}
    claims = {"workspaceId": workspace_id, "nodes": source["nodes"], "sourceId": source["id"]}
    claims["allowedIPs"] = _addresses_of(source)
    tokens.put(row | claims)


def check_source_form(source: Json) -> None:
    """Raise an error for a source without a property that ``store_source`` needs, or with addresses that are none."""
    for name in ("id", "token", "name", "enabled", "nodes"):
        source[name]
    _addresses_of(source)
    ROLE_OF[source["provider"]]


def complete_source(body: Json, provider: str, source_id: str, token: str) -> Json:
    """Return a source as responses show it, made of a request body."""
    properties, enabled = body.get("properties"), body.get("enabled")
    return {
        "provider": provider,
        "properties": without_nulls(properties) if provider in (CONTACTSEND, CONTACTPLAN) else properties,
        "name": body.get("name"),
        "description": body.get("description"),
        "nodes": list(dict.fromkeys(body.get("nodes") or [])),
        "enabled": True if enabled is None else enabled,
        "id": source_id,
        "token": token,
    }


def check_source(
    state: VendorState, caller: Caller, workspace_id: str, source: Json, before: Json | None = None
) -> None:
    """Refuse a source that names an unknown node (404) or breaks a rule of its provider (400).

    ``before`` is the stored source that it replaces.
    """
    for node_id in source["nodes"]:
        find_node(state, caller, workspace_id, node_id)
    violations = []
    if before is not None and _is_other_kind(before["provider"], source["provider"]):
        violations = [Violation("body", "/provider", "immutable", "a source keeps its provider", source["provider"])]
    elif not _has_addresses(source):
        message = "it holds a text that is no address"
        violations = [
            Violation("body", "/properties/allowedIPs", "format", message, source["properties"]["allowedIPs"])
        ]
    elif source["provider"] == CONTACTSEND:
        violations = list(_send_violations(state, source))
    elif source["provider"] == CONTACTPLAN:
        violations = list(_plan_violations(state, workspace_id, source))
    if violations:
        raise Refused(400, "source is not valid", violations=violations)


def _addresses_of(source: Json) -> list[str]:
    return read_addresses((source.get("properties") or {}).get("allowedIPs"))


def _has_addresses(source: Json) -> bool:
    """Return whether a source's ``allowedIPs``, if it has any, are addresses."""
    try:
        _addresses_of(source)
    except ValueError:
        return False
    return True


def _is_other_kind(before: str, after: str) -> bool:
    """Return whether a source cannot get another provider; among programs it can, as the update's body documents."""
    return before != after and not {before, after} <= PROGRAMS


def _send_violations(state: VendorState, source: Json) -> Iterator[Violation]:
    """Yield the violations of a Contactsend source: it shares neither a node nor a user database (vendor's guide)."""
    for row in state.collection(SOURCES):
        other = row["data"]
        if other["provider"] != CONTACTSEND or other["id"] == source["id"]:
            continue
        if set(other["nodes"]) & set(source["nodes"]):
            yield Violation("body", "/nodes/0", "unique", "the node has a Send source already", source["nodes"][0])
        if _database(other) == _database(source):
            number = source["properties"]["userdbId"]
            yield Violation("body", "/properties/userdbId", "unique", "the database has a Send source already", number)
    kinds = {node["kind"] for node in map(state.collection(NODES).get, source["nodes"]) if node}
    if AGGREGATE in kinds and source["properties"].get("subscriptions"):
        message = "a Send source of an aggregate node has no subscriptions"
        yield Violation("body", "/properties/subscriptions", "aggregate", message)


def _plan_violations(state: VendorState, workspace_id: str, source: Json) -> Iterator[Violation]:
    """Yield a violation if no Contactsend source of the workspace has the same user database (vendor's guide)."""
    databases = [
        _database(row["data"])
        for row in state.collection(SOURCES).find("workspaceId", workspace_id)
        if row["data"]["provider"] == CONTACTSEND
    ]
    if _database(source) not in databases:
        number = source["properties"]["userdbId"]
        yield Violation("body", "/properties/userdbId", "known", "the database has no Send source", number)


def _database(source: Json) -> tuple[int, int]:
    return source["properties"]["groupPk"], source["properties"]["userdbId"]
