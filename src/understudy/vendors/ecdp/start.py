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
from understudy.vendors.ecdp.staged_customers import COUNTER

CUSTOM_EVENTS = {1: "Basket left behind", 2: "Wish back in stock", 3: "Birthday"}

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
SEGMENTS: Mapping[int, tuple[str, Callable[[Json], bool]]] = {
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
)


def start(state: VendorState, cast: Cast, options: Mapping[str, Any]) -> Steps[dict[str, Any]]:
    """Add the start data to a new world; return the API key, and an event, a customer and a segment for first calls."""
    state.collection("api_keys").put({"id": options["api_key"], "businessUnit": "development"})
    _add_settings(state)
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


def _add_settings(state: VendorState) -> None:
    for number, name in CUSTOM_EVENTS.items():
        state.collection("custom_events").put({"id": str(number), "name": name})
    for number, (name, kind) in enumerate(ATTRIBUTES, 1):
        options = list(LEVELS) if kind == "SingleSelect" else []
        state.collection("attributes").put({"id": str(number), "name": name, "type": kind, "options": options})
    for number, (name, kind) in enumerate(CONSENTS, 1):
        state.collection("consents").put({"id": str(number), "name": name, "type": kind})


def _customer(state: VendorState, number: int, person: Person) -> Json:
    return empty_customer(str(number), state.new_id()) | {
        **details(person),
        "attributes": attributes(person) | {"Club level": state.rng.choice(LEVELS)},
        "consents": {str(each): state.rng.choice(ANSWERS) for each in range(1, len(CONSENTS) + 1)},
    }
