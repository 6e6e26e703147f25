"""The catalogue's products and what is paid for them, as events tell it. Amounts come in cents and go in units."""

from typing import Any

from understudy.core.cast import Product
from understudy.core.json_types import Json


def product_values(product: Product) -> Json:
    """Return a product that is looked at."""
    return {"id": product.id, "sku": product.sku, "name": product.name, "price": product.price / 100}


def order_line(product: Product, quantity: int = 1, discount: int = 0, kind: str = "sale") -> Json:
    """Return a line of an order, its subtotal less the discount."""
    return {
        **product_values(product),
        "type": kind,
        "quantity": quantity,
        "subtotal": (product.price * quantity - discount) / 100,
        "category": [product.category],
    }


def order_amount(total: int, tax: int, currency: str, *, shipping: int = 0, discount: int = 0) -> dict[str, Any]:
    """Return what an order comes to: revenue, tax and shipping make the total."""
    return {
        "total": total / 100,
        "revenue": (total - tax - shipping) / 100,
        "tax": tax / 100,
        "shipping": shipping / 100,
        "discount": discount / 100,
        "local": {"currency": currency, "exchangeRate": 1},
    }
