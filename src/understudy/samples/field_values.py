"""Realistic values of single fields, chosen by format, name, description and unit."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from random import Random
from typing import Any

from understudy.samples.subject import Subject, singular
from understudy.samples.word_lists import NAMES_BY_NOUN

WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
NOT_WORD = re.compile(r"[^0-9A-Za-z]+")


@lru_cache(maxsize=1 << 14)
def words_of(name: str) -> str:
    """Return a field's name as lower-case words: ``customerEmail`` as ``customer email``."""
    return " ".join(NOT_WORD.sub(" ", WORD_START.sub(" ", name)).lower().split())


Make = Callable[[Subject], Any]
"""Function that returns the value of one field of an object; of a text also a tuple of forms, the usual one first."""

DAYS = (
    (r"\b(creat|added|joined|registered|inserted|issued|opened|ordered|placed|date|timestamp|hired|submitted)", 0.0),
    (
        r"\b(start|begin|from|since|valid from|sent|published|last (?:sign|login|seen)|check ?in|departure|pick ?up)",
        1.0,
    ),
    (r"\b(updat|modif|chang|edited|last|processed|captured|confirmed|approved|activated)", 2.0),
    (r"\b(paid|shipped|completed|finish|closed|cancell?ed|delivered|deleted|archived|resolved|refunded|arrival)", 3.0),
    (r"\b(end|ends|ended|until|to|due|stop|check ?out|return|deadline)\b", 9.0),
    (r"\b(expir|renew|valid to|valid until|next|maturity|not after)", 30.0),
)
"""Days between the creation of an object and a time that a name speaks of."""


@lru_cache(maxsize=1 << 14)
def days_after(words: str) -> float:
    """Return the days between an object's creation and a time of this name: ends lie after starts."""
    return next((days for pattern, days in reversed(DAYS) if re.search(pattern, words)), 0.5)


def time_of(words: str, subject: Subject) -> datetime:
    """Return the time that a field of this name has: ends lie after starts, changes after creations."""
    if re.search(r"birth|\bdob\b", words):
        return subject.birth_date
    return subject.time_after(days_after(words))


def _digits(subject: Subject, count: int) -> str:
    return f"{subject.random.randrange(10 ** (count - 1), 10**count)}"


def _hex(subject: Subject, count: int) -> str:
    return f"{subject.random.getrandbits(4 * count):0{count}x}"


def _money(subject: Subject) -> tuple[str, ...]:
    value = subject.random.randrange(100, 20_000)
    return f"{value / 100:.2f}", f"{value}", f"{value / 100:.4f}", f"{subject.country.currency} {value / 100:.2f}"


def _region(subject: Subject) -> tuple[str, ...]:
    if subject.siblings and not subject.siblings & PLACE_FIELDS:
        return ("active",)
    city = subject.city
    if subject.country.code == "US":
        return city.region_code, city.region, f"US-{city.region_code}"
    return city.region, city.region_code, f"{subject.country.code}-{city.region_code}"


PLACE_FIELDS = frozenset(
    (
        "city",
        "zip",
        "zip code",
        "postal code",
        "postcode",
        "country",
        "country code",
        "street",
        "address",
        "line1",
        "address1",
    )
)
"""Words of the fields beside which a state is a part of a country, and no state of progress."""


def _address(subject: Subject) -> tuple[str, ...]:
    return (subject.street, subject.address) if subject.siblings & PLACE_FIELDS else (subject.address, subject.street)


def _country(subject: Subject) -> tuple[str, ...]:
    return subject.country.name, subject.country.code, subject.country.alpha3, subject.country.own_name


def _country_code(subject: Subject) -> tuple[str, ...]:
    return subject.country.code, subject.country.alpha3, subject.country.code.lower()


def _currency(subject: Subject) -> tuple[str, ...]:
    country = subject.country
    return country.currency, country.currency.lower(), country.currency_name, country.currency_symbol


def _language(subject: Subject) -> tuple[str, ...]:
    country = subject.country
    return country.language, f"{country.language}-{country.code}", f"{country.language}_{country.code}"


def _locale(subject: Subject) -> tuple[str, ...]:
    return tuple(reversed(_language(subject)[:2])) + _language(subject)[2:]


def _phone(subject: Subject) -> tuple[str, ...]:
    phone = subject.phone
    return (
        phone,
        phone[1:],
        f"{phone[2:5]}-{phone[5:8]}-{phone[8:12]}",
        f"({phone[2:5]}) {phone[5:8]}-{phone[8:12]}",
        phone[2:],
    )


def _picture(subject: Subject) -> str:
    return f"https://example.com/images/{subject.random.randrange(1, 10_000)}.png"


def _url(subject: Subject) -> tuple[str, ...]:
    slug = subject.slug
    return f"https://example.com/{slug}", f"https://{slug}.example.com", f"http://example.com/{slug}"


def _person(subject: Subject) -> str:
    return subject.full_name


def _role(subject: Subject) -> str:
    """Return the name of a person with a part in the object: its own person, if it has a person's other fields."""
    if any("email" in each or "name" in each for each in subject.siblings):
        return subject.full_name
    return subject.other_person()


TEXTS: tuple[tuple[str, Make], ...] = (
    (r"\be ?mail( address(es)?)?s?$|\bemail\b", lambda s: s.email),
    (r"\b(first|given|fore) ?names?$", lambda s: s.first_name),
    (r"\b(last|family|sur) ?names?$", lambda s: s.last_name),
    (r"\bmiddle ?name$", lambda s: s.random.choice(s.pool.first_names)),
    (r"\binitials$", lambda s: s.first_name[:1] + s.last_name[:1]),
    (r"\b(name prefix|salutation|honorific)$", lambda s: s.random.choice(("Ms", "Mr", "Dr"))),
    (
        r"\b(full|contact|(account |card)?holder|owner|author|real|person|recipient|customer|employee|guest) name$",
        _person,
    ),
    (r"\b(sender|signer|billing|shipping|buyer|driver|patient|passenger) name$", _person),
    (
        r"^(author|(created|updated|modified|signed) by|owner|assignee|contact|recipient|sender|from|cardholder)$",
        _role,
    ),
    (
        r"\b(user ?name|user ?login|login|nick ?name|screen name|handle)$",
        lambda s: (s.login, s.login.replace(".", "_"), s.login.replace(".", "")),
    ),
    (
        r"\b(company|organi[sz]ation|business|employer|merchant|vendor|supplier)( legal)?( name)?$",
        lambda s: s.company,
    ),
    (
        r"\b(manufacturer|brand|carrier|legal)( name)?$",
        lambda s: s.company,
    ),
    (r"\b(phone|mobile|telephone|fax|msisdn)( number)?s?$|\bphone\b", _phone),
    (r"\b(country|nationality|region)( iso)?( alpha)? ?code( alpha)? ?2?$|\bcountry (iso|alpha)? ?2$", _country_code),
    (r"\b(country|nationality)( name)?$", _country),
    (r"\bcurrency( code| iso)?$|^currencies$", _currency),
    (r"\bcurrency name$", lambda s: s.country.currency_name),
    (r"\b(currency )?symbol$", lambda s: s.country.currency_symbol),
    (r"\b(city|town|locality|municipality)( name)?$", lambda s: s.city.name),
    (r"\b(address )?(state|province|county)( name| code)?$|\baddress region$|^region code$", _region),
    (r"^region$", lambda s: _region(s) if s.siblings & PLACE_FIELDS else ("eu-central-1", s.city.region)),
    (r"\b(postal|post|zip) ?code$|^zip$|\bpostcode$|\bplz$", lambda s: s.city.postcode),
    (r"\b(house|building|street) ?(number|no)$", lambda s: f"{s.random.randrange(1, 120)}"),
    (r"\b(street)( name)?$", lambda s: s.street),
    (
        r"\b(address|street) ?(line)? ?2$|^line ?2$|\bsuite$|\bapartment$",
        lambda s: f"Apt. {s.random.randrange(1, 200)}",
    ),
    (r"\b(address|street) ?(line)? ?3$|^line ?3$", lambda s: f"Floor {s.random.randrange(1, 9)}"),
    (r"\b(model)( name| number)?$", lambda s: f"{s.random.choice('ABCEMRSTX')}{s.random.randrange(10, 90) * 10}"),
    (
        r"\bdosage$|\bdose$",
        lambda s: s.random.choice(("1 tablet daily", "2 tablets in the evening", "5 ml twice a day")),
    ),
    (r"\b(origin|destination|place|location|venue)( name)?$", lambda s: f"{s.city.name}, {s.country.name}"),
    (r"\b(ip|ipv4|ip v4|remote addr|client ip)( address)?( v4)?$", lambda s: f"192.0.2.{s.random.randrange(1, 255)}"),
    (r"\b(ipv6|ip v6)( address)?$", lambda s: f"2001:db8::{s.random.randrange(1, 0xFFFF):x}"),
    (r"\bcidr( block)?$|\bip range$|\bsubnet( range)?$", lambda _: "192.0.2.0/24"),
    (r"\bmac( address)?$", lambda s: ":".join(f"{s.random.randrange(256):02x}" for _ in range(6))),
    (
        r"\baddress( line)? ?1?$|\b(street|address) ?line ?1?$|\bline ?1$",
        _address,
    ),
    (r"\buser ?agent$", lambda _: "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"),
    (r"\b(time ?zone|tz)( name| id)?$", lambda s: s.city.timezone),
    (r"\b(language|lang)( code| tag)?s?$", _language),
    (r"\blocale( code)?$", _locale),
    (r"\b(mime|media|content) ?type$", lambda _: "application/json"),
    (
        r"\bfile ?name$|\bfile$",
        lambda s: s.random.choice(("invoice-2026-01.pdf", "contract.pdf", "price-list.xlsx", "logo.png")),
    ),
    (r"\b(file )?path$", lambda s: f"/{s.slug.replace('-', '/')}"),
    (r"\b(image|avatar|photo|picture|logo|icon|thumbnail|poster|cover)s?( url| uri| link)?s?$", _picture),
    (r"\b(url|uri|href|link|website|web ?site|homepage|endpoint|self|callback|redirect|webhook)s?$|\burl\b", _url),
    (r"\b(sub)?(domain|host|host ?name|fqdn)( name)?s?$", lambda s: (f"{s.slug}.example.com", s.slug)),
    (r"\b(uuid|guid)$", lambda s: uuid_of(s.random)),
    (r"\bslug$|\bpermalink$|\bsubdomain$", lambda s: (s.slug, s.slug.replace("-", "_"))),
    (
        r"\b(colou?r)( code| hex)?$",
        lambda s: (f"#{s.random.randrange(0x1000000):06x}", s.random.choice(("blue", "green", "red", "black", "grey"))),
    ),
    (
        r"\bversion( number)?$",
        lambda s: f"{s.random.randrange(1, 5)}.{s.random.randrange(10)}.{s.random.randrange(10)}",
    ),
    (r"\b(sku|article number|product code|item code|part number)$", lambda s: f"SKU-{_digits(s, 5)}"),
    (r"\b(barcode|ean|gtin)( ?13)?$", lambda s: f"400{_digits(s, 10)}"),
    (r"\bisbn( ?13)?$", lambda s: f"978{_digits(s, 10)}"),
    (r"\b(order|booking|receipt|purchase) (number|no|ref|reference)$", lambda s: _digits(s, 6)),
    (r"\binvoice (number|no)$", lambda s: f"INV-2026-{_digits(s, 4)}"),
    (r"\btracking (number|code|no)$", lambda s: f"TR{_digits(s, 10)}"),
    (r"\b(account) (number|no)$", lambda s: _digits(s, 8)),
    (r"\b(routing|bank|sort|branch) (number|code)$", lambda s: _digits(s, 6)),
    (r"\b(tax|vat|ein|tin)( id| number| no| code)$", lambda s: f"{s.country.code}{_digits(s, 9)}"),
    (r"\b(serial)( number| no)?$", lambda s: f"SN{_digits(s, 8)}"),
    (
        r"\b(coupon|promo|promotion|discount|voucher|referral)( code)?$",
        lambda s: s.random.choice(("SPRING25", "WELCOME10", "SAVE15", "FRIENDS5")),
    ),
    (r"\biban$", lambda s: s.faker.iban()),
    (r"\bbic$|\bswift( code)?$", lambda s: s.faker.swift(length=8)),
    (r"\b(bank)( name)?$", lambda s: s.random.choice(("First Harbour Bank", "Union Savings", "Alpine Bank"))),
    (r"\b(last ?4|last four)( digits)?$", lambda s: f"{s.random.randrange(10_000):04d}"),
    (r"\b(card|credit card) (number|no)$|^pan$", lambda _: "4242424242424242"),
    (r"\b(cvc|cvv)( code)?$", lambda s: _digits(s, 3)),
    (r"\b(exp|expiry|expiration) month$", lambda s: f"{s.random.randrange(1, 13):02d}"),
    (r"\b(exp|expiry|expiration) year$", lambda s: f"{s.random.randrange(2027, 2032)}"),
    (r"\b(card|credit card) (brand|type)$|^brand$", lambda _: "visa"),
    (r"\b(job|job title|position|occupation|role title|profession)$", lambda s: s.random.choice(s.pool.jobs)),
    (
        r"\bdepartment( name)?$",
        lambda s: s.random.choice(("Sales", "Finance", "Customer support", "Research", "Operations")),
    ),
    (r"\b(etag)$", lambda s: f'"{_hex(s, 16)}"'),
    (r"\b(sha ?256|checksum|digest)$", lambda s: _hex(s, 64)),
    (r"\bmd5$", lambda s: _hex(s, 32)),
    (r"\b(sha ?1?|hash|fingerprint|commit)( sha| id)?$", lambda s: _hex(s, 40)),
    (
        r"\b(token|secret|password|(api|access|private|public) ?key|signature|cursor|nonce|(starting|ending) \w+)$",
        lambda s: _hex(s, 24),
    ),
    (r"\b(latitude|lat)$", lambda s: f"{s.city.latitude}"),
    (r"\b(longitude|lng|lon|long)$", lambda s: f"{s.city.longitude}"),
    (r"\b(coordinates|lat ?lng|geo)$", lambda s: f"{s.city.latitude},{s.city.longitude}"),
    (r"\b(amount|price|total|subtotal|balance|cost|fee|tax|shipping|refunded)s?$|\bamount\b", _money),
    (r"\b(birthday|dob|birth date|date of birth)$", lambda s: s.birth_date.date().isoformat()),
    (r"\b(date|day)$", lambda s: (s.created.date().isoformat(), s.created.strftime("%d/%m/%Y"))),
    (
        r"^time$|\b(opening|closing|check ?in|check ?out|departure|arrival) time$",
        lambda s: (s.created.strftime("%H:%M"), s.created.strftime("%H:%M:%S")),
    ),
    (r"\b(weekday|day of week)$", lambda s: s.created.strftime("%A")),
    (r"\bmonth$", lambda s: (s.created.strftime("%B"), s.created.strftime("%Y-%m"), s.created.strftime("%m"))),
    (r"\byear$", lambda s: s.created.strftime("%Y")),
    (r"\bduration$|\binterval$", lambda _: ("PT1H", "1h", "60")),
    (r"\b(gender|sex)$", lambda s: s.random.choice(("female", "male"))),
    (r"\bsize$", lambda s: s.random.choice(("S", "M", "L", "XL") if "product" in s.noun else ("small", "medium"))),
    (r"\b(duration|time|interval|period|billing) unit$", lambda _: "hour"),
    (r"\bunits?( of measure)?$", lambda s: "kg" if "weight" in s.siblings else "pcs"),
    (r"\b(status|state)( reason)?$", lambda _: "active"),
    (r"\b(environment|env)$", lambda _: "production"),
    (r"\b(http|request|callback|webhook|fallback) method$|\bverb$", lambda _: "GET"),
    (r"\b(charset|encoding)$", lambda _: "utf-8"),
    (r"\b(decline|error|failure|reason) code$", lambda _: "invalid_request"),
    (
        r"\b(error|failure|warning)( message| description| detail)s?$",
        lambda _: "The request could not be completed.",
    ),
    (
        r"\bsubject( line)?$",
        lambda s: s.random.choice(
            ("Your order has been shipped", "Invoice for January", "Welcome on board", "Question about my order")
        ),
    ),
    (
        r"\b(description|summary|notes?|comments?|text|body|bio|about|message|content|caption|details?|instructions?)$",
        lambda s: s.text,
    ),
    (
        r"\b(reason|remarks?|excerpt|abstract|memo|explanation|overview|snippet)$",
        lambda s: s.text,
    ),
    (r"\b(statement descriptor|descriptor)$", lambda s: s.slug.upper().replace("-", " ")),
    (r"\bhtml( body| content)?$", lambda s: f"<p>{s.text}</p>"),
    (r"\b(job )?title$|\bheadline$|\bheading$", lambda s: s.title),
    (
        r"\b(display|friendly|nick|short|long|public|internal|legal|official|common|default)? ?name$",
        lambda s: (s.name, s.slug, s.slug.replace("-", "_")),
    ),
)
"""Makers of texts by a pattern of the field's words; the first that fits counts."""

FORMATS: Mapping[str, Make] = {
    "email": lambda s: s.email,
    "idn-email": lambda s: s.email,
    "uuid": lambda s: uuid_of(s.random),
    "guid": lambda s: uuid_of(s.random),
    "uuid4": lambda s: uuid_of(s.random),
    "ulid": lambda s: "01" + "".join(s.random.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=24)),
    "objectid": lambda s: _hex(s, 24),
    "hex": lambda s: _hex(s, 16),
    "uri": _url,
    "url": _url,
    "iri": _url,
    "uri-reference": lambda s: f"/{s.slug}",
    "iri-reference": lambda s: f"/{s.slug}",
    "uri-template": lambda s: f"/{s.slug}/{{id}}",
    "hostname": lambda s: f"{s.slug}.example.com",
    "idn-hostname": lambda s: f"{s.slug}.example.com",
    "domain": lambda s: f"{s.slug}.example.com",
    "ipv4": lambda s: f"192.0.2.{s.random.randrange(1, 255)}",
    "ip": lambda s: f"192.0.2.{s.random.randrange(1, 255)}",
    "ip-address": lambda s: f"192.0.2.{s.random.randrange(1, 255)}",
    "ipv6": lambda s: f"2001:db8::{s.random.randrange(1, 0xFFFF):x}",
    "cidr": lambda _: "192.0.2.0/24",
    "mac": lambda s: ":".join(f"{s.random.randrange(256):02x}" for _ in range(6)),
    "byte": lambda _: "aGVsbG8=",
    "base64": lambda _: "aGVsbG8=",
    "base64url": lambda _: "aGVsbG8",
    "binary": lambda _: "data",
    "password": lambda s: _hex(s, 16),
    "phone": _phone,
    "phone-number": _phone,
    "e164": _phone,
    "currency": _currency,
    "iso-4217": _currency,
    "country-code": _country_code,
    "iso-country-code": _country_code,
    "iso-3166": _country_code,
    "country": _country,
    "language": _language,
    "locale": _locale,
    "bcp47": _locale,
    "timezone": lambda s: s.city.timezone,
    "time-zone": lambda s: s.city.timezone,
    "color": lambda s: f"#{s.random.randrange(0x1000000):06x}",
    "json-pointer": lambda _: "/data",
    "relative-json-pointer": lambda _: "0/data",
    "regex": lambda _: "[a-z]+",
    "duration": lambda _: "PT1H",
    "decimal": _money,
    "money": _money,
    "time": lambda s: (s.created.strftime("%H:%M:%SZ"), s.created.strftime("%H:%M:%S"), s.created.strftime("%H:%M")),
    "semver": lambda s: f"{s.random.randrange(1, 5)}.{s.random.randrange(10)}.{s.random.randrange(10)}",
    "slug": lambda s: s.slug,
    "iban": lambda s: s.faker.iban(),
    "html": lambda s: f"<p>{s.text}</p>",
    "markdown": lambda s: s.text,
    "zip-code": lambda s: s.city.postcode,
    "json": lambda _: "{}",
    "mime-type": lambda _: "application/json",
}
"""Makers of texts by the schema's format."""

NAMED_FIELDS = (
    frozenset(
        "category genre tag label topic keyword breed species skill feature role team plan ingredient tier permission"
        " scope channel diagnosis disease medication project campaign course playlist"
        " album artist repository branch bucket database environment folder board".split()
    )
    & NAMES_BY_NOUN.keys()
)
"""Nouns of fields whose texts are names of such things."""

DESCRIBED: tuple[tuple[str, Make], ...] = (
    (r"ISO[ -]?4217|three-letter .*currency|currency code", _currency),
    (r"ISO[ -]?3166|two-letter country|country code", _country_code),
    (r"ISO[ -]?639|language code", _language),
    (r"BCP[ -]?47|RFC[ -]?5646", _locale),
    (r"E\.?164|phone number", _phone),
    (r"\bIANA time ?zone|\btz database|time zone (name|id)", lambda s: s.city.timezone),
    (r"\bUUID\b|\bGUID\b", lambda s: uuid_of(s.random)),
    (r"^(the |an? )?e-?mail address", lambda s: s.email),
    (r"^(the |an? )?(full )?URL\b|\bURL (of|to|where)\b", _url),
    (r"\bIP address\b", lambda s: f"192.0.2.{s.random.randrange(1, 255)}"),
    (r"\bYYYY-MM-DD\b(?!T| ?HH)", lambda s: s.created.date().isoformat()),
    (r"^(the |unique |an? )*(id|identifier)\b|\bID of\b", lambda s: _hex(s, 16)),
    (r"\bISO[ -]?8601|RFC[ -]?3339", lambda s: s.created.strftime("%Y-%m-%dT%H:%M:%SZ")),
    (r"\bhex(adecimal)? colou?r", lambda s: f"#{s.random.randrange(0x1000000):06x}"),
    (r"\bbase ?64\b", lambda _: "aGVsbG8="),
)
"""Makers of texts by a pattern of the description."""

NUMBERS: tuple[tuple[str, Make], ...] = (
    (r"\b(latitude|lat)$", lambda s: s.city.latitude),
    (r"\b(longitude|lng|lon|long)$", lambda s: s.city.longitude),
    (r"\bage$", lambda s: s.age),
    (r"\b(exp|expiry|expiration) year$", lambda s: s.random.randrange(2027, 2032)),
    (r"\b(birth|graduation) year$", lambda s: s.birth_date.year),
    (r"\byear$", lambda s: s.created.year),
    (r"\bmonth$", lambda s: s.created.month),
    (r"\b(day|day of month)$", lambda s: s.created.day),
    (r"\bhours?$", lambda s: s.random.randrange(8, 18)),
    (r"\bminutes?$", lambda s: s.random.randrange(0, 60, 5)),
    (
        r"\b(tax|vat) (rate|percent|percentage)$",
        lambda s: {"US": 8, "GB": 20, "DE": 19, "FR": 20, "IT": 22, "PL": 23}[s.country.code],
    ),
    (r"\b(percent|percentage|rate|ratio|discount)\b", lambda s: s.random.randrange(5, 96, 5)),
    (r"\b(rating|stars|score)$", lambda s: s.random.randrange(3, 6)),
    (r"\b(quantity|qty)$", lambda s: s.random.randrange(1, 6)),
    (r"\b(stock|inventory|on hand)( level| count)?$", lambda s: s.random.randrange(0, 250)),
    (r"\bport$", lambda _: 443),
    (r"\b(status code|http status|http code)$", lambda _: 200),
    (r"\b(page|page number|current page)$", lambda _: 1),
    (r"\b(offset|skip|index|retries|attempts?|attempt count)$", lambda _: 0),
    (r"\b(position|sort order|rank|order|sequence|priority|level)$", lambda s: s.random.randrange(1, 10)),
    (r"\b(limit|per page|page size|size limit)$", lambda _: 20),
    (r"\b(ttl|timeout|expires in|max age|interval)( seconds)?$", lambda _: 3600),
    (r"\b(file )?size( in)?( bytes)?$|\bbytes$", lambda s: s.random.randrange(2_000, 2_000_000)),
    (r"\bduration( seconds| minutes)?$", lambda s: s.random.randrange(30, 600)),
    (r"\b(memory|ram)( mb| size)?$", lambda s: s.random.choice((1024, 2048, 4096, 8192, 16384))),
    (r"\b(v? ?cpus?|cores)( count)?$", lambda s: s.random.choice((1, 2, 4, 8))),
    (r"\bdisk( size| gb)?$", lambda s: s.random.choice((25, 50, 80, 160))),
    (r"\bduration ms$|\bduration millis", lambda s: s.random.randrange(120, 420) * 1000),
    (r"^(body ?)?weight( kg)?$", lambda s: s.random.randrange(52, 96) if s.is_person() else s.random.randrange(1, 40)),
    (r"\b(weight)( kg| g)?$", lambda s: s.random.randrange(1, 40)),
    (r"\b(width)( px)?$", lambda s: s.random.choice((640, 800, 1024, 1280))),
    (r"\b(height)( px)?$", lambda s: s.random.choice((480, 600, 768, 720))),
    (r"\b(length|depth|distance|radius)( cm| m| km)?$", lambda s: s.random.randrange(5, 200)),
    (r"\b(temperature|temp)( c)?$", lambda s: s.random.randrange(12, 27)),
    (r"\b(count|total count|total results|total items)$", lambda s: s.random.randrange(1, 50)),
    (r"\b(salary|income|revenue|budget)$", lambda s: s.random.randrange(300, 1_200) * 100),
    (
        r"\b(amount|price|total|subtotal|balance|cost|fee|value|tax|shipping)s?\b",
        lambda s: s.random.randrange(100, 20_000),
    ),
    (r"\b(id|number|key)$", lambda s: s.random.randrange(1_000, 1_000_000)),
)
"""Makers of numbers by a pattern of the field's words."""

MONEY = re.compile(
    r"\b(amount|price|total|subtotal|balance|cost|fee|tax|shipping|discount|salary|income|revenue|budget)s?\b"
)
UNIX = re.compile(r"\bunix\b|\bepoch\b|seconds since", re.IGNORECASE)
MILLISECONDS = re.compile(r"millis|\bms\b", re.IGNORECASE)
INSTANT = re.compile(
    r"( at|timestamp| time| on)$|^(created|updated|modified|timestamp|expires|expiry)$"
    r"|^date (?!of birth)\w+$|^(last )?\w+(ed|ion) date$|^not (before|after)$"
)
LENGTH_OF_TIME = re.compile(r"(run|up|down|wait|response|lead|delivery|total|processing) ?time$")


def uuid_of(random: Random) -> str:
    """Return a version 4 UUID."""
    bits = random.getrandbits(128) & ~(0xF000 << 64) & ~(0xC000 << 48) | (0x4000 << 64) | (0x8000 << 48)
    text = f"{bits:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


@lru_cache(maxsize=1 << 14)
def maker_of_text(words: str, form: str, description: str) -> Make | None:
    """Return the maker of a text field, or ``None`` if its name, format and description do not give it away."""
    if form.lower().replace("_", "-") in FORMATS:
        return FORMATS[form.lower().replace("_", "-")]
    noun = singular(words.removesuffix(" name").removesuffix(" names").rpartition(" ")[2])
    if noun in NAMED_FIELDS:
        return lambda s: s.random.choice(NAMES_BY_NOUN[noun])
    for pattern, make in TEXTS:
        if re.search(pattern, words):
            return make
    for pattern, make in DESCRIBED:
        if re.search(pattern, description, re.IGNORECASE):
            return make
    return None


@lru_cache(maxsize=1 << 14)
def maker_of_number(words: str, form: str, description: str, *, is_integer: bool) -> Make | None:
    """Return the maker of a number, or ``None`` if its name, format and description do not give it away."""
    is_instant = is_integer and INSTANT.search(words) is not None and not LENGTH_OF_TIME.search(words)
    if form in ("unix-time", "timestamp", "unix-timestamp", "epoch") or UNIX.search(description) or is_instant:
        unit = 1000 if MILLISECONDS.search(f"{words} {description}") else 1
        return lambda s: int(time_of(words, s).timestamp()) * unit
    for pattern, make in NUMBERS:
        if re.search(pattern, words):
            if not is_integer and MONEY.search(words):
                return lambda s: make(s) / 100 if not re.search("salary|income|revenue|budget", words) else make(s)
            return make
    return None


@lru_cache(maxsize=1 << 14)
def usual_truth(words: str) -> bool | None:
    """Return the usual value of a flag: a success is true, a deletion false; ``None`` for any other."""
    if re.search(
        r"\b(deleted|archived|disabled|cancell?ed|expired|blocked|locked|suspended|banned|hidden|error|failed|test|draft"
        r"|removed|revoked|spam|truncated|incomplete|has more|more)\b",
        words,
    ):
        return False
    if re.search(
        r"\b(ok|success|successful|succeeded|active|enabled|valid|verified|available|live|public|complete)\b", words
    ):
        return True
    return None


def time_text(time: datetime, form: str) -> str:
    """Return a time as a text of a format: ``date`` or ``date-time``."""
    return time.date().isoformat() if form == "date" else time.strftime("%Y-%m-%dT%H:%M:%SZ")
