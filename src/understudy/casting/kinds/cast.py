"""Kinds of the cast itself: people, merchants, shops and products, not yet mapped to a vendor's records."""

from collections.abc import Callable
from dataclasses import asdict
from operator import attrgetter
from typing import Any

from understudy.casting.kind import Kind, Make
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.population.person_picker import require_cast


def _kind(name: str, summary: str, *ignores: str) -> Kind:
    find_sequence: Callable[[LazyCast], Any] = attrgetter(name)

    def open_sequence(cast: LazyCast) -> Make:
        if name == "shops":
            require_cast(f"cast.{name}", merchants=cast.merchants)
        make = find_sequence(cast).make_all
        return lambda numbers: list(map(asdict, make(numbers)))

    return Kind(
        f"cast.{name}",
        summary,
        open_sequence,
        size=lambda cast: len(find_sequence(cast)),
        is_person=name == "people",
        ignores=ignores,
    )


KINDS = (
    _kind("people", "A customer: name, address, birth date, contacts."),
    _kind("merchants", "A brand that owns shops.", "people", "locales"),
    _kind("shops", "A shop of a merchant.", "people"),
    _kind("products", "An article of the catalogue, with its price.", "people"),
)
