"""Settings of the built-in event types in a workspace."""

from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.extended_properties import values_schema
from understudy.vendors.contacthub.configuration.stored_settings import (
    extended_definitions,
    is_event_enabled,
    write_setting,
)
from understudy.vendors.contacthub.schemas.event_models import event_model

DESCRIPTIONS = {
    "abandonedCart": "A customer left a filled cart behind.",
    "abandonedSession": "A customer left the site in the middle of a visit.",
    "addedCompare": "A customer put a product up for comparison.",
    "addedProduct": "A customer put a product into the cart.",
    "addedReward": "A customer was credited with a reward.",
    "addedWishlist": "A customer put a product on the wish list.",
    "campaignBlacklisted": "A message was not sent: the address is on a blacklist.",
    "campaignBounced": "A message came back.",
    "campaignLinkClicked": "A customer followed a link in a message.",
    "campaignMarkedSpam": "A customer called a message spam.",
    "campaignOpened": "A customer opened a message.",
    "campaignOptinRequested": "A customer was asked to confirm a subscription.",
    "campaignSent": "A message was sent.",
    "campaignSubscribed": "A customer subscribed to messages.",
    "campaignUnsubscribed": "A customer unsubscribed from messages.",
    "changedSetting": "A customer changed a setting.",
    "clickedLink": "A customer followed a link.",
    "closedTicket": "A request for help was closed.",
    "completedOrder": "A customer ordered, or returned an order.",
    "eventConfirmed": "A customer confirmed to attend.",
    "eventDeclined": "A customer declined to attend.",
    "eventEligible": "A customer may be invited.",
    "eventInvited": "A customer was invited.",
    "eventNoShow": "A customer did not turn up.",
    "eventNotInvited": "A customer was not invited.",
    "eventParticipated": "A customer attended.",
    "eventRegistered": "A customer registered to attend.",
    "formCompiled": "A customer filled in a form.",
    "genericActiveEvent": "A customer did something else.",
    "genericPassiveEvent": "Something else was done to a customer.",
    "grantedCoupon": "A customer was given a coupon.",
    "loggedIn": "A customer logged in.",
    "loggedOut": "A customer logged out.",
    "openedTicket": "A customer asked for help.",
    "orderShipped": "An order was sent off.",
    "removedCompare": "A customer took a product out of a comparison.",
    "removedProduct": "A customer took a product out of the cart.",
    "removedReward": "A reward was taken from a customer.",
    "removedWishlist": "A customer took a product off the wish list.",
    "repliedTicket": "A request for help was answered.",
    "reviewedProduct": "A customer reviewed a product.",
    "searched": "A customer searched.",
    "serviceSubscribed": "A customer subscribed to a service.",
    "serviceUnsubscribed": "A customer unsubscribed from a service.",
    "surveyCompiled": "A customer filled in a survey.",
    "viewedPage": "A customer looked at a page.",
    "viewedProduct": "A customer looked at a product.",
    "viewedProductCategory": "A customer looked at a category of products.",
}


def event_configuration(state: VendorState, workspace_id: str, event_type: str) -> Json:
    """Return an event type with its settings in a workspace."""
    model = event_model(event_type)
    return {
        "id": event_type,
        "type": event_type,
        "mode": model["mode"],
        "label": model["label"],
        "description": DESCRIPTIONS[event_type],
        "propertiesSchema": properties_schema(state, workspace_id, event_type),
        "enabled": is_event_enabled(state, workspace_id, event_type),
    }


def properties_schema(state: VendorState, workspace_id: str, event_type: str) -> Json:
    """Return the JSON schema of an event type's properties, extended properties included."""
    schema: Json = event_model(event_type)["propertiesSchema"]
    definitions = extended_definitions(state, workspace_id, f"events/{event_type}")
    if not definitions:
        return schema
    return schema | {"properties": schema["properties"] | {"extended": values_schema(definitions)}}


def switch_event(state: VendorState, workspace_id: str, event_type: str, *, enabled: bool) -> None:
    """Enable or disable events of a type in a workspace."""
    write_setting(state, workspace_id, f"event/{event_type}", {"enabled": enabled})
