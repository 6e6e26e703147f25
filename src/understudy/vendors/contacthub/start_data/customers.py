"""The customers of a new world, with their sessions and consents.

The first customers of the first node are the spec's examples; one of them is in the second node, too. The others are
the cast's people, each of them once, under their own e-mail address and with their id as external id. All is dated back
from the world's own today, so that nothing is past its retention when the world begins.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from understudy.core.cast import Cast, Person
from understudy.state.collection import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.customers.customer_document import new_document
from understudy.vendors.contacthub.customers.customer_store import store_customer
from understudy.vendors.contacthub.sequences import raise_number
from understudy.vendors.contacthub.start_data.fixed_ids import (
    CONSENT_LOG,
    ENTRY_NODE,
    FIRST_CUSTOMER,
    OTHER_ENTRY_NODE,
    OTHER_FIRST_CUSTOMER,
    SESSION,
    SHOP_SYSTEM,
    WORKSPACE,
    example_id,
)
from understudy.vendors.contacthub.tables import CONSENT_LOGS, CUSTOMERS, SESSIONS
from understudy.vendors.contacthub.timestamps import write_time

EXAMPLES = 9
"""How many customers of the first node are the spec's own, and not the cast's."""

IN_FIRST_NODE, IN_SECOND_NODE, BEYOND = 60, 10, 10_000
"""How many customers at most have a number in each node, and the first number of those who come after them."""

DAYS = 100
"""The span of days in which customers were registered, one a day, the first one ten days before it."""

LEVELS = ("gold", "silver", "bronze")
CLIENT = {"ip": "192.0.2.17", "userAgent": "Understudy/1.0"}
GIVEN = {"status": True, "limitation": False, "objection": False}


def add_start_customers(state: VendorState, cast: Cast, today: datetime) -> list[Json]:
    """Settle the customers in the nodes of the first workspace; return the id and node of each, the first one first."""
    settled: list[Json] = []
    last = 0
    for position, (node_id, number, person) in enumerate(_newcomers(cast.people)):
        customer_id = example_id(number) if person is None else person.id
        since = write_time(today - timedelta(days=DAYS + 10 - position % DAYS, hours=-9, minutes=-15))
        customer = _customer(customer_id, node_id, number, since)
        if person is not None:
            _dress(customer, person, cast.timezones[person.locale])
        if number == FIRST_CUSTOMER:
            _detail(customer, since)
        store_customer(state, WORKSPACE, new_document(customer, customer, since))
        _log_consent(state, customer)
        settled.append({"id": customer_id, "nodeId": node_id})
        last = max(last, number)
    raise_number(state, CUSTOMERS, last)
    raise_number(state, CONSENT_LOGS, CONSENT_LOG + len(settled) - 1)
    state.collection(SESSIONS).put(
        {"id": SESSION, "value": SESSION, "customerId": example_id(FIRST_CUSTOMER), "nodeId": ENTRY_NODE}
    )
    return settled


def _newcomers(people: Sequence[Person]) -> Iterator[tuple[str, int, Person | None]]:
    """Give each customer's node and number, and the person that it is; none for an example."""
    queue = iter(people)
    cast_numbers = range(FIRST_CUSTOMER + EXAMPLES, FIRST_CUSTOMER + IN_FIRST_NODE)
    other_numbers = range(OTHER_FIRST_CUSTOMER + 1, OTHER_FIRST_CUSTOMER + IN_SECOND_NODE)
    yield from ((ENTRY_NODE, number, None) for number in range(FIRST_CUSTOMER, FIRST_CUSTOMER + EXAMPLES))
    yield from ((ENTRY_NODE, number, person) for number, person in zip(cast_numbers, queue, strict=False))
    yield OTHER_ENTRY_NODE, OTHER_FIRST_CUSTOMER, None
    yield from ((OTHER_ENTRY_NODE, number, person) for number, person in zip(other_numbers, queue, strict=False))
    yield from ((ENTRY_NODE, number, person) for number, person in enumerate(queue, start=BEYOND))


def home_of(number: int) -> str:
    """Return the node in which the cast's person with this number is a customer."""
    first = IN_FIRST_NODE - EXAMPLES
    return OTHER_ENTRY_NODE if first <= number < first + IN_SECOND_NODE - 1 else ENTRY_NODE


def _customer(customer_id: str, node_id: str, number: int, since: str) -> Json:
    """Return what is known of an example customer."""
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
            "marketing": {"automatic": {"email": GIVEN}},
        },
        "extended": {"loyaltyLevel": level, "visits": number * 7 % 40},
        "tags": {"manual": ["vip"]} if level == LEVELS[0] else None,
        "registeredAt": since,
        "updatedAt": since,
        "version": 0,
        "deleted": 0,
        "sourceInfo": {"registeredBy": SHOP_SYSTEM, "updatedBy": SHOP_SYSTEM},
    }


def _dress(customer: Json, person: Person, timezone: str) -> None:
    """Make a customer one of the cast's people."""
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


def _detail(customer: Json, since: str) -> None:
    """Give the first customer something in every place."""
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


def _log_consent(state: VendorState, customer: Json) -> None:
    """Write the consent that a customer gave when it was created into the log."""
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
    row = {"id": str(number), "workspaceId": WORKSPACE, "nodeId": customer["nodeId"], "data": entry}
    state.collection(CONSENT_LOGS).put(row)
