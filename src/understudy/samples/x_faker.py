"""Values of ``x-faker``: methods of Faker for JavaScript, as documents for Prism name them."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from understudy.contract.document import Document
from understudy.core.json_pointer import join
from understudy.core.misconfigured import nearest
from understudy.samples.field_values import uuid_of
from understudy.samples.pattern_texts import text_of_pattern
from understudy.samples.subject import BASE, Subject

KEYWORD = "x-faker"
TEMPLATE = re.compile(r"\{\{\s*([A-Za-z]+\.[A-Za-z]+)(?:\(([^)]*)\))?\s*\}\}")
DIGITS, LOWER = "0123456789", "abcdefghijklmnopqrstuvwxyz"
MAX_COUNT = 100
MAX_NUMBER = 99_999


class _Arguments:
    """Arguments of a method: one value, a list of them, or an object of options."""

    def __init__(self, given: Any) -> None:
        self._listed = (
            given if isinstance(given, list) else [] if given is None or isinstance(given, Mapping) else [given]
        )
        found = self._listed[0] if self._listed and isinstance(self._listed[0], Mapping) else given
        self._named: Mapping[str, Any] = found if isinstance(found, Mapping) else {}

    def number(self, place: int, names: str, usual: float) -> float:
        found = self.value(place, names, usual)
        return found if isinstance(found, int | float) and not isinstance(found, bool) else usual

    def count(self, names: str, usual: int, place: int = 0) -> int:
        return max(0, min(int(self.number(place, names, usual)), MAX_COUNT))

    def value(self, place: int, names: str, usual: Any = None) -> Any:
        for name in names.split():
            if name in self._named:
                return self._named[name]
        if not self._named and place < len(self._listed):
            return self._listed[place]
        return usual


Method = Callable[[Subject, _Arguments], Any]


def _choice(subject: Subject, arguments: _Arguments) -> Any:
    found = arguments.value(0, "array values")
    return subject.random.choice(found) if isinstance(found, list) and found else subject.slug


def _choices(subject: Subject, arguments: _Arguments) -> Any:
    found = arguments.value(0, "array values")
    if not isinstance(found, list) or not found:
        return [subject.slug]
    return subject.random.sample(found, min(len(found), arguments.count("count", 1, place=1) or 1))


def _integer(subject: Subject, arguments: _Arguments) -> int:
    low = int(arguments.number(9, "min", 0))
    high = int(arguments.number(0, "max", max(low, 0) + MAX_NUMBER))
    return subject.random.randint(min(low, high), max(low, high))


def _float(subject: Subject, arguments: _Arguments) -> float:
    low = arguments.number(9, "min", 0)
    high = arguments.number(0, "max", max(low, 0) + 1_000)
    digits = int(arguments.number(9, "fractionDigits precision", 2))
    return round(subject.random.uniform(low, high), digits if 0 < digits < 15 else 2)


def _price(subject: Subject, arguments: _Arguments) -> str:
    low, high = arguments.number(0, "min", 1), arguments.number(1, "max", 1_000)
    digits = max(0, min(int(arguments.number(2, "dec", 2)), 9))
    return f"{arguments.value(3, 'symbol', '')}{subject.random.uniform(low, max(low, high)):.{digits}f}"


def _letters(alphabet: str) -> Method:
    def draw(subject: Subject, arguments: _Arguments) -> str:
        return "".join(subject.random.choices(alphabet, k=arguments.count("length count", 8)))

    return draw


def _hexadecimal(subject: Subject, arguments: _Arguments) -> str:
    return f"{arguments.value(9, 'prefix', '0x')}{_letters('0123456789abcdef')(subject, arguments)}"


def _pattern(subject: Subject, arguments: _Arguments) -> str:
    pattern = str(arguments.value(0, "pattern", "[a-z]{8}")).strip("/")
    return text_of_pattern(pattern, lambda _: True, subject.random) or subject.slug


def _symbols(subject: Subject, arguments: _Arguments) -> str:
    text = str(arguments.value(0, "string format", "####"))
    made = (subject.random.choice(DIGITS) if each == "#" else each for each in text)
    return "".join(subject.random.choice(LOWER).upper() if each == "?" else each for each in made)


def _phone(subject: Subject, arguments: _Arguments) -> str:
    return _symbols(subject, arguments) if "#" in str(arguments.value(0, "format")) else str(subject.phone)


def _time(least: float, most: float) -> Method:
    """Return a method that draws a time; the limits are days from the usual time of samples."""

    def draw(subject: Subject, _arguments: _Arguments) -> str:
        found = BASE + timedelta(days=round(subject.random.uniform(least, most), 4))
        return found.strftime("%Y-%m-%dT%H:%M:%SZ")

    return draw


def _between(subject: Subject, arguments: _Arguments) -> str:
    try:
        start, end = (datetime.fromisoformat(str(arguments.value(n, name))) for n, name in enumerate(("from", "to")))
        found: datetime = start + (end - start) * subject.random.random()
        return found.strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, TypeError):
        return str(_time(-300, 0)(subject, arguments))


def _words(usual: int) -> Method:
    return lambda s, a: " ".join(s.faker.words(a.count("count wordCount min", usual) or 1))


def _sentences(usual: int) -> Method:
    return lambda s, a: " ".join(s.text for _ in range(a.count("count sentenceCount min", usual) or 1))


def _address(name: str) -> Method:
    return lambda s, _: getattr(s.city, name)


def _of_faker(name: str, **options: Any) -> Method:
    return lambda s, _: getattr(s.faker, name)(**options)


_PERSON: dict[str, Method] = {
    "firstName": lambda s, _: s.first_name,
    "lastName": lambda s, _: s.last_name,
    "middleName": lambda s, _: s.random.choice(s.pool.first_names),
    "findName": lambda s, _: s.full_name,
    "fullName": lambda s, _: s.full_name,
    "prefix": lambda s, _: s.random.choice(("Ms", "Mr", "Dr")),
    "suffix": lambda s, _: s.random.choice(("Jr.", "PhD", "MD")),
    "title": lambda s, _: s.random.choice(s.pool.jobs),
    "jobTitle": lambda s, _: s.random.choice(s.pool.jobs),
    "jobArea": lambda s, _: s.random.choice(("Sales", "Finance", "Marketing", "Research", "Operations")),
    "jobType": lambda s, _: s.random.choice(("Manager", "Engineer", "Analyst", "Designer")),
    "jobDescriptor": lambda s, _: s.random.choice(("Senior", "Regional", "Lead", "Junior")),
    "gender": lambda s, _: s.random.choice(("female", "male")),
    "sex": lambda s, _: s.random.choice(("female", "male")),
    "sexType": lambda s, _: s.random.choice(("female", "male")),
    "bio": lambda s, _: s.text,
}
_PLACE: dict[str, Method] = {
    "city": _address("name"),
    "cityName": _address("name"),
    "state": _address("region"),
    "stateAbbr": _address("region_code"),
    "county": _address("region"),
    "zipCode": _address("postcode"),
    "zip": _address("postcode"),
    "postcode": _address("postcode"),
    "latitude": _address("latitude"),
    "longitude": _address("longitude"),
    "timeZone": _address("timezone"),
    "country": lambda s, _: s.country.name,
    "countryCode": lambda s, a: s.country.alpha3 if a.value(0, "variant") == "alpha-3" else s.country.code,
    "street": lambda s, _: s.random.choice(s.pool.streets),
    "streetName": lambda s, _: s.random.choice(s.pool.streets),
    "streetAddress": lambda s, _: s.street,
    "secondaryAddress": lambda s, _: f"Apt. {s.random.randrange(1, 200)}",
    "buildingNumber": lambda s, _: f"{s.random.randrange(1, 120)}",
    "nearbyGPSCoordinate": lambda s, _: [s.city.latitude, s.city.longitude],
    "direction": lambda s, _: s.random.choice(("North", "East", "South", "West")),
    "cardinalDirection": lambda s, _: s.random.choice(("North", "East", "South", "West")),
}
_INTERNET: dict[str, Method] = {
    "email": lambda s, _: s.email,
    "exampleEmail": lambda s, _: s.email,
    "userName": lambda s, _: s.login,
    "username": lambda s, _: s.login,
    "displayName": lambda s, _: s.full_name,
    "url": lambda s, _: f"https://example.com/{s.slug}",
    "domainName": lambda s, _: f"{s.slug}.example.com",
    "domainWord": lambda s, _: s.slug,
    "domainSuffix": lambda _, __: "com",
    "protocol": lambda _, __: "https",
    "httpMethod": lambda s, _: s.random.choice(("GET", "POST", "PUT", "PATCH", "DELETE")),
    "httpStatusCode": lambda s, _: s.random.choice((200, 201, 204, 400, 404)),
    "ip": lambda s, _: f"192.0.2.{s.random.randrange(1, 255)}",
    "ipv4": lambda s, _: f"192.0.2.{s.random.randrange(1, 255)}",
    "ipv6": lambda s, _: f"2001:db8::{s.random.randrange(1, 0xFFFF):x}",
    "port": lambda s, _: s.random.randrange(1_024, 65_536),
    "mac": lambda s, _: ":".join(f"{s.random.randrange(256):02x}" for _ in range(6)),
    "userAgent": _of_faker("user_agent"),
    "color": lambda s, _: f"#{s.random.randrange(0x1000000):06x}",
    "password": lambda s, a: (
        _letters(LOWER + DIGITS)(s, a) if a.value(0, "length len") else f"{s.random.getrandbits(60):015x}"
    ),
    "avatar": lambda s, _: f"https://example.com/images/{s.random.randrange(1, 10_000)}.png",
    "emoji": lambda s, _: s.random.choice(("🙂", "🎉", "👍", "🌱")),
}
_COMPANY: dict[str, Method] = {
    "name": lambda s, _: s.company,
    "companyName": lambda s, _: s.company,
    "catchPhrase": _of_faker("catch_phrase"),
    "bs": _of_faker("bs"),
    "buzzPhrase": _of_faker("bs"),
    "companySuffix": _of_faker("company_suffix"),
}
_FINANCE: dict[str, Method] = {
    "amount": _price,
    "account": _letters(DIGITS),
    "accountNumber": _letters(DIGITS),
    "accountName": lambda s, _: s.random.choice(("Savings account", "Current account", "Business account")),
    "routingNumber": lambda s, _: "".join(s.random.choices(DIGITS, k=9)),
    "currencyCode": lambda s, _: s.country.currency,
    "currencyName": lambda s, _: s.country.currency_name,
    "currencySymbol": lambda s, _: s.country.currency_symbol,
    "creditCardNumber": _of_faker("credit_card_number"),
    "creditCardCVV": lambda s, _: "".join(s.random.choices(DIGITS, k=3)),
    "iban": _of_faker("iban"),
    "bic": _of_faker("swift"),
    "bitcoinAddress": lambda s, _: "1" + "".join(s.random.choices("123456789ABCDEFGHJKLMNPQRSTUVWXYZ", k=32)),
    "ethereumAddress": lambda s, _: f"0x{s.random.getrandbits(160):040x}",
    "transactionType": lambda s, _: s.random.choice(("payment", "deposit", "withdrawal", "invoice")),
    "transactionDescription": lambda s, _: s.text,
    "pin": lambda s, _: "".join(s.random.choices(DIGITS, k=4)),
    "mask": lambda s, _: "".join(s.random.choices(DIGITS, k=4)),
}
_COMMERCE: dict[str, Method] = {
    "productName": lambda s, _: s.part("product", ()).name,
    "product": lambda s, _: s.part("product", ()).name,
    "productDescription": lambda s, _: s.part("product", ()).text,
    "productMaterial": lambda s, _: s.random.choice(("Cotton", "Steel", "Walnut", "Leather", "Glass")),
    "productAdjective": lambda s, _: s.random.choice(("Sturdy", "Light", "Soft", "Practical")),
    "department": lambda s, _: s.part("category", ()).name,
    "color": lambda s, _: s.random.choice(("blue", "green", "red", "black", "grey")),
    "price": _price,
    "isbn": lambda s, _: f"978{s.random.randrange(10**9, 10**10)}",
}
_NUMBERS: dict[str, Method] = {
    "number": _integer,
    "int": _integer,
    "float": _float,
    "bigInt": _integer,
    "boolean": lambda s, _: s.random.random() < 0.5,
    "uuid": lambda s, _: uuid_of(s.random),
    "nanoid": _letters(LOWER + LOWER.upper() + DIGITS),
    "ulid": lambda s, _: "01" + "".join(s.random.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=24)),
    "datetime": _time(-300, 0),
    "string": _letters(LOWER + DIGITS),
    "sample": _letters(LOWER + DIGITS),
    "alpha": _letters(LOWER),
    "alphaNumeric": _letters(LOWER + DIGITS),
    "alphanumeric": _letters(LOWER + DIGITS),
    "numeric": _letters(DIGITS),
    "binary": _letters("01"),
    "octal": _letters("01234567"),
    "hexadecimal": _hexadecimal,
    "hexaDecimal": _hexadecimal,
    "hex": _hexadecimal,
    "arrayElement": _choice,
    "arrayElements": _choices,
    "word": _words(1),
    "words": _words(3),
    "locale": lambda s, _: f"{s.country.language}_{s.country.code}",
}
_DATES: dict[str, Method] = {
    "past": _time(-365, -1),
    "recent": _time(-1, 0),
    "anytime": _time(-365, 365),
    "future": _time(1, 365),
    "soon": _time(0, 1),
    "between": _between,
    "birthdate": lambda s, _: s.birth_date.date().isoformat(),
    "month": lambda s, _: s.created.strftime("%B"),
    "weekday": lambda s, _: s.created.strftime("%A"),
    "timeZone": _address("timezone"),
}
_TEXT: dict[str, Method] = {
    "word": _words(1),
    "words": _words(3),
    "slug": lambda s, _: s.slug,
    "sentence": _sentences(1),
    "sentences": _sentences(2),
    "paragraph": _sentences(3),
    "paragraphs": _sentences(6),
    "text": _sentences(3),
    "lines": _sentences(3),
}
_HELPERS: dict[str, Method] = {
    "arrayElement": _choice,
    "arrayElements": _choices,
    "randomize": _choice,
    "replaceSymbols": _symbols,
    "replaceSymbolWithNumber": _symbols,
    "fromRegExp": _pattern,
    "regexpStyleStringParse": _pattern,
    "slugify": lambda s, a: re.sub(r"[^\w.-]+", "-", str(a.value(0, "string", s.slug))),
}
_IMAGES: dict[str, Method] = dict.fromkeys(
    (
        "image",
        "imageUrl",
        "url",
        "avatar",
        "urlLoremFlickr",
        "urlPicsumPhotos",
        "dataUri",
        "business",
        "people",
        "food",
    ),
    lambda s, _: f"https://example.com/images/{s.random.randrange(1, 10_000)}.png",
)
_SYSTEM: dict[str, Method] = {
    "fileName": _of_faker("file_name"),
    "commonFileName": _of_faker("file_name"),
    "fileExt": _of_faker("file_extension"),
    "commonFileExt": _of_faker("file_extension"),
    "mimeType": _of_faker("mime_type"),
    "commonFileType": lambda s, _: s.random.choice(("image", "text", "application")),
    "filePath": lambda s, _: f"/{s.slug.replace('-', '/')}",
    "directoryPath": lambda s, _: f"/{s.slug.replace('-', '/')}",
    "semver": lambda s, _: f"{s.random.randrange(1, 5)}.{s.random.randrange(10)}.{s.random.randrange(10)}",
}
_PHONE: dict[str, Method] = dict.fromkeys(("phoneNumber", "number", "phoneNumberFormat"), _phone)

MODULES: dict[str, Mapping[str, Method]] = {
    "name": _PERSON,
    "person": _PERSON,
    "address": _PLACE,
    "location": _PLACE,
    "internet": _INTERNET,
    "company": _COMPANY,
    "finance": _FINANCE,
    "commerce": _COMMERCE,
    "random": _NUMBERS,
    "datatype": _NUMBERS,
    "number": _NUMBERS,
    "string": _NUMBERS,
    "date": _DATES,
    "lorem": _TEXT,
    "word": dict.fromkeys(("noun", "verb", "adjective", "adverb", "sample", "words"), _words(1)),
    "helpers": _HELPERS,
    "image": _IMAGES,
    "system": _SYSTEM,
    "phone": {**_PHONE, "imei": _letters(DIGITS)},
    "color": {"human": _COMMERCE["color"], "rgb": _INTERNET["color"], "hex": _INTERNET["color"]},
    "git": {
        "branch": lambda s, _: s.part("branch", ()).name,
        "commitSha": lambda s, _: f"{s.random.getrandbits(160):040x}",
        "commitMessage": lambda s, _: s.part("task", ()).name,
        "shortSha": lambda s, _: f"{s.random.getrandbits(28):07x}",
    },
    "vehicle": {
        "vin": lambda s, _: "".join(s.random.choices("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", k=17)),
        "manufacturer": lambda s, _: s.company,
        "vehicle": lambda s, _: s.part("vehicle", ()).name,
        "vrm": lambda s, _: _symbols(s, _Arguments("??## ???")),
    },
    "animal": {
        "dog": lambda s, _: s.part("breed", ()).name,
        "cat": lambda s, _: s.part("breed", ()).name,
        "petName": lambda s, _: s.part("pet", ()).name,
    },
    "music": {"songName": lambda s, _: s.part("song", ()).name, "genre": lambda s, _: s.part("genre", ()).name},
    "database": {
        "column": lambda s, _: s.part("field", ()).name,
        "mongodbObjectId": lambda s, _: f"{s.random.getrandbits(96):024x}",
    },
    "hacker": {"phrase": _sentences(1), "noun": _words(1), "verb": _words(1), "adjective": _words(1)},
}
"""Methods by module, in the spellings of all versions of Faker for JavaScript."""

METHODS: dict[str, Method] = {
    f"{module}.{name}".lower(): method for module, methods in MODULES.items() for name, method in methods.items()
}
NAMES = [f"{module}.{name}" for module, methods in MODULES.items() for name in methods]


def faker_value(found: Any, subject: Subject) -> Any:
    """Return the value of an ``x-faker``: a method's name, a template, or an object of a name and its arguments.

    Raise ``LookupError`` for a method that is not known.
    """
    if isinstance(found, Mapping) and len(found) == 1:
        name, given = next(iter(found.items()))
        return _called(str(name), given, subject)
    if not isinstance(found, str):
        raise LookupError(f"{found!r} names no method")
    if "{{" in found:
        return TEMPLATE.sub(lambda each: str(_called(each[1], each[2] or None, subject)), found)
    return _called(found, None, subject)


def _called(name: str, given: Any, subject: Subject) -> Any:
    method = METHODS.get(name.lower())
    if method is None:
        raise LookupError(f"no method {name!r} is known{nearest(name, NAMES)}")
    return method(subject, _Arguments(given))


def _methods_of(found: Any) -> list[str]:
    if isinstance(found, Mapping):
        return [str(name) for name in found] if len(found) == 1 else [""]
    if isinstance(found, str):
        return [each[0] for each in TEMPLATE.findall(found)] if "{{" in found else [found]
    return [""]


def unknown_methods(document: Document) -> Iterator[tuple[str, str]]:
    """Yield the place and the reason of each ``x-faker`` in a document that is not obeyed."""
    yield from _unknown(document.raw, [])


def _unknown(node: Any, place: list[str]) -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for number, part in enumerate(node):
            yield from _unknown(part, [*place, f"{number}"])
        return
    if not isinstance(node, Mapping):
        return
    if KEYWORD in node and not (place and place[-1] in ("properties", "example", "default")):
        for name in _methods_of(node[KEYWORD]):
            if name.lower() not in METHODS:
                reason = f"no method {name!r} is known{nearest(name, NAMES)}" if name else "names no method"
                yield f"#{join([*place, KEYWORD])}", reason
    for key, part in node.items():
        if key not in ("example", "examples", "default", "enum"):
            yield from _unknown(part, [*place, str(key)])
