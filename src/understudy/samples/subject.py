"""Subject of an object: the person, company, place and times that its fields are about, so that they agree."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from random import Random
from typing import Any

from faker import Faker

from understudy.samples.places import COUNTRIES, USUAL_LOCALE, Country, Town
from understudy.samples.word_lists import (
    COMPANIES,
    GENERIC,
    MESSAGES,
    NAMES_BY_NOUN,
    OTHER_NAMES,
    PEOPLE,
    PLACE_TEXTS,
    PRODUCT_TEXTS,
    REVIEWS,
    SENTENCES,
    SLUG_WORDS,
    TITLES,
)

BASE = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
"""Time near which the times of samples lie."""

POOL_SIZE = 120
"""Number of names of each kind that are drawn from Faker for a locale: drawing one takes as long as making a record."""

UNNAMED = "none"
LETTERS = re.compile(r"[^a-z]")
SAME_PERSON = frozenset(
    ("", *"address contact profile detail details billing shipping customer cardholder holder".split())
)
"""Nouns of objects that are about the person whom the object around them is about."""

SOLD = frozenset("order line cart basket invoice purchase quote receipt checkout".split())
"""Nouns whose items are goods."""

PLACE_NOUNS = frozenset(
    "hotel restaurant cafe venue store shop location place building apartment room site facility outlet".split()
)
MESSAGE_NOUNS = frozenset("message comment reply note post conversation chat email sms thread".split())
REVIEW_NOUNS = frozenset("review rating feedback testimonial".split())
PRODUCT_NOUNS = frozenset("product item variant article goods listing sku".split())


def ascii_letters(text: str) -> str:
    """Return the letters of a name in lower case, without their accents."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("ł", "l").replace("ß", "ss").replace("ø", "o"))
    return LETTERS.sub("", plain)


class NamePool:
    """Names of people, companies, streets and jobs of a locale, the same in every process."""

    def __init__(self, locale: str) -> None:
        self.locale = locale if locale in COUNTRIES else USUAL_LOCALE
        self.country = COUNTRIES[self.locale]
        self.faker: Any = Faker(self.locale)[self.locale]

    @cached_property
    def first_names(self) -> tuple[str, ...]:
        """First names."""
        return self._draw("first_name")

    @cached_property
    def last_names(self) -> tuple[str, ...]:
        """Last names."""
        return self._draw("last_name")

    @cached_property
    def companies(self) -> tuple[str, ...]:
        """Names of companies."""
        return self._draw("company")

    @cached_property
    def streets(self) -> tuple[str, ...]:
        """Names of streets, without a number."""
        return self._draw("street_name")

    @cached_property
    def jobs(self) -> tuple[str, ...]:
        """Titles of jobs."""
        return self._draw("job")

    def _draw(self, name: str) -> tuple[str, ...]:
        self.faker.random = Random(f"{self.locale}/{name}")  # noqa: S311 - repeatable on purpose
        return tuple(str(getattr(self.faker, name)()) for _ in range(POOL_SIZE))


@lru_cache(maxsize=len(COUNTRIES))
def name_pool(locale: str) -> NamePool:
    """Return the names of a locale."""
    return NamePool(locale)


class Subject:
    """Subject of one object. ``noun`` is its own, as ``customer``; ``siblings`` are the words of its fields."""

    def __init__(self, pool: NamePool, random: Random, noun: str = "", siblings: Iterable[str] = ()) -> None:
        self.pool = pool
        self.random = random
        self.noun = noun
        self.siblings = frozenset(siblings)
        self.created = BASE - timedelta(seconds=random.randrange(86_400 * 300))

    def part(self, noun: str, siblings: Iterable[str]) -> "Subject":
        """Return the subject of an object within this one: at the same place and time, and of the same person."""
        made = Subject(self.pool, self.random, noun or self.noun, siblings)
        made.created = self.created
        made.city = self.city
        if noun.rpartition(" ")[2] in SAME_PERSON:
            made.first_name, made.last_name = self.first_name, self.last_name
        return made

    def item(self, noun: str, number: int) -> "Subject":
        """Return the subject of an item of a list: another one, a little later."""
        made = Subject(self.pool, self.random, noun or self.noun)
        made.created = self.created + timedelta(hours=7 * number)
        return made

    @property
    def faker(self) -> Any:
        """Faker of the locale, which draws from this subject's random numbers."""
        self.pool.faker.random = self.random
        return self.pool.faker

    @property
    def country(self) -> Country:
        """Country of the subject's place and money."""
        return self.pool.country

    @cached_property
    def city(self) -> Town:
        """Town, with the region, postcode and position that it has."""
        return self.random.choice(self.country.cities)

    @cached_property
    def first_name(self) -> str:
        """First name."""
        return self.random.choice(self.pool.first_names)

    @cached_property
    def last_name(self) -> str:
        """Last name."""
        return self.random.choice(self.pool.last_names)

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"

    def other_person(self) -> str:
        """Return the name of a person other than the object's own."""
        return f"{self.random.choice(self.pool.first_names)} {self.random.choice(self.pool.last_names)}"

    @cached_property
    def company(self) -> str:
        """Name of a company."""
        return self.random.choice(self.pool.companies)

    @cached_property
    def birth_date(self) -> datetime:
        """Date of birth of a grown person."""
        return datetime(1958 + self.random.randrange(46), 1 + self.random.randrange(12), 1 + self.random.randrange(28))  # noqa: DTZ001 - a date

    @property
    def age(self) -> int:
        """Age in years, by the date of birth."""
        born = self.birth_date
        return BASE.year - born.year - ((BASE.month, BASE.day) < (born.month, born.day))

    @property
    def login(self) -> str:
        """Name of an account, made of the person's names."""
        return f"{ascii_letters(self.first_name) or 'user'}.{ascii_letters(self.last_name) or 'name'}"

    @property
    def email(self) -> str:
        """E-mail address, in a domain that nobody has."""
        return f"{self.login}@example.com"

    @property
    def phone(self) -> str:
        """Telephone number that nobody has, in the form E.164."""
        return "".join(f"{self.random.randrange(10)}" if each == "#" else each for each in self.country.phone)

    @cached_property
    def street(self) -> str:
        """Street with its number, as people of the country write it."""
        name, number = self.random.choice(self.pool.streets), self.random.randrange(1, 120)
        if self.country.code in ("DE", "PL"):
            return f"{name} {number}"
        return f"{name}, {number}" if self.country.code == "IT" else f"{number} {name}"

    @property
    def address(self) -> str:
        """Whole address in one line."""
        city = self.city
        if self.country.code == "US":
            return f"{self.street}, {city.name}, {city.region_code} {city.postcode}"
        if self.country.code == "GB":
            return f"{self.street}, {city.name} {city.postcode}"
        return f"{self.street}, {city.postcode} {city.name}"

    def is_person(self) -> bool:
        """Return whether the object is a person: by its noun, or by fields that only people have."""
        last = self.noun.rpartition(" ")[2]
        return (
            last in PEOPLE
            or (last in SAME_PERSON - {"detail", "details"} and bool(last))
            or (
                last not in COMPANIES
                and last not in NAMES_BY_NOUN
                and bool(
                    self.siblings
                    & {"email", "birthday", "date of birth", "birth date", "age", "gender", "email address"}
                )
            )
        )

    @cached_property
    def name(self) -> str:
        """Name of the thing that the object is about."""
        if self.is_person():
            return self.full_name
        for word in reversed(self.noun.split()):
            if word in COMPANIES:
                return self.company
            if word in NAMES_BY_NOUN:
                return self.random.choice(NAMES_BY_NOUN[word])
        return self.random.choice(OTHER_NAMES)

    @property
    def title(self) -> str:
        """Title: of a job for a person, otherwise the name of the thing, or a heading."""
        if self.is_person() or self.siblings & {"first name", "last name"}:
            return self.random.choice(self.pool.jobs)
        last = self.noun.rpartition(" ")[2]
        return self.name if last in NAMES_BY_NOUN or last in COMPANIES else self.random.choice(TITLES)

    @property
    def text(self) -> str:
        """Sentence about the thing."""
        words = set(self.noun.split())
        if words & MESSAGE_NOUNS:
            return self.random.choice(MESSAGES)
        if words & REVIEW_NOUNS:
            return self.random.choice(REVIEWS)
        if words & PLACE_NOUNS:
            return self.random.choice(PLACE_TEXTS)
        return self.random.choice(PRODUCT_TEXTS if words & PRODUCT_NOUNS else SENTENCES)

    @property
    def slug(self) -> str:
        """Two words with a hyphen, as in the address of a page."""
        return "-".join(self.random.sample(SLUG_WORDS, 2))

    def time_after(self, days: float) -> datetime:
        """Return a time after the object's creation."""
        return self.created + timedelta(days=days)


def noun_of(words: str) -> str:
    """Return the noun that words of a name lead to, in the singular; empty if they name no thing of their own.

    ``customer list response`` is a customer; the last word counts most: ``order item`` stays as it is.
    """
    singulars = [*map(singular, words.split())]
    kept = [each for each in singulars if each not in GENERIC and not each.isdigit()]
    if singulars[-1:] == ["item"] and kept and kept[-1] in SOLD:
        return f"{kept[-1]} product"
    return " ".join(kept[-2:])


def singular(word: str) -> str:
    """Return a word of English in the singular."""
    if word.endswith("ies") and len(word) > 4 and word not in ("series", "movies", "species"):
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if word == "people":
        return "person"
    if word.endswith("s") and len(word) > 3 and not word.endswith(("ss", "us", "is", "news", "series", "species")):
        return word[:-1]
    return word
