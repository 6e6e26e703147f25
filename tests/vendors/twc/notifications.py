"""Notifications of a vendor state, as the control API shows them."""

from understudy.core.json_types import Json
from understudy.core.steps import run_to_end
from understudy.core.vendor import Vendor
from understudy.deliveries.sent_messages import sent_messages
from understudy.state.vendor_state import VendorState
from understudy.state.world import World
from understudy.vendors.twc import sent as hooks


def sent(state: VendorState) -> list[Json]:
    """Return the notifications up to now, oldest first."""
    world = World(state.name, state.clock, {state.vendor: state}, {})
    return run_to_end(sent_messages(world, {state.vendor: Vendor(state.vendor, sent=hooks.sent)}))
