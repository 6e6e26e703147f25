"""Members of an aggregate customer: customers of entry nodes, ordered by priority.

A member is a row ``{id, nodeId, aggregateId, customerId, isExcluded}`` with the id ``<aggregate node>/<customer>``.
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
"""Match of an exclusion filter by its pattern: value of the customer, text of the filter; case-sensitive."""


@dataclass(frozen=True, slots=True)
class AggregateRules:
    """Rules of an aggregate node: its row, the source priority by entry node, the extended property definitions."""

    node: ReadOnlyJson
    priorities: dict[str, list[str]]
    definitions: ReadOnlyJson

    def precedence(self, customer: Json) -> tuple[int, int]:
        """Return the sort key of a member: position of its node, then of the source that wrote it last."""
        sources = self.priorities[customer["nodeId"]]
        source = customer["sourceInfo"]["updatedBy"]
        rank = sources.index(source) if source in sources else len(sources)
        return list(self.priorities).index(customer["nodeId"]), rank

    def is_excluded(self, customer: Json) -> bool:
        """Return whether one of the node's exclusion filters matches a customer."""
        filters = self.node["data"]["exclusionFilters"] or ()
        return any(
            PATTERNS[rule["pattern"]](text, rule["value"])
            for rule in filters
            for text in _text_values(value_at(customer, rule["property"]))
        )

    def aggregate_id(self, customer: Json) -> str:
        """Return the id of the aggregate customer to which a customer belongs.

        Customers with equal matching properties share it; a customer that lacks a matching property has its own.
        """
        shared = unique_value(self.node["data"]["matchingProperties"], customer)
        name = f"customer/{customer['id']}" if shared is None else f"value/{shared}"
        return str(uuid5(NAMESPACE_URL, f"{self.node['id']}/{name}"))


def read_rules(state: VendorState, node: ReadOnlyJson) -> AggregateRules:
    """Return the current rules of an aggregate node."""
    entries = map(state.collection(NODES).view, node["data"]["entryNodes"])
    priorities = {entry["id"]: entry["data"]["sourcePriority"] for entry in entries if entry}
    return AggregateRules(node, priorities, extended_definitions(state, node["workspaceId"], "customers"))


def add_member(state: VendorState, rules: AggregateRules, customer: Json) -> set[str]:
    """Store a customer as a member; return the ids of the aggregate customers it is in now and was in before."""
    members = state.collection(MEMBERS)
    node_id, aggregate_id = rules.node["id"], rules.aggregate_id(customer)
    key = f"{node_id}/{customer['id']}"
    before = members.get(key)
    row = {"id": key, "nodeId": node_id, "aggregateId": aggregate_id, "customerId": customer["id"]}
    members.put(row | {"isExcluded": rules.is_excluded(customer)})
    return {aggregate_id} if before is None else {aggregate_id, before["aggregateId"]}


def remove_member(state: VendorState, customer_id: str) -> list[Json]:
    """Delete all memberships of a customer; return the deleted rows."""
    members = state.collection(MEMBERS)
    rows = members.find("customerId", customer_id)
    for row in rows:
        members.delete(row["id"])
    return rows


def members_of(state: VendorState, rules: AggregateRules, aggregate_id: str) -> list[Json]:
    """Return the members of an aggregate customer that no filter excludes, by priority.

    Of two members with equal priority, the one updated last comes first.
    """
    ids = [row["customerId"] for row in state.collection(MEMBERS).find("aggregateId", aggregate_id)]
    found = [each for each in state.collection(CUSTOMERS).read(ids) if not rules.is_excluded(each)]
    found.sort(key=lambda customer: str(customer["updatedAt"]), reverse=True)
    return sorted(found, key=rules.precedence)


def membership_test(state: VendorState, node_id: str) -> Callable[[str | None], bool]:
    """Return a test whether a customer id is a member of an aggregate node and not excluded."""
    members = state.collection(MEMBERS)
    results: dict[str | None, bool] = {None: False}

    def is_member(customer_id: str | None) -> bool:
        if customer_id not in results:
            row = members.get(f"{node_id}/{customer_id}")
            results[customer_id] = row is not None and not row["isExcluded"]
        return results[customer_id]

    return is_member


def _text_values(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _text_values(item)
    elif isinstance(value, str):
        yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)
