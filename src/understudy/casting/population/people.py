"""People of a cast: each is a pure function of the seed and a number, and its values agree with one another."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from itertools import compress
from typing import Any

from understudy.casting.engine.column_sampler import ColumnSampler
from understudy.casting.engine.date_text import DAY, times
from understudy.casting.engine.deck import Deck
from understudy.casting.engine.random_stream import RandomStream
from understudy.casting.engine.sampler_choice import choose_sampler
from understudy.casting.engine.stable_choice import StableChoice
from understudy.casting.population.near_duplicates import NearDuplicates
from understudy.casting.population.phone_numbers import PhoneNumbers
from understudy.casting.population.vocabulary import City, Locale
from understudy.core.cast import Person

WOMEN_PERCENT = 52
YOUNGEST_DAYS = 18 * 366
AGE_SPAN_DAYS = 70 * 365
CUSTOMER_DAYS = 728
CARD_PREFIX = "2986"
CARDS = 10**16
HOUR_WEIGHTS = (1, 0, 0, 0, 0, 0, 0, 1, 2, 2, 3, 3, 2, 1, 1, 2, 2, 3, 3, 3, 4, 3, 2, 1)
WAKING_HOURS = tuple(hour for hour, weight in enumerate(HOUR_WEIGHTS) for _ in range(weight))
"""Hours of the day, each as many times as its weight."""

DOMAINS = ("example.com", "example.com", "example.com", "example.org", "example.org", "example.net")
HANDLES: tuple[Callable[[str, str], str], ...] = (
    lambda first, last: f"{first}.{last}",
    lambda first, last: f"{first}{last}",
    lambda first, last: f"{first}_{last}",
    lambda first, last: f"{first[0]}.{last}",
)
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
FIELDS = (
    "id", "place", "gender", "first_name", "last_name", "handle", "domain", "street",
    "street_number", "zip", "zip_letters", "age", "older", "card_number", "day", "hour", "second",
)  # fmt: skip

_ASCII = str.maketrans({"ł": "l", "ß": "ss", "ø": "o", "œ": "oe", "æ": "ae", "đ": "d", "ı": "i"})
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


@dataclass
class PeopleColumns:
    """Columns of the values of some people, in the order of ``Person``'s fields, then each one's locale and city.

    ``make_mobiles`` makes the mobile numbers, which not all kinds of records need.
    ``birth_ordinals`` are ordinals of days, ``registered_seconds`` seconds since 1970; ``engine.date_text`` formats
    them.
    """

    number: Sequence[int]
    id: Sequence[str]
    first_name: Sequence[str]
    last_name: Sequence[str]
    gender: Sequence[str]
    email: Sequence[str]
    phone: Sequence[str]
    birth_ordinals: Sequence[int]
    street: Sequence[str]
    city: Sequence[str]
    province: Sequence[str]
    zip: Sequence[str]
    country: Sequence[str]
    locale: Sequence[str]
    card_number: Sequence[str]
    registered_seconds: Sequence[int]
    home: Sequence[Locale]
    place: Sequence[City]
    make_mobiles: Callable[[], list[str]]

    def people(self) -> list[Person]:
        """Return the people as ``Person`` objects."""
        columns: dict[str, Any] = {each.name: getattr(self, each.name) for each in fields(self)}
        del columns["home"], columns["place"], columns["make_mobiles"]
        columns["birth_ordinals"] = map(date.fromordinal, self.birth_ordinals)
        columns["registered_seconds"] = [datetime.fromtimestamp(second, UTC) for second in self.registered_seconds]
        return list(map(Person, *columns.values()))

    @cached_property
    def registered_text(self) -> list[str]:
        """Times of registration, as most vendors write times: ``2026-01-31T23:59:59.000Z``."""
        return times(self.registered_seconds)

    @cached_property
    def mobile(self) -> list[str]:
        """Mobile numbers, in E.164."""
        return self.make_mobiles()

    def among(self, wanted: Sequence[object]) -> "PeopleColumns":
        """Return the people whose item in ``wanted`` is true."""
        return _Subset(self, wanted)


class _Subset(PeopleColumns):
    """Subset of other columns; each column is filtered at its first use."""

    def __init__(self, people: PeopleColumns, wanted: Sequence[object]) -> None:
        self._all = people
        self._wanted = wanted

    @cached_property
    def registered_text(self) -> list[str]:
        """Times of registration, as most vendors write times: ``2026-01-31T23:59:59.000Z``."""
        return list(compress(self._all.registered_text, self._wanted))

    @cached_property
    def mobile(self) -> list[str]:
        """Mobile numbers, in E.164."""
        return list(compress(self._all.mobile, self._wanted))

    def __getattr__(self, name: str) -> Any:
        column = list(compress(getattr(self._all, name), self._wanted))
        setattr(self, name, column)
        return column


class People:
    """Generator of people. Ages and times of registration are counted back from ``at``.

    ``duplicates`` is the share of near-duplicates, in hundredths of a percent.
    """

    def __init__(self, seed: int, locales: list[Locale], at: datetime, duplicates: int = 0) -> None:
        self._streams = {name: RandomStream(seed, "person", name) for name in FIELDS}
        self._locales = StableChoice(
            lambda name: RandomStream(seed, "person", f"locale/{name}"), [(locale.name, locale) for locale in locales]
        )
        self._places = {
            locale.name: Deck(
                self._streams["place"], [(place, place.share) for place in locale.places], lambda place: place.area
            )
            for locale in locales
        }
        self._phones = PhoneNumbers(seed, locales)
        self.duplicates = NearDuplicates.of(seed, duplicates)
        self._addresses = {locale.name: locale.address.format(street="{0}", number="{1}") for locale in locales}
        self._today = at.date()
        self._midnight = int(at.timestamp()) // DAY * DAY

    def make(self, numbers: range) -> list[Person]:
        """Return the people with these numbers."""
        return self.columns(numbers).people()

    def columns(self, numbers: Sequence[int]) -> PeopleColumns:
        """Return columns of the people with these numbers."""
        made = self._originals(numbers)
        return self.duplicates.overlay(made, numbers, self._originals) if self.duplicates.share else made

    def original_id(self, n: int) -> str:
        """Return the id of the person of whom person n is a near-duplicate; empty if there is none."""
        original = self.duplicates.original_of(n)
        return "" if original is None else self._streams["id"].uuid(original)

    def _originals(self, numbers: Sequence[int]) -> PeopleColumns:
        """Return columns of the people with these numbers, as if none was a duplicate."""
        streams, columns = self._streams, choose_sampler(numbers)
        homes = self._locales.choose(columns)
        places, ranks = columns.deals(streams["place"], [self._places[home.name] for home in homes])
        genders = ["F" if is_woman else "M" for is_woman in columns.shares(streams["gender"], WOMEN_PERCENT)]
        firsts = columns.picks_from(
            streams["first_name"], [home.first_names[gender] for home, gender in zip(homes, genders, strict=True)]
        )
        lasts = columns.picks_from(
            streams["last_name"], [home.last_names[gender] for home, gender in zip(homes, genders, strict=True)]
        )
        return PeopleColumns(
            number=numbers,
            id=columns.uuids(streams["id"]),
            first_name=firsts,
            last_name=lasts,
            gender=genders,
            email=self._emails(columns, homes, firsts, lasts),
            phone=self._phones.landlines(columns, homes, places, ranks),
            birth_ordinals=self._birth_days(columns),
            street=self._streets(columns, homes),
            city=[place.city for place in places],
            province=[place.province for place in places],
            zip=self._zips(columns, places),
            country=[home.country for home in homes],
            locale=[home.name for home in homes],
            card_number=self._cards(columns),
            registered_seconds=self._registrations(columns),
            home=homes,
            place=places,
            make_mobiles=lambda: self._phones.mobiles(columns, homes, places, ranks),
        )

    def _emails(self, columns: ColumnSampler, homes: list[Locale], firsts: list[str], lasts: list[str]) -> list[str]:
        """Return e-mail addresses at reserved domains, unique because the local part ends with the person's number."""
        handles = columns.picks(self._streams["handle"], HANDLES)
        domains = columns.picks(self._streams["domain"], DOMAINS)
        return [
            f"{handle(ascii_letters(first, home.name), ascii_letters(last, home.name))}{n}@{domain}"
            for n, handle, domain, home, first, last in zip(
                columns.numbers, handles, domains, homes, firsts, lasts, strict=True
            )
        ]

    def _birth_days(self, columns: ColumnSampler) -> list[int]:
        """Return days of birth, 18 to 88 years ago, as ordinals; younger people are more frequent."""
        latest = self._today.toordinal() - YOUNGEST_DAYS
        ages = columns.belows(self._streams["age"], AGE_SPAN_DAYS)
        others = columns.belows(self._streams["older"], AGE_SPAN_DAYS)
        return [latest - days for days in map(min, ages, others)]

    def _streets(self, columns: ColumnSampler, homes: list[Locale]) -> list[str]:
        highs = columns.highs(self._streams["street_number"])
        streets = columns.picks_from(self._streams["street"], [home.streets for home in homes])
        return [
            self._addresses[home.name].format(street, 1 + (high * home.street_numbers >> 32))
            for home, street, high in zip(homes, streets, highs, strict=True)
        ]

    def _zips(self, columns: ColumnSampler, places: list[City]) -> list[str]:
        codes = columns.picks_from(self._streams["zip"], [place.zips for place in places])
        rests = columns.belows(self._streams["zip_letters"], 10 * len(LETTERS) ** 2)
        return [_fill_zip(code, rest) if "#" in code else code for code, rest in zip(codes, rests, strict=True)]

    def _cards(self, columns: ColumnSampler) -> list[str]:
        count, stream = len(columns.numbers), self._streams["card_number"]
        return [f"{CARD_PREFIX}{at:016}" for at in columns.shuffles([stream] * count, columns.numbers, [CARDS] * count)]

    def _registrations(self, columns: ColumnSampler) -> list[int]:
        """Return times in the last two years, in waking hours, in seconds since 1970."""
        days = columns.belows(self._streams["day"], CUSTOMER_DAYS)
        hours = columns.picks(self._streams["hour"], WAKING_HOURS)
        seconds = columns.belows(self._streams["second"], 3600)
        return [
            self._midnight - (1 + day) * DAY + hour * 3600 + second
            for day, hour, second in zip(days, hours, seconds, strict=True)
        ]


def _fill_zip(code: str, rest: int) -> str:
    rest, first = divmod(rest, len(LETTERS))
    digit, second = divmod(rest, len(LETTERS))
    return code.replace("#", str(digit)).replace("??", LETTERS[first] + LETTERS[second])


@lru_cache(maxsize=16384)
def ascii_letters(name: str, locale: str = "") -> str:
    """Return a name in lower-case ASCII letters, as the locale's language spells it in e-mail addresses and codes."""
    lower = name.lower()
    spelled = lower.translate(_GERMAN) if locale.startswith("de") else lower
    plain = unicodedata.normalize("NFKD", spelled.translate(_ASCII))
    return "".join(letter for letter in plain if "a" <= letter <= "z")
