"""Rules that a node's configuration must keep: the properties, sources and nodes that it names exist."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import orjson

from understudy.core.json_types import Json
from understudy.core.refused import Violation
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.stored_settings import extended_definitions
from understudy.vendors.contacthub.nodes.node_access import ENTRY
from understudy.vendors.contacthub.nodes.nodes import nodes_of
from understudy.vendors.contacthub.schemas.event_models import SCHEMAS
from understudy.vendors.contacthub.tables import SOURCES

TOP_PROPERTIES = ("externalId", "extra", "tags.auto", "tags.manual")
"""Properties outside ``base``, ``consents`` and ``extended`` that a client can set."""


def unknown_properties(
    state: VendorState, workspace_id: str, paths: Sequence[str], pointer: str
) -> Iterator[Violation]:
    """Yield a violation for each path in the body's list at ``pointer`` that is no property of a customer.

    The workspace's extended properties are properties, and so is every path below one.
    """
    known = _fixed_properties()
    extended = {f"extended.{name}" for name in extended_definitions(state, workspace_id, "customers")}
    for position, path in enumerate(paths):
        if path not in known and ".".join(path.split(".")[:2]) not in extended:
            yield Violation("body", f"{pointer}/{position}", "known", f"unknown property {path}", path)


def unknown_sources(state: VendorState, workspace_id: str, ids: Sequence[str], pointer: str) -> Iterator[Violation]:
    """Yield a violation for each id in the body's list at ``pointer`` that is no source of the workspace."""
    sources = state.collection(SOURCES)
    for position, source_id in enumerate(ids):
        source = sources.get(source_id)
        if source is None or source["workspaceId"] != workspace_id:
            yield Violation("body", f"{pointer}/{position}", "known", f"source not found {source_id}", source_id)


def unknown_entry_nodes(state: VendorState, workspace_id: str, ids: Sequence[str], pointer: str) -> Iterator[Violation]:
    """Yield a violation for each id in the body's list at ``pointer`` that is no entry node of the workspace."""
    known = {row["id"] for row in nodes_of(state, workspace_id, ENTRY)}
    for position, node_id in enumerate(ids):
        if node_id not in known:
            yield Violation("body", f"{pointer}/{position}", "known", f"node not found {node_id}", node_id)


@lru_cache
def _fixed_properties() -> frozenset[str]:
    """Return the dotted paths of the properties that customers have in every workspace."""
    parts = {name: _read(name) for name in ("base", "consents")}
    return frozenset(TOP_PROPERTIES) | frozenset(_paths("", {"properties": parts})) - parts.keys()


def _read(name: str) -> Any:
    return orjson.loads((SCHEMAS / "customer" / f"{name}.json").read_bytes())


def _paths(prefix: str, schema: Json) -> Iterator[str]:
    for branch in schema.get("oneOf", [schema]):
        for name, inner in branch.get("properties", {}).items():
            yield prefix + name
            yield from _paths(f"{prefix}{name}.", inner)
