"""Events of an aggregate node: its members' events that its own retention has not hidden."""

from collections.abc import Callable, Mapping

from understudy.core.json_types import Json, ReadOnlyJson
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.aggregates.members import membership_test
from understudy.vendors.contacthub.retention.retention_policy import earliest_retained, is_in_force, months_by_type
from understudy.vendors.contacthub.tables import AGGREGATED, NODES

EventTest = Callable[[Json], bool]
"""Test of an event as responses show it."""


def visibility_test(state: VendorState, node: ReadOnlyJson) -> EventTest:
    """Return a test whether an aggregate node shows an event: of a member, and not older than its retention.

    The entry nodes keep what an aggregate node hides.
    """
    is_member = membership_test(state, node["id"])
    limits = _limits(state, node)
    return lambda event: is_member(event["customerId"]) and event["date"] >= limits.get(event["type"], "")


def customers_visibility_test(state: VendorState, customer_id: str) -> EventTest | None:
    """Return a test whether an aggregate customer shows an event of its members; ``None`` for any other customer."""
    customer = state.collection(AGGREGATED).view(customer_id)
    node = None if customer is None else state.collection(NODES).view(customer["nodeId"])
    return None if node is None else visibility_test(state, node)


def _limits(state: VendorState, node: ReadOnlyJson) -> Mapping[str, str]:
    """Return the earliest date to show by event type; nothing if the node's retention is not in force."""
    if not is_in_force(state, node["id"]):
        return {}
    months, now = months_by_type(state, node["workspaceId"], node["id"]), state.now()
    return {event_type: earliest_retained(now, months[event_type]) for event_type in months}
