"""Settings of a world: the readings of contested sentences that its scenario chose."""

from understudy.state.vendor_state import VendorState


def setting(state: VendorState, name: str) -> str:
    """Return the value of a setting in the state's world."""
    found = state.collection("settings").view(name)
    return str(found["value"]) if found else ""
