"""Plan models: properties of events and products that Contactplan can use."""

from understudy.core.caller import Caller
from understudy.core.json_types import Json, ReadOnlyJson
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.extended_properties import main_type
from understudy.vendors.contacthub.configuration.stored_settings import extended_definitions
from understudy.vendors.contacthub.workspace_access import enter_workspace

_PRODUCT_EVENTS = ("addedProduct", "removedProduct", "viewedProduct", "addedWishlist", "removedWishlist")
_ATTENDANCE = ("eventInvited", "eventRegistered", "eventConfirmed", "eventParticipated", "eventNoShow")
EVENT_TYPES = {
    "ABANDONED_CART": ("abandonedCart",),
    "ATTENDANCE_EVENT": _ATTENDANCE,
    "COUPON": ("grantedCoupon",),
    "ORDER": ("completedOrder",),
    "ORDER_LINE": ("completedOrder",),
    "PRODUCT_INTERACTION": (*_PRODUCT_EVENTS, "addedCompare", "removedCompare", "reviewedProduct"),
    "SERVICE_SUBSCRIBED": ("serviceSubscribed",),
    "SERVICE_UNSUBSCRIBED": ("serviceUnsubscribed",),
    "WEB_BROWSING_EVENT": ("viewedPage", "viewedProductCategory", "searched", "clickedLink"),
}
"""Event types of a plan model (inferred)."""

CUSTOM_FIELDS = 10
"""Number of custom fields of a plan model in Contactplan (inferred)."""


def get_plan_model(state: VendorState, workspace_id: str, plan_model: str, caller: Caller) -> Reply:
    """Return a plan model's custom fields, and the extended properties that can be mapped to them."""
    enter_workspace(state, caller, workspace_id)
    of_events: Json = {}
    for event_type in EVENT_TYPES[plan_model]:
        of_events |= extended_definitions(state, workspace_id, f"events/{event_type}")
    of_products = extended_definitions(state, workspace_id, "products")
    fields = [{"name": f"custom{number}", "type": "STRING"} for number in range(1, CUSTOM_FIELDS + 1)]
    return Reply({"plan": fields, "hub": {"event": _fields(of_events), "product": _fields(of_products)}})


def _fields(definitions: ReadOnlyJson) -> list[Json]:
    return [
        {
            "name": name,
            "type": main_type(definition),
            "format": definition.get("format") if main_type(definition) == "string" else None,
            "contactlabProperties": {"label": definition["contactlabProperties"].get("label")},
        }
        for name, definition in definitions.items()
    ]
