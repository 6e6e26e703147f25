"""Mapping from the cast's products to the properties of events. Amounts are cents in the cast, units in events."""

from typing import Any

from understudy.core.cast import Product
from understudy.core.json_types import Json


def product_values(product: Product) -> Json:
    """Return a product as in the properties of a ``viewedProduct`` event."""
    return {"id": product.id, "sku": product.sku, "name": product.name, "price": product.price / 100}


def order_line(product: Product, quantity: int = 1, discount: int = 0, kind: str = "sale") -> Json:
    """Return an order line; its subtotal is reduced by the discount."""
    return {
        **product_values(product),
        "type": kind,
        "quantity": quantity,
        "subtotal": (product.price * quantity - discount) / 100,
        "category": [product.category],
    }


def order_amount(total: int, tax: int, currency: str, *, shipping: int = 0, discount: int = 0) -> dict[str, Any]:
    """Return the amounts of an order; the total is revenue, tax and shipping."""
    return {
        "total": total / 100,
        "revenue": (total - tax - shipping) / 100,
        "tax": tax / 100,
        "shipping": shipping / 100,
        "discount": discount / 100,
        "local": {"currency": currency, "exchangeRate": 1},
    }
