"""Index of a node's customers by the node's unique properties, in which equal customers share a value."""

import orjson

from understudy.core.caller import Caller
from understudy.core.json_types import Json, ReadOnlyJson
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.dotted import value_at
from understudy.vendors.contacthub.tables import CUSTOMERS, MATCHES, NODES

HREF = "https://api.contactlab.it/hub/v1/workspaces/{}/customers/{}"
WAITING = "waiting"
"""Member of an entry: the ids of younger customers with the same value, or that have had it."""

UNTRUSTED = frozenset({"UNTRUSTED_APPLICATION"})


def unique_value(policy: Json, customer: Json) -> str | None:
    """Return the value of a customer or body in the index; ``None`` if one of the policy's properties is not set.

    ``policy`` is a node's ``{properties, caseSensitive}``; without properties no customer has a value.
    """
    values = [value_at(customer, path) for path in policy["properties"]]
    if not values or any(value in (None, "") or isinstance(value, list | dict) for value in values):
        return None
    if not policy.get("caseSensitive", False):
        values = [value.casefold() if isinstance(value, str) else value for value in values]
    first = values[0]
    if len(values) == 1 and isinstance(first, str) and not first.startswith("["):
        return first
    return orjson.dumps(values).decode()


def find_equal(state: VendorState, node: ReadOnlyJson, customer: Json) -> str | None:
    """Return the id of the indexed customer with the same value, maybe this one itself; ``None`` if there is none."""
    value = unique_value(node["data"]["uniqueCustomer"], customer)
    match = None if value is None else state.collection(MATCHES).get(f"{node['id']}/{value}")
    return None if match is None else str(match["customerId"])


def check_conflict(state: VendorState, caller: Caller, node: ReadOnlyJson, before: Json, after: Json) -> None:
    """Refuse with 409 a change that makes a customer equal to another one.

    ``data`` names the other customer, unless the caller is an untrusted source.
    """
    policy = node["data"]["uniqueCustomer"]
    if unique_value(policy, before) == unique_value(policy, after):
        return
    equal = find_equal(state, node, after)
    if equal is None or equal == before["id"]:
        return
    data = {"customer": {"id": equal, "href": HREF.format(node["workspaceId"], equal)}}
    raise Refused(409, f"Conflict with exiting customer {equal}", data={} if caller.scopes == UNTRUSTED else data)


def index_customer(state: VendorState, node: ReadOnlyJson, customer: Json) -> None:
    """Update the index for a customer; an older customer with the same value keeps the entry, and this one waits."""
    matches = state.collection(MATCHES)
    value = unique_value(node["data"]["uniqueCustomer"], customer)
    key = None if value is None else f"{node['id']}/{value}"
    for old in matches.find("customerId", customer["id"]):
        if old["id"] != key:
            _remove(state, old)
    if key is None:
        return
    found = matches.get(key)
    if found is None:
        matches.put({"id": key, "customerId": customer["id"]})
    elif found["customerId"] != customer["id"] and customer["id"] not in found.get(WAITING, ()):
        matches.put({**found, WAITING: [*found.get(WAITING, ()), customer["id"]]})


def unindex_customer(state: VendorState, customer_id: str) -> None:
    """Remove a customer from the index; the oldest other one with the same value gets the entry."""
    for match in state.collection(MATCHES).find("customerId", customer_id):
        _remove(state, match)


def _remove(state: VendorState, match: Json) -> None:
    """Remove an entry from the index, or give it to the first waiting customer that has the value still."""
    matches = state.collection(MATCHES)
    matches.delete(match["id"])
    node_id, _, value = match["id"].partition("/")
    node = state.collection(NODES).view(node_id)
    waiting = [] if node is None else match.get(WAITING, [])
    for number, customer_id in enumerate(waiting):
        customer = state.collection(CUSTOMERS).get(customer_id)
        if node is None or customer is None or customer["nodeId"] != node_id or customer_id == match["customerId"]:
            continue
        if unique_value(node["data"]["uniqueCustomer"], customer) == value:
            rest = waiting[number + 1 :]
            matches.put({"id": match["id"], "customerId": customer_id, **({WAITING: rest} if rest else {})})
            return


def reindex_node(state: VendorState, node: ReadOnlyJson) -> None:
    """Index all customers of a node again, after its unique properties have changed."""
    customers = state.collection(CUSTOMERS).find("nodeId", node["id"])
    for customer in customers:
        unindex_customer(state, customer["id"])
    for customer in customers:
        index_customer(state, node, customer)
