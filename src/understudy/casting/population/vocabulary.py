"""The words that the cast is made of, as drawn by ``tools/draw_vocabulary.py``. Only the locales asked for are read."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from understudy.casting.locale_files import locales_in
from understudy.core.misconfigured import Misconfigured, nearest


class City(NamedTuple):
    """A real city. ``area`` is how its phone numbers start; in ``zips``, # stands for a digit and ? for a letter."""

    city: str
    province: str
    region: str
    area: str
    share: int
    zips: Sequence[str]
    latitude: float
    longitude: float
    timezone: str


class Locale(NamedTuple):
    """A country in one language. ``phone_digits`` counts what follows the calling code; ``tax`` is in %.

    First and last names, titles and degrees are by gender, ``F`` and ``M``. ``address`` puts ``street`` and ``number``
    in order. ``mobile`` counts the digits of a mobile number and says how they start; where they have no prefixes of
    their own, they start with the place's area. Schools are by type, jobs by industry.
    """

    name: str
    country: str
    calling_code: str
    phone_digits: int
    timezone: str
    currency: str
    price_level: int
    tax: Mapping[str, int]
    address: str
    street_numbers: int
    first_names: Mapping[str, Sequence[str]]
    last_names: Mapping[str, Sequence[str]]
    streets: Sequence[str]
    places: Sequence[City]
    mobile: Mapping[str, Any]
    titles: Mapping[str, Sequence[str]]
    degrees: Mapping[str, Sequence[str]]
    companies: Sequence[str]
    schools: Mapping[str, Sequence[str]]
    subjects: Sequence[str]
    jobs: Mapping[str, Sequence[str]]


class Lifestyle(NamedTuple):
    """What people everywhere like, read, and carry with them."""

    likes: Mapping[str, Sequence[str]]
    subscriptions: Sequence[Mapping[str, str]]
    rhythms: Sequence[str]
    devices: Sequence[Mapping[str, str]]
    tags: Sequence[str]


class Category(NamedTuple):
    """A part of the catalogue; ``lowest`` is its lowest gross price in minor units, at price level 1."""

    name: str
    code: str
    share: int
    tax: str
    lowest: int
    brands: Sequence[str]
    styles: Sequence[str]
    nouns: Sequence[str]
    variants: Sequence[str]


class Catalogue(NamedTuple):
    """What is sold, and the names of those who sell it."""

    merchants: Sequence[str]
    categories: Sequence[Category]


def load_locale(folder: Path, name: str) -> Locale:
    """Read one locale."""
    path = folder / f"{name}.json"
    if not path.is_file():
        raise Misconfigured(f"{path}: no such locale{nearest(name, locales_in(folder))}")
    raw = _read(path)
    _check_keys(path, raw, Locale._fields[1:])
    for place in raw["places"]:
        _check_keys(path, place, City._fields)
    places = [City(**place) for place in raw.pop("places")]
    return Locale(name=name, places=places, **raw)


def _check_keys(path: Path, found: Mapping[str, Any], wanted: Sequence[str]) -> None:
    missing = [key for key in wanted if key not in found]
    if missing:
        raise Misconfigured(
            f"{path}: no key {missing[0]!r}; add it to by_hand/{path.stem}.yaml and run `make vocabulary`"
        )


def load_catalogue(folder: Path) -> Catalogue:
    """Read the catalogue."""
    raw = _read(folder / "catalogue.json")
    return Catalogue(raw["merchants"], [Category(**category) for category in raw["categories"]])


def load_lifestyle(folder: Path) -> Lifestyle:
    """Read what people everywhere have in common."""
    return Lifestyle(**_read(folder / "lives.json"))


def _read(path: Path) -> Any:
    try:
        return orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise Misconfigured(f"{path}: cannot be read ({error}); run `make vocabulary`") from error
