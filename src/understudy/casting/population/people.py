"""The people: each a pure function of the seed and a number, every value agreeing with the others."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from itertools import compress
from typing import Any, NamedTuple

from understudy.casting.engine.column_sampler import ColumnSampler
from understudy.casting.engine.date_text import DAY, times
from understudy.casting.engine.deck import Deck
from understudy.casting.engine.random_stream import RandomStream
from understudy.casting.engine.sampler_choice import choose_sampler
from understudy.casting.engine.stable_choice import StableChoice
from understudy.casting.population.vocabulary import City, Locale
from understudy.core.cast import Person

WOMEN_IN_100 = 52
YOUNGEST_DAYS = 18 * 366
AGE_SPAN_DAYS = 70 * 365
CUSTOMER_DAYS = 728
CARD_PREFIX = "2986"
CARDS = 10**16
HOUR_SHARES = (1, 0, 0, 0, 0, 0, 0, 1, 2, 2, 3, 3, 2, 1, 1, 2, 2, 3, 3, 3, 4, 3, 2, 1)
WAKING_HOURS = tuple(hour for hour, share in enumerate(HOUR_SHARES) for _ in range(share))
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


@dataclass
class PeopleColumns:
    """People, a column for each of their values, and where each is at home.

    ``born`` is the day by its ordinal, ``registered`` the seconds since 1970: ``clock`` writes them. ``since`` is
    the latter as text, as most vendors write times.
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

    def people(self) -> list[Person]:
        """Return the people themselves."""
        columns: dict[str, Any] = {each.name: getattr(self, each.name) for each in fields(self)}
        del columns["home"], columns["place"]
        columns["birth_ordinals"] = map(date.fromordinal, self.birth_ordinals)
        columns["registered_seconds"] = [datetime.fromtimestamp(second, UTC) for second in self.registered_seconds]
        return list(map(Person, *columns.values()))

    @cached_property
    def registered_text(self) -> list[str]:
        """When each registered."""
        return times(self.registered_seconds)

    def among(self, wanted: Sequence[object]) -> "PeopleColumns":
        """Return those who are wanted."""
        return _Subset(self, wanted)


class _Subset(PeopleColumns):
    """Some of a crowd, each column gathered when it is asked for."""

    def __init__(self, crowd: PeopleColumns, wanted: Sequence[object]) -> None:
        self._all = crowd
        self._wanted = wanted

    @cached_property
    def registered_text(self) -> list[str]:
        """When each registered."""
        return list(compress(self._all.registered_text, self._wanted))

    def __getattr__(self, name: str) -> Any:
        column = list(compress(getattr(self._all, name), self._wanted))
        setattr(self, name, column)
        return column


class _Area(NamedTuple):
    """Where the phone numbers of a place come from: how they start, their stream, and the first of so many."""

    start: str
    field: RandomStream
    first: int
    size: int


class People:
    """Makes people. ``at`` is the instant that ages and registrations are counted back from."""

    def __init__(self, seed: int, locales: list[Locale], at: datetime) -> None:
        self._fields = {name: RandomStream(seed, "person", name) for name in FIELDS}
        self._locales = StableChoice(
            lambda name: RandomStream(seed, "person", f"locale/{name}"), [(locale.name, locale) for locale in locales]
        )
        self._places = {
            locale.name: Deck(self._fields["place"], [(place, place.share) for place in locale.places])
            for locale in locales
        }
        self._areas = {
            (locale.name, place.area): _area(seed, locale, place) for locale in locales for place in locale.places
        }
        self._addresses = {locale.name: locale.address.format(street="{0}", number="{1}") for locale in locales}
        self._today = at.date()
        self._midnight = int(at.timestamp()) // DAY * DAY

    def make(self, numbers: range) -> list[Person]:
        """Return the people with these numbers."""
        return self.columns(numbers).people()

    def columns(self, numbers: range) -> PeopleColumns:
        """Return the people with these numbers, a column each."""
        field, columns = self._fields, choose_sampler(numbers)
        homes = self._locales.choose(columns)
        places, ranks = columns.deals(field["place"], [self._places[home.name] for home in homes])
        genders = ["F" if is_woman else "M" for is_woman in columns.shares(field["gender"], WOMEN_IN_100)]
        firsts = columns.picks_from(
            field["first_name"], [home.first_names[gender] for home, gender in zip(homes, genders, strict=True)]
        )
        lasts = columns.picks_from(
            field["last_name"], [home.last_names[gender] for home, gender in zip(homes, genders, strict=True)]
        )
        return PeopleColumns(
            number=numbers,
            id=columns.uuids(field["id"]),
            first_name=firsts,
            last_name=lasts,
            gender=genders,
            email=self._emails(columns, firsts, lasts),
            phone=self._phones(columns, homes, places, ranks),
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
        )

    def _emails(self, columns: ColumnSampler, firsts: list[str], lasts: list[str]) -> list[str]:
        """Return addresses at reserved domains; letters, then the person's number: no two are the same."""
        handles = columns.picks(self._fields["handle"], HANDLES)
        domains = columns.picks(self._fields["domain"], DOMAINS)
        return [
            f"{handle(ascii_letters(first), ascii_letters(last))}{n}@{domain}"
            for n, handle, domain, first, last in zip(columns.numbers, handles, domains, firsts, lasts, strict=True)
        ]

    def _phones(self, columns: ColumnSampler, homes: list[Locale], places: list[City], ranks: list[int]) -> list[str]:
        """Return numbers of the places' areas, in E.164; the local part does not start with 0 or 1."""
        areas = [self._areas[home.name, place.area] for home, place in zip(homes, places, strict=True)]
        lines = columns.shuffles([area.field for area in areas], ranks, [area.size for area in areas])
        return [f"{area.start}{area.first + line}" for area, line in zip(areas, lines, strict=True)]

    def _birth_days(self, columns: ColumnSampler) -> list[int]:
        """Return days 18 to 88 years back; the younger, the likelier."""
        latest = self._today.toordinal() - YOUNGEST_DAYS
        ages = columns.belows(self._fields["age"], AGE_SPAN_DAYS)
        others = columns.belows(self._fields["older"], AGE_SPAN_DAYS)
        return [latest - days for days in map(min, ages, others)]

    def _streets(self, columns: ColumnSampler, homes: list[Locale]) -> list[str]:
        highs = columns.highs(self._fields["street_number"])
        streets = columns.picks_from(self._fields["street"], [home.streets for home in homes])
        return [
            self._addresses[home.name].format(street, 1 + (high * home.street_numbers >> 32))
            for home, street, high in zip(homes, streets, highs, strict=True)
        ]

    def _zips(self, columns: ColumnSampler, places: list[City]) -> list[str]:
        codes = columns.picks_from(self._fields["zip"], [place.zips for place in places])
        rests = columns.belows(self._fields["zip_letters"], 10 * len(LETTERS) ** 2)
        return [_lettered(code, rest) if "#" in code else code for code, rest in zip(codes, rests, strict=True)]

    def _cards(self, columns: ColumnSampler) -> list[str]:
        count, field = len(columns.numbers), self._fields["card_number"]
        return [f"{CARD_PREFIX}{at:016}" for at in columns.shuffles([field] * count, columns.numbers, [CARDS] * count)]

    def _registrations(self, columns: ColumnSampler) -> list[int]:
        """Return times in the two years before, at hours when people are up."""
        days = columns.belows(self._fields["day"], CUSTOMER_DAYS)
        hours = columns.picks(self._fields["hour"], WAKING_HOURS)
        seconds = columns.belows(self._fields["second"], 3600)
        return [
            self._midnight - (1 + day) * DAY + hour * 3600 + second
            for day, hour, second in zip(days, hours, seconds, strict=True)
        ]


def _area(seed: int, locale: Locale, place: City) -> _Area:
    unit = 10 ** (locale.phone_digits - len(place.area) - 1)
    field = RandomStream(seed, "person", f"phone/{locale.name}/{place.area}")
    return _Area(f"+{locale.calling_code}{place.area}", field, first=2 * unit, size=8 * unit)


def _lettered(code: str, rest: int) -> str:
    rest, first = divmod(rest, len(LETTERS))
    digit, second = divmod(rest, len(LETTERS))
    return code.replace("#", str(digit)).replace("??", LETTERS[first] + LETTERS[second])


@lru_cache(maxsize=16384)
def ascii_letters(name: str) -> str:
    """Return a name in small ASCII letters, as it goes into an e-mail address or a code."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_ASCII))
    return "".join(letter for letter in plain if "a" <= letter <= "z")
