"""Start data: customers with a session and consents.

The first customers of the first node are the spec's examples; a customer of the second node has the e-mail address of
the first example. The others are the cast's people, once each, with their own e-mail address and their id as external
id. All dates are a few months before the world's start at most, so that no record is past its retention.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from understudy.core.cast import Cast, Person
from understudy.core.json_types import Json
from understudy.core.steps import Steps
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.customers.customer_store import store_customer
from understudy.vendors.contacthub.customers.document_changes import new_document
from understudy.vendors.contacthub.sequences import raise_number
from understudy.vendors.contacthub.start_data.fixed_ids import (
    CONSENT_LOG,
    ENTRY_NODE,
    FIRST_CUSTOMER,
    OTHER_ENTRY_NODE,
    OTHER_FIRST_CUSTOMER,
    SESSION,
    SHOP_SYSTEM,
    Places,
    example_id,
)
from understudy.vendors.contacthub.tables import CONSENT_LOGS, CUSTOMERS, SESSIONS
from understudy.vendors.contacthub.timestamps import time_text

EXAMPLE_CUSTOMERS = 9
"""Number of customers of the first node that are the spec's examples."""

MAX_IN_FIRST_NODE, MAX_IN_SECOND_NODE, FIRST_FURTHER_NUMBER = 60, 10, 10_000
"""Greatest number of customers numbered in each node, and the first number of all further customers."""

REGISTRATION_DAYS = 100
"""Number of days on which customers were registered, one a day, until ten days before the start."""

LEVELS = ("gold", "silver", "bronze")
CLIENT = {"ip": "192.0.2.17", "userAgent": "Understudy/1.0"}
CONSENT_GIVEN = {"status": True, "limitation": False, "objection": False}


def add_start_customers(state: VendorState, places: Places, cast: Cast, today: datetime) -> Steps[list[Json]]:
    """Add the customers to the first workspace; return id, node and locale of each, in order of addition."""
    added: list[Json] = []
    last = 0
    for position, (node_id, number, person) in enumerate(_planned_customers(places, cast.people)):
        customer_id = example_id(number) if person is None else person.id
        since = time_text(
            today - timedelta(days=REGISTRATION_DAYS + 10 - position % REGISTRATION_DAYS, hours=-9, minutes=-15)
        )
        customer = _customer(customer_id, node_id, number, since)
        if person is not None:
            _fill_from_person(customer, person, cast.timezones[person.locale])
        if number == FIRST_CUSTOMER:
            _fill_all_properties(customer, since)
        store_customer(state, places.workspace, new_document(customer, customer, since))
        yield  # the tables grow at the same numbers of records, which takes milliseconds each
        _log_consent(state, places, customer)
        added.append({"id": customer_id, "nodeId": node_id, "locale": person.locale if person else ""})
        last = max(last, number)
        yield
    raise_number(state, CUSTOMERS, last)
    raise_number(state, CONSENT_LOGS, CONSENT_LOG + len(added) - 1)
    state.collection(SESSIONS).put(
        {"id": SESSION, "value": SESSION, "customerId": example_id(FIRST_CUSTOMER), "nodeId": places.node}
    )
    return added


def _planned_customers(places: Places, people: Sequence[Person]) -> Iterator[tuple[str, int, Person | None]]:
    """Yield each customer's node, number and person; ``None`` for an example."""
    queue = iter(people)
    cast_numbers = range(FIRST_CUSTOMER + EXAMPLE_CUSTOMERS, FIRST_CUSTOMER + MAX_IN_FIRST_NODE)
    other_numbers = range(OTHER_FIRST_CUSTOMER + 1, OTHER_FIRST_CUSTOMER + MAX_IN_SECOND_NODE)
    yield from ((places.node, number, None) for number in range(FIRST_CUSTOMER, FIRST_CUSTOMER + EXAMPLE_CUSTOMERS))
    yield from ((places.node, number, person) for number, person in zip(cast_numbers, queue, strict=False))
    yield OTHER_ENTRY_NODE, OTHER_FIRST_CUSTOMER, None
    yield from ((OTHER_ENTRY_NODE, number, person) for number, person in zip(other_numbers, queue, strict=False))
    yield from ((places.node, number, person) for number, person in enumerate(queue, start=FIRST_FURTHER_NUMBER))


def home_of(number: int) -> str:
    """Return the node of the customer that is the cast's person with this number."""
    first = MAX_IN_FIRST_NODE - EXAMPLE_CUSTOMERS
    return OTHER_ENTRY_NODE if first <= number < first + MAX_IN_SECOND_NODE - 1 else ENTRY_NODE


def _customer(customer_id: str, node_id: str, number: int, since: str) -> Json:
    """Return the properties of an example customer."""
    known_as = FIRST_CUSTOMER if number == OTHER_FIRST_CUSTOMER else number
    level = LEVELS[number % len(LEVELS)]
    newsletter = {"id": "newsletter", "name": "Weekly newsletter", "type": "email", "kind": "DIGITAL_MESSAGE"}
    return {
        "id": customer_id,
        "intId": number,
        "externalId": f"customer-{number}",
        "nodeId": node_id,
        "base": {
            "firstName": "Example",
            "lastName": f"Customer {number}",
            "gender": "F",
            "dob": "1990-02-28",
            "locale": "it_IT",
            "timezone": "Europe/Rome",
            "contacts": {"email": f"customer-{known_as}@example.com"},
            "address": {
                "street": "Via Esempio 50",
                "city": "Milano",
                "country": "IT",
                "province": "MI",
                "zip": "20100",
            },
            "subscriptions": [{**newsletter, "subscribed": True, "startDate": since, "subscribeContext": CLIENT}],
        },
        "consents": {
            "disclaimer": {"date": since, "version": "1.0"},
            "marketing": {"automatic": {"email": CONSENT_GIVEN}},
        },
        "extended": {"loyaltyLevel": level, "visits": number * 7 % 40},
        "tags": {"manual": ["vip"]} if level == LEVELS[0] else None,
        "registeredAt": since,
        "updatedAt": since,
        "version": 0,
        "deleted": 0,
        "sourceInfo": {"registeredBy": SHOP_SYSTEM, "updatedBy": SHOP_SYSTEM},
    }


def _fill_from_person(customer: Json, person: Person, timezone: str) -> None:
    """Replace a customer's personal data by a person's of the cast."""
    customer["externalId"] = person.id
    base = customer["base"]
    base |= {
        "firstName": person.first_name,
        "lastName": person.last_name,
        "gender": person.gender,
        "dob": person.birth_date.isoformat(),
        "locale": person.locale,
        "timezone": timezone,
    }
    base["contacts"] |= {"email": person.email, "mobilePhone": person.phone}
    base["address"] |= {"street": person.street, "city": person.city, "zip": person.zip}
    base["address"] |= {"country": person.country, "province": person.province}


def _fill_all_properties(customer: Json, since: str) -> None:
    """Fill all properties of the first customer."""
    base = customer["base"]
    base |= {
        "pictureUrl": "https://example.com/pictures/5000.png",
        "lastName": "Customer",
        "credential": {"username": "customer-5000"},
        "educations": [
            {
                "id": "education-1",
                "schoolType": "COLLEGE",
                "schoolName": "Example College",
                "schoolConcentration": "Economics",
                "startYear": 2009,
                "endYear": 2012,
                "isCurrent": False,
            }
        ],
        "likes": [{"id": "like-1", "category": "Sport", "name": "Rowing", "createdTime": since}],
        "jobs": [
            {
                "id": "job-1",
                "companyIndustry": "Retail",
                "companyName": "Example Stores",
                "jobTitle": "Buyer",
                "startDate": "2019-04-01",
                "endDate": None,
                "isCurrent": True,
            }
        ],
    }
    device = {"identifier": "device-5000", "appId": "example-app", "name": "Phone", "type": "ANDROID"}
    base["contacts"] |= {
        "mobilePhone": "+390000005000",
        "otherContacts": [{"name": "work", "type": "EMAIL", "value": "work-5000@example.com"}],
        "mobileDevices": [device | {"notificationService": "GCM"}],
    }
    base["address"] |= {"region": "Lombardia", "geo": {"lat": 45.46, "lon": 9.19}}
    customer["tags"] = {"manual": ["vip"]}


def _log_consent(state: VendorState, places: Places, customer: Json) -> None:
    """Add a customer's first consent to the consent log."""
    number = CONSENT_LOG + len(state.collection(CONSENT_LOGS))
    entry = {
        "id": number,
        "customerId": customer["id"],
        "date": customer["registeredAt"],
        "type": "CONSENT_CHANGED",
        "property": "consents.marketing.automatic.email.status",
        "value": "true",
        "sourceId": SHOP_SYSTEM,
        "userId": None,
    }
    row = {"id": str(number), "workspaceId": places.workspace, "nodeId": customer["nodeId"], "data": entry}
    state.collection(CONSENT_LOGS).put(row)
