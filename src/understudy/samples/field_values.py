"""Realistic values of single fields, chosen by format, name, description and unit; made by Faker."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from random import Random
from typing import Any

from faker import Faker

BASE = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
"""Time near which the times of samples lie."""

WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
NOT_WORD = re.compile(r"[^0-9A-Za-z]+")
PREFIXED_ID = re.compile(r"^([a-z]{2,8}_)[0-9A-Za-z]{6,}$")


def words_of(name: str) -> str:
    """Return a field's name as lower-case words: ``customerEmail`` as ``customer email``."""
    return " ".join(NOT_WORD.sub(" ", WORD_START.sub(" ", name)).lower().split())


@dataclass
class Subject:
    """Person, company and place that the fields of one object are about, so that they agree; made when needed."""

    faker: Faker
    random: Random
    country_code: str = "US"
    country: str = "United States"
    currency: str = "USD"
    created: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.created = BASE - timedelta(seconds=self.random.randrange(86_400 * 300))

    @cached_property
    def first_name(self) -> str:
        """First name."""
        return str(self.faker.first_name())

    @cached_property
    def last_name(self) -> str:
        """Last name."""
        return str(self.faker.last_name())

    @cached_property
    def company(self) -> str:
        """Name of a company."""
        return str(self.faker.company())

    @cached_property
    def login(self) -> str:
        """Name of an account, made of the person's names."""
        first, last = (re.sub(r"[^a-z]", "", each.lower()) for each in (self.first_name, self.last_name))
        return f"{first or 'user'}.{last or 'name'}"

    @property
    def email(self) -> str:
        """E-mail address, in a domain that nobody has."""
        return f"{self.login}@example.com"

    def time_after(self, days: float) -> datetime:
        """Return a time after the object's creation."""
        return self.created + timedelta(days=days)


Make = Callable[[Subject], Any]
"""Function that returns the value of one field of an object."""

DAYS = (
    (r"\b(creat|added|joined|registered|inserted|issued|opened|ordered|placed|date|timestamp)", 0.0),
    (r"\b(start|begin|from|since|valid from|sent|published|last sign)", 1.0),
    (r"\b(updat|modif|chang|edited|last|processed|captured)", 2.0),
    (r"\b(paid|shipped|completed|finish|closed|cancell?ed|delivered|deleted|archived)", 3.0),
    (r"\b(end|until|to|due|stop)\b", 9.0),
    (r"\b(expir|renew|valid to|valid until|next)", 30.0),
)
"""Days between the creation of an object and a time that a name speaks of."""


def time_of(words: str, subject: Subject) -> datetime:
    """Return the time that a field of this name has: ends lie after starts, changes after creations."""
    days = next((days for pattern, days in reversed(DAYS) if re.search(pattern, words)), 0.5)
    return subject.time_after(days)


TEXTS: tuple[tuple[str, Make], ...] = (
    (r"\be ?mail( address)?$|\bemail\b", lambda s: s.email),
    (r"\b(first|given|fore) ?name$", lambda s: s.first_name),
    (r"\b(last|family|sur) ?name$", lambda s: s.last_name),
    (r"\bmiddle ?name$", lambda s: s.faker.first_name()),
    (
        r"\b(full|display|contact|customer|account holder|holder|owner|author|real|person|recipient) name$|^author$",
        lambda s: f"{s.first_name} {s.last_name}",
    ),
    (r"\b(user ?name|login|nick ?name|screen name|handle)$", lambda s: s.login),
    (
        r"\b(company|organi[sz]ation|business|employer|merchant|vendor|brand|store|shop)( legal)?( name)?$",
        lambda s: s.company,
    ),
    (
        r"\b(phone|mobile|telephone|fax|msisdn)( number)?$|\bphone\b",
        lambda s: f"+1202555{s.random.randrange(100, 200):04d}",
    ),
    (r"\b(country|nationality)( iso)? code$|\bcountry (iso|alpha) ?2?$", lambda s: s.country_code),
    (r"\bcountry( name)?$", lambda s: s.country),
    (r"\bcurrency( code)?$", lambda s: s.currency),
    (r"\b(city|town|locality)( name)?$", lambda s: s.faker.city()),
    (
        r"\b(state|province|region|county)( name| code)?$",
        lambda s: s.faker.state_abbr() if hasattr(s.faker, "state_abbr") else s.faker.city(),
    ),
    (r"\b(postal|post|zip) ?code$|^zip$|\bpostcode$", lambda s: s.faker.postcode()),
    (r"\b(address|street)( line)? ?1?$|\bstreet( address)?$|\bline ?1$", lambda s: s.faker.street_address()),
    (r"\b(address )?line ?2$|\bsuite$|\bapartment$", lambda s: f"Apt. {s.random.randrange(1, 200)}"),
    (r"\bip( address)?$", lambda s: f"192.0.2.{s.random.randrange(1, 255)}"),
    (r"\bmac( address)?$", lambda s: s.faker.mac_address()),
    (r"\buser ?agent$", lambda s: s.faker.user_agent()),
    (r"\b(time ?zone|tz)$", lambda _: "America/New_York"),
    (r"\b(locale|language)( code| tag)?$|^lang$", lambda _: "en"),
    (r"\b(mime|media|content) type$", lambda _: "application/json"),
    (r"\b(file ?name|filename)$", lambda s: s.faker.file_name()),
    (
        r"\b(image|avatar|photo|picture|logo|icon|thumbnail)( url| uri| link)?$",
        lambda s: f"https://example.com/images/{s.random.randrange(1, 10_000)}.png",
    ),
    (
        r"\b(url|uri|href|link|website|web ?site|homepage|endpoint|self|callback|redirect|webhook)$",
        lambda s: f"https://example.com/{words_path(s.faker)}",
    ),
    (r"\b(domain|host|host ?name|fqdn)( name)?$", lambda _: "example.com"),
    (r"\b(uuid|guid)$", lambda s: uuid_of(s.random)),
    (r"\bslug$|\bpermalink$", lambda s: words_path(s.faker)),
    (r"\b(colou?r)( code| hex)?$", lambda s: f"#{s.random.randrange(0x1000000):06x}"),
    (
        r"\b(version|api version)$",
        lambda s: f"{s.random.randrange(1, 5)}.{s.random.randrange(10)}.{s.random.randrange(10)}",
    ),
    (r"\b(sku|article number|product code|item code)$", lambda s: f"SKU-{s.random.randrange(10_000, 99_999)}"),
    (r"\biban$", lambda s: s.faker.iban()),
    (r"\bbic$|\bswift( code)?$", lambda s: s.faker.swift()),
    (r"\b(last ?4|last four)$", lambda s: f"{s.random.randrange(10_000):04d}"),
    (r"\b(card|credit card) brand$", lambda _: "visa"),
    (r"\b(job|job title|position|occupation|role title)$", lambda s: s.faker.job()),
    (
        r"\b(sha ?1|sha ?256|md5|hash|checksum|digest|etag|fingerprint|commit)( sha)?$",
        lambda s: f"{s.random.getrandbits(160):040x}",
    ),
    (
        r"\b(token|secret|password|api key|access key|signature|cursor|nonce|code verifier)$",
        lambda s: f"{s.random.getrandbits(96):024x}",
    ),
    (r"\b(latitude|lat)$", lambda s: f"{s.faker.latitude()}"),
    (r"\b(longitude|lng|lon)$", lambda s: f"{s.faker.longitude()}"),
    (
        r"\b(amount|price|total|subtotal|balance|cost|fee|value)$",
        lambda s: f"{s.random.randrange(100, 20_000) / 100:.2f}",
    ),
    (r"\b(date|day|birthday|dob|birth date|date of birth)$", lambda s: s.created.date().isoformat()),
    (r"\b(gender|sex)$", lambda s: s.random.choice(("female", "male"))),
    (
        r"\b(description|summary|notes?|comments?|text|body|bio|about|message|content|caption|details?|instructions)$",
        lambda s: s.faker.sentence(nb_words=8),
    ),
    (r"\b(title|subject|headline|heading)$", lambda s: s.faker.sentence(nb_words=4).rstrip(".")),
    (r"\b(category|type|kind|group|department|tag|label|topic|genre)( name)?$", lambda s: s.faker.word()),
    (r"\bname$", lambda s: s.faker.catch_phrase()),
)
"""Makers of texts by a pattern of the field's words; the first that fits counts."""

FORMATS: Mapping[str, Make] = {
    "email": lambda s: s.email,
    "idn-email": lambda s: s.email,
    "uuid": lambda s: uuid_of(s.random),
    "guid": lambda s: uuid_of(s.random),
    "uri": lambda s: f"https://example.com/{words_path(s.faker)}",
    "url": lambda s: f"https://example.com/{words_path(s.faker)}",
    "iri": lambda s: f"https://example.com/{words_path(s.faker)}",
    "uri-reference": lambda s: f"/{words_path(s.faker)}",
    "uri-template": lambda s: f"/{words_path(s.faker)}",
    "hostname": lambda _: "example.com",
    "idn-hostname": lambda _: "example.com",
    "ipv4": lambda s: f"192.0.2.{s.random.randrange(1, 255)}",
    "ip": lambda s: f"192.0.2.{s.random.randrange(1, 255)}",
    "ipv6": lambda s: f"2001:db8::{s.random.randrange(1, 0xFFFF):x}",
    "byte": lambda _: "aGVsbG8=",
    "base64": lambda _: "aGVsbG8=",
    "binary": lambda _: "data",
    "password": lambda s: f"{s.random.getrandbits(64):016x}",
    "phone": lambda s: f"+1202555{s.random.randrange(100, 200):04d}",
    "phone-number": lambda s: f"+1202555{s.random.randrange(100, 200):04d}",
    "currency": lambda s: s.currency,
    "iso-4217": lambda s: s.currency,
    "country-code": lambda s: s.country_code,
    "iso-country-code": lambda s: s.country_code,
    "color": lambda s: f"#{s.random.randrange(0x1000000):06x}",
    "json-pointer": lambda _: "/data",
    "regex": lambda _: "[a-z]+",
    "duration": lambda _: "PT1H",
    "decimal": lambda s: f"{s.random.randrange(100, 20_000) / 100:.2f}",
    "time": lambda s: s.created.strftime("%H:%M:%SZ"),
}
"""Makers of texts by the schema's format."""

NUMBERS: tuple[tuple[str, Make], ...] = (
    (r"\b(latitude|lat)$", lambda s: round(s.random.uniform(25, 49), 6)),
    (r"\b(longitude|lng|lon)$", lambda s: round(s.random.uniform(-120, -70), 6)),
    (r"\b(age)$", lambda s: s.random.randrange(18, 80)),
    (r"\b(year)$", lambda s: s.random.randrange(2024, 2030)),
    (r"\b(month)$", lambda s: s.random.randrange(1, 13)),
    (r"\b(day)$", lambda s: s.random.randrange(1, 29)),
    (r"\b(percent|percentage|rate|ratio)\b", lambda s: s.random.randrange(1, 100)),
    (r"\b(rating|stars|score)$", lambda s: s.random.randrange(1, 6)),
    (r"\b(quantity|qty)$", lambda s: s.random.randrange(1, 6)),
    (r"\b(port)$", lambda _: 443),
    (r"\b(status code|http status)$", lambda _: 200),
    (r"\b(page|page number|offset|index|position|retries|attempts)$", lambda _: 1),
    (r"\b(limit|per page|page size|size|count|total count)$", lambda s: s.random.randrange(1, 50)),
    (r"\b(amount|price|total|subtotal|balance|cost|fee|value|tax)\b", lambda s: s.random.randrange(100, 20_000)),
    (r"\b(id|number|key)$", lambda s: s.random.randrange(1_000, 1_000_000)),
)
"""Makers of numbers by a pattern of the field's words."""

EPOCH = re.compile(
    r"\b(created|updated|timestamp|expires|expiry|due date|date|time|start|end|canceled at|paid at|at)$|\b\w+ at$"
)
UNIX = re.compile(r"unix|epoch|seconds since", re.IGNORECASE)


def words_path(faker: Faker) -> str:
    """Return two words as a part of a URL."""
    return "-".join(faker.words(2))


def uuid_of(random: Random) -> str:
    """Return a version 4 UUID."""
    bits = random.getrandbits(128) & ~(0xF000 << 64) & ~(0xC000 << 48) | (0x4000 << 64) | (0x8000 << 48)
    text = f"{bits:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


@lru_cache(maxsize=1 << 14)
def maker_of_text(words: str, form: str, description: str) -> Make | None:
    """Return the maker of a text field, or ``None`` if its name, format and description do not give it away."""
    if form in FORMATS:
        return FORMATS[form]
    for pattern, make in TEXTS:
        if re.search(pattern, words):
            return make
    if re.search(r"ISO[ -]?4217|three-letter .*currency", description, re.IGNORECASE):
        return FORMATS["currency"]
    if re.search(r"ISO[ -]?3166|two-letter country", description, re.IGNORECASE):
        return FORMATS["country-code"]
    return None


@lru_cache(maxsize=1 << 14)
def maker_of_number(words: str, form: str, description: str) -> Make | None:
    """Return the maker of a number, or ``None`` if its name, format and description do not give it away."""
    if form in ("unix-time", "timestamp", "unix-timestamp") or UNIX.search(description):
        return lambda s: int(time_of(words, s).timestamp())
    for pattern, make in NUMBERS:
        if re.search(pattern, words):
            return make
    return None


def truth_of(words: str, random: Random) -> bool:
    """Return the usual value of a flag: a success is true, a deletion false; any other is random."""
    if re.search(
        r"\b(deleted|archived|disabled|cancell?ed|expired|blocked|locked|suspended|banned|hidden|error|failed)\b", words
    ):
        return False
    if re.search(r"\b(ok|success|succeeded|active|enabled|valid|verified|available|live)\b", words):
        return True
    return random.random() < 0.5
