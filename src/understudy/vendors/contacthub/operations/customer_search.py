"""Operation that searches customers."""

from collections.abc import Generator, Iterator, Sequence
from operator import itemgetter

from understudy.core.caller import Caller
from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.collection import Collection
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.aggregates.aggregation import build_aggregates, entry_ids
from understudy.vendors.contacthub.nodes.node_access import AGGREGATE, find_node
from understudy.vendors.contacthub.queries.projection import project, read_fields
from understudy.vendors.contacthub.queries.query_compiler import Anchors, EventsOf, Query, compile_query
from understudy.vendors.contacthub.queries.search_results import SearchResults, scan
from understudy.vendors.contacthub.queries.sorting import parse_sort
from understudy.vendors.contacthub.tables import AGGREGATED, CUSTOMERS, EVENTS
from understudy.vendors.contacthub.workspace_access import enter_workspace

INDEXES = {"externalId": "externalId", "base.contacts.email": "email"}
"""Index of ``CUSTOMERS`` by attribute."""


def search_customers(
    state: VendorState,
    workspace_id: str,
    node_id: str,
    external_id: str | None,
    query: str | None,
    fields: list[str] | None,
    size: int,
    sort: list[str] | None,
    page: int,
    caller: Caller,
) -> Generator[None, None, Reply]:
    """Return a page of a node's customers that match; the default order is by last update, newest first."""
    enter_workspace(state, caller, workspace_id)
    node = find_node(state, caller, workspace_id, node_id)
    compiled = None if query is None else compile_query(query, _events_of(state))
    wanted = read_fields(fields)

    if node["kind"] == AGGREGATE:
        yield from build_aggregates(state, node)
    customers = state.collection(AGGREGATED if node["kind"] == AGGREGATE else CUSTOMERS)
    results = SearchResults(parse_sort(sort), size, page)
    if external_id is None and compiled is None and not sort:
        results.total = customers.count("nodeId", node_id)
        elements = customers.newest("nodeId", node_id, *results.bounds)
    else:
        keys = _candidates(customers, node_id, external_id, compiled)
        texts = compiled.texts if compiled else ()
        yield from scan(customers, keys, texts, compiled.matches if compiled else _matches_all, results)
        elements = list(customers.read(results.keys()))
    projected = elements if wanted is None else [project(customer, wanted) for customer in elements]
    return Reply(results.page(projected, customers.count("nodeId", node_id)))


def _candidates(customers: Collection, node_id: str, external_id: str | None, query: Query | None) -> Sequence[str]:
    """Return the ids of a node's customers that may match, last updated first."""
    if external_id is not None:
        found = list(customers.read(customers.keys_of("externalId", (node_id, external_id))))
    elif query is not None and query.indexed is not None:
        found = list(customers.read(_indexed_keys(customers, node_id, query.indexed)))
    else:
        return customers.keys_of("nodeId", node_id)[::-1]
    in_node = [customer for customer in reversed(found) if customer["nodeId"] == node_id]
    return [customer["id"] for customer in sorted(in_node, key=itemgetter("updatedAt"), reverse=True)]


def _indexed_keys(customers: Collection, node_id: str, anchors: Anchors) -> dict[str, None]:
    keys: dict[str, None] = {}
    for attribute, text in anchors:
        index = INDEXES.get(attribute)
        keys |= dict.fromkeys([text] if index is None else customers.keys_of(index, (node_id, text)))
    return keys


def _events_of(state: VendorState) -> EventsOf:
    events = state.collection(EVENTS)

    def events_of(customer_id: str, event_type: str) -> Iterator[Json]:
        keys = [key for each in entry_ids(state, customer_id) for key in events.keys_of("data.customerId", each)]
        return map(itemgetter("data"), events.read(keys, [event_type]))

    return events_of


def _matches_all(_customer: Json) -> bool:
    return True
