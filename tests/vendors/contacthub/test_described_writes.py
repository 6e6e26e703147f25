"""Main writes as the document describes them: a client generator sees every property, and an error names its place."""

import json
from typing import Any

import pytest

from tests.asgi import call
from tests.vendors.contacthub.calls import CUSTOMER, NODE, WORKSPACE
from understudy.app import Understudy

BASE = f"/@described/contacthub/hub/v1/workspaces/{WORKSPACE}"
TOKEN = "5f1d3c9b7a2e4860c1f5d7e9a3b80246c8e0f2a4b6d81357f9e1c3a5d7b90824"
WRITES = (("POST", "/customers"), ("PATCH", f"/customers/{CUSTOMER}"), ("PUT", f"/customers/{CUSTOMER}"))


def send(understudy: Understudy, method: str, path: str, body: Any) -> Any:
    headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
    return call(understudy.asgi, method, BASE + path, headers=headers, body=json.dumps(body).encode())


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize(
    ("part", "at"),
    [
        ({"base": {"firstName": 7}}, "/base/firstName"),
        ({"base": {"firstName": "x" * 256}}, "/base/firstName"),
        ({"base": {"contacts": {"otherContacts": [{"type": "BOGUS"}]}}}, "/base/contacts/otherContacts/0/type"),
        ({"base": {"likes": [{"id": "l", "createdTime": "noon"}]}}, "/base/likes/0/createdTime"),
        ({"base": {"timezone": "Mars/Olympus"}}, "/base/timezone"),
        (
            {"consents": {"marketing": {"automatic": {"sms": {"status": "yes"}}}}},
            "/consents/marketing/automatic/sms/status",
        ),
    ],
)
def test_a_wrong_property_is_named_by_its_path(
    understudy: Understudy, method: str, path: str, part: Any, at: str
) -> None:
    answer = send(understudy, method, path, {"nodeId": NODE, **part})
    assert (answer.status, answer.json["message"]) == (400, "source customer is not valid")
    assert [error["path"] for error in answer.json["errors"]] == [at]


@pytest.mark.parametrize("deleted", [7, "0"])
def test_a_customer_is_deleted_or_not(understudy: Understudy, deleted: Any) -> None:
    customer = send(understudy, "GET", f"/customers/{CUSTOMER}", None).json
    answer = send(understudy, "PUT", f"/customers/{CUSTOMER}", customer | {"deleted": deleted})
    assert (answer.status, answer.json["errors"][0]["path"]) == (400, "/deleted")
    assert send(understudy, "PUT", f"/customers/{CUSTOMER}", customer | {"deleted": None}).status == 200


def test_an_events_origin_is_one_of_two(understudy: Understudy) -> None:
    page = send(understudy, "GET", f"/events?nodeId={NODE}&size=1", None).json
    event = page["elements"][0]
    answer = send(understudy, "PUT", f"/events/{event['id']}", event | {"origin": "BOGUS"})
    assert (answer.status, answer.json["errors"][0]["path"]) == (400, "/origin")
    assert send(understudy, "PUT", f"/events/{event['id']}", event | {"origin": "DUPLICATE"}).status == 202
