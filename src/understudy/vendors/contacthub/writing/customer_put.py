"""Readings of a PUT of a customer, of which a scenario's settings choose one: the fate of properties that it lacks."""

from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.stored_settings import read_setting, write_setting

KEEP_MISSING, CLEAR_MISSING = "keep missing", "clear missing"
MISSING_IN_PUT = (KEEP_MISSING, CLEAR_MISSING)
"""Fates of the properties that the body of a PUT lacks."""

PUT_SETTING = "customerPut"


def set_missing_in_put(state: VendorState, fate: str) -> None:
    """Set the fate of the properties that the body of a PUT lacks."""
    if fate != KEEP_MISSING:
        write_setting(state, state.vendor, PUT_SETTING, {"missing": fate})


def clears_missing(state: VendorState) -> bool:
    """Return whether a PUT clears what its body lacks, in any mode."""
    return bool(read_setting(state, state.vendor, PUT_SETTING, {}).get("missing") == CLEAR_MISSING)
