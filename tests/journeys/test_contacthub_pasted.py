"""Requests of Contacthub's page, pasted as they are printed: each alone in a new world, and all in the page's order.

The page lost the paths. In them stand the credentials' workspace and the ids that its samples print. A text that only
stands for another is replaced where the operation checks it: ``PLACEHOLDERS``.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

Json = dict[str, Any]

NODE, CUSTOMER, ID = (
    "959356e3-6168-4a92-b4a5-b9d462be6177",
    "87d8e330-2878-4742-a86f-dbbb3bf522ac",
    "497f6eca-6276-4993-bfeb-53cbbbba6f08",
)
LISTED, AGGREGATE, NEW = (
    "be4f0058-c51e-4909-acdc-373dfba102bd",
    "37bb932c-3e80-479b-a813-c6f9b3926a90",
    "142c9180-5d38-4a65-924b-174c35dfd34b",
)
AT = "2019-08-24T14:15:22Z"

PLACEHOLDERS = {
    "property1": "an event type, in policies by event type: the page says that the keys are types",
    "properties of customers": "a path: issue 13 has unknown ones refused (`string` in matching policies)",
    "consent": "a consent's name: others are refused",
    "locale": "the published schema has a pattern for it",
    "extended of customers": "`property1` … are a workspace's own; the page prints them with two sets of types",
}
"""Texts of the page that stand for others, and why they are refused as they are."""

PATH = "base.contacts.email"
SWITCHED_ON = dict.fromkeys(("enabled", "indexed", "flowEnabled"), True)
DEFINED = {"type": "number", "contactlabProperties": {"maxLength": 255, "label": "string", **SWITCHED_ON}}
DEFINITIONS = {"property1": DEFINED, "property2": DEFINED}
MATCHING = {"properties": [PATH], "caseSensitive": True}
ENTRY = {
    "name": "string",
    "description": "string",
    "uniqueCustomer": {"caseSensitive": True, "properties": [PATH]},
    "sourcePriority": [ID],
    "mandatoryProperties": [PATH],
}
GATHERING = {
    "name": "string",
    "description": "string",
    "imageUrl": "string",
    "entryNodes": [ID],
    "matchingProperties": MATCHING,
    "exclusionFilters": [{"property": "string", "value": "string", "pattern": "START_WITH"}],
}
MAPPING = [{"mapping": [{"hub": "string", "plan": "string"}], "model": "ABANDONED_CART"}]
SOURCE = {
    "provider": "CONTACTPLAN",
    "properties": {
        "exportProducts": True,
        "exportStores": True,
        "groupPk": 0,
        "userdbId": 0,
        "eventPropertiesColumnMapping": MAPPING,
        "productsPropertiesColumnMapping": MAPPING,
        "classifications": ["string"],
    },
    "name": "string",
    "description": "string",
    "nodes": [ID],
    "enabled": True,
}
SUBSCRIPTION = {
    **dict.fromkeys(("id", "name", "type", "subscriberId"), "string"),
    **dict.fromkeys(("startDate", "endDate", "registeredAt", "updatedAt"), AT),
    "kind": "DIGITAL_MESSAGE",
    "subscribed": True,
    "subscribeContext": {"ip": "string", "userAgent": "string"},
    "unsubscribeContext": dict.fromkeys(("ip", "userAgent", "campaignId", "campaignMessageId"), "string"),
}
GIVEN = {"status": True, "limitation": True, "objection": True}
BASE = {
    **dict.fromkeys(("pictureUrl", "title", "prefix", "firstName", "lastName", "middleName", "gender"), "string"),
    "dob": "2019-08-24",
    "locale": "it_IT",
    "timezone": "Africa/Abidjan",
    "contacts": {
        "email": "user@example.com",
        **dict.fromkeys(("fax", "mobilePhone", "phone"), "string"),
        "otherContacts": [{"name": "string", "type": "MOBILE", "value": "string"}],
        "mobileDevices": [
            {**dict.fromkeys(("identifier", "appId", "name"), "string"), "type": "IOS", "notificationService": "APN"}
        ],
    },
    "address": {
        **dict.fromkeys(("street", "city", "country", "province", "region", "zip"), "string"),
        "geo": {"lat": 0, "lon": 0},
    },
    "credential": {"password": "string", "username": "string"},
    "educations": [
        {
            **dict.fromkeys(("id", "schoolName", "schoolConcentration"), "string"),
            "schoolType": "PRIMARY_SCHOOL",
            "startYear": 0,
            "endYear": 0,
            "isCurrent": True,
        }
    ],
    "likes": [{**dict.fromkeys(("id", "category", "name"), "string"), "createdTime": AT}],
    "socialProfile": dict.fromkeys(("facebook", "google", "instagram", "linkedin", "qzone", "twitter"), "string"),
    "jobs": [
        {
            **dict.fromkeys(("id", "companyIndustry", "companyName", "jobTitle"), "string"),
            "startDate": "2019-08-24",
            "endDate": "2019-08-24",
            "isCurrent": True,
        }
    ],
    "subscriptions": [SUBSCRIPTION],
}
CONSENTS = {
    "disclaimer": {"date": AT, "version": "string"},
    "marketing": {
        "traditional": {"telephonic": GIVEN, "papery": GIVEN},
        "automatic": dict.fromkeys(("sms", "email", "push", "im", "telephonic"), GIVEN),
    },
    "profiling": {"classic": GIVEN, "online": GIVEN},
    "softSpam": {"email": GIVEN, "papery": GIVEN},
    "thirdPartyTransfer": {"profiling": GIVEN, "marketing": GIVEN},
}
CHANGES = {
    "externalId": "string",
    "base": BASE,
    "consents": CONSENTS,
    "extra": "string",
    "tags": {"auto": ["string"], "manual": ["string"]},
    "enabled": True,
}
REPLACED = {
    **CHANGES,
    "id": ID,
    "intId": 0,
    "nodeId": NODE,
    "registeredAt": AT,
    "updatedAt": AT,
    "version": 0,
    "deleted": -1,
}
WAITS = {"type": "SESSION_ID", "value": "string", "nodeId": NODE}
EVENT: Json = {
    "type": "abandonedCart",
    "properties": {},
    "context": "WEB",
    "contextInfo": {},
    "date": AT,
    "tracking": {
        "ga": dict.fromkeys(("utm_source", "utm_medium", "utm_term", "utm_content", "utm_campaign"), "string")
    },
}
KNOWN: Json = {**EVENT, "id": ID, "customerId": CUSTOMER, "origin": "NATIVE"}
KNOWN |= {"registeredAt": AT, "updatedAt": AT, "version": 0}

C, N = "/configuration", "/configuration/nodes"
Printed = tuple[str, str, Any, int]
PRINTED: list[Printed] = [
    ("PUT", C, {"name": "string", "industry": "GDO", "timezone": "Europe/Rome", "currency": "EUR"}, 200),
    ("PUT", f"{C}/throttling", {"maxRequestsPerMinute": 0}, 200),
    ("PUT", f"{C}/events/abandonedCart", {"id": "abandonedCart", "type": "abandonedCart", "enabled": True}, 200),
    ("PUT", f"{C}/events/abandonedCart/properties/extended", DEFINITIONS, 200),
    ("PUT", f"{C}/events/abandonedCart/enabled", {"value": True}, 200),
    ("PUT", f"{C}/products/update-policy", {"eventTypes": ["completedOrder"]}, 200),
    ("PUT", f"{C}/retention-policy", {"abandonedCart": {"months": 0}}, 200),
    ("PUT", f"{C}/consent-policy", {"viewedPage": ["profiling.online"]}, 200),
    ("PUT", f"{C}/payload-size", {"abandonedCart": {"maxBytes": 65535}}, 200),
    ("PUT", f"{N}/{NODE}/retention-policy", {"enabled": True, "events": {"viewedPage": {"months": 0}}}, 200),
    ("POST", f"{N}/entries", ENTRY, 201),
    ("PUT", f"{N}/entries/{ID}", {**ENTRY, "id": ID}, 200),
    ("GET", f"{N}/entries/{LISTED}", None, 200),
    ("PUT", f"{N}/entries/{ID}/retention-policy", {"viewedPage": {"months": 0}}, 200),
    ("PUT", f"{N}/entries/{ID}/retention-policy/state", {"enabled": True}, 200),
    ("POST", f"{N}/aggregates", GATHERING, 201),
    ("GET", f"{N}/aggregates/{AGGREGATE}", None, 200),
    ("PUT", f"{N}/aggregates/{AGGREGATE}", {**GATHERING, "state": "ACTIVE"}, 200),
    ("PUT", f"{N}/aggregates/{NEW}/state", {"state": "ACTIVE"}, 200),
    ("PUT", f"{C}/properties/base/firstName", {"name": "string", "description": "string", "enabled": True}, 200),
    ("POST", f"{C}/sources", SOURCE, 201),
    ("PUT", f"{C}/sources/{ID}", {**SOURCE, "id": ID}, 200),
    ("PUT", f"{N}/entries/{NODE}/unique-customer-matching-policy", MATCHING, 200),
    ("GET", f"{C}/users/229", None, 200),
    ("PUT", f"{C}/users/229", {"nodes": [{"id": ID, "permission": "R"}]}, 200),
    ("PUT", f"{C}/customers/properties/base/firstName/enabled", {"value": True}, 200),
    ("GET", f"/consent-logs?customerId={CUSTOMER}", None, 200),
    ("POST", "/customers", {**CHANGES, "nodeId": NODE}, 201),
    ("GET", f"/customers?nodeId={NODE}", None, 200),
    ("GET", f"/customers/{ID}", None, 200),
    ("PATCH", f"/customers/{ID}", CHANGES, 200),
    ("PUT", f"/customers/{ID}", REPLACED, 200),
    ("POST", f"/customers/{CUSTOMER}/subscriptions", SUBSCRIPTION, 201),
    ("GET", f"/customers/{ID}/subscriptions/string", None, 200),
    ("PUT", f"/customers/{ID}/subscriptions/string", SUBSCRIPTION, 200),
    ("POST", f"/customers/{ID}/sessions", {"value": "string"}, 201),
    ("GET", f"/customers/{ID}/sessions/{ID}", None, 200),
    ("POST", "/events", {**EVENT, "customerId": CUSTOMER}, 202),
    ("POST", "/events", {**EVENT, "bringBackProperties": WAITS}, 202),
    ("GET", f"/events/{ID}", None, 200),
    ("PUT", f"/events/{ID}", KNOWN, 202),
    ("PATCH", f"/events/{ID}", KNOWN, 202),
    ("GET", f"/stats/customers/update-date?nodeId={NODE}", None, 200),
    ("PUT", "/status", {"status": "ENABLED"}, 200),
]
IDS = [f"{number}-{method} {path}" for number, (method, path, *_) in enumerate(PRINTED)]


@pytest.fixture
def client(stand_in: Any) -> Iterator[httpx.Client]:
    """Client with the world's token, at the world's workspace."""
    known = stand_in.credentials("contacthub")
    url = f"{stand_in.url('contacthub')}/workspaces/{known['workspace']}"
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {known['token']}"}) as opened:
        yield opened


def send(client: httpx.Client, printed: Printed) -> None:
    """Send a request; fail if it gets another status than the page shows."""
    method, path, body, status = printed
    answer = client.request(method, path, json=body)
    assert answer.status_code == status, (path, answer.text)


@pytest.mark.parametrize("printed", PRINTED, ids=IDS)
def test_a_printed_request_works_alone(client: httpx.Client, printed: Printed) -> None:
    send(client, printed)


def test_the_printed_requests_work_in_the_page_s_order(client: httpx.Client) -> None:
    for printed in PRINTED:
        send(client, printed)


def test_the_printed_file_makes_a_bulk_job(client: httpx.Client) -> None:
    content = b"externalId,base.firstName,base.contacts.email\n100,John,Doe@example.com\n"
    form = {"operation": "INSERT", "entity": "CUSTOMER"}
    answer = client.post(f"/nodes/{NODE}/bulk-jobs", data=form, files={"file": ("customers.csv", content, "text/csv")})
    assert answer.status_code in {201, 202}, answer.text


def test_the_printed_workspace_is_made(stand_in: Any, client: httpx.Client) -> None:
    body = {"name": "string", "slug": "string", "groupPk": 0, "shard": "string"}
    answer = client.post(f"{stand_in.url('contacthub')}/workspaces", json=body)
    assert answer.status_code == 201, answer.text


def test_an_event_has_a_customer_or_the_means_to_find_one_not_both_as_printed(client: httpx.Client) -> None:
    both = {**EVENT, "customerId": CUSTOMER, "bringBackProperties": WAITS}
    answer = client.post("/events", json=both)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, "/bringBackProperties")


@pytest.mark.parametrize("name", PLACEHOLDERS)
def test_a_text_that_stands_for_another_is_refused_where_it_is_checked(client: httpx.Client, name: str) -> None:
    bodies: dict[str, Printed] = {
        "property1": ("PUT", f"{C}/retention-policy", {"property1": {"months": 0}}, 400),
        "properties of customers": ("POST", f"{N}/entries", {**ENTRY, "mandatoryProperties": ["string"]}, 400),
        "consent": ("PUT", f"{C}/consent-policy", {"viewedPage": ["string"]}, 400),
        "locale": ("PATCH", f"/customers/{ID}", {"base": {"locale": "string"}}, 400),
        "extended of customers": ("PATCH", f"/customers/{ID}", {"extended": {"property1": "value"}}, 400),
    }
    send(client, bodies[name])
