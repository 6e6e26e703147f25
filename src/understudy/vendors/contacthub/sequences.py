"""Sequences of increasing numbers, by name."""

from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.tables import COUNTERS


def last_number(state: VendorState, name: str) -> int:
    """Return the current number of a sequence; 0 before the first."""
    row = state.collection(COUNTERS).view(name)
    return 0 if row is None else int(row["value"])


def next_number(state: VendorState, name: str) -> int:
    """Return the next number of a sequence, which starts with 1, and store it."""
    number = last_number(state, name) + 1
    raise_number(state, name, number)
    return number


def raise_number(state: VendorState, name: str, number: int) -> None:
    """Set the current number of a sequence."""
    state.collection(COUNTERS).put({"id": name, "value": number})
