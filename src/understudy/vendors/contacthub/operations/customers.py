"""Customers of a node."""

from collections.abc import Generator

from understudy.core.caller import Caller
from understudy.core.refused import Refused, Violation
from understudy.core.reply import Reply
from understudy.state.collection import Json
from understudy.state.world import World
from understudy.vendors.contacthub.customers import (
    blank_customer,
    find_customer,
    find_writable,
    next_version,
    remove_customer,
    write_customer,
)
from understudy.vendors.contacthub.members import members_of
from understudy.vendors.contacthub.paging import page_info
from understudy.vendors.contacthub.places import ENTRY, open_node, open_workspace
from understudy.vendors.contacthub.profile_rules import check_required, check_sent, check_whole
from understudy.vendors.contacthub.profiles import change, fill, merge, replace
from understudy.vendors.contacthub.sessions import check_session, tie_session
from understudy.vendors.contacthub.tables import CUSTOMERS
from understudy.vendors.contacthub.uniqueness import check_conflict, find_equal

STRICT = "STRICT"


def create_customer(
    world: World, workspace_id: str, body: Json, caller: Caller, session_id: str | None = None
) -> Reply:
    """Create a customer, or merge into the one that is equal by the node's unique properties."""
    open_workspace(world, caller, workspace_id, is_write=True)
    node = _entry_node(world, caller, workspace_id, body["nodeId"])
    check_sent(world, workspace_id, body)
    check_required(node, body)
    equal = find_equal(world, node, body)
    check_session(world, node["id"], session_id, equal)
    before = None if equal is None else world.collection(CUSTOMERS).get(equal)
    if before is None:
        blank = blank_customer(world, node["id"], caller.claims.get("sourceId"))
        after = fill(blank, body, blank["updatedAt"])
    else:
        written = next_version(world, before, caller)
        after = merge(written, body, written["updatedAt"])
    check_whole(after)
    _write(world, caller, workspace_id, before, after, session_id)
    return Reply(after, status=201)


def get_customer(world: World, workspace_id: str, customer_id: str, caller: Caller) -> Reply:
    """Return a customer."""
    open_workspace(world, caller, workspace_id)
    return Reply(find_customer(world, caller, workspace_id, customer_id))


def patch_customer(
    world: World,
    workspace_id: str,
    customer_id: str,
    body: Json,
    caller: Caller,
    session_id: str | None = None,
    mode: str | None = None,
) -> Reply:
    """Merge what is sent into a customer."""
    open_workspace(world, caller, workspace_id, is_write=True)
    before, node = find_writable(world, caller, workspace_id, customer_id)
    check_sent(world, workspace_id, body)
    written = next_version(world, before, caller)
    after = change(written, body, written["updatedAt"], is_strict=mode == STRICT)
    check_required(node, after, before)
    _check_changed(world, caller, node, before, after)
    check_session(world, node["id"], session_id, customer_id)
    _write(world, caller, workspace_id, before, after, session_id)
    return Reply(after)


def update_customer(
    world: World,
    workspace_id: str,
    customer_id: str,
    body: Json,
    caller: Caller,
    session_id: str | None = None,
    mode: str | None = None,
) -> Reply:
    """Put what is sent in a customer's place."""
    open_workspace(world, caller, workspace_id, is_write=True)
    before, node = find_writable(world, caller, workspace_id, customer_id)
    check_sent(world, workspace_id, body)
    check_required(node, body)
    written = next_version(world, before, caller)
    after = replace(written, body, written["updatedAt"], is_strict=mode == STRICT)
    _check_changed(world, caller, node, before, after)
    check_session(world, node["id"], session_id, customer_id)
    _write(world, caller, workspace_id, before, after, session_id)
    return Reply(after)


def delete_customer(world: World, workspace_id: str, customer_id: str, caller: Caller) -> Reply:
    """Delete a customer with its events and sessions."""
    open_workspace(world, caller, workspace_id, is_write=True)
    customer, _ = find_writable(world, caller, workspace_id, customer_id)
    remove_customer(world, workspace_id, customer)
    return Reply()


def list_entry_customers(
    world: World, workspace_id: str, customer_id: str, page: int, size: int, caller: Caller
) -> Generator[None, None, Reply]:
    """Return a page of the customers that an aggregate customer is made of; none for one of an entry node."""
    open_workspace(world, caller, workspace_id)
    customer = find_customer(world, caller, workspace_id, customer_id)
    members = yield from members_of(world, customer)
    info = page_info(len(members), size, page, is_search=True)
    return Reply({"elements": members[page * size : (page + 1) * size], "page": info})


def _entry_node(world: World, caller: Caller, workspace_id: str, node_id: str) -> Json:
    node = open_node(world, caller, workspace_id, node_id)
    if node["kind"] != ENTRY:
        violation = Violation("body", "/nodeId", "entry", "it is not an entry node", node_id)
        raise Refused(400, f"node is not an entry node {node_id}", violations=[violation])
    return node


def _check_changed(world: World, caller: Caller, node: Json, before: Json, after: Json) -> None:
    check_whole(after)
    check_conflict(world, caller, node, before, after)


def _write(
    world: World, caller: Caller, workspace_id: str, before: Json | None, after: Json, session_id: str | None
) -> None:
    write_customer(world, caller, workspace_id, before, after)
    if session_id is not None:
        tie_session(world, after, session_id)
