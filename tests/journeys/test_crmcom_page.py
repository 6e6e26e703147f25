from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

Json = dict[str, Any]

OK = {"code": "OK", "message": "", "description": ""}
LOGIN = {"username": "pos.understudy", "password": "understudy-dev", "organisation": "understudy"}


@pytest.fixture
def credentials(stand_in: Any) -> Json:
    found: Json = stand_in.credentials("crmcom")
    return found


@pytest.fixture
def till(stand_in: Any, credentials: Json) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stand_in.url("crmcom"), headers={"api_key": credentials["api_key"]}) as client:
        yield client


@pytest.fixture
def receipt(credentials: Json) -> Json:
    """Body with the fields of the page's only example, and values of our own."""
    return {
        "cim": credentials["cim"],
        "reference_number": "JOURNEY-1",
        "classification": {"code": "IN-STORE"},
        "payment_medium_identifier": "55551111",
        "performed_on": 1760001234,
        "currency_code": "EUR",
        "products": [
            {
                "product_sku": "EXAMPLE-ESPRESSO",
                "net_amount": 10.2,
                "tax_amount": 1.02,
                "total_amount": 11.22,
                "quantity": 3,
            }
        ],
        "spend_request": {"amount": 2.5},
        "merchant_tap": {"code": credentials["merchant"]},
        "outlet_tap": {"code": credentials["outlet"]},
    }


def test_the_example_of_the_page_is_posted_and_can_be_read_back(till: httpx.Client, receipt: Json) -> None:
    answer = till.post("/purchases", json=receipt)

    assert answer.status_code == 200
    assert list(answer.json()) == ["id"]
    assert answer.headers["content-type"].startswith("application/json")
    found = till.get(f"/purchases/{answer.json()['id']}").json()
    assert found["state"] == "POSTED"
    assert found["date"] == receipt["performed_on"]
    assert found["organisation"]["code"] == receipt["merchant_tap"]["code"]
    assert found["tap"]["code"] == receipt["outlet_tap"]["code"]
    for same in ("reference_number", "payment_medium_identifier", "currency_code", "spend_request"):
        assert found[same] == receipt[same]
    line, sent = found["products"][0], receipt["products"][0]
    assert line["product_sku"]["sku"] == sent["product_sku"]
    for same in ("quantity", "net_amount", "tax_amount", "total_amount"):
        assert line[same] == sent[same]


def test_a_contact_id_does_as_well_as_a_medium(till: httpx.Client, receipt: Json, credentials: Json) -> None:
    del receipt["cim"]

    answer = till.post("/purchases", json={**receipt, "contact_id": credentials["contact_id"]})

    assert answer.status_code == 200
    assert till.get(f"/purchases/{answer.json()['id']}").json()["contact"]["id"] == credentials["contact_id"]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"contact_id": "both"}, "COM.CRM.EXCEPTIONS.CONTACTUNIQUELYIDENTIFYEXCEPTION"),
        ({"cim": None}, "COM.CRM.EXCEPTIONS.CONTACTUNIQUELYIDENTIFYEXCEPTION"),
        ({"cim": "nobody's card"}, "CRM.EXCEPTIONS.NOTFOUNDEXCEPTION"),
        ({"reference_number": None}, "CRM.EXCEPTIONS.INVALIDREQUESTEXCEPTION"),
        ({"products": None}, "CRM.EXCEPTIONS.INVALIDREQUESTEXCEPTION"),
        ({"products": [{"product_sku": "EXAMPLE-CAKE"}]}, "CRM.EXCEPTIONS.INVALIDREQUESTEXCEPTION"),
        ({"merchant_tap": None, "outlet_tap": None}, "CRM.EXCEPTIONS.INVALIDREQUESTEXCEPTION"),
        ({"merchant_tap": {"id": "1", "code": "1"}}, "CRM.EXCEPTIONS.INVALIDREQUESTEXCEPTION"),
        ({"classification": {}}, "CRM.EXCEPTIONS.INVALIDREQUESTEXCEPTION"),
        ({"spend_request": {"amount": 1, "alternative_amount": 1}}, "CRM.EXCEPTIONS.INVALIDREQUESTEXCEPTION"),
        ({"performed_on": "2026-01-31"}, "CRM.EXCEPTIONS.INVALIDREQUESTEXCEPTION"),
        ({"merchant_tap": {"code": "EXAMPLE-OTHER-MERCHANT"}}, "CRM.EXCEPTIONS.INVALIDREQUESTEXCEPTION"),
        (
            {"spend_request": {"amount": 100000}},
            "CRM.EXCEPTIONS.CANNOTSPENDAMOUNTWALLETBALANCENOTENOUGHEXCEPTION",
        ),
    ],
)
def test_what_the_page_rules_out_is_refused(till: httpx.Client, receipt: Json, changes: Json, error: str) -> None:
    """A change to None leaves the field out."""
    body = {name: value for name, value in {**receipt, **changes}.items() if value is not None}

    answer = till.post("/purchases", json=body)

    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert answer.json()["description"]


@pytest.mark.parametrize("headers", [{}, {"api_key": "unknown"}, {"Authorization": "Bearer unknown"}])
def test_without_the_api_key_nothing_is_posted(stand_in: Any, receipt: Json, headers: dict[str, str]) -> None:
    answer = httpx.post(f"{stand_in.url('crmcom')}/purchases", json=receipt, headers=headers)

    assert (answer.status_code, answer.json()["error"]) == (401, "CRM.EXCEPTIONS.INVALIDLOGINEXCEPTION")


def test_a_purchase_is_posted_read_listed_and_cancelled(till: httpx.Client, receipt: Json) -> None:
    before = till.get("/purchases").json()["paging"]["total"]
    purchase_id = till.post("/purchases", json={**receipt, "id": "till-1-4711"}).json()["id"]
    repeated = till.post("/purchases", json=receipt)
    listed = till.get("/purchases", params={"size": 1}).json()
    cancelled = till.post(f"/purchases/{purchase_id}/cancel")
    again = till.post(f"/purchases/{purchase_id}/cancel")

    assert purchase_id == "till-1-4711"
    assert (repeated.status_code, repeated.json()["error"]) == (400, "CRM.EXCEPTIONS.ALREADYEXISTSEXCEPTION")
    assert listed["paging"] == {"page": 1, "size": 1, "total": before + 1, "has_more": True}
    assert listed["content"][0]["id"] == purchase_id
    assert (cancelled.status_code, cancelled.json()) == (200, {"id": purchase_id})
    assert (again.status_code, again.json()["error"]) == (400, "CRM.EXCEPTIONS.INVALIDSTATEEXCEPTION")
    assert till.get(f"/purchases/{purchase_id}").json()["state"] == "CANCELLED"
    assert till.get("/purchases/none").status_code == 404
    assert till.post("/purchases/none/cancel").status_code == 404


def test_a_cancelled_spend_can_be_spent_again(till: httpx.Client, receipt: Json) -> None:
    receipt["spend_request"] = {"alternative_amount": 3000}
    first = till.post("/purchases", json=receipt).json()["id"]
    second = {**receipt, "reference_number": "JOURNEY-2"}

    assert till.post("/purchases", json=second).status_code == 400
    till.post(f"/purchases/{first}/cancel")
    assert till.post("/purchases", json=second).status_code == 200


def test_a_purchase_without_a_time_takes_place_now(stand_in: Any, till: httpx.Client, receipt: Json) -> None:
    del receipt["performed_on"]
    stand_in.clock.set(rate=0)
    stand_in.clock.move(timedelta(days=3))

    purchase_id = till.post("/purchases", json=receipt).json()["id"]

    assert till.get(f"/purchases/{purchase_id}").json()["date"] == int(stand_in.clock.now().timestamp())


def test_a_user_signs_in_and_out(stand_in: Any) -> None:
    with httpx.Client(base_url=stand_in.url("crmcom")) as client:
        signed_in = client.post("/authentication/token", json=LOGIN)
        token = signed_in.json()["data"]["token"]
        refused = client.post("/authentication/token", json={**LOGIN, "password": "wrong"})
        released = client.post("/authentication/token/release", json={"token": token})
        again = client.post("/authentication/token/release", json={"token": token})

    assert (signed_in.status_code, signed_in.json()["status"]["code"]) == (200, "OK")
    assert (refused.status_code, refused.json()["status"]["code"]) == (200, "INVALIDLOGINEXCEPTION")
    assert (released.status_code, released.json()) == (200, {"status": OK, "data": {}})
    assert (again.status_code, again.json()["status"]["code"]) == (200, "INVALIDLOGINEXCEPTION")


def test_an_api_key_signs_in_for_two_hours(stand_in: Any, credentials: Json) -> None:
    with httpx.Client(base_url=stand_in.url("crmcom")) as client:
        token = client.post("/authentication/web_api_key/token", auth=(credentials["api_key"], "")).json()["data"][
            "token"
        ]
        refused = client.post("/authentication/web_api_key/token", auth=("unknown", ""))
        stand_in.clock.move(timedelta(hours=2))
        expired = client.post("/authentication/token/release", json={"token": token})

    assert (refused.status_code, refused.json()["status"]["code"]) == (200, "INVALIDLOGINEXCEPTION")
    assert (expired.status_code, expired.json()["status"]["code"]) == (200, "INVALIDLOGINEXCEPTION")
