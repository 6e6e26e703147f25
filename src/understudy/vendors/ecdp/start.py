"""Start data of ExpertSender CDP: events, segments, attributes, consents, and the cast as customers."""

from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any

from understudy.core.cast import Cast, Person
from understudy.core.json_types import Json
from understudy.core.steps import Steps
from understudy.state.vendor_state import VendorState
from understudy.vendors.ecdp.cast_mapping import attributes, details
from understudy.vendors.ecdp.customer_record import empty_customer
from understudy.vendors.ecdp.order_record import stored_order
from understudy.vendors.ecdp.staged_customers import COUNTER

CUSTOM_EVENTS = {0: "string", 1: "Basket left behind", 2: "Wish back in stock", 3: "Birthday"}

LEVELS = ("Bronze", "Silver", "Gold")
ATTRIBUTES: tuple[tuple[str, str], ...] = (
    ("Card number", "String"),
    ("About", "Text"),
    ("Shoe size", "Number"),
    ("Store credit", "Money"),
    ("Member since", "Date"),
    ("Last visit", "DateTime"),
    ("Club level", "SingleSelect"),
    ("Has the app", "Boolean"),
    ("Profile page", "Url"),
)
CONSENTS: tuple[tuple[str, str], ...] = (
    ("News by e-mail", "Email"),
    ("Offers by text message", "Sms"),
    ("Club rules", "General"),
)
DELIVERIES = ("Courier", "Pick-up point", "Shop")
ORDER_ATTRIBUTES: tuple[tuple[str, str], ...] = (
    ("Delivery", "SingleSelect"),
    ("Gift wrap", "Boolean"),
    ("Voucher", "String"),
    ("Delivery day", "Date"),
)
PRODUCT_ATTRIBUTES: tuple[tuple[str, str], ...] = (("Brand", "String"), ("SKU", "String"), ("Tax rate", "Number"))
OPTIONS: Mapping[str, tuple[str, ...]] = {"Club level": LEVELS, "Delivery": DELIVERIES}
"""Values of the attributes of which one is selected."""

SEGMENTS: Mapping[int, tuple[str, Callable[[Json], bool]]] = {
    0: ("string", lambda customer: customer["id"] == "0"),
    1: ("Everyone", lambda _customer: True),
    5: ("Women", lambda customer: customer["gender"] == "Female"),
    15: ("Gold members", lambda customer: customer["attributes"].get("Club level") == "Gold"),
    20: ("Nobody yet", lambda _customer: False),
}
"""Overlapping segments by number: a customer of several of them must get one occurrence of an event."""

ANSWERS = ("True", "False", "AwaitingConfirmation")

FIRST_OF_CAST = 1001
"""Number of the cast's first customer; the customers of the spec's examples have smaller ones."""

EXAMPLES: tuple[Json, ...] = (
    {
        "id": "1",
        "guid": "00000000-0000-4000-8000-000000000001",
        "email": "ines.holm@example.com",
        "phone": "+4520000001",
        "crmId": "crm-0001",
        "visitorId": "visitor-0001",
        "firstName": "Ines",
        "lastName": "Holm",
        "dateOfBirth": "1984-06-15T00:00:00.000Z",
        "gender": "Female",
        "attributes": {"Club level": "Gold", "Shoe size": "38"},
        "consents": {"1": "True", "2": "False"},
    },
    {
        "id": "2",
        "guid": "00000000-0000-4000-8000-000000000002",
        "email": "otto.lind@example.com",
        "phone": "+4520000002",
        "crmId": "crm-0002",
        "visitorId": None,
        "firstName": "Otto",
        "lastName": "Lind",
        "dateOfBirth": None,
        "gender": "NotSpecified",
        "attributes": {},
        "consents": {},
    },
    {
        "id": "0",
        "guid": "00000000-0000-4000-8000-000000000000",
        "email": "string",
        "phone": "string",
        "crmId": "string",
        "visitorId": None,
        "firstName": None,
        "lastName": None,
        "dateOfBirth": None,
        "gender": "NotSpecified",
        "attributes": {},
        "consents": {},
    },
)
"""Customers of the spec's examples, and the one that the page's printed requests name, with their event and segment."""

EXAMPLE_ORDERS: tuple[Json, ...] = (
    {
        "id": "order-0001",
        "date": "2026-01-10T09:30:00.000Z",
        "websiteId": 1,
        "status": "Placed",
        "currency": "EUR",
        "totalValue": 59.9,
        "customer": {"email": "ines.holm@example.com", "crmId": "crm-0001"},
        "products": [
            {
                "id": "B-1001",
                "name": "Basket",
                "price": 29.95,
                "quantity": 2,
                "returned": 0,
                "category": "Home",
                "productAttributes": [{"name": "Brand", "value": "Holm"}],
            }
        ],
        "orderAttributes": [{"name": "Gift wrap", "value": "true"}],
    },
    {
        "id": "order-0002",
        "date": "2026-01-11T10:00:00.000Z",
        "status": "Cancelled",
        "customer": {"email": "ines.holm@example.com"},
        "products": [{"id": "B-1001"}],
    },
)
"""Orders of the spec's examples, of the customer 1; the last is deleted."""


def start(state: VendorState, cast: Cast, options: Mapping[str, Any]) -> Steps[dict[str, Any]]:
    """Add the start data to a new world; return the API key, and an event, a customer and a segment for first calls."""
    state.collection("api_keys").put({"id": options["api_key"], "businessUnit": "development"})
    _add_settings(state, options)
    yield from _add_orders(state)
    customers = state.collection("customers")
    members: dict[str, list[int]] = {name: [] for name, _ in SEGMENTS.values()}
    people = (_customer(state, number, person) for number, person in enumerate(cast.people, FIRST_OF_CAST))
    for customer in chain(EXAMPLES, people):
        customers.put(customer)
        for name, has in SEGMENTS.values():
            if has(customer):
                members[name].append(int(customer["id"]))
        yield
    state.collection("counters").put({"id": COUNTER, "last": max(members["Everyone"])})
    for number, (name, _) in SEGMENTS.items():
        state.collection("segments").put({"id": str(number), "name": name, "customerIds": members[name]})
        yield
    first = customers.get(str(FIRST_OF_CAST)) or EXAMPLES[0]
    return {
        "api_key": options["api_key"],
        "custom_event_id": 1,
        "customer_email": first["email"],
        "segment_id": 1,
    }


def _add_orders(state: VendorState) -> Steps[None]:
    for order in EXAMPLE_ORDERS:
        stored = yield from stored_order(order, EXAMPLES[0]["id"])
        state.collection("orders").put(stored | {"isDeleted": order is EXAMPLE_ORDERS[-1]})


def _add_settings(state: VendorState, options: Mapping[str, Any]) -> None:
    state.collection("settings").put({"id": "matching", "value": options["matching"]})
    for number, name in CUSTOM_EVENTS.items():
        state.collection("custom_events").put({"id": str(number), "name": name})
    for collection, declared in (
        ("attributes", ATTRIBUTES),
        ("order_attributes", ORDER_ATTRIBUTES),
        ("product_attributes", PRODUCT_ATTRIBUTES),
    ):
        for number, (name, kind) in enumerate(declared, 1):
            values = list(OPTIONS.get(name, ()))
            state.collection(collection).put({"id": str(number), "name": name, "type": kind, "options": values})
    for number, (name, kind) in enumerate(CONSENTS, 1):
        state.collection("consents").put({"id": str(number), "name": name, "type": kind})


def _customer(state: VendorState, number: int, person: Person) -> Json:
    return empty_customer(str(number), state.new_id()) | {
        **details(person),
        "attributes": attributes(person) | {"Club level": state.rng.choice(LEVELS)},
        "consents": {str(each): state.rng.choice(ANSWERS) for each in range(1, len(CONSENTS) + 1)},
    }
