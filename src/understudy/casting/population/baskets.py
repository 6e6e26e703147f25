"""What is bought together."""

from math import isqrt
from typing import NamedTuple

from understudy.casting.engine.field_streams import FieldStreams
from understudy.casting.population.lazy_cast import LazyCast
from understudy.core.cast import Product

MOST_LINES = 9
MOST_OF_ONE = 12


class BasketLine(NamedTuple):
    """Some pieces of one product."""

    product: Product
    quantity: int


class Baskets:
    """Draws baskets: most hold one or two products, few hold many; what sells well sells much better than the rest."""

    def __init__(self, cast: LazyCast, kind: str) -> None:
        self._products = cast.products
        self._count = len(cast.products)
        self._size = FieldStreams(cast.scenario, f"{kind}/basket")
        self._popular = cast.stream(f"{kind}/basket", "popular")
        self._product = cast.stream(f"{kind}/basket", "product")

    def fill(self, n: int) -> list[BasketLine]:
        """Return basket n: one line or more, each of another product."""
        lines: dict[int, BasketLine] = {}
        for slot in range(n * MOST_LINES, n * MOST_LINES + self._size.tail("lines", n, MOST_LINES)):
            number = min(self._popular.below(slot, self._count), self._product.below(slot, self._count))
            lines.setdefault(
                number, BasketLine(self._products[number], isqrt(self._size.tail("quantity", slot, MOST_OF_ONE**2)))
            )
        return list(lines.values())
