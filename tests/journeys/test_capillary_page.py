"""Requests as printed on Capillary's page, and a typical integration, over HTTP."""

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.conftest import StandIn

Json = dict[str, Any]

DONE: Json = {"warnings": [], "errors": []}
COOKIE = {"Cookie": "_cfuvid=one; _cfuvid=two"}
OFF = {"valueType": "Boolean", "value": "false"}
ON = {"valueType": "Boolean", "value": "true"}

GROUP_USER_EVENT: Json = {
    "eventName": "Group_User_Event",
    "actions": ["EMFConsumer"],
    "fields": [
        {"attributes": {"addCustomerIfNotExists": ON}, "type": "customer", "name": "customer"},
        {"attributes": {"isRequired": OFF}, "type": "tillCode", "name": "String"},
        {"attributes": {"isRequired": OFF}, "type": "groupId", "name": "enum"},
    ],
}
TEST_BE_DEMO: Json = {
    "eventName": "TestBE-Demo",
    "actions": ["EIConsumer"],
    "description": "Changed by a test",
    "fields": [
        {"name": "customer", "type": "customer", "attributes": {"addCustomerIfNotExists": OFF}},
        {"name": "String", "type": "tillCode", "attributes": {"isRequired": OFF}},
        {"name": "enum", "type": "tillCode", "attributes": {"isRequired": OFF}},
    ],
}


@pytest.fixture
def client(stand_in: StandIn) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stand_in.url("capillary")) as opened:
        yield opened


@pytest.fixture
def till(stand_in: StandIn) -> dict[str, str]:
    credentials = stand_in.credentials("capillary")
    digest = hashlib.md5(credentials["password"].encode()).hexdigest()  # noqa: S324 - the vendor's wire format
    pair = f"{credentials['username']}:{digest}".encode()
    return {"Authorization": f"Basic {b64encode(pair).decode()}"}


@pytest.fixture
def token(stand_in: StandIn, client: httpx.Client) -> dict[str, str]:
    credentials = stand_in.credentials("capillary")
    answer = client.post("/v3/oauth/token/generate", json={"key": credentials["key"], "secret": credentials["secret"]})
    assert answer.status_code == 200
    return {"X-CAP-API-OAUTH-TOKEN": answer.json()["data"]["accessToken"]}


def meta_of(client: httpx.Client, headers: dict[str, str], name: str) -> Json:
    answer = client.get("/v2/events/meta", params={"event_name": name}, headers=headers)
    assert answer.status_code == 200
    found: Json = answer.json()["clickEventsMeta"]
    return found


def code_of(answer: httpx.Response) -> int:
    assert answer.status_code == 400
    assert answer.json()["warnings"] == []
    return int(answer.json()["errors"][0]["code"])


def test_the_pages_first_request_replaces_the_event(client: httpx.Client, till: dict[str, str]) -> None:
    answer = client.put("/v2/events", json=GROUP_USER_EVENT, headers={**till, **COOKIE})

    assert (answer.status_code, answer.json()) == (200, DONE)
    meta = meta_of(client, till, "Group_User_Event")
    assert meta["actions"] == ["EMFConsumer"]
    assert "description" not in meta
    assert [(field["name"], field["type"]) for field in meta["fields"]] == [
        ("customer", "CUSTOMER"),
        ("String", "TILLCODE"),
        ("enum", "GROUPID"),
    ]
    customer, code, group = (field["attributes"] for field in meta["fields"])
    assert customer == {
        "accountId": {"valueType": "ENUM"},
        "addCustomerIfNotExists": ON,
        "identifierType": {"value": "mobile", "valueType": "ENUM"},
        "isRequired": {"value": "true", "valueType": "BOOLEAN"},
        "source": {"value": "INSTORE", "valueType": "ENUM"},
    }
    assert code == {"isRequired": OFF, "isUniqueKeyField": {"value": "false", "valueType": "BOOLEAN"}}
    assert group["isRequired"] == OFF
    assert group["groupIdentifierType"]["value"] == "GroupExternalId"


def test_the_pages_second_request_is_taken_with_both_credentials(
    client: httpx.Client, till: dict[str, str], token: dict[str, str]
) -> None:
    answer = client.put("/v2/events", json=TEST_BE_DEMO, headers={**token, **COOKIE, **till})

    assert (answer.status_code, answer.json()) == (200, DONE)
    meta = meta_of(client, token, "TestBE-Demo")
    assert meta["description"] == "Changed by a test"
    assert [field["type"] for field in meta["fields"]] == ["CUSTOMER", "TILLCODE", "TILLCODE"]


def test_an_update_sent_twice_changes_nothing_more(
    stand_in: StandIn, client: httpx.Client, till: dict[str, str]
) -> None:
    stand_in.clock.set(rate=0)
    client.put("/v2/events", json=TEST_BE_DEMO, headers=till)
    once = client.get("/v2/events", headers=till).json()
    client.put("/v2/events", json=TEST_BE_DEMO, headers=till)

    assert client.get("/v2/events", headers=till).json() == once


def test_a_token_that_is_shown_decides(client: httpx.Client, till: dict[str, str], token: dict[str, str]) -> None:
    nobody = {"Authorization": "Basic bm9ib2R5Om5vdGhpbmc="}

    assert client.get("/v2/events", headers={**token, **nobody}).status_code == 200
    assert client.get("/v2/events", headers={**till, "X-CAP-API-OAUTH-TOKEN": ""}).status_code == 200
    for headers in ({**till, "X-CAP-API-OAUTH-TOKEN": "stale"}, nobody):
        refused = client.get("/v2/events", headers=headers)
        assert refused.status_code == 401
        assert refused.json()["errors"][0]["message"] == "Authentication failed. Please check username and password."


def test_a_token_lasts_half_an_hour(stand_in: StandIn, client: httpx.Client, token: dict[str, str]) -> None:
    stand_in.clock.move(timedelta(minutes=29))
    assert client.get("/v2/events", headers=token).status_code == 200

    stand_in.clock.move(timedelta(minutes=1))

    assert client.get("/v2/events", headers=token).status_code == 401


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"eventName": ""}, 1811),
        ({"eventName": "TableBooked"}, 1806),
        ({"actions": ["SMSConsumer"]}, 1810),
        ({"actions": None}, 1810),
        ({"fields": [{"name": "hue", "type": "colour"}]}, 1823),
        ({"fields": [{"name": "who", "type": "customer", "attributes": {"isRequired": None}}]}, 1802),
        ({"fields": [{"name": "who", "type": "customer", "attributes": {"isRequired": {"value": "maybe"}}}]}, 1802),
    ],
    ids="nameless taken unknown-action no-actions unknown-type null-attribute odd-attribute".split(),
)
def test_a_wrong_definition_is_refused_with_its_code(
    client: httpx.Client, till: dict[str, str], change: Json, code: int
) -> None:
    body = {"eventName": "DoorOpened", "actions": ["EMFConsumer"], "fields": [{"name": "who", "type": "customer"}]}

    assert code_of(client.post("/v2/events", json={**body, **change}, headers=till)) == code
    assert client.post("/v2/events", json=body, headers=till).json() == DONE


def test_an_unknown_field_type_is_refused_in_the_vendors_words(client: httpx.Client, till: dict[str, str]) -> None:
    body = {"eventName": "DoorOpened", "actions": ["EMFConsumer"], "fields": [{"name": "hue", "type": "colour"}]}

    answer = client.put("/v2/events", json=body, headers=till)

    assert answer.json()["errors"] == [{"status": False, "code": 1823, "message": "colour invalid event field type"}]


def test_an_update_of_an_unknown_event_is_refused(client: httpx.Client, till: dict[str, str]) -> None:
    unknown = client.put("/v2/events", json={**TEST_BE_DEMO, "eventName": "NoSuchEvent"}, headers=till)

    assert code_of(unknown) == 1811


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"actions": ["SMSConsumer"]}, (1810, "Event_DoorOpened event actions invalid")),
        ({"actions": []}, (1810, "Event_DoorOpened event actions invalid")),
        ({"actions": [1, "SMSConsumer"]}, (1810, "Event_DoorOpened event actions invalid")),
        ({"eventName": ""}, (1811, "event name invalid")),
        ({"eventName": 7}, (1811, "event name invalid")),
        ({"fields": [{"name": "hue", "type": "colour"}]}, (1823, "colour invalid event field type")),
        (
            {"fields": [{"name": "who", "type": "customer", "attributes": {"isRequired": None}}]},
            (1802, "field attribute value  fails for validation type isRequired"),
        ),
        (
            {"fields": [{"name": "who", "type": "customer", "attributes": {"identifierType": {"value": "fax"}}}]},
            (1802, "field attribute value  fails for validation type isRequired"),
        ),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_one_fault_gives_one_error_in_the_words_of_the_table(
    client: httpx.Client, till: dict[str, str], method: str, change: Json, error: tuple[int, str]
) -> None:
    body = {"eventName": "DoorOpened", "actions": ["EMFConsumer"], "fields": [{"name": "who", "type": "customer"}]}

    answer = client.request(method, "/v2/events", json={**body, **change}, headers=till)

    assert answer.status_code == 400
    assert [(each["code"], each["message"]) for each in answer.json()["errors"]] == [error]


def test_two_faults_give_two_errors(client: httpx.Client, till: dict[str, str]) -> None:
    answer = client.post("/v2/events", json={"eventName": "", "actions": [], "fields": []}, headers=till)

    assert [each["code"] for each in answer.json()["errors"]] == [1811, 1810]


def test_a_webhook_with_one_fault_gets_one_error(client: httpx.Client, till: dict[str, str]) -> None:
    account = {"transformerType": "t", "tillCode": "till.understudy"}
    for change, code in (
        ({"authEnabled": "yes"}, 400),
        ({"authEnabled": True}, 1839),
        ({"authEnabled": True, "authMechanism": None}, 1839),
        ({"authEnabled": True, "authMechanism": "fax"}, 1839),
        ({"transformerType": ""}, 1808),
        ({"transformerType": None}, 1808),
    ):
        answer = client.post("/v2/events/webhook", json={**account, **change}, headers=till)
        assert [each["code"] for each in answer.json()["errors"]] == [code], change


def test_a_webhooks_address_is_one_to_post_to(stand_in: StandIn, client: httpx.Client, till: dict[str, str]) -> None:
    account = {"transformerType": "defaultTransformer", "tillCode": "till.understudy"}
    added = client.post("/v2/events/webhook", json=account, headers=till).json()["webHookUri"]
    listed = [each["webHookUri"] for each in client.get("/v2/events/webhooks", headers=till).json()["data"]]

    assert added in listed
    for address in listed[::2]:
        assert address.startswith(f"{stand_in.url('capillary')}/v2/events/webhook/")
        pushed = httpx.post(address, json={"event_name": "TableBooked"})
        assert pushed.headers["x-cap-hydra-request-id"] == pushed.json()["requestId"]
    by_host = client.get("/v2/events/webhooks", headers={**till, "Host": "eu.api.capillarytech.com"})
    assert by_host.status_code == 404


def test_a_typical_integration_works_from_start_to_end(client: httpx.Client, token: dict[str, str]) -> None:
    scanned = {
        "eventName": "GiftCardScanned",
        "actions": ["EMFConsumer"],
        "fields": [
            {"name": "customer", "type": "customer", "attributes": {"addCustomerIfNotExists": ON}},
            {"name": "card", "type": "string", "attributes": {"isRequired": ON, "isUniqueKeyField": ON}},
            {"name": "amount", "type": "double", "attributes": {"isRequired": OFF}},
        ],
    }
    assert client.post("/v2/events", json=scanned, headers=token).json() == DONE
    assert code_of(client.post("/v2/events", json=scanned, headers=token)) == 1806
    account = {"transformerType": "defaultTransformer", "tillCode": "till.understudy", "uniquenessCheckEnabled": True}
    address = client.post("/v2/events/webhook", json=account, headers=token).json()["webHookUri"]

    pushed = {"event_name": "GiftCardScanned", "customer": "390000000001", "card": "G-1", "amount": 25}
    ids = []
    for _ in range(2):
        taken = client.post(address, json=pushed)
        assert taken.json()["status"] == {"code": 1100, "message": "Event is pushed to transformation state"}
        ids.append(taken.json()["requestId"])

    found = [client.get("/v2/events/event_data", params={"id": each}, headers=token).json()["data"][0] for each in ids]
    assert [each["additonalAttributes"]["isDuplicate"] for each in found] == [False, True]
    assert found[0]["additonalAttributes"]["amount"] == "25.0"
    user_id = found[0]["userId"]
    history = client.get(f"/v2/events/event_data/{user_id}", params={"userId": user_id}, headers=token).json()["data"]
    assert sorted(each["eventId"] for each in history) == sorted(ids)
    duplicates = {"userIdentifierType": "mobile", "userIdentifierValue": "390000000001", "isDuplicate": "true"}
    searched = client.get("/v2/events/search", params=duplicates, headers=token).json()
    assert [each["eventId"] for each in searched["clickEventDataList"]] == ids[1:]
    states = client.get("/v2/events/running_status", params={"eventId": ids[0]}, headers=token).json()["stateList"]
    assert states[0]["status"] == "EVENT_PROCESSING_STARTED"
    assert meta_of(client, token, "GiftCardScanned")["testStatus"] == "VERIFIED"

    (webhook_id,) = [
        each["webHookId"]
        for each in client.get("/v2/events/webhooks", headers=token).json()["data"]
        if each["webHookUri"] == address
    ]
    closing = {"webHookId": webhook_id}
    assert client.put("/v2/events/webhook/disable", json=closing, headers=token).json() == DONE
    assert client.post(address, json=pushed).status_code == 404
    gone = {"event_name": "GiftCardScanned"}
    assert client.put("/v2/events/disable", params=gone, headers=token).json() == DONE
    assert code_of(client.put("/v2/events/disable", params=gone, headers=token)) == 1811
    assert code_of(client.put("/v2/events", json=scanned, headers=token)) == 1811
    assert code_of(client.post("/v2/events", json=scanned, headers=token)) == 1806


def test_a_standard_event_takes_occurrences_under_webengages_names(client: httpx.Client, till: dict[str, str]) -> None:
    wanted = {"event_name": "AppInstalled", "use_standard_adapter_mappings": "true"}
    assert client.post("/v2/events/standard_events/enable", params=wanted, headers=till).json() == DONE
    meta = meta_of(client, till, "AppInstalled")
    meta["fields"][0]["attributes"]["identifierType"] = {"value": "userId", "valueType": "ENUM"}
    changed = {"eventName": "AppInstalled", "actions": meta["actions"], "fields": meta["fields"]}
    assert client.put("/v2/events", json=changed, headers=till).json() == DONE

    hook = client.get("/v2/events/webhooks", headers=till).json()["data"][0]
    pushed = {"event_name": "App Installed", "Customer Mobile": "564000001", "Location": "Milano"}
    assert client.post(hook["webHookUri"], json=pushed).status_code == 200

    mine = {"userIdentifierType": "userId", "userIdentifierValue": "564000001", "eventName": "AppInstalled"}
    found = client.get("/v2/events/search", params=mine, headers=till).json()["clickEventDataList"]
    assert [each["additonalAttributes"]["location"] for each in found] == ["Milano"]


def test_a_request_that_breaks_the_spec_gets_capillarys_error(client: httpx.Client, till: dict[str, str]) -> None:
    malformed = client.post("/v2/events", content=b"{", headers={**till, "Content-Type": "application/json"})
    form = client.post("/v2/events", data={"eventName": "DoorOpened"}, headers=till)
    half = client.post("/v2/events", json=TEST_BE_DEMO, headers={**till, "X-CAP-API-ATTRIBUTION-LOOKUP-TYPE": "CODE"})

    assert code_of(malformed) == 400
    assert (form.status_code, form.json()["errors"][0]["code"]) == (415, 415)
    assert code_of(half) == 1061
