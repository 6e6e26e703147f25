"""Create, change (PATCH) and replace (PUT) of a customer, with all rules applied."""

from collections.abc import Callable

from understudy.core.caller import Caller
from understudy.core.json_types import Json, ReadOnlyJson
from understudy.core.refused import Refused, Violation
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.customers.customer_rules import check_body, check_customer, check_required
from understudy.vendors.contacthub.customers.customer_store import (
    find_writable,
    new_customer,
    next_version,
    write_customer,
)
from understudy.vendors.contacthub.customers.document_changes import merge, new_document, patch, replace
from understudy.vendors.contacthub.customers.sessions import check_session, link_session
from understudy.vendors.contacthub.nodes.node_access import ENTRY, find_node
from understudy.vendors.contacthub.nodes.unique_index import check_conflict, find_equal
from understudy.vendors.contacthub.tables import CUSTOMERS
from understudy.vendors.contacthub.writing.customer_put import clears_missing

STRICT = "STRICT"
Rewrite = Callable[[ReadOnlyJson, Json, Json], Json]
"""Function that returns a changed customer, made of its node's row, its old version and its next version.

It refuses a customer that lacks a property which the node requires.
"""


def add_customer(
    state: VendorState,
    caller: Caller,
    workspace_id: str,
    body: Json,
    session_id: str | None = None,
    customer_id: str | None = None,
) -> Json:
    """Create a customer, or merge the body into the one with the same unique properties; return the customer.

    With a ``customer_id``, one is created with this id; refused with 409 if there is one with the same properties.
    """
    node = _entry_node(state, caller, workspace_id, body["nodeId"])
    check_body(state, workspace_id, body)
    check_required(node, body)
    equal = find_equal(state, node, body)
    check_session(state, node["id"], session_id, equal)
    if equal is not None and customer_id is not None:
        raise Refused(409, f"Conflict with exiting customer {equal}")
    before = None if equal is None else state.collection(CUSTOMERS).get(equal)
    if before is None:
        blank = new_customer(state, node["id"], caller.claims.get("sourceId"))
        blank["id"] = customer_id or blank["id"]
        after = new_document(blank, body, blank["updatedAt"])
    else:
        written = next_version(state, before, caller)
        after = merge(written, body, written["updatedAt"])
    check_customer(state, workspace_id, after, before)
    _write(state, caller, workspace_id, before, after, session_id)
    return after


def change_customer(
    state: VendorState,
    caller: Caller,
    workspace_id: str,
    customer_id: str,
    body: Json,
    session_id: str | None = None,
    mode: str | None = None,
) -> Json:
    """Merge the body into a customer; return the customer."""

    def rewrite(node: ReadOnlyJson, before: Json, written: Json) -> Json:
        after = patch(written, body, written["updatedAt"], is_strict=mode == STRICT)
        check_required(node, after, before)
        return after

    return _rewrite(state, caller, workspace_id, customer_id, body, session_id, rewrite)


def replace_customer(
    state: VendorState,
    caller: Caller,
    workspace_id: str,
    customer_id: str,
    body: Json,
    session_id: str | None = None,
    mode: str | None = None,
) -> Json:
    """Put the body over a customer; return the customer. What the body lacks stays, but not in the mode ``STRICT``."""
    is_strict, clears = mode == STRICT, clears_missing(state)

    def rewrite(node: ReadOnlyJson, _before: Json, written: Json) -> Json:
        check_required(node, body)
        if is_strict or clears:
            return replace(written, body, written["updatedAt"], keeps_subscriptions=not is_strict)
        return patch(written, body, written["updatedAt"], is_strict=False)

    return _rewrite(state, caller, workspace_id, customer_id, body, session_id, rewrite)


def _entry_node(state: VendorState, caller: Caller, workspace_id: str, node_id: str) -> ReadOnlyJson:
    node = find_node(state, caller, workspace_id, node_id, is_write=True)
    if node["kind"] != ENTRY:
        violation = Violation("body", "/nodeId", "entry", "it is not an entry node", node_id)
        raise Refused(400, f"node is not an entry node {node_id}", violations=[violation])
    return node


def _rewrite(
    state: VendorState,
    caller: Caller,
    workspace_id: str,
    customer_id: str,
    body: Json,
    session_id: str | None,
    rewrite: Rewrite,
) -> Json:
    """Check the body, rewrite the customer, check the result, and store it."""
    before, node = find_writable(state, caller, workspace_id, customer_id)
    check_body(state, workspace_id, body, before)
    after = rewrite(node, before, next_version(state, before, caller))
    check_customer(state, workspace_id, after, before)
    check_conflict(state, caller, node, before, after)
    check_session(state, node["id"], session_id, customer_id)
    _write(state, caller, workspace_id, before, after, session_id)
    return after


def _write(
    state: VendorState, caller: Caller, workspace_id: str, before: Json | None, after: Json, session_id: str | None
) -> None:
    write_customer(state, caller, workspace_id, before, after)
    if session_id is not None:
        link_session(state, after, session_id)
