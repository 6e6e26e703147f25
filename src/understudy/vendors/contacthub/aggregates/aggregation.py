"""Building and updating of aggregate customers, which merge the customers of entry nodes.

The customers of an aggregate node are built when the node is first read. After that, each write of a customer in one
of its entry nodes updates them at once (``docs/decisions/0008-aggregates-follow-once-read.md``).
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
from understudy.vendors.contacthub.update_stream import DELETED, LEFT, UPDATE, append_update

ACTIVE = "ACTIVE"
CUSTOMERS_PER_STEP = 10
"""Number of customers processed in one step, which takes one or two milliseconds."""


def build_aggregates(state: VendorState, node: ReadOnlyJson) -> Generator[None, None, None]:
    """Build an aggregate node's customers in steps, unless they are built.

    They are built again after the exclusion filters, the source priority or the merge policies have changed.
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
    """Update the built aggregate nodes after the write of a customer in one of their entry nodes."""
    for gathering in state.collection(GATHERINGS):
        node = state.collection(NODES).view(gathering["id"])
        if node is not None and customer["nodeId"] in gathering["entryNodes"]:
            _update_member(state, read_rules(state, node), customer)


def remove_from_aggregates(state: VendorState, customer_id: str) -> None:
    """Remove a deleted customer from the aggregate nodes."""
    for row in remove_member(state, customer_id):
        node = state.collection(NODES).view(row["nodeId"])
        if node is not None:
            _update_aggregate(state, read_rules(state, node), row["aggregateId"])


def find_aggregate(state: VendorState, aggregate_id: str) -> Json | None:
    """Return an aggregate customer merged from its members; ``None`` if unknown or without a member."""
    member = state.collection(MEMBERS).first("aggregateId", aggregate_id)
    node = None if member is None else state.collection(NODES).view(member["nodeId"])
    return None if node is None else _merge_aggregate(state, read_rules(state, node), aggregate_id)


def entry_customers(state: VendorState, customer: Json) -> list[Json]:
    """Return the entry-node customers that an aggregate customer merges; none for an entry-node customer."""
    node = state.collection(NODES).view(customer["nodeId"])
    if node is None or customer["nodeId"] not in state.collection(GATHERINGS):
        return []
    return members_of(state, read_rules(state, node), customer["id"])


def entry_ids(state: VendorState, customer_id: str) -> list[str]:
    """Return the customer ids of a customer's events: its own id, or the ids of an aggregate customer's members."""
    rows = state.collection(MEMBERS).find("aggregateId", customer_id)
    return [row["customerId"] for row in rows if not row["isExcluded"]] if rows else [customer_id]


def _add_all_members(state: VendorState, rules: AggregateRules) -> Generator[None, None, list[str]]:
    """Add each customer of the entry nodes as a member; return the aggregate ids, the last changed one last."""
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
    """Update the aggregate customers that a customer is in and was in.

    One that the customer has left gets a row of its own in the update stream; the others follow the customer's row.
    """
    node_id, workspace_id = rules.node["id"], rules.node["workspaceId"]
    shown = None if rules.is_excluded(customer) else rules.aggregate_id(customer)
    aggregated = state.collection(AGGREGATED)
    for aggregate_id in add_member(state, rules, customer):
        is_known = aggregate_id in aggregated
        _update_aggregate(state, rules, aggregate_id)
        if is_known and aggregate_id != shown:
            left = {"id": aggregate_id, "nodeId": node_id, "deleted": DELETED}
            append_update(state, UPDATE, LEFT, workspace_id, node_id, left)


def _update_aggregate(state: VendorState, rules: AggregateRules, aggregate_id: str) -> None:
    """Store an aggregate customer as merged from its members, or delete it if it has none."""
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
    """Return a hash of the settings on which the merged values depend."""
    data = rules.node["data"]
    parts = [data["exclusionFilters"], data["matchingProperties"], rules.priorities, rules.definitions]
    return blake2b(orjson.dumps(parts), digest_size=16).hexdigest()
