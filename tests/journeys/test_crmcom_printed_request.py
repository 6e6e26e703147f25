"""The request that is printed on CRM.COM's page, as it is printed, with the credentials alone exchanged."""

import json
from typing import Any

import httpx

PRINTED = """
{
"cim": "4A30966F684B0269AD91",
"reference_number": "RF000001",
"classification": {
"code": "CCC"
},
"payment_medium_identifier": "42424242",
"performed_on": 1572423477,
"currency_code": "EUR",
"products": [
{
"product_sku": "FREDESPR001",
"net_amount": 14.15,
"tax_amount": 1.04,
"total_amount": 15.19,
"quantity": 2
}
],
"spend_request": {
"amount": 2.12
},
"merchant_tap": {
"code": "EK123456"
},
"outlet_tap": {
"code": "CD123456"
}
}
"""


def test_the_printed_request_is_posted(stand_in: Any) -> None:
    headers = {"api_key": stand_in.credentials("crmcom")["api_key"]}
    with httpx.Client(base_url=stand_in.url("crmcom"), headers=headers) as till:
        answer = till.post("/purchases", content=PRINTED, headers={"Content-Type": "application/json"})
        found = till.get(f"/purchases/{answer.json()['id']}").json()
        again = till.post("/purchases", content=PRINTED, headers={"Content-Type": "application/json"})

    printed = json.loads(PRINTED)
    assert (answer.status_code, list(answer.json())) == (200, ["id"])
    assert (found["organisation"]["code"], found["tap"]["code"]) == ("EK123456", "CD123456")
    assert found["products"][0]["product_sku"]["sku"] == "FREDESPR001"
    assert found["products"][0]["product_sku"]["name"] != "Default product"
    assert found["classification"]["name"] == "Page's classification"
    assert found["rewards"]["spend"] == printed["spend_request"]["amount"]
    assert found["date"] == printed["performed_on"]
    assert (again.status_code, again.json()["error"]) == (400, "CRM.EXCEPTIONS.ALREADYEXISTSEXCEPTION")


def test_the_credentials_name_a_classification_that_a_purchase_takes(stand_in: Any) -> None:
    mine = stand_in.credentials("crmcom")
    purchase = {
        "cim": mine["cim"],
        "reference_number": "C-1",
        "classification": {"code": mine["classification"]},
        "products": [{"product_sku": "FREDESPR001", "net_amount": 1, "tax_amount": 0, "total_amount": 1}],
        "outlet_tap": {"code": mine["outlet"]},
    }

    assert httpx.post(f"{mine['base_url']}/purchases", json=purchase, headers={"api_key": mine["api_key"]}).is_success


def test_the_credentials_sign_in(stand_in: Any) -> None:
    mine = stand_in.credentials("crmcom")
    login = {name: mine[name] for name in ("username", "password", "organisation")}

    answer = httpx.post(f"{mine['base_url']}/authentication/token", json=login)
    assert answer.json()["status"]["code"] == "OK"
