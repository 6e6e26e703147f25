"""Update stream of an aggregate node, made of the updates of its entry nodes.

The stream has no rows of its own: each update of a member is shown as one of its aggregate customer, with the data that
this has now, so that a client which applies them in order ends with the customers that the node has.
"""

from collections.abc import Callable

from understudy.core.json_types import Json, ReadOnlyJson
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.aggregates.aggregation import ACTIVE
from understudy.vendors.contacthub.aggregates.members import AggregateRules, read_rules
from understudy.vendors.contacthub.tables import AGGREGATED, CUSTOMERS
from understudy.vendors.contacthub.update_stream import CREATE, CUSTOMER, DELETE, EVENT, LEFT, UPDATE

EventTest = Callable[[Json], bool]
ShowUpdate = Callable[[Json], Json | None]
"""Function from a row of the stream to the update as a response shows it; ``None`` for one that is not shown."""


def show_update(row: Json) -> Json | None:
    """Return an update of an entry node as a response shows it."""
    return None if row["kind"] == LEFT else _shown(row["operation"], row["kind"], row["data"])


def aggregate_updates(state: VendorState, node: ReadOnlyJson, entity: str | None, is_visible: EventTest) -> ShowUpdate:
    """Return the function that shows updates of an aggregate node, whose customers are built; none unless ACTIVE.

    ``is_visible`` tests whether the node shows an event.
    """
    entries = frozenset(node["data"]["entryNodes"] if node["data"]["state"] == ACTIVE else ())
    rules = read_rules(state, node)

    def show(row: Json) -> Json | None:
        if entity not in (None, EVENT if row["kind"] == EVENT else CUSTOMER):
            return None
        if row["kind"] == LEFT:
            return _left(state, row) if row["nodeId"] == node["id"] else None
        if row["nodeId"] not in entries or row["data"].keys() == {"id"}:  # a record that was erased
            return None
        if row["kind"] == CUSTOMER:
            return _customer(state, rules, row)
        return show_update(row) if _is_shown(state, rules, is_visible, row) else None

    return show


def _left(state: VendorState, row: Json) -> Json:
    present = state.collection(AGGREGATED).get(row["data"]["id"])
    return _shown(DELETE, CUSTOMER, row["data"]) if present is None else _shown(UPDATE, CUSTOMER, present)


def _customer(state: VendorState, rules: AggregateRules, row: Json) -> Json | None:
    """Return the update of the aggregate customer that a member's update belongs to.

    Nothing is shown of one that was deleted later on, but its deletion.
    """
    member, operation = row["data"], row["operation"]
    if rules.is_excluded(member):
        return None
    aggregate_id = rules.aggregate_id(member)
    present = state.collection(AGGREGATED).get(aggregate_id)
    if present is None:
        own = {"id": aggregate_id, "nodeId": rules.node["id"]}
        return _shown(DELETE, CUSTOMER, member | own) if operation == DELETE else None
    is_first = operation == CREATE and present["intId"] == member["intId"]
    return _shown(CREATE if is_first else UPDATE, CUSTOMER, present)


def _is_shown(state: VendorState, rules: AggregateRules, is_visible: EventTest, row: Json) -> bool:
    """Return whether an event's update is shown; the deletion of an event is, unless its customer is excluded."""
    if row["operation"] != DELETE:
        return is_visible(row["data"])
    customer = state.collection(CUSTOMERS).get(row["data"]["customerId"] or "")
    return customer is None or not rules.is_excluded(customer)


def _shown(operation: str, kind: str, data: Json) -> Json:
    return {"operation": operation, "entity": {"type": kind, "data": data}}
