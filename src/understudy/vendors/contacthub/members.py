"""Which customers of entry nodes an aggregate customer is made of."""

from collections.abc import Generator

from understudy.state.collection import Json
from understudy.state.world import World
from understudy.vendors.contacthub.places import AGGREGATE
from understudy.vendors.contacthub.tables import CUSTOMERS, NODES
from understudy.vendors.contacthub.uniqueness import unique_value

STRIDE = 200
"""How many customers are looked at before other requests have their turn: about two milliseconds."""


def members_of(world: World, customer: Json) -> Generator[None, None, list[Json]]:
    """Return the entry customers that share the matching properties of an aggregate customer, oldest first."""
    node = world.collection(NODES).get(customer["nodeId"])
    if node is None or node["kind"] != AGGREGATE:
        return []
    policy, entry_nodes = node["data"]["matchingProperties"], frozenset(node["data"]["entryNodes"])
    shared = unique_value(policy, customer)
    members = []
    for number, other in enumerate(world.collection(CUSTOMERS)):
        if number % STRIDE == STRIDE - 1:
            yield
        if shared is not None and other["nodeId"] in entry_nodes and unique_value(policy, other) == shared:
            members.append(other)
    return members
