"""CRM.COM's older generation over HTTP: failures in the envelope, HTTP 200, and the methods that a token opens."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from understudy.state.faults import Fault

Json = dict[str, Any]

LOGIN = {"username": "pos.understudy", "password": "understudy-dev", "organisation": "understudy"}
OK = {"code": "OK", "message": "", "description": ""}
JSON = {"Content-Type": "application/json"}
POSTED = "00000000-0000-4000-8000-00000000c001"


@pytest.fixture
def client(stand_in: Any) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stand_in.url("crmcom")) as made:
        yield made


@pytest.fixture
def token(client: httpx.Client) -> str:
    found: str = client.post("/authentication/token", json=LOGIN).json()["data"]["token"]
    return found


def purchase(token: str, **changes: Any) -> Json:
    body = {
        "token": token,
        "accounts_receivable_identifier": {"access_token_identifier": {"authentication_code": "UNDERSTUDY0000000001"}},
        "classification_identifier": {"alternative_code": "IN-STORE"},
        "performed_by_unit_identifier": {"alternative_code": "EXAMPLE-OUTLET"},
        "performed_on": "2026-01-31T12:00:00+01:00",
        "reference_number": "V4-1",
        "products_set": [
            {
                "product_identifier": {"code": "EXAMPLE-ESPRESSO"},
                "quantity": 2,
                "net_amount": 90.0,
                "vat_amount": 9.0,
                "total_amount": 99.0,
            }
        ],
    }
    return {name: value for name, value in {**body, **changes}.items() if value != "left out"}


def failure(answer: httpx.Response) -> tuple[int, str]:
    """Return a failure's HTTP status and the code of its envelope, which has words and no data."""
    found = answer.json()
    assert found.keys() == {"status", "data"}
    assert found["data"] == {}
    assert found["status"]["message"] == found["status"]["description"] != ""
    return answer.status_code, found["status"]["code"]


def test_a_token_creates_shows_and_cancels_a_purchase(client: httpx.Client, token: str) -> None:
    made = client.post("/customer_events/purchases/create", json=purchase(token)).json()
    number = made["data"]["number"]
    query = {"token": token, "customer_event_identifier": f"number={number}"}
    shown = client.get("/customer_events/purchases/show", params=query).json()
    body = {"token": token, "customer_event_identifier": {"number": number}, "fields_set": "life_cycle_state"}
    cancelled = client.post("/customer_events/purchases/cancel", json=body).json()
    again = client.post("/customer_events/purchases/cancel", json=body)

    assert made["status"] == shown["status"] == cancelled["status"] == OK
    assert made["data"] == shown["data"]
    assert made["data"]["performed_on"] == "2026-01-31T11:00:00Z"
    assert cancelled["data"] == {"life_cycle_state": "CANCELLED"}
    assert failure(again) == (200, "INVALIDSTATEEXCEPTION")


def test_an_identifier_in_a_query_is_read_as_clients_write_it(client: httpx.Client, token: str) -> None:
    """They leave the second equals sign as it is."""
    answer = client.get(f"/customer_events/purchases/show?token={token}&customer_event_identifier=id={POSTED}")

    assert answer.json()["data"]["id"] == POSTED


def test_the_token_of_an_api_key_opens_the_methods_too(stand_in: Any, client: httpx.Client) -> None:
    key = stand_in.credentials("crmcom")["api_key"]
    answer = client.post("/authentication/web_api_key/token", auth=(key, "")).json()

    made = client.post("/customer_events/purchases/create", json=purchase(answer["data"]["token"])).json()
    assert made["status"] == OK


def test_a_token_does_not_open_purchases_and_a_key_does_not_open_the_older_methods(
    stand_in: Any, client: httpx.Client, token: str
) -> None:
    key = {"api_key": stand_in.credentials("crmcom")["api_key"]}
    query = {"customer_event_identifier": f"id={POSTED}"}

    assert client.get("/purchases", params={"token": token}).status_code == 401
    assert client.get("/purchases", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    shown = client.get("/customer_events/purchases/show", params=query, headers=key)
    assert failure(shown) == (200, "INVALIDREQUESTEXCEPTION")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/authentication/token", {**LOGIN, "password": "wrong"}),
        ("/authentication/token", {**LOGIN, "organisation": "other"}),
        ("/authentication/token/release", {"token": "none"}),
        ("/authentication/web_api_key/token", {}),
        ("/customer_events/purchases/create", purchase("none")),
        ("/customer_events/purchases/cancel", {"token": "none", "customer_event_identifier": {"id": POSTED}}),
    ],
)
def test_a_login_that_fails_comes_in_the_envelope_with_http_200(client: httpx.Client, path: str, body: Json) -> None:
    assert failure(client.post(path, json=body)) == (200, "INVALIDLOGINEXCEPTION")


@pytest.mark.parametrize("header", [{"Authorization": "Basic dW5rbm93bjo="}, {"Authorization": "Bearer x"}])
def test_an_api_key_that_is_unknown_comes_in_the_envelope_too(client: httpx.Client, header: dict[str, str]) -> None:
    answer = client.post("/authentication/web_api_key/token", headers=header)

    assert failure(answer) == (200, "INVALIDLOGINEXCEPTION")
    assert "understudy credentials" in answer.headers["understudy-hint"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"username": 5}', b"\xff", b"[" * 300])
@pytest.mark.parametrize("path", ["authentication/token", "customer_events/purchases/create"])
def test_a_body_that_breaks_the_schema_comes_in_the_envelope(client: httpx.Client, path: str, body: bytes) -> None:
    assert failure(client.post(path, content=body, headers=JSON)) == (200, "INVALIDREQUESTEXCEPTION")


def test_a_body_that_is_no_json_keeps_its_status_in_the_envelope(client: httpx.Client) -> None:
    answer = client.post("/authentication/token", content=b"a=1", headers={"Content-Type": "text/plain"})

    assert failure(answer) == (415, "UNSUPPORTEDMEDIATYPEEXCEPTION")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"performed_by_tap_identifier": {"code": "EXAMPLE-OUTLET"}}, "body: only one of performed_by_unit_identifier"),
        ({"performed_by_unit_identifier": None}, "body: one of performed_by_unit_identifier"),
        (
            {"accounts_receivable_identifier": {"id": "1", "number": "2"}},
            "body /accounts_receivable_identifier: only one of id, number may be given",
        ),
        (
            {"accounts_receivable_identifier": {"access_token_identifier": {}}},
            "body /accounts_receivable_identifier/access_token_identifier/authentication_code: ",
        ),
        ({"products_set": "left out"}, "body /products_set: products_set is required"),
        ({"performed_on": "2026-02-30T00:00:00Z"}, "body /performed_on: "),
    ],
)
def test_a_purchase_that_breaks_the_schema_is_refused_in_words(
    client: httpx.Client, token: str, changes: Json, words: str
) -> None:
    answer = client.post("/customer_events/purchases/create", json=purchase(token, **changes))

    assert failure(answer) == (200, "INVALIDREQUESTEXCEPTION")
    assert answer.json()["status"]["message"].startswith(words)


@pytest.mark.parametrize("identifier", ["", "number", "name=x", "id=", f"id={'x' * 65}"])
def test_an_identifier_of_another_form_is_refused(client: httpx.Client, token: str, identifier: str) -> None:
    query = {"token": token, "customer_event_identifier": identifier}

    answer = client.get("/customer_events/purchases/show", params=query)
    assert failure(answer) == (200, "INVALIDREQUESTEXCEPTION")


@pytest.mark.parametrize(
    ("status", "code"), [(503, "SERVICEUNAVAILABLE"), (429, "TOOMANYREQUESTS"), (500, "INTERNALSERVERERROR")]
)
def test_a_fault_keeps_its_status_in_the_envelope(stand_in: Any, client: httpx.Client, status: int, code: str) -> None:
    fault = Fault("status", "crmcom", "create_token", times=1, status=status)
    stand_in.world.faults.add(fault, stand_in.world.clock.timestamp())

    assert failure(client.post("/authentication/token", json=LOGIN)) == (status, f"{code}EXCEPTION")
    assert client.post("/authentication/token", json=LOGIN).json()["status"] == OK


def test_the_journal_shows_neither_token_nor_quoted_password(stand_in: Any, client: httpx.Client, token: str) -> None:
    client.get("/customer_events/purchases/show", params={"token": token, "customer_event_identifier": "id=x"})
    client.post("/authentication/token", json={**LOGIN, "password": "s3cret-" * 20})

    url = f"{stand_in.root}/_understudy/api/worlds/{stand_in.world_name}/journal"
    text = httpx.get(url, params={"vendor": "crmcom"}).text
    assert token not in text
    assert "s3cret-" not in text
    assert "INVALIDREQUESTEXCEPTION" in text
