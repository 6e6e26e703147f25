"""ExpertSender CDP: customers, and the events that start scenarios."""

from collections.abc import Callable
from typing import Any

from understudy.casting.breakable_rule import Rule, with_values
from understudy.casting.engine.field_streams import FieldStreams
from understudy.casting.kind import Kind, Make, Record
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.population.person_picker import PersonPicker, require_cast
from understudy.casting.seeding_auth import SeedingAuth
from understudy.core.cast import Person
from understudy.vendors.ecdp.cast_mapping import attributes, details
from understudy.vendors.ecdp.start import ANSWERS, CONSENTS, EXAMPLES, LEVELS

LACKING = 20
"""Of 100 customers, how many lack each of the optional fields."""

OPTIONAL = ("phone", "dateOfBirth", "firstName")
SHOE_SIZES = tuple(range(35, 48))
IDENTIFIERS: tuple[tuple[str, Callable[[Person], str]], ...] = (
    ("customerEmail", lambda person: person.email),
    ("customerCrmId", lambda person: person.id),
    ("customerPhone", lambda person: person.phone),
)
BASKET, WISH, BIRTHDAY = 1, 2, 3


def _open_customers(cast: LazyCast) -> Make:
    draws, make_people = FieldStreams(cast.scenario, "ecdp.customers"), cast.people.make_all

    def make(n: int, person: Person) -> Record:
        own = attributes(person) | {"Club level": draws["level"].pick(n, LEVELS)}
        if not draws.lacks("shoe size", n, LACKING):
            own["Shoe size"] = str(draws["shoe size"].pick(n, SHOE_SIZES))
        known: dict[str, Any] = details(person)
        for name in OPTIONAL:
            if draws.lacks(name, n, LACKING):
                del known[name]
        known["customAttributes"] = [{"name": name, "value": value} for name, value in own.items()]
        if not draws.lacks("consents", n, LACKING):
            given = [{"id": number, "value": _answer(n, number)} for number in range(1, len(CONSENTS) + 1)]
            known["consentsData"] = {"consents": given}
        return {"mode": "AddOrUpdate", "matchBy": "Email", "data": [known]}

    def _answer(n: int, consent: int) -> str:
        return draws[f"consent/{consent}"].pick(n, ANSWERS)

    return lambda numbers: list(map(make, numbers, make_people(numbers)))


def _open_events(cast: LazyCast) -> Make:
    kind = "ecdp.custom_events"
    require_cast(kind, products=cast.products)
    customers = FieldStreams(cast.scenario, "ecdp.customers")

    def has_phone(person: Person) -> bool:
        return not customers.lacks("phone", person.number, LACKING)

    draws, actors = FieldStreams(cast.scenario, kind), PersonPicker(cast, kind, 2)

    def make(n: int) -> Record:
        person = actors.of(n)
        event = draws["event"].pick(n, (BASKET, BASKET, BASKET, WISH, WISH, BIRTHDAY))
        known = IDENTIFIERS if has_phone(person) else IDENTIFIERS[:-1]
        name, identify = draws["identifier"].pick(n, known)
        return {"customEventId": event, name: identify(person), "dataFields": _data(n, event, person)}

    def _data(n: int, event: int, person: Person) -> list[Record]:
        if event == BIRTHDAY:
            return [_field("birthday", "Date", person.birth_date.isoformat())]
        product = draws["product"].pick(n, cast.products)
        shown = [_field("sku", "String", product.sku), _field("name", "Text", product.name)]
        if event == WISH:
            return [*shown, _field("page", "URL", f"https://shop.example.com/products/{product.sku}")]
        quantity = draws.tail("quantity", n, 12)
        return [
            *shown,
            _field("quantity", "Number", str(quantity)),
            _field("total", "Money", f"{product.price * quantity / 100:.2f}"),
        ]

    return lambda numbers: [make(n) for n in numbers]


def _field(name: str, kind: str, value: str) -> Record:
    return {"name": name, "type": kind, "value": value}


def _told(**fields: Any) -> Callable[[Record], Record]:
    """Say something else of the customer."""
    return lambda record: {**record, "data": [{**record["data"][0], **fields}]}


def _attribute(name: str, value: str) -> Callable[[Record], Record]:
    return _told(customAttributes=[{"name": name, "value": value}])


def _nobody(record: Record) -> Record:
    """Name nobody, by the same identifier."""
    name = next(name for name, _ in IDENTIFIERS if name in record)
    return {**record, name: "nobody@example.com" if name == "customerEmail" else "+10000000000"}


CUSTOMER_RULES = (
    Rule(
        "In mode Add, no customer has the value of the matching field yet.",
        "/data/0/email",
        lambda record: {**_told(email=EXAMPLES[0]["email"])(record), "mode": "Add"},
    ),
    Rule(
        "In mode Update, a customer has the value of the matching field.",
        "/data/0/email",
        lambda record: {**_told(email="nobody@example.com")(record), "mode": "Update"},
    ),
    Rule("The value of an identifier belongs to one customer.", "/data/0/phone", _told(phone=EXAMPLES[0]["phone"])),
    Rule(
        "A custom attribute is one of the business unit's.",
        "/data/0/customAttributes/0/name",
        _attribute("No such attribute", "1"),
    ),
    Rule(
        "The value of a custom attribute fits the attribute's type.",
        "/data/0/customAttributes/0/value",
        _attribute("Shoe size", "large"),
    ),
    Rule(
        "A consent is one of the business unit's.",
        "/data/0/consentsData/consents/0/id",
        _told(consentsData={"consents": [{"id": 99, "value": "True"}]}),
    ),
)
EVENT_RULES = (
    Rule("The custom event is one of the business unit's.", "/customEventId", with_values(customEventId=99)),
    Rule("At least one of the identifiers leads to a customer.", "", _nobody),
    Rule(
        "All identifiers that lead to a customer lead to the same one.",
        "/customerId",
        with_values(customerId=int(EXAMPLES[0]["id"])),
    ),
)

KINDS = (
    Kind(
        "ecdp.customers",
        "A person as a customer, added or brought up to date.",
        _open_customers,
        "save_customers",
        rules=CUSTOMER_RULES,
    ),
    Kind(
        "ecdp.custom_events",
        "A basket left behind, a wish back in stock, a birthday.",
        _open_events,
        "trigger_custom_event",
        rules=EVENT_RULES,
    ),
)

SEEDING_AUTH = SeedingAuth(lambda credentials, _ask: {"x-api-key": str(credentials["api_key"])})
