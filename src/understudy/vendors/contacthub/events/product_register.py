"""Register of products, filled from events of the types that the workspace chose.

No operation reads it. Its content, and the precedence of the latest event, are inferred from the policy's name.
"""

from collections.abc import Iterator

from understudy.core.json_types import Json
from understudy.core.refused import Violation
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.stored_settings import extended_definitions, read_setting
from understudy.vendors.contacthub.schemas.property_schemas import extended_violations
from understudy.vendors.contacthub.tables import PRODUCTS

POLICY = "productsPolicy"
NO_POLICY: Json = {"eventTypes": []}
LIST_TYPES = frozenset(("completedOrder", "abandonedCart"))
"""Event types with a list of products; the other types in ``PRODUCT_TYPES`` have one product."""

PRODUCT_TYPES = LIST_TYPES | {
    "addedCompare",
    "addedProduct",
    "addedWishlist",
    "removedCompare",
    "removedProduct",
    "removedWishlist",
    "viewedProduct",
    "reviewedProduct",
}
PRODUCT_PROPERTIES = (
    "id",
    "sku",
    "name",
    "vendor",
    "price",
    "category",
    "classifications",
    "shortDescription",
    "linkUrl",
    "imageUrl",
    "weight",
    "itemQuantity",
    "unitOfMeasure",
)
"""Properties of a product; an event's other properties are about what the customer did."""


def register_products(state: VendorState, row: Json) -> None:
    """Update the register from an event's row, if the workspace chose its type.

    An event older than the last one of a product only adds values that are missing.
    """
    event = row["data"]
    if event["type"] not in PRODUCT_TYPES:
        return
    chosen = read_setting(state, row["workspaceId"], POLICY, NO_POLICY)["eventTypes"] or ()
    if event["type"] not in chosen:
        return
    for _, product in products_in(event["type"], event["properties"]):
        _register(state, row["workspaceId"], event["date"], _product_values(event["type"], product))


def products_in(event_type: str, properties: Json) -> Iterator[tuple[str, Json]]:
    """Yield the products in an event's properties, each with its JSON pointer."""
    if event_type in LIST_TYPES:
        for position, product in enumerate(properties.get("products") or ()):
            if isinstance(product, dict):
                yield f"/products/{position}", product
    elif event_type in PRODUCT_TYPES:
        yield "", properties


def product_violations(state: VendorState, workspace_id: str, event_type: str, properties: Json) -> Iterator[Violation]:
    """Yield a violation for each value of a product's extended properties that breaks its definition."""
    if event_type not in LIST_TYPES:
        return
    definitions = extended_definitions(state, workspace_id, "products")
    for pointer, product in products_in(event_type, properties):
        extended = product.get("extended")
        if isinstance(extended, dict):
            for found in extended_violations(extended, definitions):
                yield Violation(found.where, pointer + found.path, found.rule, found.message, found.value)


def _product_values(event_type: str, product: Json) -> Json:
    values = {name: product[name] for name in PRODUCT_PROPERTIES if product.get(name) is not None}
    extended = product.get("extended") if event_type in LIST_TYPES else None
    return values | {"extended": extended} if extended else values


def _register(state: VendorState, workspace_id: str, date: str, values: Json) -> None:
    """Store a product's values in the register, under its id, or its article number (``sku``) if it has no id."""
    product_id = values.get("id") or values.get("sku")
    if not product_id:
        return
    products = state.collection(PRODUCTS)
    key = f"{workspace_id}/{product_id}"
    stored = products.get(key) or {"date": date, "data": {}}
    is_newer = date >= stored["date"]
    data = stored["data"] | values if is_newer else values | stored["data"]
    products.put({"id": key, "workspaceId": workspace_id, "date": max(date, stored["date"]), "data": data})
