"""Numbers that only grow."""

from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.tables import COUNTERS


def last_number(state: VendorState, name: str) -> int:
    """Return the last number given out under a name; 0 before the first."""
    row = state.collection(COUNTERS).view(name)
    return 0 if row is None else int(row["value"])


def next_number(state: VendorState, name: str) -> int:
    """Return the next number under a name, from 1 on."""
    number = last_number(state, name) + 1
    raise_number(state, name, number)
    return number


def raise_number(state: VendorState, name: str, number: int) -> None:
    """Have the numbers under a name go on after this one."""
    state.collection(COUNTERS).put({"id": name, "value": number})
