"""The cast's own records: who and what exists, before any vendor dresses it."""

from collections.abc import Callable
from dataclasses import asdict
from operator import attrgetter
from typing import Any

from understudy.casting.kind import Kind, Make
from understudy.casting.population.lazy_cast import LazyCast


def _kind(name: str, summary: str) -> Kind:
    roster: Callable[[LazyCast], Any] = attrgetter(name)

    def open_roster(cast: LazyCast) -> Make:
        make = roster(cast).make_all
        return lambda numbers: list(map(asdict, make(numbers)))

    return Kind(f"cast.{name}", summary, open_roster, size=lambda cast: len(roster(cast)))


KINDS = (
    _kind("people", "A customer: name, address, birth date, contacts."),
    _kind("merchants", "A brand that owns shops."),
    _kind("shops", "A shop of a merchant."),
    _kind("products", "An article of the catalogue, with its price."),
)
