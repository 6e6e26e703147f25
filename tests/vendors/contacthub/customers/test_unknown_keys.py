"""Unknown keys: ignored alike, or refused alike where the setting says so."""

import pytest

from tests.vendors.contacthub.api import Api
from tests.vendors.contacthub.calls import CUSTOMER, NODE
from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.customers.unknown_keys import set_unknown_keys

PERSON = f"/customers/{CUSTOMER}"
SUBSCRIPTION = {"id": "z", "subscribed": True, "bogus": 1}
PLACES = [
    ("POST", "/customers", {"nodeId": NODE, "base": {"contacts": {"email": "u@example.com"}}, "bogus": 1}, "/bogus"),
    ("PATCH", PERSON, {"bogus": 1}, "/bogus"),
    ("PATCH", PERSON, {"tags": {"bogus": ["a"]}}, "/tags/bogus"),
    ("PATCH", PERSON, {"base": {"likes": [{"id": "z", "bogus": 1}]}}, "/base/likes/0/bogus"),
    ("PATCH", PERSON, {"base": {"jobs": [{"id": "z", "bogus": 1}]}}, "/base/jobs/0/bogus"),
    ("PATCH", PERSON, {"base": {"educations": [{"id": "z", "bogus": 1}]}}, "/base/educations/0/bogus"),
    ("PATCH", PERSON, {"base": {"subscriptions": [SUBSCRIPTION]}}, "/base/subscriptions/0/bogus"),
    ("POST", f"{PERSON}/likes", {"id": "z", "bogus": 1}, "/bogus"),
    ("PUT", f"{PERSON}/likes/like-1", {"name": "Tea", "bogus": 1}, "/bogus"),
    ("POST", f"{PERSON}/jobs", {"id": "z", "bogus": 1}, "/bogus"),
    ("POST", f"{PERSON}/educations", {"id": "z", "bogus": 1}, "/bogus"),
    ("POST", f"{PERSON}/subscriptions", SUBSCRIPTION, "/bogus"),
    (
        "POST",
        "/events",
        {"customerId": CUSTOMER, "type": "loggedIn", "context": "WEB", "properties": {}, "bogus": 1},
        "/bogus",
    ),
    ("POST", f"{PERSON}/sessions", {"value": "a-session", "bogus": 1}, "/bogus"),
]


@pytest.mark.parametrize(("method", "path", "body", "place"), PLACES)
def test_an_unknown_key_is_ignored_and_not_stored(api: Api, method: str, path: str, body: Json, place: str) -> None:
    answer = api.send(method, path, body)

    assert answer.status in {200, 201, 202}, answer.body
    assert place.rpartition("/")[2] not in answer.body.decode()


@pytest.mark.parametrize(("method", "path", "body", "place"), PLACES)
def test_an_unknown_key_is_refused_by_the_setting(
    api: Api, state: VendorState, method: str, path: str, body: Json, place: str
) -> None:
    set_unknown_keys(state, "refused")

    assert api.places(method, path, body) == [place]


def test_what_get_answers_has_no_unknown_key(api: Api, state: VendorState) -> None:
    set_unknown_keys(state, "refused")

    assert api.send("PUT", PERSON, api.read(PERSON)).status == 200
    assert api.send("PUT", f"{PERSON}/likes/like-1", api.read(f"{PERSON}/likes/like-1")).status == 200


@pytest.mark.parametrize("body", [{"base": {"bogus": 1}}, {"consents": {"bogus": True}}])
def test_a_key_that_a_published_schema_forbids_is_always_refused(api: Api, body: Json) -> None:
    assert len(api.places("PATCH", PERSON, body)) == 1
