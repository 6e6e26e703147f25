"""Requests of ECDP's pages, pasted as they are printed, and those that the vendor's shop plug-ins send."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

EVENT = {
    "customEventId": 0,
    "customerId": 0,
    "customerEmail": "string",
    "customerEmailMd5": "string",
    "customerEmailSha256": "string",
    "customerPhone": "string",
    "customerCrmId": "string",
    "dataFields": [{"name": "string", "type": "String", "value": "string"}],
}
SEGMENTS = {
    "customEventId": 0,
    "segments": [0],
    "dataFields": [{"name": "string", "type": "String", "value": "string"}],
}
INES = "ines.holm@example.com"
ORDER = {
    "id": "1001",
    "date": "2026-01-31T12:00:00.123456Z",
    "timeZone": "UTC",
    "websiteId": None,
    "status": "Placed",
    "currency": "EUR",
    "totalValue": 59.9,
    "returnsValue": 0,
    "customer": {"email": INES, "phone": None, "crmId": None, "consentsData": None},
    "products": [
        {
            "id": "7",
            "name": "Basket",
            "price": "59.90",
            "quantity": 1,
            "returned": 0,
            "url": "https://shop.example.com/basket",
            "imageUrl": "https://shop.example.com/basket.png",
            "category": "Home, Gifts",
            "productAttributes": [],
        }
    ],
    "orderAttributes": [],
}


@pytest.fixture
def client(stand_in: Any) -> Iterator[httpx.Client]:
    headers = {"x-api-key": stand_in.credentials("ecdp")["api_key"], "Content-Type": "application/json"}
    with httpx.Client(base_url=stand_in.url("ecdp"), headers=headers) as made:
        yield made


@pytest.mark.parametrize(
    ("path", "body"), [("/scenariocustomevents", EVENT), ("/scenariocustomevents/withsegments", SEGMENTS)]
)
def test_each_printed_request_works_with_credentials_alone(
    stand_in: Any, client: httpx.Client, path: str, body: dict[str, Any]
) -> None:
    assert client.post(path, json=body).status_code == 201
    (stored,) = stand_in.world.vendors["ecdp"].collection("occurrences")
    assert (stored["customEventId"], stored["customerId"]) == (0, 0)


@pytest.mark.parametrize("body", [{**EVENT, "customEventId": -1}, {**SEGMENTS, "segments": [-1]}])
def test_a_negative_number_is_refused(client: httpx.Client, body: dict[str, Any]) -> None:
    path = "/scenariocustomevents/withsegments" if "segments" in body else "/scenariocustomevents"
    assert client.post(path, json=body).status_code == 400


@pytest.mark.parametrize(("kind", "status"), [("URL", 201), ("Url", 201), ("url", 400), ("SingleSelect", 400)])
def test_both_spellings_of_url_are_types_of_data(client: httpx.Client, kind: str, status: int) -> None:
    fields = [{"name": "page", "type": kind, "value": "https://shop.example.com"}]
    event = {"customEventId": 1, "customerEmail": INES, "dataFields": fields}
    assert client.post("/scenariocustomevents", json=event).status_code == status


@pytest.mark.parametrize(
    ("match_by", "record"),
    [
        ("EMAIL", {"email": INES}),
        ("eMail", {"email": INES}),
        ("phonenumber", {"phone": "+4520000001"}),
        ("CRMID", {"crmId": "crm-0001"}),
        ("guid", {"guid": "00000000-0000-4000-8000-000000000001"}),
        ("VISITORID", {"visitorId": "visitor-0001"}),
    ],
)
def test_match_by_is_taken_in_any_case(client: httpx.Client, match_by: str, record: dict[str, str]) -> None:
    answer = client.post("/customers", json={"mode": "Update", "matchBy": match_by, "data": [record]})
    assert (answer.status_code, answer.json()) == (201, {"status": 0, "data": [1]})


def errors(client: httpx.Client, path: str, body: dict[str, Any]) -> list[str]:
    answer = client.post(path, json=body)
    assert answer.status_code == 400
    found: list[str] = answer.json()["errors"]
    return found


@pytest.mark.parametrize(
    ("path", "body", "start"),
    [
        ("/customers", {"mode": "Add", "matchBy": "Telephone", "data": [{"email": INES}]}, "matchBy: must be one of"),
        ("/customers", {"mode": "Add", "data": [{"email": INES}]}, "matchBy: is required"),
        ("/customers", {"mode": None, "matchBy": "Email", "data": [{"email": INES}]}, "mode: is required"),
        ("/customers", {"mode": 7, "matchBy": "Email", "data": [{"email": INES}]}, "mode: "),
        ("/customers", {"mode": "Add", "matchBy": "Email", "data": 7}, "data: "),
        ("/customers", {"mode": "Add", "matchBy": "Email", "data": [{"email": 7}]}, "data.0.email: "),
        ("/customers", {"mode": "Add", "matchBy": "Email", "data": [{"email": "no address"}]}, "data.0.email: "),
        ("/customers", {"mode": "Add", "matchBy": "Email", "data": [{"phone": "1"}]}, "Every customer needs"),
        ("/customers", {"mode": "Add", "matchBy": "Email", "data": [{"email": None}]}, "Every customer needs"),
        ("/scenariocustomevents", {"customEventId": 1, "customerEmail": 7}, "customerEmail: "),
        ("/scenariocustomevents", {"customEventId": 1, "customerId": True}, "customerId: "),
        ("/scenariocustomevents", {"customEventId": 1}, "At least one customer identifier is required."),
        ("/scenariocustomevents", {"customEventId": 1.5, "customerId": 1}, "customEventId: "),
        ("/orders", {"mode": "Add", "data": [{**ORDER, "customer": {}}]}, "data.0.customer: one of email"),
        ("/orders", {"mode": "Add", "data": [{**ORDER, "customer": {"email": 7}}]}, "data.0.customer.email: "),
        ("/orders", {"mode": "Add", "data": [{**ORDER, "customer": None}]}, "data.0.customer: is required"),
        ("/orders", {"mode": "Add", "data": [{**ORDER, "totalValue": -1}]}, "data.0.totalValue: "),
        ("/orders", {"mode": "Update", "data": [ORDER]}, "mode: "),
    ],
)
def test_one_fault_gives_one_error(client: httpx.Client, path: str, body: dict[str, Any], start: str) -> None:
    (only,) = errors(client, path, body)
    assert only.startswith(start)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/scenariocustomevents", {"customEventId": "one"}),
        ("/customers", {"mode": "Add", "matchBy": "Email", "data": [{"phone": "1"}, {"email": INES, "gender": "?"}]}),
    ],
)
def test_two_faults_give_two_errors(client: httpx.Client, path: str, body: dict[str, Any]) -> None:
    assert len(errors(client, path, body)) == 2


def test_a_problem_names_the_path_of_its_request(client: httpx.Client) -> None:
    assert client.get("/customers/id/424242").json()["instance"] == "/customers/id/424242"


def test_a_shop_sends_its_orders(client: httpx.Client) -> None:
    added = client.post("/orders", json={"mode": "AddOrReplace", "matchBy": "Email", "data": [ORDER]})
    assert (added.status_code, added.content) == (201, b"")
    read = client.get("/orders/id/1001").json()
    assert (read["status"], read["data"]["products"][0]["price"]) == (0, 59.9)

    paid = client.put("/orders/status", json={"orderId": "1001", "orderStatus": "canceled", "websiteId": None})
    assert (paid.status_code, paid.content) == (200, b"")
    assert client.get("/orders/id/1001").json()["data"]["status"] == "canceled"

    deleted = client.delete("/orders/1001")
    assert (deleted.status_code, deleted.content) == (200, b"")
    assert client.get("/orders/id/1001").json()["data"]["isDeleted"] is True
    assert client.post("/orders", json={"mode": "Replace", "data": [ORDER]}).status_code == 404


@pytest.mark.parametrize("status", ["placed", "Paid", "COMPLETED", "canceled", "Cancelled", None])
def test_a_status_is_taken_in_any_case(client: httpx.Client, status: str | None) -> None:
    answer = client.post("/orders", json={"mode": "Add", "data": [{**ORDER, "status": status}]})
    assert answer.status_code == 201
    assert client.get("/orders/id/1001").json()["data"]["status"] == status


@pytest.mark.parametrize(
    "fields",
    [
        {"id": ""},
        {"id": "x" * 129},
        {"id": None},
        {"date": "2026-01-31"},
        {"date": None},
        {"status": "lost"},
        {"currency": "EU"},
        {"currency": "EURO"},
        {"totalValue": "much"},
        {"totalValue": "-1"},
        {"returnsValue": -0.01},
        {"websiteId": 2**31},
        {"products": None},
        {"products": [{"name": "without an id"}]},
        {"products": [{"id": "7", "quantity": 1.5}]},
        {"customer": {"email": "", "phone": None}},
    ],
)
def test_an_order_that_does_not_fit_is_refused(client: httpx.Client, fields: dict[str, Any]) -> None:
    assert errors(client, "/orders", {"mode": "Add", "data": [{**ORDER, **fields}]})


@pytest.mark.parametrize(
    "fields",
    [
        {"id": "x"},
        {"id": "x" * 128},
        {"totalValue": 0},
        {"totalValue": "0"},
        {"products": []},
        {"websiteId": 2**31 - 1},
        {"customer": {"email": "", "crmId": "crm-0001"}},
    ],
)
def test_an_order_at_the_bound_is_taken(client: httpx.Client, fields: dict[str, Any]) -> None:
    assert client.post("/orders", json={"mode": "Add", "data": [{**ORDER, **fields}]}).status_code == 201


@pytest.mark.parametrize("path", ["/orders/id/" + "x" * 129, "/orders/id/nothing"])
def test_an_order_that_is_not_there_is_a_problem(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (
        404 if path.endswith("nothing") else 400,
        "application/problem+json",
    )


def test_orders_and_their_attributes_need_the_key(stand_in: Any) -> None:
    for method, path in (
        ("POST", "/orders"),
        ("PUT", "/orders/status"),
        ("GET", "/orders/id/order-0001"),
        ("DELETE", "/orders/order-0001"),
        ("GET", "/orderattributes"),
        ("GET", "/productattributes"),
    ):
        assert httpx.request(method, stand_in.url("ecdp") + path).status_code == 401
