"""Settings: what a business unit has set up in the web application."""

from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState


def list_customer_attributes(world: VendorState) -> Reply:
    """Return the attributes that the business unit has defined."""
    return _listed(world, "attributes")


def list_customer_consents(world: VendorState) -> Reply:
    """Return the consents that the business unit asks for."""
    return _listed(world, "consents")


def _listed(world: VendorState, collection: str) -> Reply:
    rows = [
        {"id": int(each["id"]), "name": each["name"], "type": each["type"]} for each in world.collection(collection)
    ]
    return Reply({"status": 0, "data": rows})
