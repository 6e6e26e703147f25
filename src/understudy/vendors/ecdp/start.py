"""A business unit that is set up: events, segments, attributes, consents, and the cast as its customers."""

from collections.abc import Mapping
from typing import Any

from understudy.core.cast import Cast, Person
from understudy.state.vendor_state import VendorState
from understudy.vendors.ecdp.cast_mapping import attributes, details
from understudy.vendors.ecdp.customer_record import empty_customer
from understudy.vendors.ecdp.staged_customers import COUNTER

Json = dict[str, Any]

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
ANSWERS = ("True", "False", "AwaitingConfirmation")

FIRST_OF_CAST = 1001
"""The number of the cast's first customer; the customers that the spec's examples name come before."""

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


def start(state: VendorState, cast: Cast, options: Mapping[str, Any]) -> dict[str, Any]:
    """Fill a new world; return the key, and an event, a customer and a segment to try it with."""
    state.collection("api_keys").put({"id": options["api_key"], "businessUnit": "development"})
    _set_up(state)
    people = [_customer(state, number, person) for number, person in enumerate(cast.people, FIRST_OF_CAST)]
    customers = [*EXAMPLES, *people]
    for customer in customers:
        state.collection("customers").put(customer)
    last = max(int(customer["id"]) for customer in customers)
    state.collection("counters").put({"id": COUNTER, "last": last})
    _fill_segments(state, customers)
    return {
        "api_key": options["api_key"],
        "custom_event_id": 1,
        "customer_email": (people or customers)[0]["email"],
        "segment_id": 1,
    }


def _set_up(state: VendorState) -> None:
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


def _fill_segments(state: VendorState, customers: list[Json]) -> None:
    """Make segments that overlap, so that a customer of several can be seen to be counted once."""
    ids = {
        (1, "Everyone"): [int(each["id"]) for each in customers],
        (5, "Women"): [int(each["id"]) for each in customers if each["gender"] == "Female"],
        (15, "Gold members"): [int(each["id"]) for each in customers if each["attributes"].get("Club level") == "Gold"],
        (20, "Nobody yet"): [],
    }
    for (number, name), customer_ids in ids.items():
        state.collection("segments").put({"id": str(number), "name": name, "customerIds": customer_ids})
