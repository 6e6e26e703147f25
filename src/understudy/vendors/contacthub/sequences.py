"""Numbers that only grow."""

from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.tables import COUNTERS


def last_number(world: VendorState, name: str) -> int:
    """Return the last number given out under a name; 0 before the first."""
    row = world.collection(COUNTERS).look(name)
    return 0 if row is None else int(row["value"])


def next_number(world: VendorState, name: str) -> int:
    """Return the next number under a name, from 1 on."""
    number = last_number(world, name) + 1
    raise_number(world, name, number)
    return number


def raise_number(world: VendorState, name: str, number: int) -> None:
    """Have the numbers under a name go on after this one."""
    world.collection(COUNTERS).put({"id": name, "value": number})
