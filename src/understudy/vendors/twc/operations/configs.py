"""Handler of a tenant's public settings, which storefront widgets read."""

from understudy.core.caller import Caller
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.tables import CONFIGS
from understudy.vendors.twc.tenant_collection import check_tenant


def get_public_config(state: VendorState, caller: Caller, x_twc_tenant: str) -> Reply:
    """Return the settings that a tenant shows to its storefronts; an empty object if it has none."""
    check_tenant(caller, x_twc_tenant)
    found = state.collection(CONFIGS).get(x_twc_tenant)
    return Reply({} if found is None else found["value"])
