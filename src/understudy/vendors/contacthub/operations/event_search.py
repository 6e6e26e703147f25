"""Operation that searches events."""

from collections.abc import Callable, Generator, Sequence
from typing import NamedTuple

from understudy.core.caller import Caller
from understudy.core.json_types import Json, ReadOnlyJson
from understudy.core.refused import Refused, Violation
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.aggregates.aggregation import ACTIVE, build_aggregates, entry_ids
from understudy.vendors.contacthub.nodes.node_access import AGGREGATE, find_node
from understudy.vendors.contacthub.queries.query_compiler import MAX_TEXTS
from understudy.vendors.contacthub.queries.search_results import SearchResults, scan
from understudy.vendors.contacthub.queries.sorting import parse_sort
from understudy.vendors.contacthub.retention.expiry import drop_expired
from understudy.vendors.contacthub.retention.visible_events import (
    EventTest,
    customers_visibility_test,
    visibility_test,
)
from understudy.vendors.contacthub.schemas.event_models import event_model, event_types
from understudy.vendors.contacthub.tables import AGGREGATED, EVENTS
from understudy.vendors.contacthub.timestamps import normalise_time
from understudy.vendors.contacthub.workspace_access import enter_workspace

Names = frozenset[str] | None


class Scope(NamedTuple):
    """Scope of a search: pairs of index and value whose events are read, allowed nodes, and a test of each event."""

    groups: list[tuple[str, str]]
    nodes: Names = None
    is_visible: EventTest | None = None


def search_events(
    state: VendorState,
    workspace_id: str,
    customer_id: str | None,
    node_id: str | None,
    type: list[str] | None,  # noqa: A002 - the parameter's name in the spec
    context: list[str] | None,
    mode: str | None,
    date_from: str | None,
    date_to: str | None,
    size: int,
    sort: list[str] | None,
    page: int,
    caller: Caller,
) -> Generator[None, None, Reply]:
    """Return a page of the events that pass all filters; the default order is by date, newest first."""
    enter_workspace(state, caller, workspace_id)
    node = None if node_id is None else find_node(state, caller, workspace_id, node_id)
    earliest, latest = _read_date("dateFrom", date_from), _read_date("dateTo", date_to)
    types, contexts = _types(type, mode), None if context is None else frozenset(context)

    yield from drop_expired(state, workspace_id)
    if node is not None and node["kind"] == AGGREGATE:
        yield from build_aggregates(state, node)
    events = state.collection(EVENTS)
    scope = _scope(state, caller, workspace_id, node)
    unfiltered = sum(events.count(index, value) for index, value in scope.groups)
    if customer_id is not None:
        scope = _narrow(state, caller, scope, customer_id)
    newest_first = ["date,desc"] if len(scope.groups) > 1 else None
    results = SearchResults(parse_sort(sort or newest_first, "data."), size, page)
    is_filtered = any(each is not None for each in (customer_id, types, contexts, earliest, latest))
    if not (is_filtered or sort or newest_first or scope.is_visible):
        results.total = unfiltered
        rows = events.newest(*scope.groups[0], *results.bounds) if scope.groups else []
    else:
        keys = [key for index, value in scope.groups for key in events.keys_of(index, value)[::-1]]
        passes = _filter(workspace_id, scope, types, contexts, earliest, latest)
        yield from scan(events, keys, _texts(types, contexts), passes, results)
        rows = list(events.read(results.keys()))
    return Reply(results.page([row["data"] for row in rows], unfiltered))


def _scope(state: VendorState, caller: Caller, workspace_id: str, node: ReadOnlyJson | None) -> Scope:
    """Return the scope of a node, or of all nodes of the caller; an aggregate node has its members' events."""
    if node is not None and node["kind"] == AGGREGATE:
        entries: list[str] = node["data"]["entryNodes"] if node["data"]["state"] == ACTIVE else []
        groups = [("nodeId", entry_id) for entry_id in dict.fromkeys(entries)]
        return Scope(groups, frozenset(entries), visibility_test(state, node))
    if node is not None:
        return Scope([("nodeId", node["id"])], frozenset([node["id"]]))
    allowed = caller.claims.get("nodes")
    if allowed is None:
        return Scope([("workspaceId", workspace_id)])
    return Scope([("nodeId", node_id) for node_id in dict.fromkeys(allowed)], frozenset(allowed))


def _narrow(state: VendorState, caller: Caller, scope: Scope, customer_id: str) -> Scope:
    """Return the scope of one customer; an aggregate customer has its members' events."""
    groups = [("data.customerId", entry_id) for entry_id in entry_ids(state, customer_id)]
    aggregated = state.collection(AGGREGATED).get(customer_id)
    is_allowed = aggregated is not None and aggregated["nodeId"] in (caller.claims.get("nodes") or ())
    is_visible = scope.is_visible or customers_visibility_test(state, customer_id)
    return Scope(groups, None if is_allowed else scope.nodes, is_visible)


def _filter(
    workspace_id: str,
    scope: Scope,
    types: Names,
    contexts: Names,
    earliest: str | None,
    latest: str | None,
) -> Callable[[Json], bool]:
    def passes(row: Json) -> bool:
        event = row["data"]
        return (
            (types is None or event["type"] in types)
            and (contexts is None or event["context"] in contexts)
            and (earliest is None or event["date"] >= earliest)
            and (latest is None or event["date"] <= latest)
            and (scope.nodes is None or row["nodeId"] in scope.nodes)
            and (scope.is_visible is None or scope.is_visible(event))
            and bool(row["workspaceId"] == workspace_id)
        )

    return passes


def _types(requested: list[str] | None, mode: str | None) -> Names:
    if mode is None:
        return None if requested is None else frozenset(requested)
    return frozenset(
        each for each in event_types() if event_model(each)["mode"] == mode and (requested is None or each in requested)
    )


def _texts(types: Names, contexts: Names) -> Sequence[str]:
    """Return the shorter list of texts of which each match contains one; empty if it is too long for a scan."""
    fewest = min((tuple(names) for names in (types, contexts) if names), key=len, default=())
    return fewest if len(fewest) <= MAX_TEXTS else ()


def _read_date(parameter: str, text: str | None) -> str | None:
    if text is None:
        return None
    date = normalise_time(text)
    if date is None:
        message = f"{parameter} is not in the calendar: {text}"
        raise Refused(400, message, violations=[Violation("query", parameter, "format", message, text)])
    return date
