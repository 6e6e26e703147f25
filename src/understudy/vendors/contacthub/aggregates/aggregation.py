"""Aggregate nodes: gathering the customers of entry nodes, and keeping up with them.

A node gathers nothing before somebody looks into it. From then on, each write of a customer in one of its entry nodes
is followed at once (``docs/decisions/0008-aggregates-follow-once-read.md``).
"""

from collections.abc import Generator
from hashlib import blake2b

import orjson

from understudy.core.json_types import Json, ReadOnlyJson
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.aggregates.members import (
    AggregateRules,
    add_member,
    members_of,
    read_rules,
    remove_member,
)
from understudy.vendors.contacthub.aggregates.merge import merge_members
from understudy.vendors.contacthub.counts.running_counts import count_customer
from understudy.vendors.contacthub.tables import AGGREGATED, CUSTOMERS, GATHERINGS, MEMBERS, NODES

ACTIVE = "ACTIVE"
PORTION = 10
"""How many customers are gathered before other requests have their turn: a millisecond or two."""


def build_aggregates(state: VendorState, node: ReadOnlyJson) -> Generator[None, None, None]:
    """Gather an aggregate node's customers, unless that is done; give others their turn meanwhile.

    It is done anew after the filters, the priority of sources or the merge policies have changed.
    """
    if node["data"]["state"] != ACTIVE:
        return
    gatherings = state.collection(GATHERINGS)
    gatherer = read_rules(state, node)
    mark = _mark(gatherer)
    begun = gatherings.get(node["id"])
    if begun is not None and begun["mark"] == mark and begun["isWhole"]:
        return
    row = {"id": node["id"], "entryNodes": node["data"]["entryNodes"], "mark": mark, "isWhole": False}
    gatherings.put(row)
    joined = yield from _join_all(state, gatherer)
    for number, aggregate_id in enumerate(joined, start=1):
        _refresh(state, gatherer, aggregate_id)
        if number % PORTION == 0:
            yield
    if gatherings.get(node["id"]) == row:
        gatherings.put({**row, "isWhole": True})


def update_aggregates(state: VendorState, customer: Json) -> None:
    """Have the aggregate nodes that somebody looked into follow the write of a customer in an entry node."""
    for gathering in state.collection(GATHERINGS):
        node = state.collection(NODES).view(gathering["id"])
        if node is not None and customer["nodeId"] in gathering["entryNodes"]:
            _regroup(state, read_rules(state, node), customer)


def remove_from_aggregates(state: VendorState, customer_id: str) -> None:
    """Have the aggregate nodes let go of a customer that was deleted."""
    for row in remove_member(state, customer_id):
        node = state.collection(NODES).view(row["nodeId"])
        if node is not None:
            _refresh(state, read_rules(state, node), row["aggregateId"])


def find_aggregate(state: VendorState, aggregate_id: str) -> Json | None:
    """Return an aggregate customer as its members make it now; nothing for an unknown one, or one kept out."""
    member = state.collection(MEMBERS).first("aggregateId", aggregate_id)
    node = None if member is None else state.collection(NODES).view(member["nodeId"])
    return None if node is None else _make(state, read_rules(state, node), aggregate_id)


def entry_customers(state: VendorState, customer: Json) -> list[Json]:
    """Return the customers of entry nodes that an aggregate customer is made of; none for one of an entry node."""
    node = state.collection(NODES).view(customer["nodeId"])
    if node is None or customer["nodeId"] not in state.collection(GATHERINGS):
        return []
    return members_of(state, read_rules(state, node), customer["id"])


def entry_ids(state: VendorState, customer_id: str) -> list[str]:
    """Return the ids under which a customer's events are kept: its own, or those of an aggregate customer's members."""
    rows = state.collection(MEMBERS).find("aggregateId", customer_id)
    return [row["customerId"] for row in rows if not row["isExcluded"]] if rows else [customer_id]


def _join_all(state: VendorState, gatherer: AggregateRules) -> Generator[None, None, list[str]]:
    """Make each customer of the entry nodes a member; return the aggregate customers, the last changed one last."""
    customers = state.collection(CUSTOMERS)
    joined: dict[str, None] = {}
    for number, key in enumerate(customers.keys_by_rank("nodeId", gatherer.node["data"]["entryNodes"]), start=1):
        customer = customers.get(key)
        for aggregate_id in () if customer is None else add_member(state, gatherer, customer):
            joined.pop(aggregate_id, None)
            joined[aggregate_id] = None
        if number % PORTION == 0:
            yield
    return list(joined)


def _regroup(state: VendorState, gatherer: AggregateRules, customer: Json) -> None:
    for aggregate_id in add_member(state, gatherer, customer):
        _refresh(state, gatherer, aggregate_id)


def _refresh(state: VendorState, gatherer: AggregateRules, aggregate_id: str) -> None:
    """Keep an aggregate customer as its members make it now, or forget it with the last of them."""
    aggregated = state.collection(AGGREGATED)
    made = _make(state, gatherer, aggregate_id)
    count_customer(state, aggregated.get(aggregate_id), made)
    if made is None:
        aggregated.delete(aggregate_id)
    else:
        aggregated.put(made)


def _make(state: VendorState, gatherer: AggregateRules, aggregate_id: str) -> Json | None:
    members = members_of(state, gatherer, aggregate_id)
    return merge_members(gatherer.node["id"], aggregate_id, members, gatherer.definitions) if members else None


def _mark(gatherer: AggregateRules) -> str:
    """Return a text that differs when what the values depend on does."""
    data = gatherer.node["data"]
    parts = [data["exclusionFilters"], data["matchingProperties"], gatherer.priorities, gatherer.definitions]
    return blake2b(orjson.dumps(parts), digest_size=16).hexdigest()
