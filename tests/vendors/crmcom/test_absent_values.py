"""Null counts as absent where a field is optional, and is refused where it is not."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tests.control.conftest import Steering
from tests.control.conftest import steering as steering  # noqa: PLC0414 - a fixture of another folder

Json = dict[str, Any]
Post = Callable[[Json], Any]

OPTIONAL = ("id", "classification", "currency_code", "payment_medium_identifier", "performed_on", "spend_request")


@pytest.fixture
def post(steering: Steering) -> Post:
    return lambda body: steering.call_vendor("crmcom", "POST", "/purchases", body)


@pytest.mark.parametrize("name", [*OPTIONAL, "contact_id:cim", "outlet_tap", "merchant_tap:outlet_tap"])
def test_an_optional_field_may_be_null(steering: Steering, post: Post, receipt: Json, name: str) -> None:
    """Of a pair, the first field is null and the second is given."""
    name, _, other = name.partition(":")
    given = {"cim": "UNDERSTUDY0000000001", "outlet_tap": {"code": "EXAMPLE-OUTLET"}}

    answer = post({**receipt, name: None, **({other: given[other]} if other else {})})

    assert answer.status == 200, answer.json
    found = steering.call_vendor("crmcom", "GET", f"/purchases/{answer.json['id']}").json
    assert None not in found.values()
    assert found["currency_code"] == "EUR"


def test_all_optional_fields_may_be_null_at_once(post: Post, receipt: Json) -> None:
    absent = dict.fromkeys((*OPTIONAL, "cim", "outlet_tap"))
    receipt["products"][0]["quantity"] = None
    receipt["merchant_tap"]["id"] = None

    assert post({**receipt, **absent}).status == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"classification": {"id": None, "code": "IN-STORE"}},
        {"spend_request": {"amount": None, "alternative_amount": 1}},
        {"spend_request": {"amount": 1, "alternative_amount": None}},
    ],
)
def test_the_other_of_two_fields_may_be_null(post: Post, receipt: Json, changes: Json) -> None:
    assert post({**receipt, **changes}).status == 200


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reference_number": None}, "body /reference_number: null is not of type"),
        ({"products": None}, "body /products: null is not of type"),
        ({"contact_id": None}, "body: one of contact_id, cim is required"),
        ({"contact_id": None, "cim": None}, "body: one of contact_id, cim is required"),
        ({"cim": "UNDERSTUDY0000000001"}, "body: only one of contact_id, cim may be given"),
        ({"merchant_tap": None}, "body: one of merchant_tap, outlet_tap is required"),
        ({"merchant_tap": None, "outlet_tap": None}, "body: one of merchant_tap, outlet_tap is required"),
        ({"merchant_tap": {"id": None, "code": None}}, "body /merchant_tap: one of id, code is required"),
        ({"merchant_tap": {}}, "body /merchant_tap: one of id, code is required"),
        ({"outlet_tap": {"id": "1", "code": "2"}}, "body /outlet_tap: only one of id, code may be given"),
        ({"classification": {"id": "1", "code": "2"}}, "body /classification: only one of id, code may be given"),
        ({"spend_request": {}}, "body /spend_request: one of amount, alternative_amount is required"),
        (
            {"spend_request": {"amount": 1, "alternative_amount": 1}},
            "body /spend_request: only one of amount, alternative_amount may be given",
        ),
    ],
)
def test_what_is_not_given_or_given_twice_is_named(post: Post, receipt: Json, changes: Json, words: str) -> None:
    answer = post({**receipt, **changes})

    assert answer.status == 400
    assert answer.json["description"].startswith(words)
    assert ";" not in answer.json["description"]


@pytest.mark.parametrize("name", ["product_sku", "net_amount", "tax_amount", "total_amount"])
def test_a_mandatory_field_of_a_product_may_not_be_null(post: Post, receipt: Json, name: str) -> None:
    body = deepcopy(receipt)
    body["products"][0][name] = None

    assert post(body).status == 400


def test_a_unit_may_be_null(steering: Steering) -> None:
    login = {"username": "pos.understudy", "password": "understudy-dev", "organisation": "understudy", "unit": None}

    assert steering.call_vendor("crmcom", "POST", "/authentication/token", login).json["status"]["code"] == "OK"
    answer = steering.call_vendor("crmcom", "POST", "/authentication/web_api_key/token", {"unit": None})
    assert answer.json["status"]["code"] == "OK"
