"""The people: each a pure function of the seed and a number, every value agreeing with the others."""

import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from understudy.casting.deck import Deck
from understudy.casting.draw import Field
from understudy.casting.vocabulary import Locale, Place
from understudy.core.cast import Person

WOMEN_IN_100 = 52
YOUNGEST = timedelta(days=18 * 366)
AGE_SPAN_DAYS = 70 * 365
CUSTOMER_DAYS = 728
CARD_PREFIX = "2986"
HOUR_SHARES = (1, 0, 0, 0, 0, 0, 0, 1, 2, 2, 3, 3, 2, 1, 1, 2, 2, 3, 3, 3, 4, 3, 2, 1)
WAKING_HOURS = tuple(hour for hour, share in enumerate(HOUR_SHARES) for _ in range(share))
DOMAINS = ("example.com", "example.com", "example.com", "example.org", "example.org", "example.net")
HANDLES = ("{first}.{last}{number}", "{first}{last}{number}", "{first}_{last}{number}", "{initial}.{last}{number}")
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
FIELDS = (
    "id", "locale", "place", "gender", "first_name", "last_name", "handle", "domain", "street",
    "street_number", "zip", "zip_letters", "age", "older", "card_number", "day", "hour", "second",
)  # fmt: skip

_ASCII = str.maketrans({"ł": "l", "ß": "ss", "ø": "o", "œ": "oe", "æ": "ae", "đ": "d", "ı": "i"})


class People:
    """Makes person n. ``at`` is the instant that ages and registrations are counted back from."""

    def __init__(self, seed: int, locales: list[Locale], at: datetime) -> None:
        self._fields = {name: Field(seed, "person", name) for name in FIELDS}
        self._locales = Deck(self._fields["locale"], [(locale, 1) for locale in locales])
        self._places = {
            locale.name: Deck(self._fields["place"], [(place, place.share) for place in locale.places])
            for locale in locales
        }
        self._phones = {
            (locale.name, place.area): Field(seed, "person", f"phone/{locale.name}/{place.area}")
            for locale in locales
            for place in locale.places
        }
        self._today = at.date()
        self._midnight = datetime.combine(self._today, time(), at.tzinfo)

    def make(self, n: int) -> Person:
        """Return person n."""
        field = self._fields
        locale, rank = self._locales.deal(n)
        place, rank = self._places[locale.name].deal(rank)
        gender = "F" if field["gender"].below(n, 100) < WOMEN_IN_100 else "M"
        first = field["first_name"].pick(n, locale.first_names[gender])
        last = field["last_name"].pick(n, locale.last_names[gender])
        return Person(
            number=n,
            id=field["id"].uuid(n),
            first_name=first,
            last_name=last,
            gender=gender,
            email=self._email(n, first, last),
            phone=self._phone(rank, locale, place),
            birth_date=self._birth_date(n),
            street=self._street(n, locale),
            city=place.city,
            province=place.province,
            zip=self._zip(n, place),
            country=locale.country,
            locale=locale.name,
            card_number=f"{CARD_PREFIX}{field['card_number'].shuffled(n, 10**16):016}",
            registered_at=self._registered_at(n),
        )

    def _email(self, n: int, first: str, last: str) -> str:
        """Return an address at a reserved domain; letters, then the person's number: no two are the same."""
        first, last = ascii_letters(first), ascii_letters(last)
        handle = self._fields["handle"].pick(n, HANDLES)
        local = handle.format(first=first, initial=first[0], last=last, number=n)
        return f"{local}@{self._fields['domain'].pick(n, DOMAINS)}"

    def _phone(self, rank: int, locale: Locale, place: Place) -> str:
        """Return a number of the place's area, in E.164; the local part does not start with 0 or 1."""
        unit = 10 ** (locale.phone_digits - len(place.area) - 1)
        local = 2 * unit + self._phones[locale.name, place.area].shuffled(rank, 8 * unit)
        return f"+{locale.calling_code}{place.area}{local}"

    def _birth_date(self, n: int) -> date:
        """Return a date 18 to 88 years back; the younger, the likelier."""
        days = min(self._fields["age"].below(n, AGE_SPAN_DAYS), self._fields["older"].below(n, AGE_SPAN_DAYS))
        return self._today - YOUNGEST - timedelta(days=days)

    def _street(self, n: int, locale: Locale) -> str:
        number = 1 + self._fields["street_number"].below(n, locale.street_numbers)
        return locale.address.format(street=self._fields["street"].pick(n, locale.streets), number=number)

    def _zip(self, n: int, place: Place) -> str:
        code = self._fields["zip"].pick(n, place.zips)
        if "#" not in code:
            return code
        rest = self._fields["zip_letters"].below(n, 10 * len(LETTERS) ** 2)
        rest, first = divmod(rest, len(LETTERS))
        digit, second = divmod(rest, len(LETTERS))
        return code.replace("#", str(digit)).replace("??", LETTERS[first] + LETTERS[second])

    def _registered_at(self, n: int) -> datetime:
        """Return a time in the two years before, at an hour when people are up."""
        day = 1 + self._fields["day"].below(n, CUSTOMER_DAYS)
        hour = self._fields["hour"].pick(n, WAKING_HOURS)
        return self._midnight + timedelta(days=-day, hours=hour, seconds=self._fields["second"].below(n, 3600))


@lru_cache(maxsize=16384)
def ascii_letters(name: str) -> str:
    """Return a name in small ASCII letters, as it goes into an e-mail address or a code."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_ASCII))
    return "".join(letter for letter in plain if "a" <= letter <= "z")
