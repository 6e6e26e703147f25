"""Kinds of ExpertSender CDP: customers, their orders, and the custom events that start the vendor's scenarios."""

from collections.abc import Callable
from typing import Any

from understudy.casting.breakable_rule import Rule, with_values
from understudy.casting.engine.field_streams import FieldStreams
from understudy.casting.kind import Kind, Make, Record
from understudy.casting.population.baskets import Baskets
from understudy.casting.population.event_times import EventTimes
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.population.person_picker import PersonPicker, require_cast
from understudy.casting.seeding_auth import SeedingAuth
from understudy.core.cast import Person
from understudy.vendors.ecdp.cast_mapping import attributes, details, order_line
from understudy.vendors.ecdp.start import ANSWERS, CONSENTS, DELIVERIES, EXAMPLE_ORDERS, EXAMPLES, LEVELS

LACKING = 20
"""Percent of customers without an optional field, for each field by itself."""

OPTIONAL = ("phone", "dateOfBirth", "firstName")
SHOE_SIZES = tuple(range(35, 48))
IDENTIFIERS: tuple[tuple[str, Callable[[Person], str]], ...] = (
    ("customerEmail", lambda person: person.email),
    ("customerCrmId", lambda person: person.id),
    ("customerPhone", lambda person: person.phone),
)
BASKET, WISH, BIRTHDAY = 1, 2, 3
ORDERS_PER_PERSON = 2
STATUSES = ("Placed", "Paid", "Completed", "Completed", "Completed", "Cancelled")
RETURNED, WRAPPED = 10, 15
"""Percent of orders: with a product that came back, wrapped as a gift."""


def _open_customers(cast: LazyCast) -> Make:
    streams, make_people = FieldStreams(cast.scenario, "ecdp.customers"), cast.people.make_all

    def make(n: int, person: Person) -> Record:
        own = attributes(person) | {"Club level": streams["level"].pick(n, LEVELS)}
        if not streams.lacks("shoe size", n, LACKING):
            own["Shoe size"] = str(streams["shoe size"].pick(n, SHOE_SIZES))
        data: dict[str, Any] = details(person)
        for name in OPTIONAL:
            if streams.lacks(name, n, LACKING):
                del data[name]
        data["customAttributes"] = [{"name": name, "value": value} for name, value in own.items()]
        if not streams.lacks("consents", n, LACKING):
            given = [{"id": number, "value": _answer(n, number)} for number in range(1, len(CONSENTS) + 1)]
            data["consentsData"] = {"consents": given}
        return {"mode": "AddOrUpdate", "matchBy": "Email", "data": [data]}

    def _answer(n: int, consent: int) -> str:
        return streams[f"consent/{consent}"].pick(n, ANSWERS)

    return lambda numbers: list(map(make, numbers, make_people(numbers)))


def _open_events(cast: LazyCast) -> Make:
    kind = "ecdp.custom_events"
    require_cast(kind, products=cast.products)
    customer_streams = FieldStreams(cast.scenario, "ecdp.customers")

    def has_phone(person: Person) -> bool:
        return not customer_streams.lacks("phone", person.number, LACKING)

    streams, picker = FieldStreams(cast.scenario, kind), PersonPicker(cast, kind, 2)

    def make(n: int) -> Record:
        person = picker.of(n)
        event = streams["event"].pick(n, (BASKET, BASKET, BASKET, WISH, WISH, BIRTHDAY))
        identifiers = IDENTIFIERS if has_phone(person) else IDENTIFIERS[:-1]
        name, identify = streams["identifier"].pick(n, identifiers)
        return {"customEventId": event, name: identify(person), "dataFields": _data(n, event, person)}

    def _data(n: int, event: int, person: Person) -> list[Record]:
        if event == BIRTHDAY:
            return [_field("birthday", "Date", person.birth_date.isoformat())]
        product = streams["product"].pick(n, cast.products_of(person.locale))
        shown = [_field("sku", "String", product.sku), _field("name", "Text", product.name)]
        if event == WISH:
            return [*shown, _field("page", "URL", f"https://shop.example.com/products/{product.sku}")]
        quantity = streams.long_tailed("quantity", n, 12)
        return [
            *shown,
            _field("quantity", "Number", str(quantity)),
            _field("total", "Money", f"{product.price * quantity / 100:.2f}"),
        ]

    return lambda numbers: [make(n) for n in numbers]


def _open_orders(cast: LazyCast) -> Make:
    kind = "ecdp.orders"
    require_cast(kind, products=cast.products)
    since, until = cast.scenario.since, cast.scenario.instant
    streams, event_times, baskets = FieldStreams(cast.scenario, kind), EventTimes(cast, kind), Baskets(cast, kind)
    picker = PersonPicker(cast, kind, ORDERS_PER_PERSON)

    def make(n: int) -> Record:
        person = picker.of(n)
        bought = baskets.fill(n, person.locale)
        returned = 1 if streams.in_share("returned", n, RETURNED) else 0
        at = event_times.between(n, since(person.registered_at), until)
        order: Record = {
            "id": f"order-{n + 1:09}",
            "date": f"{at:%Y-%m-%dT%H:%M:%S}.000Z",
            "timeZone": "UTC",
            "status": streams["status"].pick(n, STATUSES),
            "currency": bought[0].product.currency,
            "totalValue": sum(product.price * quantity for product, quantity in bought) / 100,
            "returnsValue": returned * bought[0].product.price / 100,
            "customer": {"email": person.email, "crmId": person.id},
            "products": [
                order_line(product, quantity, 0 if position else returned)
                for position, (product, quantity) in enumerate(bought)
            ],
            "orderAttributes": [{"name": "Delivery", "value": streams["delivery"].pick(n, DELIVERIES)}],
        }
        if streams.in_share("gift", n, WRAPPED):
            order["orderAttributes"].append({"name": "Gift wrap", "value": "true"})
        return {"mode": "AddOrReplace", "matchBy": "Email", "data": [order]}

    return lambda numbers: [make(n) for n in numbers]


def _field(name: str, kind: str, value: str) -> Record:
    return {"name": name, "type": kind, "value": value}


def _with_first(**fields: Any) -> Callable[[Record], Record]:
    """Return a mutation that sets fields of the record's customer or order."""
    return lambda record: {**record, "data": [{**record["data"][0], **fields}]}


def _with_attribute(name: str, value: str) -> Callable[[Record], Record]:
    return _with_first(customAttributes=[{"name": name, "value": value}])


def _with_unknown_identifier(record: Record) -> Record:
    """Replace the value of the record's identifier by one that belongs to no customer."""
    name = next(name for name, _ in IDENTIFIERS if name in record)
    return {**record, name: "nobody@example.com" if name == "customerEmail" else "+10000000000"}


CUSTOMER_RULES = (
    Rule(
        "In mode Add, no customer has the value of the matching field yet.",
        "/data/0/email",
        lambda record: {**_with_first(email=EXAMPLES[0]["email"])(record), "mode": "Add"},
    ),
    Rule(
        "In mode Update, a customer has the value of the matching field.",
        "/data/0/email",
        lambda record: {**_with_first(email="nobody@example.com")(record), "mode": "Update"},
    ),
    Rule(
        "The value of an identifier belongs to one customer.",
        "/data/0/phone",
        _with_first(phone=EXAMPLES[0]["phone"]),
    ),
    Rule(
        "A custom attribute is one of the business unit's.",
        "/data/0/customAttributes/0/name",
        _with_attribute("No such attribute", "1"),
    ),
    Rule(
        "The value of a custom attribute fits the attribute's type.",
        "/data/0/customAttributes/0/value",
        _with_attribute("Shoe size", "large"),
    ),
    Rule(
        "A consent is one of the business unit's.",
        "/data/0/consentsData/consents/0/id",
        _with_first(consentsData={"consents": [{"id": 99, "value": "True"}]}),
    ),
)
ORDER_RULES = (
    Rule(
        "In mode Add, no order has the id yet, deleted or not.",
        "/data/0/id",
        lambda record: {**_with_first(id=EXAMPLE_ORDERS[0]["id"])(record), "mode": "Add"},
    ),
    Rule(
        "In mode Replace, an order has the id and is not deleted.",
        "/data/0/id",
        lambda record: {**_with_first(id="no-such-order")(record), "mode": "Replace"},
    ),
    Rule(
        "The customer has the identifier by which customers are found.",
        "/data/0/customer",
        with_values(matchBy="PhoneNumber"),
    ),
    Rule(
        "The identifiers of a new customer belong to no other one.",
        "/data/0/customer/crmId",
        _with_first(customer={"email": "nobody.yet@example.com", "crmId": EXAMPLES[0]["crmId"]}),
    ),
    Rule(
        "A consent of the customer is one of the business unit's.",
        "/data/0/customer/consentsData/consents/0/id",
        _with_first(
            customer={"email": EXAMPLES[0]["email"], "consentsData": {"consents": [{"id": 99, "value": "True"}]}}
        ),
    ),
    Rule(
        "An attribute of an order or product is one of the business unit's.",
        "/data/0/orderAttributes/0/name",
        _with_first(orderAttributes=[{"name": "No such attribute", "value": "1"}]),
    ),
    Rule(
        "The value of an attribute fits the attribute's type.",
        "/data/0/orderAttributes/0/value",
        _with_first(orderAttributes=[{"name": "Delivery day", "value": "soon"}]),
    ),
)
EVENT_RULES = (
    Rule("The custom event is one of the business unit's.", "/customEventId", with_values(customEventId=99)),
    Rule("At least one of the identifiers leads to a customer.", "", _with_unknown_identifier),
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
        is_person=True,
    ),
    Kind(
        "ecdp.orders",
        "An order, added or brought up to date: its products add up.",
        _open_orders,
        "save_orders",
        rules=ORDER_RULES,
        size=lambda cast: ORDERS_PER_PERSON * len(cast.people),
    ),
    Kind(
        "ecdp.custom_events",
        "A basket left behind, a wish back in stock, a birthday.",
        _open_events,
        "trigger_custom_event",
        rules=EVENT_RULES,
    ),
)

SEEDING_AUTH = SeedingAuth(lambda credentials, _post_form: {"x-api-key": str(credentials["api_key"])})
