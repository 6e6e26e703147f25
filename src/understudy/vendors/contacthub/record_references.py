"""References of Contacthub's records that no key shows: products of an event, which the register keys by workspace."""

from collections.abc import Iterator, Mapping
from typing import Any

from understudy.vendors.contacthub.events.product_register import products_in
from understudy.vendors.contacthub.tables import EVENTS, PRODUCTS


def references(collection: str, record: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield the references of a record: a JSON pointer, and the collection and the key that it leads to."""
    if collection != EVENTS:
        return
    event = record["data"]
    for pointer, product in products_in(event["type"], event.get("properties") or {}):
        name = "id" if product.get("id") else "sku"
        if product.get(name):
            yield f"/data/properties{pointer}/{name}", PRODUCTS, f"{record['workspaceId']}/{product[name]}"
