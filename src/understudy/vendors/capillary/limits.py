"""Limits of custom events, from the vendor's guide; a scenario may lift them."""

from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.field_types import Field

GUIDE, NONE = "guide", "none"
CHOICES = (GUIDE, NONE)
MAX_FIELDS = 20
MAX_NAME_LENGTH = 50


def set_limits(state: VendorState, choice: str) -> None:
    """Store which limits hold: those of the guide, or none."""
    state.collection("settings").put({"name": "limits", "value": choice})


def check_limits(state: VendorState, fields: list[Field]) -> None:
    """Refuse more fields, or a longer name of a field, than the guide allows; the error has no code of the vendor's."""
    setting = state.collection("settings").get("limits")
    if setting is not None and setting["value"] == NONE:
        return
    if len(fields) > MAX_FIELDS:
        raise Refused(400, f"A maximum of {MAX_FIELDS} attributes is allowed in an event, not {len(fields)}")
    for field in fields:
        if len(field["name"]) > MAX_NAME_LENGTH:
            raise Refused(400, f"The name of an attribute has at most {MAX_NAME_LENGTH} characters: {field['name']}")
