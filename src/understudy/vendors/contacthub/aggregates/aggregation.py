"""Aggregate nodes: gathering the customers of entry nodes, and keeping up with them.

A node gathers nothing before somebody looks into it. From then on, each write of a customer in one of its entry nodes
is followed at once (``docs/decisions/0008-aggregates-follow-once-read.md``).
"""

from collections.abc import Generator
from hashlib import blake2b

import orjson

from understudy.state.collection import Json, ReadOnlyJson
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
CUSTOMERS_PER_STEP = 10
"""How many customers are gathered before other requests have their turn: a millisecond or two."""


def build_aggregates(state: VendorState, node: ReadOnlyJson) -> Generator[None, None, None]:
    """Gather an aggregate node's customers, unless that is done; give others their turn meanwhile.

    It is done anew after the filters, the priority of sources or the merge policies have changed.
    """
    if node["data"]["state"] != ACTIVE:
        return
    gatherings = state.collection(GATHERINGS)
    rules = read_rules(state, node)
    fingerprint = _fingerprint(rules)
    gathering = gatherings.get(node["id"])
    if gathering is not None and gathering["mark"] == fingerprint and gathering["isWhole"]:
        return
    row = {"id": node["id"], "entryNodes": node["data"]["entryNodes"], "mark": fingerprint, "isWhole": False}
    gatherings.put(row)
    aggregate_ids = yield from _add_all_members(state, rules)
    for number, aggregate_id in enumerate(aggregate_ids, start=1):
        _update_aggregate(state, rules, aggregate_id)
        if number % CUSTOMERS_PER_STEP == 0:
            yield
    if gatherings.get(node["id"]) == row:
        gatherings.put({**row, "isWhole": True})


def update_aggregates(state: VendorState, customer: Json) -> None:
    """Have the aggregate nodes that somebody looked into follow the write of a customer in an entry node."""
    for gathering in state.collection(GATHERINGS):
        node = state.collection(NODES).view(gathering["id"])
        if node is not None and customer["nodeId"] in gathering["entryNodes"]:
            _update_member(state, read_rules(state, node), customer)


def remove_from_aggregates(state: VendorState, customer_id: str) -> None:
    """Have the aggregate nodes let go of a customer that was deleted."""
    for row in remove_member(state, customer_id):
        node = state.collection(NODES).view(row["nodeId"])
        if node is not None:
            _update_aggregate(state, read_rules(state, node), row["aggregateId"])


def find_aggregate(state: VendorState, aggregate_id: str) -> Json | None:
    """Return an aggregate customer as its members make it now; nothing for an unknown one, or one kept out."""
    member = state.collection(MEMBERS).first("aggregateId", aggregate_id)
    node = None if member is None else state.collection(NODES).view(member["nodeId"])
    return None if node is None else _merge_aggregate(state, read_rules(state, node), aggregate_id)


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


def _add_all_members(state: VendorState, rules: AggregateRules) -> Generator[None, None, list[str]]:
    """Make each customer of the entry nodes a member; return the aggregate customers, the last changed one last."""
    customers = state.collection(CUSTOMERS)
    aggregate_ids: dict[str, None] = {}
    for number, key in enumerate(customers.keys_by_rank("nodeId", rules.node["data"]["entryNodes"]), start=1):
        customer = customers.get(key)
        for aggregate_id in () if customer is None else add_member(state, rules, customer):
            aggregate_ids.pop(aggregate_id, None)
            aggregate_ids[aggregate_id] = None
        if number % CUSTOMERS_PER_STEP == 0:
            yield
    return list(aggregate_ids)


def _update_member(state: VendorState, rules: AggregateRules, customer: Json) -> None:
    for aggregate_id in add_member(state, rules, customer):
        _update_aggregate(state, rules, aggregate_id)


def _update_aggregate(state: VendorState, rules: AggregateRules, aggregate_id: str) -> None:
    """Keep an aggregate customer as its members make it now, or forget it with the last of them."""
    aggregated = state.collection(AGGREGATED)
    merged = _merge_aggregate(state, rules, aggregate_id)
    count_customer(state, aggregated.get(aggregate_id), merged)
    if merged is None:
        aggregated.delete(aggregate_id)
    else:
        aggregated.put(merged)


def _merge_aggregate(state: VendorState, rules: AggregateRules, aggregate_id: str) -> Json | None:
    members = members_of(state, rules, aggregate_id)
    return merge_members(rules.node["id"], aggregate_id, members, rules.definitions) if members else None


def _fingerprint(rules: AggregateRules) -> str:
    """Return a text that differs when what the values depend on does."""
    data = rules.node["data"]
    parts = [data["exclusionFilters"], data["matchingProperties"], rules.priorities, rules.definitions]
    return blake2b(orjson.dumps(parts), digest_size=16).hexdigest()
