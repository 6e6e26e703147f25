"""Requests of TWC's page, pasted as they are printed: each alone in a new world, and all in the page's order."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

API = "/services/eventcollector/api/v1"
EVENT = {
    "entity_id": "string",
    "entity_name": "string",
    "event_payload": {
        "base64_encoded_fault_json": "string",
        "base64_encoded_payload_json": "string",
        "entity_id": "string",
        "key_attributes": {"additionalProp1": "string", "additionalProp2": "string", "additionalProp3": "string"},
        "operation": "BULK_CREATE",
    },
    "event_source": "APPLICATION",
    "event_type": "ENTITY_EVENT",
    "id": "string",
}
SUBSCRIPTION = {
    "active": True,
    "destination": {
        "sqs": {"accessKey": "string", "accessSecret": "string", "queueUrl": "string", "region": "string"},
        "type": "SNS",
    },
    "entityType": "CUSTOMER",
    "id": "string",
    "subscribeChange": True,
    "subscribeCreate": True,
    "subscribeDelete": True,
}
JOB_CHANGES = {
    "deleted": True,
    "is_active": True,
    "is_scheduled": True,
    "job_parameters": {"campaign_id": "string", "utm_medium": "string"},
    "notification": "BACK_IN_STOCK",
    "number_of_items_in_email": 0,
    "schedule": "string",
    "scheduleExpression": "string",
    "template_id": "string",
}
JOB = {**JOB_CHANGES, "id": "string"}

Printed = tuple[str, str, Any, int, Any]
PRINTED: list[Printed] = [
    ("POST", "/events", EVENT, 201, EVENT),
    ("GET", "/events/string", None, 200, EVENT),
    ("POST", "/event-subscription", SUBSCRIPTION, 201, SUBSCRIPTION),
    ("PUT", "/event-subscription", SUBSCRIPTION, 201, SUBSCRIPTION),
    ("GET", "/event-subscription", None, 200, None),
    ("GET", "/event-subscription/string", None, 200, SUBSCRIPTION),
    (
        "PUT",
        "/event-subscription/string/deactivate",
        None,
        200,
        {"body": {}, "statusCode": "ACCEPTED", "statusCodeValue": 0},
    ),
    ("POST", "/jobs", JOB, 201, JOB),
    ("PUT", "/jobs/string", JOB_CHANGES, 200, JOB),
    ("POST", "/jobs/string", None, 204, None),
]


@pytest.fixture
def client(stand_in: Any) -> Iterator[httpx.Client]:
    known = stand_in.credentials("twc")
    form = {name: known[name] for name in ("client_id", "client_secret")}
    url = f"{stand_in.url('twc')}/auth/realms/{known['tenant']}/protocol/openid-connect/token"
    token = httpx.post(url, data={"grant_type": "client_credentials", **form}).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "X-TWC-Tenant": known["tenant"], "Content-Type": "application/json"}
    with httpx.Client(base_url=stand_in.url("twc") + API, headers=headers) as made:
        yield made


def check(client: httpx.Client, printed: Printed) -> None:
    method, path, body, status, answer = printed
    response = client.request(method, path, json=body) if body else client.request(method, path)
    assert response.status_code == status, response.text
    if answer is not None:
        assert response.json() == answer


@pytest.mark.parametrize("printed", PRINTED, ids=lambda printed: f"{printed[0]} {printed[1]}")
def test_each_printed_request_works_when_it_is_pasted_alone(client: httpx.Client, printed: Printed) -> None:
    check(client, printed)


def test_all_printed_requests_work_in_the_order_of_the_page(client: httpx.Client) -> None:
    for printed in PRINTED:
        check(client, printed)


def test_a_printed_creation_is_refused_the_second_time(client: httpx.Client) -> None:
    for path, body in (("/events", EVENT), ("/event-subscription", SUBSCRIPTION), ("/jobs", JOB)):
        assert client.post(path, json=body).status_code == 201
        assert client.post(path, json=body).json()["message"] == "error.idexists"


def test_the_pages_objects_are_not_listed_before_they_are_created(client: httpx.Client) -> None:
    assert "string" not in [each["id"] for each in client.get("/event-subscription").json()]
    client.post("/event-subscription", json=SUBSCRIPTION)
    assert "string" in [each["id"] for each in client.get("/event-subscription").json()]


@pytest.mark.parametrize("text", ["#", "", "not base64", "ä"])
def test_the_base64_fields_are_strings(client: httpx.Client, text: str) -> None:
    payload = {"operation": "READ", "base64_encoded_fault_json": text, "base64_encoded_payload_json": text}
    stored = client.post("/events", json={**EVENT, "id": None, "event_payload": payload})
    assert (stored.status_code, stored.json()["event_payload"]) == (201, payload)


def test_a_null_property_of_the_caller_counts_as_absent(client: httpx.Client) -> None:
    payload = {"operation": "READ", "key_attributes": {"kept": "yes", "gone": None}}
    stored = client.post("/events", json={**EVENT, "id": None, "event_payload": payload})
    assert stored.json()["event_payload"]["key_attributes"] == {"kept": "yes"}


@pytest.mark.parametrize("schedule", ["daily", "0 61 9 15W * ?", "0 0 9 ? * ?", "9", 9])
def test_two_faults_of_a_schedule_are_answered_alike(client: httpx.Client, schedule: Any) -> None:
    answer = client.post("/jobs", json={**JOB, "schedule": schedule}).json()
    if isinstance(schedule, str):
        assert answer["fieldErrors"] == [{"objectName": "job", "field": "schedule", "message": "Pattern"}]
    else:
        assert (answer["message"], answer["detail"][:29]) == ("error.http.400", "JSON parse error: schedule: 9")


def test_the_settings_of_a_tenant_are_read_by_its_widgets(client: httpx.Client) -> None:
    answer = client.get("/custom/configs/public", headers={"Origin": "http://localhost:5173"})
    assert (answer.status_code, answer.json()) == (200, {"websiteRecommendations": {"engine": "TWC"}})
    assert answer.headers["access-control-allow-origin"] in {"*", "http://localhost:5173"}


def test_the_settings_are_refused_without_a_token(client: httpx.Client) -> None:
    client.headers.pop("Authorization")
    assert client.get("/custom/configs/public").status_code == 401
    client.headers.pop("X-TWC-Tenant")
    assert client.get("/custom/configs/public").status_code == 401


def test_the_settings_of_another_tenant_are_refused(client: httpx.Client) -> None:
    assert client.get("/custom/configs/public", headers={"X-TWC-Tenant": "understudy-two"}).status_code == 403


@pytest.mark.parametrize("path", ["/events", "/jobs", "/custom/configs/public"])
def test_a_widget_may_send_the_three_headers(client: httpx.Client, path: str) -> None:
    asked = {
        "Origin": "http://localhost:5173",
        "Access-Control-Request-Method": "GET" if path.startswith("/custom") else "POST",
        "Access-Control-Request-Headers": "authorization,content-type,x-twc-tenant",
    }
    answer = httpx.options(f"{client.base_url}{path.removeprefix('/')}", headers=asked)
    assert answer.is_success
    assert answer.headers["access-control-allow-origin"] in {"*", "http://localhost:5173"}
    assert answer.headers["access-control-allow-headers"] == "authorization,content-type,x-twc-tenant"
