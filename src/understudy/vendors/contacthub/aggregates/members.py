"""Which customers of entry nodes an aggregate customer is made of, and in which order.

A member is a row ``{id, nodeId, aggregateId, customerId, isExcluded}``, its id ``<aggregate node>/<customer>``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from understudy.core.json_types import Json, ReadOnlyJson
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.stored_settings import extended_definitions
from understudy.vendors.contacthub.dotted import value_at
from understudy.vendors.contacthub.nodes.unique_index import unique_value
from understudy.vendors.contacthub.tables import CUSTOMERS, MEMBERS, NODES

PATTERNS: dict[str, Callable[[str, str], bool]] = {
    "START_WITH": str.startswith,
    "CONTAINS": str.__contains__,
}
"""How the text of an exclusion filter is looked for; capitals make a difference."""


@dataclass(frozen=True, slots=True)
class AggregateRules:
    """What an aggregate node goes by: itself, the priority of its entry nodes' sources, and the merge policies."""

    node: ReadOnlyJson
    priorities: dict[str, list[str]]
    definitions: ReadOnlyJson

    def precedence(self, customer: Json) -> tuple[int, int]:
        """Return a member's place: by its node, then by the source that wrote it last."""
        sources = self.priorities[customer["nodeId"]]
        source = customer["sourceInfo"]["updatedBy"]
        rank = sources.index(source) if source in sources else len(sources)
        return list(self.priorities).index(customer["nodeId"]), rank

    def is_excluded(self, customer: Json) -> bool:
        """Tell whether one of the node's filters keeps a customer out."""
        filters = self.node["data"]["exclusionFilters"] or ()
        return any(
            PATTERNS[one["pattern"]](text, one["value"])
            for one in filters
            for text in _texts(value_at(customer, one["property"]))
        )

    def aggregate_id(self, customer: Json) -> str:
        """Return the id of the aggregate customer that a customer is part of.

        Its equals by the matching properties have the same one; whoever lacks such a property is alone.
        """
        shared = unique_value(self.node["data"]["matchingProperties"], customer)
        name = f"customer/{customer['id']}" if shared is None else f"value/{shared}"
        return str(uuid5(NAMESPACE_URL, f"{self.node['id']}/{name}"))


def read_rules(state: VendorState, node: ReadOnlyJson) -> AggregateRules:
    """Return what an aggregate node goes by now."""
    entries = map(state.collection(NODES).view, node["data"]["entryNodes"])
    priorities = {entry["id"]: entry["data"]["sourcePriority"] for entry in entries if entry}
    return AggregateRules(node, priorities, extended_definitions(state, node["workspaceId"], "customers"))


def add_member(state: VendorState, gatherer: AggregateRules, customer: Json) -> set[str]:
    """Make a customer a member where it belongs; return the ids of the aggregate customers that this concerns."""
    members = state.collection(MEMBERS)
    node_id, aggregate_id = gatherer.node["id"], gatherer.aggregate_id(customer)
    key = f"{node_id}/{customer['id']}"
    before = members.get(key)
    row = {"id": key, "nodeId": node_id, "aggregateId": aggregate_id, "customerId": customer["id"]}
    members.put(row | {"isExcluded": gatherer.is_excluded(customer)})
    return {aggregate_id} if before is None else {aggregate_id, before["aggregateId"]}


def remove_member(state: VendorState, customer_id: str) -> list[Json]:
    """Make a customer a member of nothing; return the rows that it was a member by."""
    members = state.collection(MEMBERS)
    rows = members.find("customerId", customer_id)
    for row in rows:
        members.delete(row["id"])
    return rows


def members_of(state: VendorState, gatherer: AggregateRules, aggregate_id: str) -> list[Json]:
    """Return the customers that an aggregate customer is made of, the one with priority first.

    Of two with equal priority, the one that was updated last comes first.
    """
    ids = [row["customerId"] for row in state.collection(MEMBERS).find("aggregateId", aggregate_id)]
    found = [each for each in state.collection(CUSTOMERS).read(ids) if not gatherer.is_excluded(each)]
    found.sort(key=lambda customer: str(customer["updatedAt"]), reverse=True)
    return sorted(found, key=gatherer.precedence)


def membership_test(state: VendorState, node_id: str) -> Callable[[str | None], bool]:
    """Return the claim that a customer is a member in an aggregate node and not kept out of it."""
    members = state.collection(MEMBERS)
    known: dict[str | None, bool] = {None: False}

    def claim(customer_id: str | None) -> bool:
        if customer_id not in known:
            row = members.get(f"{node_id}/{customer_id}")
            known[customer_id] = row is not None and not row["isExcluded"]
        return known[customer_id]

    return claim


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)
