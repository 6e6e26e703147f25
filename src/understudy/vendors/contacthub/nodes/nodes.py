"""What nodes are made of: properties of customers, sources and other nodes, all of which have to be there."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import orjson

from understudy.core.json_types import Json
from understudy.core.refused import Violation
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.stored_settings import extended_definitions
from understudy.vendors.contacthub.nodes.node_access import ENTRY
from understudy.vendors.contacthub.schemas.event_models import SCHEMAS
from understudy.vendors.contacthub.tables import NODES, SOURCES

USUAL_POLICY: Json = {"properties": ["base.contacts.email"], "caseSensitive": False}
"""What customers are matched by in a node that says nothing else."""

TOP_PROPERTIES = ("externalId", "extra", "tags.auto", "tags.manual")
"""Properties of a customer outside ``base``, ``consents`` and ``extended`` that a client can set."""


def put_node(state: VendorState, workspace_id: str, kind: str, data: Json) -> None:
    """Keep a node as it is answered."""
    state.collection(NODES).put({"id": data["id"], "workspaceId": workspace_id, "kind": kind, "data": data})


def nodes_of(state: VendorState, workspace_id: str, *kinds: str) -> list[Json]:
    """Return the rows of a workspace's nodes of these kinds, all unless one is named, oldest first."""
    rows = state.collection(NODES).find("workspaceId", workspace_id)
    return [row for row in rows if not kinds or row["kind"] in kinds]


def matching_policy(sent: Json) -> Json:
    """Return which properties customers are matched by, whole; capitals make no difference unless it says so."""
    return {"caseSensitive": sent.get("caseSensitive", False), "properties": sent["properties"]}


def unknown_properties(state: VendorState, workspace_id: str, paths: Sequence[str], place: str) -> Iterator[Violation]:
    """Give a violation for each path in the body's list at ``place`` that is no property of a customer.

    The workspace's own properties count, with whatever is inside of them.
    """
    known = _fixed_properties()
    own = {f"extended.{name}" for name in extended_definitions(state, workspace_id, "customers")}
    for position, path in enumerate(paths):
        if path not in known and ".".join(path.split(".")[:2]) not in own:
            yield Violation("body", f"{place}/{position}", "known", f"unknown property {path}", path)


def unknown_sources(state: VendorState, workspace_id: str, ids: Sequence[str], place: str) -> Iterator[Violation]:
    """Give a violation for each id in the body's list at ``place`` that is no source of the workspace."""
    sources = state.collection(SOURCES)
    for position, source_id in enumerate(ids):
        source = sources.get(source_id)
        if source is None or source["workspaceId"] != workspace_id:
            yield Violation("body", f"{place}/{position}", "known", f"source not found {source_id}", source_id)


def unknown_entry_nodes(state: VendorState, workspace_id: str, ids: Sequence[str], place: str) -> Iterator[Violation]:
    """Give a violation for each id in the body's list at ``place`` that is no entry node of the workspace."""
    known = {row["id"] for row in nodes_of(state, workspace_id, ENTRY)}
    for position, node_id in enumerate(ids):
        if node_id not in known:
            yield Violation("body", f"{place}/{position}", "known", f"node not found {node_id}", node_id)


@lru_cache
def _fixed_properties() -> frozenset[str]:
    """The dotted paths of the properties that customers have in every workspace."""
    parts = {name: _read(name) for name in ("base", "consents")}
    return frozenset(TOP_PROPERTIES) | frozenset(_paths("", {"properties": parts})) - parts.keys()


def _read(name: str) -> Any:
    return orjson.loads((SCHEMAS / "customer" / f"{name}.json").read_bytes())


def _paths(prefix: str, schema: Json) -> Iterator[str]:
    for branch in schema.get("oneOf", [schema]):
        for name, inner in branch.get("properties", {}).items():
            yield prefix + name
            yield from _paths(f"{prefix}{name}.", inner)
