"""Random baskets: products that are bought together."""

from math import isqrt
from typing import NamedTuple

from understudy.casting.engine.field_streams import FieldStreams
from understudy.casting.population.lazy_cast import LazyCast
from understudy.core.cast import Product

MAX_LINES = 9
MAX_QUANTITY = 12


class BasketLine(NamedTuple):
    """Product of a basket and its quantity."""

    product: Product
    quantity: int


class Baskets:
    """Generator of baskets: most have one or two products, few have many; few products have most of the sales."""

    def __init__(self, cast: LazyCast, kind: str) -> None:
        self._products_of = cast.products_of
        self._count = len(cast.products)
        self._streams = FieldStreams(cast.scenario, f"{kind}/basket")
        self._popular = cast.stream(f"{kind}/basket", "popular")
        self._product = cast.stream(f"{kind}/basket", "product")

    def fill(self, n: int, locale: str) -> list[BasketLine]:
        """Return basket n: one or more lines, each with a different product, at the prices of a locale's country."""
        products = self._products_of(locale)
        lines: dict[int, BasketLine] = {}
        for slot in range(n * MAX_LINES, n * MAX_LINES + self._streams.long_tailed("lines", n, MAX_LINES)):
            number = min(self._popular.below(slot, self._count), self._product.below(slot, self._count))
            lines.setdefault(
                number,
                BasketLine(products[number], isqrt(self._streams.long_tailed("quantity", slot, MAX_QUANTITY**2))),
            )
        return list(lines.values())
