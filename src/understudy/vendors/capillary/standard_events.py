"""Standard events: predefined by Capillary for every organisation, to be enabled one by one."""

from dataclasses import dataclass

from understudy.core.json_types import Json
from understudy.vendors.capillary.field_types import BY_STORED_NAME, complete_field


@dataclass(frozen=True, slots=True)
class StandardEvent:
    """Predefined event; each field is (name, type with ``!`` if required, name at WebEngage)."""

    name: str
    label: str
    category: str
    event_type: str
    fields: tuple[tuple[str, str, str], ...]


CUSTOMER = ("customer", "customer!", "Customer Mobile")
CART = ("cartId", "string", "Cart ID")
PLACE = (
    ("deviceId", "string", "Device ID"),
    ("ipAddress", "string", "IP Address"),
    ("location", "string", "Location"),
)
PRODUCT = (
    ("productSku", "productSku!", "SKU ID"),
    ("productBrand", "productBrand", "Brand"),
    ("productCategory", "productCategory", "Category"),
    ("productQuantity", "double", "Quantity"),
    ("productPrice", "double", "Price"),
    ("productName", "string", "Product Name"),
    ("productType", "string", "Product Type"),
)

STANDARD_EVENTS = (
    StandardEvent(
        "ProductAddedToCart", "Product Added To Cart", "Ecommerce", "PRODUCTEVENT", (CUSTOMER, CART, *PRODUCT)
    ),
    StandardEvent(
        "ProductRemovedFromCart", "Product Removed From Cart", "Ecommerce", "PRODUCTEVENT", (CUSTOMER, CART, *PRODUCT)
    ),
    StandardEvent("ProductViewed", "Product Viewed", "Ecommerce", "PRODUCTEVENT", (CUSTOMER, *PRODUCT)),
    StandardEvent(
        "CategoryViewed",
        "Category Viewed",
        "Ecommerce",
        "PRODUCTEVENT",
        (CUSTOMER, ("categoryId", "string", "Category ID"), ("productCategory", "productCategory!", "Category")),
    ),
    StandardEvent(
        "CustomerRegistered",
        "Customer Registered",
        "Ecommerce",
        "USEREVENT",
        (CUSTOMER, ("firstName", "string!", "First Name"), ("lastName", "string", "Last Name"), *PLACE),
    ),
    StandardEvent(
        "CouponDenied",
        "Coupon Denied",
        "Ecommerce",
        "COUPONEVENT",
        (
            CUSTOMER,
            ("couponId", "string", "Coupon ID"),
            ("orderId", "string!", "Order ID"),
            CART,
            ("checkoutId", "string", "Checkout ID"),
            ("couponCode", "couponCode", "Coupon Code"),
            ("discount", "double", "Discount"),
            ("reason", "string", "Reason"),
        ),
    ),
    StandardEvent("AppInstalled", "App Installed", "MobileApp", "USEREVENT", (CUSTOMER, *PLACE)),
    StandardEvent("AppUninstalled", "App Uninstalled", "MobileApp", "USEREVENT", (CUSTOMER, *PLACE)),
)
BY_NAME = {event.name: event for event in STANDARD_EVENTS}
ACTIONS = ["EIConsumer", "EMFConsumer"]


def stored_fields(event: StandardEvent) -> list[Json]:
    """Return the fields as stored once the event is enabled."""
    return [{**complete_field(field), "standardField": True} for field in _fields(event)]


def mapping(event: StandardEvent) -> Json:
    """Return the predefined mapping from WebEngage's names."""
    return {
        "eventNameMapping": {"fieldName": "event_name", "valueMap": {event.label: event.name}},
        "eventFieldMappings": [{"eventFieldName": name, "fieldName": source} for name, _, source in event.fields],
    }


def catalogue_entry(event: StandardEvent) -> Json:
    """Return the event as listed in the catalogue: types in mixed case, the mapping with its older member names."""
    stored = [complete_field(field) for field in _fields(event)]
    fields = [{**field, "type": BY_STORED_NAME[field["type"]].name} for field in stored]
    return {
        "standardClickEventsMeta": {
            "label": event.label,
            "description": event.label,
            "eventCategory": event.category,
            "eventName": event.name,
            "actions": ACTIONS,
            "fields": fields,
        },
        "webEngageTransformerMapping": {
            "eventNameMapping": {"webEngageFieldName": "event_name", "valueMap": {event.label: event.name}},
            "eventFieldMappings": [
                {"eventFieldName": name, "webEngageFieldName": source} for name, _, source in event.fields
            ],
            "mapperName": event.name,
        },
    }


def _fields(event: StandardEvent) -> list[Json]:
    return [
        {
            "name": name,
            "type": kind.rstrip("!"),
            "attributes": {"isRequired": {"value": str(kind.endswith("!")).lower(), "valueType": "BOOLEAN"}},
        }
        for name, kind, _ in event.fields
    ]
