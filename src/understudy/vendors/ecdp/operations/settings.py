"""Settings: what a business unit has set up in the web application."""

from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState


def list_customer_attributes(state: VendorState) -> Reply:
    """Return the attributes that the business unit has defined."""
    return _listed(state, "attributes")


def list_customer_consents(state: VendorState) -> Reply:
    """Return the consents that the business unit asks for."""
    return _listed(state, "consents")


def _listed(state: VendorState, collection: str) -> Reply:
    rows = [
        {"id": int(each["id"]), "name": each["name"], "type": each["type"]} for each in state.collection(collection)
    ]
    return Reply({"status": 0, "data": rows})
