"""What a customer may ask for by law: all that is kept, or that it be forgotten."""

from collections.abc import Generator

from understudy.core.caller import Caller
from understudy.core.reply import Reply
from understudy.state.world import World
from understudy.vendors.contacthub.consents import DATA_PORTABILITY_REQUESTED, FORCED_DELETE, log_operation
from understudy.vendors.contacthub.customers import find_customer, find_writable, remove_customer
from understudy.vendors.contacthub.forgetting import strip_updates
from understudy.vendors.contacthub.places import open_workspace
from understudy.vendors.contacthub.tables import EVENTS


def export_customer(world: World, workspace_id: str, customer_id: str, caller: Caller) -> Reply:
    """Return a customer with all its events, the newest first; the consent log tells that it was asked for."""
    open_workspace(world, caller, workspace_id)
    customer = find_customer(world, caller, workspace_id, customer_id)
    log_operation(world, workspace_id, customer["nodeId"], customer_id, DATA_PORTABILITY_REQUESTED, caller)
    events = world.collection(EVENTS)
    rows = events.newest("data.customerId", customer_id, 0, events.count("data.customerId", customer_id))
    return Reply({"customer": customer, "events": [row["data"] for row in rows]})


def forget_customer(world: World, workspace_id: str, customer_id: str, caller: Caller) -> Generator[None, None, Reply]:
    """Delete a customer with all that is kept of it; the consent log tells of it, the stream of updates only that."""
    open_workspace(world, caller, workspace_id, is_write=True)
    customer, _ = find_writable(world, caller, workspace_id, customer_id)
    remove_customer(world, workspace_id, customer)
    log_operation(world, workspace_id, customer["nodeId"], customer_id, FORCED_DELETE, caller)
    yield from strip_updates(world, customer_id)
    return Reply(status=204)
