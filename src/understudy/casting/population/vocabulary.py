"""Vocabulary of the cast: names, places and products, read from ``fixtures/vocabulary/``.

``tools/draw_vocabulary.py`` makes the files. Only the locales of a scenario are read.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson

from understudy.casting.locale_files import locales_in
from understudy.core.misconfigured import Misconfigured, nearest


class City(NamedTuple):
    """Real city. In ``zips``, ``#`` is a placeholder for a digit and ``?`` for a letter.

    ``area`` is the area code of its phone numbers, ``share`` its weight among the places of the locale.
    """

    city: str
    province: str
    region: str
    area: str
    share: int
    zips: Sequence[str]
    latitude: float
    longitude: float
    timezone: str


class Job(NamedTuple):
    """Job of an industry: its title for women and for men, and the subject of the college that it needs, if any."""

    industry: str
    woman: str
    man: str
    subject: str


class NumberRules(NamedTuple):
    """Rules of a country's landline or mobile numbers of ``digits`` digits after the calling code.

    ``reserved`` are the ranges that the regulator keeps for fiction, by the first digits of the area codes that they
    serve: ``#`` is a placeholder for a digit, ``@`` for the area code. Other numbers begin with one of ``prefixes``, or
    with the place's area code and one of the digits ``leads`` (by the first digits of the area code).
    """

    digits: int
    reserved: Mapping[str, str]
    prefixes: Sequence[str] = ()
    leads: Mapping[str, str] = MappingProxyType({})


class Locale(NamedTuple):
    """Country with one language, named by both, such as ``it_IT``.

    ``tax`` has rates in percent; ``timezone`` is the usual IANA time zone (each place has its own besides). First and
    last names, titles and degrees are by gender, ``F`` and ``M``. A frequent name is in its list several times, and so
    is a street. ``address`` is a template with ``street`` and ``number``. ``landline`` and ``mobile`` are the rules of
    telephone numbers. Schools are by type, with their first age and length in ``schooling``.
    """

    name: str
    country: str
    calling_code: str
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
    landline: NumberRules
    mobile: NumberRules
    titles: Mapping[str, Sequence[str]]
    degrees: Mapping[str, Sequence[str]]
    companies: Sequence[str]
    schools: Mapping[str, Sequence[str]]
    schooling: Mapping[str, Mapping[str, int]]
    leaving_subject: str
    jobs: Sequence[Job]


class Lifestyle(NamedTuple):
    """Likes, subscriptions, devices and tags of people of all locales."""

    likes: Mapping[str, Sequence[str]]
    subscriptions: Sequence[Mapping[str, str]]
    rhythms: Sequence[str]
    devices: Sequence[Mapping[str, str]]
    tags: Sequence[str]


class Category(NamedTuple):
    """Category of products; ``lowest`` is its lowest gross price, in minor units, at price level 1."""

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
    """Names of merchants, and categories of products."""

    merchants: Sequence[str]
    categories: Sequence[Category]


@lru_cache(maxsize=16)
def load_locale(folder: Path, name: str) -> Locale:
    """Read a locale, once a process; raise ``Misconfigured`` if it is unknown or its file lacks a key."""
    path = folder / f"{name}.json"
    if not path.is_file():
        raise Misconfigured(f"{path}: no such locale{nearest(name, locales_in(folder))}")
    raw = _read(path)
    _check_keys(path, raw, Locale._fields[1:])
    for place in raw["places"]:
        _check_keys(path, place, City._fields)
    raw["places"] = [City(**place) for place in raw["places"]]
    raw["first_names"], raw["last_names"] = _by_gender(raw["first_names"]), _by_gender(raw["last_names"])
    raw["streets"] = _repeated(raw["streets"])
    raw["landline"], raw["mobile"] = NumberRules(**raw["landline"]), NumberRules(**raw["mobile"])
    raw["jobs"] = [Job(industry, *job) for industry, jobs in raw["jobs"].items() for job in jobs]
    return Locale(name=name, **raw)


def _by_gender(names: Mapping[str, Mapping[str, int]]) -> dict[str, list[str]]:
    return {gender: _repeated(weights) for gender, weights in names.items()}


def _repeated(weights: Mapping[str, int]) -> list[str]:
    """Return each word as many times as its weight, so that a uniform pick takes it in its share."""
    return [word for word, weight in weights.items() for _ in range(weight)]


def _check_keys(path: Path, found: Mapping[str, Any], wanted: Sequence[str]) -> None:
    missing = [key for key in wanted if found.get(key) is None]
    if missing:
        raise Misconfigured(
            f"{path}: no key {missing[0]!r}; add it to by_hand/{path.stem}.yaml and run `make vocabulary`"
        )


def load_catalogue(folder: Path) -> Catalogue:
    """Read the merchants and categories."""
    raw = _read(folder / "catalogue.json")
    return Catalogue(raw["merchants"], [Category(**category) for category in raw["categories"]])


def load_lifestyle(folder: Path) -> Lifestyle:
    """Read the vocabulary that is the same for all locales."""
    return Lifestyle(**_read(folder / "lives.json"))


def _read(path: Path) -> Any:
    try:
        return orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise Misconfigured(f"{path}: cannot be read ({error}); run `make vocabulary`") from error
