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


Make = Callable[[Subject, Faker, Random], Any]

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
    (r"\be ?mail( address)?$|\bemail\b", lambda s, f, r: s.email),
    (r"\b(first|given|fore) ?name$", lambda s, f, r: s.first_name),
    (r"\b(last|family|sur) ?name$", lambda s, f, r: s.last_name),
    (r"\bmiddle ?name$", lambda s, f, r: f.first_name()),
    (r"\b(full|display|contact|customer|account holder|holder|owner|author|real|person|recipient) name$|^author$",
     lambda s, f, r: f"{s.first_name} {s.last_name}"),
    (r"\b(user ?name|login|nick ?name|screen name|handle)$", lambda s, f, r: s.login),
    (r"\b(company|organi[sz]ation|business|employer|merchant|vendor|brand|store|shop)( legal)?( name)?$",
     lambda s, f, r: s.company),
    (r"\b(phone|mobile|telephone|fax|msisdn)( number)?$|\bphone\b",
     lambda s, f, r: f"+1202555{r.randrange(100, 200):04d}"),
    (r"\b(country|nationality)( iso)? code$|\bcountry (iso|alpha) ?2?$", lambda s, f, r: s.country_code),
    (r"\bcountry( name)?$", lambda s, f, r: s.country_code if r is None else s.country),
    (r"\bcurrency( code)?$", lambda s, f, r: s.currency),
    (r"\b(city|town|locality)( name)?$", lambda s, f, r: f.city()),
    (r"\b(state|province|region|county)( name| code)?$", lambda s, f, r: f.state_abbr() if hasattr(f, "state_abbr") else f.city()),
    (r"\b(postal|post|zip) ?code$|^zip$|\bpostcode$", lambda s, f, r: f.postcode()),
    (r"\b(address|street)( line)? ?1?$|\bstreet( address)?$|\bline ?1$", lambda s, f, r: f.street_address()),
    (r"\b(address )?line ?2$|\bsuite$|\bapartment$", lambda s, f, r: f"Apt. {r.randrange(1, 200)}"),
    (r"\bip( address)?$", lambda s, f, r: f"192.0.2.{r.randrange(1, 255)}"),
    (r"\bmac( address)?$", lambda s, f, r: f.mac_address()),
    (r"\buser ?agent$", lambda s, f, r: f.user_agent()),
    (r"\b(time ?zone|tz)$", lambda s, f, r: "America/New_York"),
    (r"\b(locale|language)( code| tag)?$|^lang$", lambda s, f, r: "en"),
    (r"\b(mime|media|content) type$", lambda s, f, r: "application/json"),
    (r"\b(file ?name|filename)$", lambda s, f, r: f.file_name()),
    (r"\b(image|avatar|photo|picture|logo|icon|thumbnail)( url| uri| link)?$",
     lambda s, f, r: f"https://example.com/images/{r.randrange(1, 10_000)}.png"),
    (r"\b(url|uri|href|link|website|web ?site|homepage|endpoint|self|callback|redirect|webhook)$",
     lambda s, f, r: f"https://example.com/{words_path(f)}"),
    (r"\b(domain|host|host ?name|fqdn)( name)?$", lambda s, f, r: "example.com"),
    (r"\b(uuid|guid)$", lambda s, f, r: uuid_of(r)),
    (r"\bslug$|\bpermalink$", lambda s, f, r: words_path(f)),
    (r"\b(colou?r)( code| hex)?$", lambda s, f, r: f"#{r.randrange(0x1000000):06x}"),
    (r"\b(version|api version)$", lambda s, f, r: f"{r.randrange(1, 5)}.{r.randrange(10)}.{r.randrange(10)}"),
    (r"\b(sku|article number|product code|item code)$", lambda s, f, r: f"SKU-{r.randrange(10_000, 99_999)}"),
    (r"\biban$", lambda s, f, r: f.iban()),
    (r"\bbic$|\bswift( code)?$", lambda s, f, r: f.swift()),
    (r"\b(last ?4|last four)$", lambda s, f, r: f"{r.randrange(10_000):04d}"),
    (r"\b(card|credit card) brand$", lambda s, f, r: "visa"),
    (r"\b(job|job title|position|occupation|role title)$", lambda s, f, r: f.job()),
    (r"\b(sha ?1|sha ?256|md5|hash|checksum|digest|etag|fingerprint|commit)( sha)?$", lambda s, f, r: f"{r.getrandbits(160):040x}"),
    (r"\b(token|secret|password|api key|access key|signature|cursor|nonce|code verifier)$",
     lambda s, f, r: f"{r.getrandbits(96):024x}"),
    (r"\b(latitude|lat)$", lambda s, f, r: f"{f.latitude()}"),
    (r"\b(longitude|lng|lon)$", lambda s, f, r: f"{f.longitude()}"),
    (r"\b(amount|price|total|subtotal|balance|cost|fee|value)$", lambda s, f, r: f"{r.randrange(100, 20_000) / 100:.2f}"),
    (r"\b(date|day|birthday|dob|birth date|date of birth)$", lambda s, f, r: s.created.date().isoformat()),
    (r"\b(gender|sex)$", lambda s, f, r: r.choice(("female", "male"))),
    (r"\b(description|summary|notes?|comments?|text|body|bio|about|message|content|caption|details?|instructions)$",
     lambda s, f, r: f.sentence(nb_words=8)),
    (r"\b(title|subject|headline|heading)$", lambda s, f, r: f.sentence(nb_words=4).rstrip(".")),
    (r"\b(category|type|kind|group|department|tag|label|topic|genre)( name)?$", lambda s, f, r: f.word()),
    (r"\bname$", lambda s, f, r: f.catch_phrase()),
)
"""Makers of texts by a pattern of the field's words; the first that fits counts."""

FORMATS: Mapping[str, Make] = {
    "email": lambda s, f, r: s.email,
    "idn-email": lambda s, f, r: s.email,
    "uuid": lambda s, f, r: uuid_of(r),
    "guid": lambda s, f, r: uuid_of(r),
    "uri": lambda s, f, r: f"https://example.com/{words_path(f)}",
    "url": lambda s, f, r: f"https://example.com/{words_path(f)}",
    "iri": lambda s, f, r: f"https://example.com/{words_path(f)}",
    "uri-reference": lambda s, f, r: f"/{words_path(f)}",
    "uri-template": lambda s, f, r: f"/{words_path(f)}",
    "hostname": lambda s, f, r: "example.com",
    "idn-hostname": lambda s, f, r: "example.com",
    "ipv4": lambda s, f, r: f"192.0.2.{r.randrange(1, 255)}",
    "ip": lambda s, f, r: f"192.0.2.{r.randrange(1, 255)}",
    "ipv6": lambda s, f, r: f"2001:db8::{r.randrange(1, 0xFFFF):x}",
    "byte": lambda s, f, r: "aGVsbG8=",
    "base64": lambda s, f, r: "aGVsbG8=",
    "binary": lambda s, f, r: "data",
    "password": lambda s, f, r: f"{r.getrandbits(64):016x}",
    "phone": lambda s, f, r: f"+1202555{r.randrange(100, 200):04d}",
    "phone-number": lambda s, f, r: f"+1202555{r.randrange(100, 200):04d}",
    "currency": lambda s, f, r: s.currency,
    "iso-4217": lambda s, f, r: s.currency,
    "country-code": lambda s, f, r: s.country_code,
    "iso-country-code": lambda s, f, r: s.country_code,
    "color": lambda s, f, r: f"#{r.randrange(0x1000000):06x}",
    "json-pointer": lambda s, f, r: "/data",
    "regex": lambda s, f, r: "[a-z]+",
    "duration": lambda s, f, r: "PT1H",
    "decimal": lambda s, f, r: f"{r.randrange(100, 20_000) / 100:.2f}",
    "time": lambda s, f, r: s.created.strftime("%H:%M:%SZ"),
}
"""Makers of texts by the schema's format."""

NUMBERS: tuple[tuple[str, Make], ...] = (
    (r"\b(latitude|lat)$", lambda s, f, r: round(r.uniform(25, 49), 6)),
    (r"\b(longitude|lng|lon)$", lambda s, f, r: round(r.uniform(-120, -70), 6)),
    (r"\b(age)$", lambda s, f, r: r.randrange(18, 80)),
    (r"\b(year)$", lambda s, f, r: r.randrange(2024, 2030)),
    (r"\b(month)$", lambda s, f, r: r.randrange(1, 13)),
    (r"\b(day)$", lambda s, f, r: r.randrange(1, 29)),
    (r"\b(percent|percentage|rate|ratio)\b", lambda s, f, r: r.randrange(1, 100)),
    (r"\b(rating|stars|score)$", lambda s, f, r: r.randrange(1, 6)),
    (r"\b(quantity|qty)$", lambda s, f, r: r.randrange(1, 6)),
    (r"\b(port)$", lambda s, f, r: 443),
    (r"\b(status code|http status)$", lambda s, f, r: 200),
    (r"\b(page|page number|offset|index|position|retries|attempts)$", lambda s, f, r: 1),
    (r"\b(limit|per page|page size|size|count|total count)$", lambda s, f, r: r.randrange(1, 50)),
    (r"\b(amount|price|total|subtotal|balance|cost|fee|value|tax)\b", lambda s, f, r: r.randrange(100, 20_000)),
    (r"\b(id|number|key)$", lambda s, f, r: r.randrange(1_000, 1_000_000)),
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
        return lambda s, f, r: int(time_of(words, s).timestamp())
    for pattern, make in NUMBERS:
        if re.search(pattern, words):
            return make
    return None
