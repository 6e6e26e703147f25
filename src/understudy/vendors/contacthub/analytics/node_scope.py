"""Where the analytics count: in one node, or in all entry nodes that the caller may see."""

from collections.abc import Callable, Generator
from dataclasses import dataclass

from understudy.core.caller import Caller
from understudy.core.json_types import ReadOnlyJson
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.aggregates.aggregation import ACTIVE, build_aggregates
from understudy.vendors.contacthub.aggregates.members import membership_test
from understudy.vendors.contacthub.analytics.periods import MONTH, Period, read_period
from understudy.vendors.contacthub.nodes.node_access import AGGREGATE, ENTRY, find_node
from understudy.vendors.contacthub.nodes.nodes import nodes_of
from understudy.vendors.contacthub.retention.expiry import drop_expired
from understudy.vendors.contacthub.tables import AGGREGATED, CUSTOMERS
from understudy.vendors.contacthub.workspace_access import enter_workspace


@dataclass(frozen=True, slots=True)
class NodeScope:
    """The nodes to count in, and for events of an aggregate node, which customers' events are its own."""

    nodes: tuple[str, ...]
    is_member: Callable[[str | None], bool] | None = None


def requested_node(state: VendorState, caller: Caller, workspace_id: str, node_id: str | None) -> ReadOnlyJson | None:
    """Open the workspace; return the row of the node that is asked for, if one is.

    Refuse what is unknown or not the caller's.
    """
    enter_workspace(state, caller, workspace_id)
    return None if node_id is None else find_node(state, caller, workspace_id, node_id)


def customer_scope_and_period(
    state: VendorState,
    caller: Caller,
    workspace_id: str,
    node_id: str | None,
    start: str | None,
    end: str | None,
    usual: int,
    most: int,
) -> Generator[None, None, tuple[NodeScope, Period]]:
    """Return where to count customers and for which time; see ``read_period``. Refusals come before any work."""
    node = requested_node(state, caller, workspace_id, node_id)
    period = read_period(state, start, end, usual, most)
    return (yield from customer_scope(state, caller, workspace_id, node)), period


def event_scope_and_period(
    state: VendorState,
    caller: Caller,
    workspace_id: str,
    node_id: str | None,
    start: str | None,
    end: str | None,
    most: int | None = None,
) -> Generator[None, None, tuple[NodeScope, Period]]:
    """Return the same for events, which are usually counted for a month."""
    node = requested_node(state, caller, workspace_id, node_id)
    period = read_period(state, start, end, MONTH, most)
    return (yield from event_scope(state, caller, workspace_id, node)), period


def customer_scope(
    state: VendorState, caller: Caller, workspace_id: str, node: ReadOnlyJson | None
) -> Generator[None, None, NodeScope]:
    """Return where to count customers; an aggregate node gathers its own first."""
    if node is None:
        return NodeScope(_entry_nodes(state, caller, workspace_id))
    if node["kind"] == AGGREGATE:
        yield from build_aggregates(state, node)
    return NodeScope((node["id"],))


def event_scope(
    state: VendorState, caller: Caller, workspace_id: str, node: ReadOnlyJson | None
) -> Generator[None, None, NodeScope]:
    """Return where to count events; those past their months go first. An aggregate node has its members' events."""
    yield from drop_expired(state, workspace_id)
    if node is None:
        return NodeScope(_entry_nodes(state, caller, workspace_id))
    if node["kind"] != AGGREGATE:
        return NodeScope((node["id"],))
    yield from build_aggregates(state, node)
    entries = node["data"]["entryNodes"] if node["data"]["state"] == ACTIVE else ()
    return NodeScope(tuple(dict.fromkeys(entries)), membership_test(state, node["id"]))


def customers_in(state: VendorState, scope: NodeScope) -> int:
    """Return how many customers there are."""
    tables = [state.collection(name) for name in (CUSTOMERS, AGGREGATED)]
    return sum(table.count("nodeId", node_id) for table in tables for node_id in scope.nodes)


def _entry_nodes(state: VendorState, caller: Caller, workspace_id: str) -> tuple[str, ...]:
    allowed = caller.claims.get("nodes")
    found = (row["id"] for row in nodes_of(state, workspace_id, ENTRY))
    return tuple(node_id for node_id in found if allowed is None or node_id in allowed)
