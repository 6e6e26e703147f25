"""What a workspace reckons in: its time zone and its currency."""

from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.stored_settings import read_setting

CONFIGURATION = "configuration"
USUAL: Json = {
    "industry": "NotDefined",
    "logo": None,
    "timezone": "Europe/Rome",
    "currency": "EUR",
    "customerUniquenessPolicy": "MERGE",
}
"""The settings of a workspace that has none of its own."""


def configuration_of(state: VendorState, workspace_id: str) -> Json:
    """Return a workspace's settings, the usual ones where it has none of its own."""
    return {**USUAL, **read_setting(state, workspace_id, CONFIGURATION, {})}


def time_zone_of(state: VendorState, workspace_id: str) -> str | None:
    """Return the time zone that a workspace's days begin in; nothing for UTC."""
    zone: str | None = configuration_of(state, workspace_id)["timezone"]
    return zone


def currency_of(state: VendorState, workspace_id: str) -> str:
    """Return the currency of a workspace's amounts."""
    return str(configuration_of(state, workspace_id)["currency"])
