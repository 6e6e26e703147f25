"""Requests as printed on TWC's page, and a typical integration, over HTTP.

Values are made up where the page has placeholders; method, path, headers and the shape of bodies are the page's.
"""

from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Protocol

import httpx
import pytest

from understudy.core.clock import Clock

API = "/services/eventcollector/api/v1"
FAULT = b64encode(b'{"code":"STOCK_UNKNOWN"}').decode()
PAYLOAD = b64encode(b'{"sku":"under-1","stock":4}').decode()
EVENT = {
    "entity_id": "under-1",
    "entity_name": "INVENTORY_LEVEL",
    "event_payload": {
        "base64_encoded_fault_json": FAULT,
        "base64_encoded_payload_json": PAYLOAD,
        "entity_id": "under-1",
        "key_attributes": {"additionalProp1": "one", "additionalProp2": "two", "additionalProp3": "three"},
        "operation": "BULK_CREATE",
    },
    "event_source": "APPLICATION",
    "event_type": "ENTITY_EVENT",
    "id": "stock-2026-01",
}
SUBSCRIPTION = {
    "active": True,
    "destination": {
        "sqs": {
            "accessKey": "made-up-key",
            "accessSecret": "made-up-secret",
            "queueUrl": "https://sqs.ap-southeast-2.amazonaws.com/210987654321/stock",
            "region": "ap-southeast-2",
        },
        "type": "SNS",
    },
    "entityType": "CUSTOMER",
    "id": "customers-to-topic",
    "subscribeChange": True,
    "subscribeCreate": True,
    "subscribeDelete": True,
}
JOB_CHANGES = {
    "deleted": True,
    "is_active": True,
    "is_scheduled": True,
    "job_parameters": {"campaign_id": "back-soon", "utm_medium": "email"},
    "notification": "BACK_IN_STOCK",
    "number_of_items_in_email": 0,
    "schedule": "0 0 8 ? * *",
    "scheduleExpression": "0 8 * * *",
    "template_id": "d-under-1",
}
JOB = {**JOB_CHANGES, "id": "back-in-stock-mail"}
UNDELETED_JOB = {**JOB, "deleted": False}


class StandIn(Protocol):
    """Fixture that starts a server."""

    clock: Clock

    def url(self, vendor: str) -> str: ...
    def credentials(self, vendor: str) -> dict[str, Any]: ...


def token_of(stand_in: StandIn, suffix: str = "") -> str:
    credentials = stand_in.credentials("twc")
    answer = httpx.post(
        f"{stand_in.url('twc')}/auth/realms/{credentials['tenant']}{suffix}/protocol/openid-connect/token",
        data={
            "grant_type": "client_credentials",
            "client_id": credentials["client_id"] + suffix,
            "client_secret": credentials["client_secret"] + suffix,
        },
    )
    assert answer.status_code == 200
    return str(answer.json()["access_token"])


def client_of(stand_in: StandIn, suffix: str = "") -> httpx.Client:
    headers = {
        "Authorization": f"Bearer {token_of(stand_in, suffix)}",
        "X-TWC-Tenant": stand_in.credentials("twc")["tenant"] + suffix,
    }
    return httpx.Client(base_url=stand_in.url("twc") + API, headers=headers)


@pytest.fixture
def client(stand_in: StandIn) -> Iterator[httpx.Client]:
    with client_of(stand_in) as signed_in:
        yield signed_in


def test_create_and_find_event(client: httpx.Client) -> None:
    created = client.post("/events", json=EVENT)
    assert (created.status_code, created.json()) == (201, EVENT)
    found = client.get("/events/stock-2026-01", headers={"Content-Type": "application/json"})
    assert (found.status_code, found.json()) == (200, EVENT)


@pytest.mark.parametrize(
    "event_type",
    "ORDER ORDER_ENTRY CUSTOMER ADDRESS PRODUCT VARIANT_PRODUCT INVENTORY_LEVEL INVENTORY_LOCATION INVENTORY_ITEM STORE"
    " MERCHANT WISHLIST WISHLIST_ITEM OTHER EVENT FAULT".split(),
)
def test_every_printed_event_type_is_taken(client: httpx.Client, event_type: str) -> None:
    created = client.post("/events", json={**EVENT, "event_type": event_type})
    assert (created.status_code, created.json()["event_type"]) == (201, event_type)


def test_create_find_and_list_subscription(client: httpx.Client) -> None:
    created = client.post("/event-subscription", json=SUBSCRIPTION)
    assert (created.status_code, created.json()) == (201, SUBSCRIPTION)
    found = client.get("/event-subscription/customers-to-topic", headers={"Content-Type": "application/json"})
    assert (found.status_code, found.json()) == (200, SUBSCRIPTION)
    listed = client.get("/event-subscription", headers={"Content-Type": "application/json"})
    assert listed.status_code == 200
    assert SUBSCRIPTION in listed.json()


def test_update_subscription(client: httpx.Client) -> None:
    client.post("/event-subscription", json={**SUBSCRIPTION, "subscribeDelete": False})
    updated = client.put("/event-subscription", json=SUBSCRIPTION)
    assert (updated.status_code, updated.json()) == (201, SUBSCRIPTION)
    assert client.get("/event-subscription/customers-to-topic").json() == SUBSCRIPTION


def test_deactivate_subscription(client: httpx.Client) -> None:
    client.post("/event-subscription", json=SUBSCRIPTION)
    path = "/event-subscription/customers-to-topic"
    deactivated = client.put(f"{path}/deactivate", headers={"Content-Type": "application/json"})
    assert (deactivated.status_code, deactivated.json()) == (
        200,
        {"body": {}, "statusCode": "ACCEPTED", "statusCodeValue": 0},
    )
    assert client.get(path).status_code == 404
    assert path.rsplit("/", 1)[1] not in [found["id"] for found in client.get("/event-subscription").json()]


def test_create_job(client: httpx.Client) -> None:
    created = client.post("/jobs", json=JOB)
    assert (created.status_code, created.json()) == (201, JOB)
    assert client.post("/jobs", json=JOB).json()["message"] == "error.idexists"


def test_update_job(client: httpx.Client) -> None:
    client.post("/jobs", json={"id": JOB["id"], "notification": "REMINDER"})
    updated = client.put("/jobs/back-in-stock-mail", json=JOB_CHANGES)
    assert (updated.status_code, updated.json()) == (200, JOB)
    assert client.put("/jobs/back-in-stock-mail", json={"deleted": False}).json() == UNDELETED_JOB


def test_delete_job(client: httpx.Client) -> None:
    client.post("/jobs", json=UNDELETED_JOB)
    deleted = client.post("/jobs/back-in-stock-mail", headers={"Content-Type": "application/json"})
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert client.post("/jobs/back-in-stock-mail").status_code == 404


def test_switch_job(client: httpx.Client) -> None:
    client.post("/jobs", json=UNDELETED_JOB)
    for word, is_active in (("false", False), ("true", True)):
        switched = client.put("/jobs/active/back-in-stock-mail", params={"is_active": word})
        assert (switched.status_code, switched.json()) == (200, {**UNDELETED_JOB, "is_active": is_active})
    assert client.put("/jobs/back-in-stock-mail", json={}).json() == UNDELETED_JOB


def test_a_wrong_secret_gets_no_token(stand_in: StandIn) -> None:
    credentials = stand_in.credentials("twc")
    answer = httpx.post(
        f"{stand_in.url('twc')}/auth/realms/{credentials['tenant']}/protocol/openid-connect/token",
        data={"grant_type": "client_credentials", "client_id": credentials["client_id"], "client_secret": "guessed"},
    )
    assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized_client")


def test_an_unknown_realm_gives_no_token(stand_in: StandIn) -> None:
    answer = httpx.post(
        f"{stand_in.url('twc')}/auth/realms/nobody/protocol/openid-connect/token",
        data={"grant_type": "client_credentials", "client_id": "any", "client_secret": "any"},
    )
    assert (answer.status_code, answer.json()) == (404, {"error": "Realm does not exist"})


def test_a_form_without_grant_type_is_refused_in_keycloaks_words(stand_in: StandIn) -> None:
    url = f"{stand_in.url('twc')}/auth/realms/understudy/protocol/openid-connect/token"
    answer = httpx.post(url, data={"client_id": "understudy-client", "client_secret": "understudy-secret"})
    assert (answer.status_code, answer.json()) == (
        400,
        {"error": "invalid_request", "error_description": "Missing form parameter: grant_type"},
    )


@pytest.mark.parametrize("credential", [None, "", "Bearer", "Bearer guessed", "Basic dW5kZXI6c3R1ZHk=", "Bearer a b"])
def test_a_call_without_a_good_token_is_refused(client: httpx.Client, credential: str | None) -> None:
    client.headers.pop("Authorization")
    headers = {} if credential is None else {"Authorization": credential}
    answer = client.get("/event-subscription", headers=headers)
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")
    assert answer.json()["message"] == "error.http.401"


def test_a_call_without_tenant_is_refused(client: httpx.Client) -> None:
    client.headers.pop("X-TWC-Tenant")
    answer = client.get("/event-subscription")
    assert (answer.status_code, answer.json()["fieldErrors"][0]["field"]) == (400, "X-TWC-Tenant")


def test_a_call_for_another_tenant_is_refused(client: httpx.Client) -> None:
    answer = client.get("/event-subscription", headers={"X-TWC-Tenant": "understudy-two"})
    assert (answer.status_code, answer.json()["message"]) == (403, "error.http.403")


@pytest.mark.parametrize(
    ("method", "path", "body", "message"),
    [
        ("POST", "/events", {**EVENT, "event_type": "PARTY"}, "error.http.400"),
        ("POST", "/events", {**EVENT, "event_payload": {"operation": "READ", "entity_id": 7}}, "error.http.400"),
        ("POST", "/events", {**EVENT, "event_payload": {"operation": None}}, "error.validation"),
        ("POST", "/events", {**EVENT, "id": "a/b"}, "error.validation"),
        ("POST", "/event-subscription", {**SUBSCRIPTION, "destination": {"type": "SQS"}}, "error.validation"),
        ("PUT", "/event-subscription", {"entityType": "ORDER", "destination": {"type": "SNS"}}, "error.idnull"),
        ("PUT", "/event-subscription", {**SUBSCRIPTION, "id": None}, "error.idnull"),
        ("POST", "/jobs", {"schedule": "0 8 * * *"}, "error.validation"),
        ("POST", "/jobs", {**JOB, "schedule": "daily"}, "error.validation"),
        ("POST", "/jobs", {**JOB, "schedule": "0 0 25 ? * *"}, "error.validation"),
        ("POST", "/jobs", {**JOB, "number_of_items_in_email": -2}, "error.validation"),
        ("PUT", "/jobs/f3d2a1b0-4c5e-4f60-8a71-9b8c7d6e5f01", {"id": "other"}, "error.idinvalid"),
    ],
)  # fmt: skip
def test_a_body_that_does_not_fit_is_refused(
    client: httpx.Client, method: str, path: str, body: dict[str, Any], message: str
) -> None:
    answer = client.request(method, path, json=body)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["message"] == message


def test_a_token_runs_out_and_a_new_one_goes_on(stand_in: StandIn, client: httpx.Client) -> None:
    stand_in.clock.move(timedelta(minutes=6))
    assert client.get("/event-subscription").status_code == 401
    client.headers["Authorization"] = f"Bearer {token_of(stand_in)}"
    assert client.get("/event-subscription").status_code == 200


def test_a_typical_integration_works_from_start_to_end(stand_in: StandIn, client: httpx.Client) -> None:
    queue = {"type": "SQS", "sqs": {"queueUrl": "https://sqs.ap-southeast-2.amazonaws.com/210987654321/wishes"}}
    created = client.post("/event-subscription", json={"entityType": "WISHLIST", "destination": queue}).json()
    changed = {**created, "subscribeCreate": True, "subscribeDelete": True}
    assert client.put("/event-subscription", json=changed).json() == changed

    event = client.post("/events", json={**EVENT, "id": None}).json()
    assert client.get(f"/events/{event['id']}").json() == event
    assert client.post("/events", json=event).json()["message"] == "error.idexists"

    job = client.post("/jobs", json={"notification": "PRICE_DROP", "schedule": "0 0 9 ? * MON"}).json()
    assert (job["is_active"], job["is_scheduled"], job["deleted"]) == (True, True, False)
    assert client.put(f"/jobs/{job['id']}", json={"template_id": "d-2"}).json() == {**job, "template_id": "d-2"}

    with client_of(stand_in, "-two") as neighbour:
        assert neighbour.get(f"/events/{event['id']}").status_code == 404
        assert neighbour.post(f"/jobs/{job['id']}").status_code == 404
        assert neighbour.put("/event-subscription", json=changed).status_code == 404

    assert client.post(f"/jobs/{job['id']}").status_code == 204
    assert client.put(f"/event-subscription/{created['id']}/deactivate").status_code == 200
    assert client.get(f"/event-subscription/{created['id']}").status_code == 404
