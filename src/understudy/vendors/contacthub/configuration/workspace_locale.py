"""Time zone and currency of a workspace."""

from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.stored_settings import read_setting

CONFIGURATION = "configuration"
DEFAULT_CONFIGURATION: Json = {
    "industry": "NotDefined",
    "logo": None,
    "timezone": "Europe/Rome",
    "currency": "EUR",
    "customerUniquenessPolicy": "MERGE",
}
"""Default settings of a workspace."""


def configuration_of(state: VendorState, workspace_id: str) -> Json:
    """Return a workspace's settings, with defaults."""
    return {**DEFAULT_CONFIGURATION, **read_setting(state, workspace_id, CONFIGURATION, {})}


def time_zone_of(state: VendorState, workspace_id: str) -> str | None:
    """Return the time zone of a workspace's days; ``None`` for UTC."""
    zone: str | None = configuration_of(state, workspace_id)["timezone"]
    return zone


def currency_of(state: VendorState, workspace_id: str) -> str:
    """Return the currency of a workspace's amounts."""
    return str(configuration_of(state, workspace_id)["currency"])
