"""Start data of Capillary: tills, events, webhooks, customers, and some occurrences."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from understudy.core.cast import Cast
from understudy.core.steps import Steps
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.audit_logs import CREATION, log_change
from understudy.vendors.capillary.cast_mapping import GUESTS, booking, identifiers
from understudy.vendors.capillary.customers import add_customer
from understudy.vendors.capillary.event_definitions import new_event
from understudy.vendors.capillary.field_types import complete_field
from understudy.vendors.capillary.limits import set_limits
from understudy.vendors.capillary.occurrences import take_occurrence
from understudy.vendors.capillary.organisation import till_id
from understudy.vendors.capillary.security import digest_of
from understudy.vendors.capillary.standard_events import ACTIONS, BY_NAME, mapping, stored_fields

Shape = tuple[tuple[str, str, dict[str, str]], ...]
"""Fields, each (name, type, attributes that differ from the type's defaults)."""

OPEN_WEBHOOK = "5f0d2c7a91be4e6c8d3a7b1420c9e8f6"
LOCKED_WEBHOOK = "c41d8e02b7a94f3c9e6510d2a8b7f3e4"
CLIENT_ID = 22001
REQUEST_ID = "0e5f7c1a-4d2b-4c6e-8f10-{:012d}"


def start(state: VendorState, cast: Cast, options: Mapping[str, Any]) -> Steps[dict[str, str]]:
    """Add the start data to a new world; return the credentials of the till and of the API client."""
    username, password = str(options["username"]), str(options["password"])
    key, secret = str(options["key"]), str(options["secret"])
    set_limits(state, str(options["limits"]))
    till_id(state, username)
    for shop in cast.shops:
        till_id(state, shop.code)
    state.collection("accounts").put({"username": username, "digest": digest_of(password)})
    client = {"key": key, "secret": secret, "id": CLIENT_ID, "name": "Understudy", "till": username}
    state.collection("clients").put(client)
    for person in cast.people:
        add_customer(state, identifiers(person))
        yield
    _define_events(state)
    _open_webhooks(state, cast.shops[0].code if cast.shops else username)
    _add_bookings(state, cast)
    _define_printed_events(state)
    for event in state.collection("events"):
        log_change(state, CREATION, None, event["meta"])
    return {"username": username, "password": password, "key": key, "secret": secret}


def _define_events(state: VendorState) -> None:
    _define(state, "TableBooked", "A customer books a table", BOOKING, {"label": "Table booked", **PUBLISHED})
    _define(state, "QuizFinished", "A customer answers the last question", QUIZ, {})
    _define(state, "StoreVisited", "A customer walks in", VISIT, {}, is_disabled=True)
    standard = BY_NAME["ProductViewed"]
    body = {"actions": ACTIONS, "description": standard.label}
    event = new_event(state, standard.name, body, stored_fields(standard), is_standard=True)
    event["meta"] |= {"label": standard.label, "eventType": standard.event_type}
    event["mappings"]["webEngageTransformerMapping"] = mapping(standard)
    state.collection("events").put(event)


PUBLISHED = {"status": "PUBLISHED", "testStatus": "VERIFIED", "eventType": "USEREVENT"}
CUSTOMER = ("customer", "customer", {"addCustomerIfNotExists": "true"})
BOOKING: Shape = (
    CUSTOMER,
    ("restaurant", "string", {"isRequired": "true", "isUniqueKeyField": "true"}),
    ("bookingCode", "string", {"isRequired": "true", "isUniqueKeyField": "true"}),
    ("guests", "enum", {"isRequired": "false"}),
    ("age", "double", {"isRequired": "false", "isPsiData": "true"}),
    ("till", "tillCode", {"isRequired": "false"}),
)
QUIZ: Shape = (("member", "customer", {}), ("score", "double", {"isRequired": "true"}))
OPTIONAL = {"isRequired": "false"}
PRINTED: dict[str, Shape] = {
    "Group_User_Event": (CUSTOMER, ("String", "tillCode", OPTIONAL), ("enum", "groupId", OPTIONAL)),
    "TestBE-Demo": (("customer", "customer", {}), ("String", "tillCode", OPTIONAL)),
    "eventsdemo1": (CUSTOMER, ("string", "string", OPTIONAL)),
    "TestingEvent_FE": (("Customer", "customer", {}),),
}
"""Events of the page about updates and, the last two, of its document's sample body and the page about audit logs."""

VISIT: Shape = (CUSTOMER, ("till", "tillCode", {"isRequired": "true"}))


def _define(
    state: VendorState,
    name: str,
    description: str,
    fields: Shape,
    more: Mapping[str, str],
    *,
    is_disabled: bool = False,
) -> None:
    stored = [
        complete_field(
            {
                "name": own,
                "type": kind,
                "attributes": {each: {"value": value, "valueType": "BOOLEAN"} for each, value in attributes.items()},
            }
        )
        for own, kind, attributes in fields
    ]
    for field in stored:
        if field["type"] == "ENUM":
            field["attributes"]["possibleValues"]["values"] = [str(number + 1) for number in range(GUESTS)]
    event = new_event(state, name, {"actions": ["EMFConsumer"], "description": description}, stored)
    event["meta"] |= more
    state.collection("events").put({**event, "isDisabled": is_disabled})


def _define_printed_events(state: VendorState) -> None:
    """Define the events that the requests printed on the vendor's pages name, so that these work as printed."""
    for name, fields in PRINTED.items():
        _define(state, name, "An event of the vendor's pages", fields, {})


def _open_webhooks(state: VendorState, till: str) -> None:
    for webhook_id, transformer, is_locked in (
        (OPEN_WEBHOOK, "webEngageTransformer", False),
        (LOCKED_WEBHOOK, "kumulosTransformer", True),
    ):
        state.collection("webhooks").put(
            {
                "webHookId": webhook_id,
                "transformerType": transformer,
                "tillCode": till,
                "uniquenessCheckEnabled": True,
                "authEnabled": is_locked,
                "isDisabled": False,
                **({"authMechanism": "BASIC"} if is_locked else {}),
            }
        )


def _add_bookings(state: VendorState, cast: Cast) -> None:
    """Add a booking for each of the first ten people, and a second of the first person that is a duplicate."""
    webhook = state.collection("webhooks").get(OPEN_WEBHOOK)
    if webhook is None:
        raise LookupError(OPEN_WEBHOOK)
    for number, person in enumerate([*cast.people[:10], *cast.people[:1]]):
        code = f"B-{1000 + number % 10}"
        payload = booking(person, code, state.rng.randint(1, GUESTS), state.now() - timedelta(days=number))
        take_occurrence(state, webhook, payload, REQUEST_ID.format(number + 1))
