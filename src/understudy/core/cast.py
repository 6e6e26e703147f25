"""Who exists: the same people, shops and products for every vendor. ``casting`` makes them; vendors dress them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Person:
    """A customer. ``gender`` is ``F`` or ``M``; ``phone`` is E.164; ``country`` is ISO 3166 alpha-2."""

    number: int
    id: str
    first_name: str
    last_name: str
    gender: str
    email: str
    phone: str
    birth_date: date
    street: str
    city: str
    province: str
    zip: str
    country: str
    locale: str
    card_number: str
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class Merchant:
    """A brand that owns shops."""

    number: int
    id: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop; ``merchant`` is its owner's position in the cast."""

    number: int
    id: str
    code: str
    name: str
    merchant: int
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class Product:
    """An article. ``net_price`` and ``price`` (with tax) are in minor units of ``currency``; ``tax_rate`` is in %."""

    number: int
    id: str
    sku: str
    name: str
    brand: str
    category: str
    net_price: int
    price: int
    tax_rate: int
    currency: str


class Cast(Protocol):
    """Everyone and everything of a scenario; the same numbers are the same people for each vendor."""

    @property
    def people(self) -> Sequence[Person]: ...
    @property
    def merchants(self) -> Sequence[Merchant]: ...
    @property
    def shops(self) -> Sequence[Shop]: ...
    @property
    def products(self) -> Sequence[Product]: ...
    @property
    def timezones(self) -> Mapping[str, str]:
        """Usual IANA time zone of each locale of the people, such as ``{"it_IT": "Europe/Rome"}``."""
