"""The register of products: what events of the types that the workspace chose say of them.

No operation reads it. What is written into it, and that the latest event counts, is inferred from the policy's name.
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
LISTING = frozenset(("completedOrder", "abandonedCart"))
"""The event types that are about a list of products; the others are about one."""

AWARE = LISTING | {
    "addedCompare",
    "addedProduct",
    "addedWishlist",
    "removedCompare",
    "removedProduct",
    "removedWishlist",
    "viewedProduct",
    "reviewedProduct",
}
FACTS = (
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
"""What an event says of a product itself, and not of the customer's dealing with it."""


def register_products(state: VendorState, row: Json) -> None:
    """Bring the register up to date with an event's row, if the workspace chose its type.

    What an older event than the last one says counts only where nothing is known yet.
    """
    event = row["data"]
    if event["type"] not in AWARE:
        return
    chosen = read_setting(state, row["workspaceId"], POLICY, NO_POLICY)["eventTypes"] or ()
    if event["type"] not in chosen:
        return
    for _, product in products_in(event["type"], event["properties"]):
        _register(state, row["workspaceId"], event["date"], _facts(event["type"], product))


def products_in(event_type: str, properties: Json) -> Iterator[tuple[str, Json]]:
    """Give the products that an event's properties are about, each with its JSON pointer."""
    if event_type in LISTING:
        for position, product in enumerate(properties.get("products") or ()):
            if isinstance(product, dict):
                yield f"/products/{position}", product
    elif event_type in AWARE:
        yield "", properties


def product_violations(state: VendorState, workspace_id: str, event_type: str, properties: Json) -> Iterator[Violation]:
    """Give a violation for each value of the products' own properties that their definitions do not take."""
    if event_type not in LISTING:
        return
    definitions = extended_definitions(state, workspace_id, "products")
    for pointer, product in products_in(event_type, properties):
        extended = product.get("extended")
        if isinstance(extended, dict):
            for found in extended_violations(extended, definitions):
                yield Violation(found.where, pointer + found.path, found.rule, found.message, found.value)


def _facts(event_type: str, product: Json) -> Json:
    facts = {name: product[name] for name in FACTS if product.get(name) is not None}
    extended = product.get("extended") if event_type in LISTING else None
    return facts | {"extended": extended} if extended else facts


def _register(state: VendorState, workspace_id: str, date: str, facts: Json) -> None:
    """Put what an event says of a product into the register; one without an id goes by its article number."""
    product_id = facts.get("id") or facts.get("sku")
    if not product_id:
        return
    products = state.collection(PRODUCTS)
    key = f"{workspace_id}/{product_id}"
    known = products.get(key) or {"date": date, "data": {}}
    is_news = date >= known["date"]
    data = known["data"] | facts if is_news else facts | known["data"]
    products.put({"id": key, "workspaceId": workspace_id, "date": max(date, known["date"]), "data": data})
