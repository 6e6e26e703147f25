"""Cast: people, merchants, shops and products, the same for every vendor.

The package ``casting`` generates them; each vendor's ``cast_mapping`` turns them into its records.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Person:
    """Customer. ``gender`` is ``F`` or ``M``; ``phone`` is E.164; ``country`` is ISO 3166 alpha-2."""

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
    """Brand that owns shops."""

    number: int
    id: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Shop:
    """Shop. ``merchant`` is the owner's position in ``Cast.merchants``."""

    number: int
    id: str
    code: str
    name: str
    merchant: int
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class Product:
    """Article. Prices are in minor units of ``currency``, ``price`` with tax; ``tax_rate`` is in percent."""

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
    """People, merchants, shops and products of a scenario; a number is the same person or thing for every vendor."""

    @property
    def people(self) -> Sequence[Person]: ...
    @property
    def merchants(self) -> Sequence[Merchant]: ...
    @property
    def shops(self) -> Sequence[Shop]: ...
    @property
    def products(self) -> Sequence[Product]: ...
    def products_of(self, locale: str) -> Sequence[Product]:
        """Return the same products with the prices, currency and taxes of a locale's country."""

    def shops_of(self, country: str) -> Sequence[Shop]:
        """Return the shops of a country, or all shops if the cast has none there."""

    @property
    def timezones(self) -> Mapping[str, str]:
        """Usual IANA time zone of each locale of the people, such as ``{"it_IT": "Europe/Rome"}``."""
