"""The cast's own records: who and what exists, before any vendor dresses it."""

from collections.abc import Callable
from dataclasses import asdict
from operator import attrgetter
from typing import Any

from understudy.casting.cast import Cast
from understudy.casting.kind import Kind, Make


def _open(roster: Callable[[Cast], Any]) -> Callable[[Cast], Make]:
    def open_roster(cast: Cast) -> Make:
        make = roster(cast).make
        return lambda numbers: [asdict(make(n)) for n in numbers]

    return open_roster


KINDS = tuple(
    Kind(f"cast.{name}", summary, _open(attrgetter(name)))
    for name, summary in (
        ("people", "A customer: name, address, birth date, contacts."),
        ("merchants", "A brand that owns shops."),
        ("shops", "A shop of a merchant."),
        ("products", "An article of the catalogue, with its price."),
    )
)
