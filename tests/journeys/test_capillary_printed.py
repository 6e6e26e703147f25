"""Requests printed on Capillary's pages: they work as printed once the credentials are replaced."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.asgi import call
from tests.conftest import StandIn
from understudy.app import create_app
from understudy.settings import Settings

Json = dict[str, Any]

COOKIE = {"Cookie": "_cfuvid=one; _cfuvid=two"}
DONE: Json = {"warnings": [], "errors": []}


def flag(name: str, *, value: bool) -> Json:
    return {name: {"valueType": "Boolean", "value": str(value).lower()}}


def field(name: str, kind: str) -> Json:
    return {"name": name, "type": kind, "attributes": flag("isRequired", value=False)}


def customer(name: str = "customer", *, is_added: bool) -> Json:
    return {"attributes": flag("addCustomerIfNotExists", value=is_added), "type": "customer", "name": name}


UPDATES: list[Json] = [
    {
        "eventName": "Group_User_Event",
        "actions": ["EMFConsumer"],
        "fields": [customer(is_added=True), field("String", "tillCode"), field("enum", "groupId")],
    },
    {
        "eventName": "TestBE-Demo",
        "actions": ["EIConsumer"],
        "description": "This is a demo event created and updated by hand",
        "fields": [customer(is_added=False), field("String", "tillCode"), field("enum", "tillCode")],
    },
    {
        "eventName": "eventsdemo1",
        "actions": ["EIConsumer", "EMFConsumer"],
        "description": "Demo event",
        "fields": [
            customer(is_added=True),
            *[
                field(kind, kind)
                for kind in ("string", "tillCode", "productSku", "productBrand", "productCategory", "double")
            ],
        ],
    },
]


@pytest.fixture
def client(stand_in: StandIn) -> Iterator[httpx.Client]:
    vendor = stand_in.understudy.vendors["capillary"].vendor
    assert vendor.sign_in
    headers = vendor.sign_in(stand_in.state("capillary"), "till") | COOKIE
    with httpx.Client(base_url=stand_in.url("capillary"), headers=headers) as opened:
        yield opened


@pytest.mark.parametrize("body", UPDATES, ids=lambda body: str(body["eventName"]))
def test_a_printed_update_works(client: httpx.Client, body: Json) -> None:
    answer = client.put("/v2/events", json=body)

    assert (answer.status_code, answer.json()) == (200, DONE)
    meta = client.get("/v2/events/meta", params={"event_name": body["eventName"]}).json()["clickEventsMeta"]
    assert [each["name"] for each in meta["fields"]] == [each["name"] for each in body["fields"]]
    assert meta.get("description") == body.get("description")


def test_what_is_shown_can_be_sent_back(client: httpx.Client) -> None:
    for name in ("AppInstalled", "CouponDenied"):
        client.post("/v2/events/standard_events/enable", params={"event_name": name})
    shown = [each["clickEventsMeta"] for each in client.get("/v2/events").json()["data"]]
    shown[0]["fields"][0]["attributes"]["accountId"] = {"value": None, "valueType": "Boolea"}

    for meta in shown:
        assert client.put("/v2/events", json=meta).json() == DONE, meta["eventName"]

    again = [each["clickEventsMeta"] for each in client.get("/v2/events").json()["data"]]
    assert [each["fields"][1:] for each in again] == [each["fields"][1:] for each in shown]
    assert again[0]["fields"][0]["attributes"]["accountId"] == {"valueType": "Boolea"}


def test_the_printed_creation_works(client: httpx.Client) -> None:
    body = {
        "eventName": "Event_Somebody Else",
        "actions": ["EMFConsumer"],
        "fields": [customer(is_added=True), field("String", "tillCode")],
    }

    assert client.post("/v2/events", json=body).json() == DONE


def test_the_printed_reading_of_the_audit_log_works(client: httpx.Client) -> None:
    (log,) = client.get("/v2/events/audit_logs?format=json&eventName=TestingEvent_FE").json()["data"]

    assert set(log) == {"id", "orgId", "valueHistory", "updatedType", "requestId", "eventName"}
    assert (log["eventName"], log["updatedType"]) == ("TestingEvent_FE", "creation")
    nameless = client.get("/v2/events/audit_logs")
    assert (nameless.status_code, nameless.json()["errors"][0]["code"]) == (400, 1811)


def test_the_logged_pushes_of_the_printed_answer_can_be_made(client: httpx.Client) -> None:
    address = client.get("/v2/events/webhooks").json()["data"][0]["webHookUri"]
    for body in (
        {"event_name": "Group_User_Event", "String": "a-till", "enum": "customerUserGroup", "customer": "390000000001"},
        {"event_name": "TestBE-Demo", "String": "a-till", "enum": "a-till"},
    ):
        assert client.post(address, json=body).status_code == 200

    failed, taken = client.get("/v2/events/logs").json()["data"][:2]
    assert (taken["status"], taken["message"]) == ("EVENT_SUCCESS", "Event processed successfully")
    assert failed["status"] == "EMF_PROCESSOR_FAILED"
    assert failed["message"] == "Error while processing emfEvent: customerId not present,cant proceed further"
    period = {"from_date": "2000-01-01", "to_date": "2000-01-31", "event_name": "TestBE-Demo"}
    assert client.get("/v2/events/logs", params=period).json() == {"data": [], **DONE}


def test_a_scenario_lifts_the_guides_limits(tmp_path: Path) -> None:
    lifted = tmp_path / "lifted.yaml"
    lifted.write_text("people: 1\nsettings: {capillary: {limits: none}}\n")
    understudy = create_app(Settings(vendors=("capillary",), scenario=lifted))
    vendor = understudy.vendors["capillary"].vendor
    assert vendor.sign_in
    headers = vendor.sign_in(understudy.worlds.get_or_create("main").vendors["capillary"], "till")
    fields = [customer(is_added=True), *[field(f"f{number}", "string") for number in range(30)]]

    answer = call(
        understudy.asgi,
        "POST",
        "/capillary/v2/events",
        headers={**headers, "content-type": "application/json"},
        body=json.dumps({"eventName": "Wide", "actions": ["EMFConsumer"], "fields": fields}).encode(),
    )

    assert answer.json == DONE
