"""Requests as printed on the vendor's page, and a typical integration, over HTTP."""

from collections.abc import Iterator
from hashlib import md5, sha256
from typing import Any
from urllib.parse import quote

import httpx
import pytest

PROBLEM = {"type", "title", "status", "detail", "instance"}


@pytest.fixture
def client(stand_in: Any) -> Iterator[httpx.Client]:
    headers = {"x-api-key": stand_in.credentials("ecdp")["api_key"], "Content-Type": "application/json"}
    with httpx.Client(base_url=stand_in.url("ecdp"), headers=headers) as made:
        yield made


@pytest.fixture
def occurrences(stand_in: Any) -> Any:
    """Stored occurrences: no operation returns them, since the vendor shows them only in its web application."""
    return stand_in.world.vendors["ecdp"].collection("occurrences")


@pytest.fixture
def customer(stand_in: Any, client: httpx.Client) -> dict[str, Any]:
    reply = client.get(f"/customers/email/{quote(stand_in.credentials('ecdp')['customer_email'], safe='')}")
    assert reply.status_code == 200
    found: dict[str, Any] = reply.json()["data"]
    return found


def check_problem(reply: httpx.Response, status: int) -> dict[str, Any]:
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = reply.json()
    assert body.keys() >= PROBLEM
    assert body["status"] == status
    return body


def test_the_event_printed_on_the_page_is_created(
    client: httpx.Client, customer: dict[str, Any], occurrences: Any
) -> None:
    email = customer["email"].lower().encode()
    event = {
        "customEventId": 1,
        "customerId": customer["id"],
        "customerEmail": customer["email"],
        "customerEmailMd5": md5(email, usedforsecurity=False).hexdigest(),
        "customerEmailSha256": sha256(email).hexdigest(),
        "customerPhone": customer["phone"],
        "customerCrmId": customer["crmId"],
        "dataFields": [{"name": "basket", "type": "String", "value": "B-1001"}],
    }
    reply = client.post("/scenariocustomevents", json=event)
    assert (reply.status_code, reply.content) == (201, b"")
    (kept,) = occurrences
    assert (kept["customEventId"], kept["customerId"]) == (1, customer["id"])
    assert kept["dataFields"] == event["dataFields"]


def test_the_segments_printed_on_the_page_are_taken(client: httpx.Client, occurrences: Any) -> None:
    event = {
        "customEventId": 2,
        "segments": [1, 5, 15],
        "dataFields": [{"name": "campaign", "type": "String", "value": "Spring"}],
    }
    reply = client.post("/scenariocustomevents/withsegments", json=event)
    assert (reply.status_code, reply.content) == (201, b"")
    customers = [kept["customerId"] for kept in occurrences]
    assert customers
    assert len(customers) == len(set(customers))


@pytest.mark.parametrize("kind", ["String", "Text", "Number", "Money", "Date", "DateTime", "Boolean", "URL"])
def test_every_type_of_data_on_the_page_is_taken(client: httpx.Client, customer: dict[str, Any], kind: str) -> None:
    fields = [{"name": "field", "type": kind, "value": "1"}]
    event = {"customEventId": 1, "customerId": str(customer["id"]), "dataFields": fields}
    assert client.post("/scenariocustomevents", json=event).status_code == 201


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/scenariocustomevents", {}),
        ("/scenariocustomevents", {"customEventId": 1}),
        ("/scenariocustomevents", {"customEventId": 1, "customerEmail": None, "customerPhone": ""}),
        ("/scenariocustomevents", {"customEventId": "one", "customerId": 1}),
        ("/scenariocustomevents", {"customEventId": 1, "customerEmail": "x" * 321}),
        ("/scenariocustomevents", {"customEventId": 1, "customerEmailMd5": "0" * 33}),
        ("/scenariocustomevents", {"customEventId": 1, "customerEmailSha256": "0" * 65}),
        ("/scenariocustomevents", {"customEventId": 1, "customerPhone": "0" * 21}),
        ("/scenariocustomevents", {"customEventId": 1, "customerCrmId": "0" * 129}),
        ("/scenariocustomevents", {"customEventId": 1, "customerId": 1, "dataFields": [{"type": "Colour"}]}),
        ("/scenariocustomevents/withsegments", {"customEventId": 2}),
        ("/scenariocustomevents/withsegments", {"customEventId": 2, "segments": 1}),
        ("/scenariocustomevents/withsegments", {"customEventId": 2, "segments": []}),
        ("/scenariocustomevents/withsegments", {"segments": [1]}),
    ],
)
def test_a_missing_or_invalid_parameter_is_a_bad_request(client: httpx.Client, path: str, body: dict[str, Any]) -> None:
    problem = check_problem(client.post(path, json=body), 400)
    assert problem["errors"]
    assert all(isinstance(each, str) for each in problem["errors"])
    assert problem["substatus"] == "CustomerInvalidModelState"


def test_a_missing_identifier_is_named_as_such(client: httpx.Client) -> None:
    problem = check_problem(client.post("/scenariocustomevents", json={"customEventId": 1}), 400)
    assert "At least one customer identifier is required." in problem["errors"]


def test_a_missing_or_unknown_key_is_unauthorized(stand_in: Any) -> None:
    for headers in ({}, {"x-api-key": "not a key of this business unit"}):
        with httpx.Client(base_url=stand_in.url("ecdp"), headers=headers) as stranger:
            for path in ("/scenariocustomevents", "/scenariocustomevents/withsegments", "/customers"):
                check_problem(stranger.post(path, json={}), 401)
            check_problem(stranger.get("/customerconsents"), 401)


def test_what_is_not_on_the_server_is_not_found(client: httpx.Client) -> None:
    for path, body in (
        ("/scenariocustomevents", {"customEventId": 424242, "customerId": 1}),
        ("/scenariocustomevents", {"customEventId": 1, "customerEmail": "nobody.at.all@example.com"}),
        ("/scenariocustomevents/withsegments", {"customEventId": 424242, "segments": [1]}),
        ("/scenariocustomevents/withsegments", {"customEventId": 1, "segments": [424242]}),
    ):
        assert "errors" not in check_problem(client.post(path, json=body), 404)


def test_a_client_that_cannot_unpack_gets_plain_answers(client: httpx.Client) -> None:
    reply = client.get("/customerattributes", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in reply.headers
    assert reply.json()["status"] == 0


def test_an_integration_manages_its_customers(client: httpx.Client) -> None:
    consents = {each["type"]: each["id"] for each in client.get("/customerconsents").json()["data"]}
    names = {each["type"]: each["name"] for each in client.get("/customerattributes").json()["data"]}
    email = "kaja.moe+shop@example.com"
    record = {
        "email": email,
        "phone": "+4799900011",
        "crmId": "shop/4711",
        "firstName": "Kaja",
        "customAttributes": [{"name": names["Number"], "value": "39"}],
        "consentsData": {"consents": [{"id": consents["Email"], "value": "True"}], "force": False},
    }

    added = client.post("/customers", json={"mode": "Add", "matchBy": "Email", "data": [record]})
    assert added.status_code == 201
    (number,) = added.json()["data"]
    read = client.get(f"/customers/id/{number}").json()
    assert read["data"]["consentsData"]["consents"] == [{"id": consents["Email"], "value": "True"}]
    for path in (f"email/{quote(email, safe='')}", "phone/%2B4799900011", "crmId/shop%2F4711"):
        assert client.get(f"/customers/{path}").json() == read

    check_problem(client.post("/customers", json={"mode": "Add", "matchBy": "Email", "data": [record]}), 400)

    changes = {"crmId": "shop/4711", "lastName": "Moe", "consentsData": {"consents": [{"id": "1", "value": "False"}]}}
    changed = client.post("/customers", json={"mode": "Update", "matchBy": "CrmId", "data": [changes]})
    assert (changed.status_code, changed.json()["data"]) == (201, [number])
    found = client.get(f"/customers/id/{number}").json()["data"]
    assert (found["firstName"], found["lastName"]) == ("Kaja", "Moe")
    assert found["consentsData"]["consents"] == [{"id": 1, "value": "False"}]

    assert client.post("/scenariocustomevents", json={"customEventId": 3, "customerEmail": email}).status_code == 201
    check_problem(client.get("/customers/id/424242"), 404)
    check_problem(client.get("/customers/id/kaja"), 400)


@pytest.mark.parametrize(
    ("match_by", "record"),
    [
        ("Email", {"phone": "+4799900012"}),
        ("Email", {"email": None}),
        ("PhoneNumber", {"phone": "+47 999 00 012"}),
        ("CrmId", {"crmId": ""}),
        ("Telephone", {"email": "kaja.moe@example.com"}),
    ],
)
def test_a_customer_without_the_matching_field_is_a_bad_request(
    client: httpx.Client, match_by: str, record: dict[str, Any]
) -> None:
    body = {"mode": "AddOrUpdate", "matchBy": match_by, "data": [record]}
    assert check_problem(client.post("/customers", json=body), 400)["errors"]
