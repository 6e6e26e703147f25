"""Nodes that an analytics request covers: one node, or all entry nodes that the caller may read."""

from collections.abc import Generator
from dataclasses import dataclass

from understudy.core.caller import Caller
from understudy.core.json_types import ReadOnlyJson
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.aggregates.aggregation import ACTIVE, build_aggregates
from understudy.vendors.contacthub.analytics.periods import Period, read_period
from understudy.vendors.contacthub.nodes.node_access import AGGREGATE, ENTRY, find_node
from understudy.vendors.contacthub.nodes.nodes import nodes_of
from understudy.vendors.contacthub.retention.expiry import drop_expired
from understudy.vendors.contacthub.retention.visible_events import EventTest, visibility_test
from understudy.vendors.contacthub.tables import AGGREGATED, CUSTOMERS, EVENTS
from understudy.vendors.contacthub.workspace_access import enter_workspace


@dataclass(frozen=True, slots=True)
class NodeScope:
    """Nodes to count in; for the events of an aggregate node, the entry nodes and a test of each event."""

    nodes: tuple[str, ...]
    is_visible: EventTest | None = None


def requested_node(state: VendorState, caller: Caller, workspace_id: str, node_id: str | None) -> ReadOnlyJson | None:
    """Enter the workspace; return the row of the requested node, or ``None`` if no node is requested.

    An unknown node is refused, and a node that the caller may not use.
    """
    enter_workspace(state, caller, workspace_id)
    return None if node_id is None else find_node(state, caller, workspace_id, node_id)


def scope_and_period(
    state: VendorState,
    caller: Caller,
    workspace_id: str,
    node_id: str | None,
    of: str,
    start: str | None,
    end: str | None,
    default_months: int,
    max_months: int | None = None,
) -> Generator[None, None, tuple[NodeScope, Period]]:
    """Return the nodes and the period in which a request counts ``customers`` or ``events`` (``of``).

    Refusals come before any counting. The months are arguments of ``read_period``.
    """
    node = requested_node(state, caller, workspace_id, node_id)
    period = read_period(state, start, end, default_months, max_months)
    find_scope = event_scope if of == EVENTS else customer_scope
    return (yield from find_scope(state, caller, workspace_id, node)), period


def requested_customer_scope(
    state: VendorState, caller: Caller, workspace_id: str, node_id: str | None
) -> Generator[None, None, NodeScope]:
    """Return the nodes in which a request without a period counts customers."""
    node = requested_node(state, caller, workspace_id, node_id)
    return (yield from customer_scope(state, caller, workspace_id, node))


def customer_scope(
    state: VendorState, caller: Caller, workspace_id: str, node: ReadOnlyJson | None
) -> Generator[None, None, NodeScope]:
    """Return the nodes in which to count customers; an aggregate node is built first."""
    if node is None:
        return NodeScope(_entry_nodes(state, caller, workspace_id))
    if node["kind"] == AGGREGATE:
        yield from build_aggregates(state, node)
    return NodeScope((node["id"],))


def event_scope(
    state: VendorState, caller: Caller, workspace_id: str, node: ReadOnlyJson | None
) -> Generator[None, None, NodeScope]:
    """Return the nodes in which to count events, after dropping the expired events and building an aggregate node."""
    yield from drop_expired(state, workspace_id)
    if node is None:
        return NodeScope(_entry_nodes(state, caller, workspace_id))
    if node["kind"] != AGGREGATE:
        return NodeScope((node["id"],))
    yield from build_aggregates(state, node)
    entries = node["data"]["entryNodes"] if node["data"]["state"] == ACTIVE else ()
    return NodeScope(tuple(dict.fromkeys(entries)), visibility_test(state, node))


def customers_in(state: VendorState, scope: NodeScope) -> int:
    """Return the number of customers in the nodes of a scope."""
    tables = [state.collection(name) for name in (CUSTOMERS, AGGREGATED)]
    return sum(table.count("nodeId", node_id) for table in tables for node_id in scope.nodes)


def _entry_nodes(state: VendorState, caller: Caller, workspace_id: str) -> tuple[str, ...]:
    allowed = caller.claims.get("nodes")
    found = (row["id"] for row in nodes_of(state, workspace_id, ENTRY))
    return tuple(node_id for node_id in found if allowed is None or node_id in allowed)
