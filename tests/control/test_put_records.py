"""Records written through the control API take part in look-ups like those that operations create."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.control.conftest import Steering
from understudy.control.control_state import ControlState
from understudy.control.operations.records import delete_record, put_record
from understudy.core.steps import run_to_end
from understudy.vendors.capillary.customers import find_customer
from understudy.vendors.capillary.start import OPEN_WEBHOOK
from understudy.vendors.contacthub.customers.full_document import expand
from understudy.vendors.contacthub.start_data.fixed_ids import ENTRY_NODE, EVERYONE, WORKSPACE

HUB = f"/workspaces/{WORKSPACE}"
ID = "11111111-2222-4333-8444-555555555555"
CUSTOMER = {"id": ID, "nodeId": ENTRY_NODE, "base": {"contacts": {"email": "Put@Example.com"}}, "externalId": "put-1"}


def put(steering: Steering, vendor: str, collection: str, key: str, record: Any, status: int = 200) -> Any:
    path = f"/worlds/{{world}}/collections/{vendor}/{collection}/{quote(key, safe='')}"
    answer = steering.ask("PUT", path, record)
    assert answer.status == status, answer.body
    return answer.json


def delete(steering: Steering, vendor: str, collection: str, key: str) -> None:
    path = f"/worlds/{{world}}/collections/{vendor}/{collection}/{quote(key, safe='')}"
    assert steering.ask("DELETE", path).status == 204


def hub(steering: Steering, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    answer = steering.call_vendor("contacthub", method, HUB + path, body)
    assert answer.status == status, answer.body
    return answer.json if answer.body else None


def rows(steering: Steering, vendor: str, collection: str) -> list[Any]:
    return [*steering.world.vendors[vendor].collection(collection)]


@pytest.fixture(autouse=True)
def _no_breach(steering: Steering) -> Iterator[None]:
    yield
    assert steering.world.journal.breaches() == []


def test_a_contacthub_customer_put_is_merged_into_at_create(steering: Steering) -> None:
    put(steering, "contacthub", "customers", ID, CUSTOMER)

    body = {"nodeId": ENTRY_NODE, "base": {"firstName": "Ada", "contacts": {"email": "put@example.com"}}}
    answer = steering.call_vendor("contacthub", "POST", f"{HUB}/customers", body)

    assert answer.status in (200, 201)
    assert answer.json["id"] == ID
    assert answer.json["base"]["firstName"] == "Ada"


def test_a_contacthub_customer_put_is_found_listed_counted_and_in_the_update_stream(steering: Steering) -> None:
    before = steering.world.vendors["contacthub"].collection("updates").keys()
    put(steering, "contacthub", "customers", ID, CUSTOMER)

    found = hub(steering, "GET", f"/customers/{ID}")
    assert (found["base"]["contacts"]["email"], found["base"]["likes"]) == ("Put@Example.com", [])
    listed = hub(steering, "GET", f"/customers?nodeId={ENTRY_NODE}&externalId=put-1")
    assert [each["id"] for each in listed["elements"]] == [ID]
    [update] = [each for each in rows(steering, "contacthub", "updates") if each["id"] not in before]
    assert (update["operation"], update["data"]["id"]) == ("CREATE", ID)


def test_a_contacthub_customer_put_again_leaves_its_old_address(steering: Steering) -> None:
    put(steering, "contacthub", "customers", ID, CUSTOMER)
    put(steering, "contacthub", "customers", ID, {**CUSTOMER, "base": {"contacts": {"email": "new@example.com"}}})

    def created(email: str) -> str:
        body = {"nodeId": ENTRY_NODE, "base": {"contacts": {"email": email}}}
        return str(steering.call_vendor("contacthub", "POST", f"{HUB}/customers", body).json["id"])

    assert created("new@example.com") == ID
    assert created("put@example.com") != ID


def test_a_contacthub_customer_put_has_its_counts_and_aggregates(steering: Steering) -> None:
    hub(steering, "GET", f"/customers?nodeId={EVERYONE}")
    state = steering.world.vendors["contacthub"]
    counts = sum(sum(sum(column) for column in row["counts"].values()) for row in state.collection("tallies"))
    put(steering, "contacthub", "customers", ID, CUSTOMER)

    assert sum(sum(sum(column) for column in row["counts"].values()) for row in state.collection("tallies")) > counts
    aggregate = state.collection("members").first("customerId", ID)
    assert aggregate is not None
    assert state.collection("aggregatedCustomers").get(aggregate["aggregateId"]) is not None

    delete(steering, "contacthub", "customers", ID)
    assert state.collection("members").first("customerId", ID) is None
    assert state.collection("matches").find("customerId", ID) == []
    assert state.collection("aggregatedCustomers").get(aggregate["aggregateId"]) is None


def test_events_that_wait_for_a_session_get_the_customer_of_the_one_that_is_put(steering: Steering) -> None:
    owner = {"type": "SESSION_ID", "value": "put-1", "nodeId": ENTRY_NODE}
    event = {"type": "viewedPage", "context": "WEB", "properties": {}, "bringBackProperties": owner}
    hub(steering, "POST", "/events", event, 202)

    put(steering, "contacthub", "customers", ID, CUSTOMER)
    put(steering, "contacthub", "sessions", ID, {"id": ID, "value": "put-1", "customerId": ID, "nodeId": ENTRY_NODE})

    assert hub(steering, "GET", f"/events?customerId={ID}")["page"]["totalElements"] == 1


def test_a_number_that_is_put_is_not_given_twice(steering: Steering) -> None:
    put(steering, "contacthub", "customers", ID, {**CUSTOMER, "intId": 900_000})

    body = {"nodeId": ENTRY_NODE, "base": {"contacts": {"email": "next@example.com"}}}
    answer = steering.call_vendor("contacthub", "POST", f"{HUB}/customers", body)

    assert steering.world.vendors["contacthub"].collection("customers").get(answer.json["id"])["intId"] == 900_001  # type: ignore[index] # it exists


def test_a_contacthub_source_put_signs_in(steering: Steering) -> None:
    [first, *_] = rows(steering, "contacthub", "sources")
    data = {**first["data"], "id": ID, "token": "put-token", "nodes": [ENTRY_NODE], "enabled": True}
    put(steering, "contacthub", "sources", ID, {**first, "id": ID, "token": "put-token", "data": data})

    found = steering.call_vendor(
        "contacthub", "GET", f"{HUB}/customers?nodeId={ENTRY_NODE}", Authorization="Bearer put-token"
    )
    delete(steering, "contacthub", "sources", ID)
    gone = steering.call_vendor(
        "contacthub", "GET", f"{HUB}/customers?nodeId={ENTRY_NODE}", Authorization="Bearer put-token"
    )

    assert (found.status, gone.status) == (200, 401)


def test_a_nodes_new_unique_property_is_used_for_its_customers(steering: Steering) -> None:
    put(steering, "contacthub", "customers", ID, CUSTOMER)
    node = steering.world.vendors["contacthub"].collection("nodes").get(ENTRY_NODE)
    assert node is not None
    node["data"]["uniqueCustomer"] = {"caseSensitive": False, "properties": ["externalId"]}
    put(steering, "contacthub", "nodes", ENTRY_NODE, node)

    answer = steering.call_vendor(
        "contacthub", "POST", f"{HUB}/customers", {"nodeId": ENTRY_NODE, "externalId": "PUT-1"}
    )

    assert answer.json["id"] == ID


def test_an_event_put_and_deleted_is_counted(steering: Steering) -> None:
    state = steering.world.vendors["contacthub"]
    [first, *_] = rows(steering, "contacthub", "events")
    key = f"{first['nodeId']}/events"

    def added_count() -> int:
        return sum(sum(row["counts"].get("added", [])) for row in state.collection("tallies").find("of", key))

    before = added_count()

    put(steering, "contacthub", "events", ID, {**first, "id": ID, "data": {**first["data"], "id": ID}})
    assert added_count() == before + 1
    put(steering, "contacthub", "events", ID, {**first, "id": ID, "data": {**first["data"], "id": ID}})
    assert added_count() == before + 1
    delete(steering, "contacthub", "events", ID)
    deleted = sum(sum(row["counts"].get("deleted", [])) for row in state.collection("tallies").find("of", key))
    assert deleted == 1


def test_every_customer_of_the_start_is_in_the_form_that_a_put_gives(steering: Steering) -> None:
    for customer in rows(steering, "contacthub", "customers"):
        assert expand(customer) == customer
        assert put(steering, "contacthub", "customers", customer["id"], customer) == customer


@pytest.mark.parametrize(
    "wrong", [{"nodeId": ID}, {"nodeId": EVERYONE}, {"base": "text"}, {"registeredAt": "no time"}, {"registeredAt": 5}]
)
def test_a_contacthub_customer_that_no_look_up_finds_is_refused_and_leaves_nothing(
    steering: Steering, wrong: Any
) -> None:
    before = {name: [*rows] for name, rows in steering.world.vendors["contacthub"].collections.items()}

    put(steering, "contacthub", "customers", ID, {**CUSTOMER, **wrong}, 422)

    assert {name: [*rows] for name, rows in steering.world.vendors["contacthub"].collections.items()} == before


def test_a_crmcom_contact_put_can_buy(steering: Steering) -> None:
    put(steering, "crmcom", "contacts", ID, {"id": ID, "code": "PUT", "name": "Put", "cim": "PUT0000000000000001"})
    credentials = steering.world.credentials["crmcom"]
    purchase = {
        "cim": "PUT0000000000000001", "reference_number": "PUT-1", "performed_on": 1750000000,
        "products": [{"product_sku": "EXAMPLE-CAKE", "net_amount": 4.5, "tax_amount": 0.45, "total_amount": 4.95}],
        "outlet_tap": {"code": credentials["outlet"]},
    }  # fmt: skip

    assert steering.call_vendor("crmcom", "POST", "/purchases", purchase).status == 200

    put(steering, "crmcom", "contacts", ID, {"id": ID, "code": "PUT", "name": "New", "cim": "PUT0000000000000001"})
    assert len([each for each in rows(steering, "crmcom", "accounts") if each["contact_id"] == ID]) == 1
    delete(steering, "crmcom", "contacts", ID)
    assert [each for each in rows(steering, "crmcom", "accounts") if each["contact_id"] == ID] == []


def test_an_ecdp_customer_put_is_found_and_leaves_its_segments_when_deleted(steering: Steering) -> None:
    put(steering, "ecdp", "customers", "77", {"id": "77", "email": "Put@example.com"})
    assert steering.call_vendor("ecdp", "GET", "/customers/email/put@example.com").status == 200
    assert steering.call_vendor("ecdp", "GET", "/customers/id/77").status in (200, 404)
    put(steering, "ecdp", "segments", "99", {"id": "99", "name": "Put", "customerIds": [77, 1]})

    delete(steering, "ecdp", "customers", "77")

    assert steering.world.vendors["ecdp"].collection("segments").get("99") == {
        "id": "99",
        "name": "Put",
        "customerIds": [1],
    }
    put(steering, "ecdp", "customers", "seven", {"id": "seven"}, 422)


def test_a_capillary_customer_put_is_found_by_its_identifiers(steering: Steering) -> None:
    identifiers = {"mobile": "+4915100000001", "email": "Put@Example.com"}
    put(steering, "capillary", "customers", "42", {"id": "42", "identifiers": identifiers})

    def push(mobile: str, code: str) -> Any:
        body = {"event_name": "TableBooked", "customer": mobile, "restaurant": "Put", "bookingCode": code}
        target = f"/events/webhook/{OPEN_WEBHOOK}/push"
        answer = steering.call_vendor("capillary", "POST", f"/v2{target}", body)
        if answer.status == 404:
            answer = steering.call_vendor("capillary", "POST", target, body)
        return steering.world.vendors["capillary"].collection("occurrences").get(answer.json["requestId"])

    assert push("4915100000001", "A")["customerId"] == 42
    put(steering, "capillary", "customers", "42", {"id": "42", "identifiers": {"email": "put@example.com"}})
    assert push("4915100000001", "B")["customerId"] != 42
    delete(steering, "capillary", "customers", "42")
    assert steering.world.vendors["capillary"].collection("identifiers").get("email:put@example.com") is None


def test_a_capillary_number_that_is_put_is_not_given_twice(steering: Steering) -> None:
    state = steering.world.vendors["capillary"]
    number = 564000001 + len(state.collection("customers")) + 1
    put(
        steering, "capillary", "customers", str(number), {"id": str(number), "identifiers": {"mobile": "4915100000009"}}
    )
    body = {"event_name": "TableBooked", "customer": "4915100000010", "restaurant": "Put", "bookingCode": "C"}

    steering.call_vendor("capillary", "POST", f"/events/webhook/{OPEN_WEBHOOK}/push", body)
    steering.call_vendor("capillary", "POST", f"/v2/events/webhook/{OPEN_WEBHOOK}/push", body)

    owner = state.collection("identifiers").get("mobile:4915100000009")
    assert owner is not None
    assert owner["userId"] == number
    numbers = [each["userId"] for each in state.collection("identifiers") if each["userId"] == number]
    assert len(numbers) == 1


@pytest.mark.parametrize("record", [{"id": "x"}, {"id": "1", "userId": 2}, {"id": "1", "identifiers": {"mobile": 1}}])
def test_a_capillary_customer_that_no_look_up_finds_is_refused(steering: Steering, record: Any) -> None:
    put(steering, "capillary", "customers", record["id"], record, 422)


def test_a_twc_job_put_fires_from_then_on(steering: Steering) -> None:
    [first, *_] = [row for row in rows(steering, "twc", "jobs") if row["value"]["is_active"]]
    value = {**first["value"], "id": "put", "schedule": "0 * * * *"}
    key = f"{first['tenant']}\nput"
    put(steering, "twc", "jobs", key, {"key": key, "tenant": first["tenant"], "value": value})

    steering.post("/worlds/{world}/clock/move", {"hours": 3})

    sent = [each for each in steering.get("/worlds/{world}/sent") if each["what"]["job_id"] == "put"]
    assert len(sent) == 3
    delete(steering, "twc", "jobs", key)
    assert steering.world.vendors["twc"].collection("rounds").get(key) is None


def test_a_twc_client_put_signs_in_at_its_realm(steering: Steering) -> None:
    key = "new-realm\nme"
    put(steering, "twc", "clients", key, {"key": key, "tenant": "new-realm", "value": {"id": "me", "secret": "mine"}})

    assert steering.world.vendors["twc"].collection("realms").get("new-realm") == {"id": "new-realm"}
    put(steering, "twc", "clients", "wrong", {"key": "wrong", "tenant": "new-realm", "value": {"id": "me"}}, 422)


@pytest.mark.parametrize("record", [{}, {"nodeId": []}, {"nodeId": {}}, {"nodeId": 7, "externalId": ["a"]}])
def test_a_record_that_no_index_takes_is_refused_without_words_of_python(steering: Steering, record: Any) -> None:
    for collection, key in (("sessions", "id"), ("customers", "id"), ("events", "id"), ("tokens", "token")):
        path = f"/worlds/{{world}}/collections/contacthub/{collection}/kk"
        answer = steering.ask("PUT", path, {key: "kk", "data": [], "value": [], **record})
        assert not any(
            word in answer.body for word in (b"TypeError", b"KeyError", b"unhashable", b"indices", b"object is")
        )


def try_to_put(steering: Steering, vendor: str, collection: str, key: str, record: Any) -> Any:
    path = f"/worlds/{{world}}/collections/{vendor}/{collection}/{quote(key, safe='')}"
    return steering.ask("PUT", path, record)


@pytest.mark.parametrize(
    "change",
    [
        {"schedule": "61 * * * *"}, {"schedule": "x"}, {"schedule": ""}, {"schedule": None}, {"schedule": 5},
        {"scheduleExpression": "0 0 * * 8"}, {"is_active": 1}, {"deleted": None}, {"notification": None},
    ],
    ids=str,
)  # fmt: skip
def test_a_job_that_could_not_run_is_refused(steering: Steering, change: dict[str, Any]) -> None:
    job = steering.get("/worlds/{world}/collections/twc/jobs")["records"][0]
    before = steering.get("/worlds/{world}/sent")

    answer = try_to_put(steering, "twc", "jobs", job["key"], {**job, "value": job["value"] | change})

    assert answer.status == 422, answer.body
    assert next(iter(change)) in answer.json["title"]
    assert steering.get("/worlds/{world}/sent") == before


@pytest.mark.parametrize("revenue", ["x", [1], {}, True, "1e999999", "Infinity", "NaN"], ids=str)
def test_an_event_with_an_odd_amount_is_no_error_of_the_server(steering: Steering, revenue: Any) -> None:
    events = steering.get("/worlds/{world}/collections/contacthub/events?limit=1000")["records"]
    event = next(each for each in events if each["data"]["properties"].get("amount"))
    event["data"]["properties"]["amount"]["revenue"] = revenue
    whole = steering.get("/worlds/{world}/snapshot")["vendors"]["contacthub"]

    answer = try_to_put(steering, "contacthub", "events", "odd", {**event, "id": "odd"})

    assert answer.status in (200, 422), answer.body
    if answer.status == 422:
        assert steering.get("/worlds/{world}/snapshot")["vendors"]["contacthub"] == whole


@pytest.mark.parametrize(
    ("collection", "change"),
    [
        ("nodes", {"uniqueCustomer": {"properties": [1]}}),
        ("sources", {"token": [1]}),
        ("events", {"date": [1]}),
    ],
)
def test_a_refused_record_leaves_its_companions_as_they_were(
    steering: Steering, collection: str, change: dict[str, Any]
) -> None:
    records = steering.get(f"/worlds/{{world}}/collections/contacthub/{collection}?limit=1000")["records"]
    record = next(each for each in records if each.get("kind", "ENTRY") == "ENTRY" or collection != "nodes")
    whole = steering.get("/worlds/{world}/snapshot")["vendors"]["contacthub"]

    answer = try_to_put(steering, "contacthub", collection, record["id"], {**record, "data": record["data"] | change})

    assert answer.status == 422, answer.body
    assert steering.get("/worlds/{world}/snapshot")["vendors"]["contacthub"] == whole


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_record_written_while_its_world_is_reset_is_in_the_new_world(steering: Steering, method: str) -> None:
    state = steering.understudy.control_world.vendors["control"]
    assert isinstance(state, ControlState)
    name = steering.world_name
    [first, *_] = rows(steering, "contacthub", "customers")
    record = first | {"externalId": "written"}
    steps = (
        put_record(state, name, "contacthub", "customers", first["id"], record)
        if method == "PUT"
        else delete_record(state, name, "contacthub", "customers", first["id"])
    )

    next(steps)
    steering.understudy.worlds.reset(name)
    reply = run_to_end(steps)

    found = steering.world.vendors["contacthub"].collection("customers").get(first["id"])
    assert reply.status == (200 if method == "PUT" else 204)
    assert (found and found["externalId"]) == ("written" if method == "PUT" else None)


TWIN = "11111111-2222-4333-8444-666666666666"
THIRD = "11111111-2222-4333-8444-777777777777"


@pytest.mark.parametrize("gone", [[ID], [ID, TWIN], [TWIN], [TWIN, ID]], ids=len)
@pytest.mark.parametrize("by_operation", [False, True])
def test_of_customers_that_share_an_address_the_oldest_that_is_left_is_found(
    steering: Steering, gone: list[str], *, by_operation: bool
) -> None:
    for number, key in enumerate((ID, TWIN, THIRD)):
        put(steering, "contacthub", "customers", key, {**CUSTOMER, "id": key, "externalId": f"twin-{number}"})

    for key in gone:
        if by_operation:
            hub(steering, "DELETE", f"/customers/{key}")
        else:
            delete(steering, "contacthub", "customers", key)

    body = {"nodeId": ENTRY_NODE, "base": {"contacts": {"email": "put@example.com"}}}
    merged = steering.call_vendor("contacthub", "POST", f"{HUB}/customers", body).json["id"]
    assert merged == next(key for key in (ID, TWIN, THIRD) if key not in gone)


def test_a_customer_that_has_left_a_shared_address_does_not_get_it_back(steering: Steering) -> None:
    for key in (ID, TWIN):
        put(steering, "contacthub", "customers", key, {**CUSTOMER, "id": key, "externalId": key})
    moved = {**CUSTOMER, "id": TWIN, "externalId": TWIN, "base": {"contacts": {"email": "moved@example.com"}}}
    put(steering, "contacthub", "customers", TWIN, moved)
    delete(steering, "contacthub", "customers", ID)

    def merged(email: str) -> Any:
        body = {"nodeId": ENTRY_NODE, "base": {"contacts": {"email": email}}}
        return steering.call_vendor("contacthub", "POST", f"{HUB}/customers", body).json["id"]

    assert merged("put@example.com") not in (ID, TWIN)
    assert merged("moved@example.com") == TWIN


@pytest.mark.parametrize("kind", ["mobile", "email", "externalId", "cardnumber"])
def test_of_capillary_customers_that_share_an_identifier_the_oldest_that_is_left_is_found(
    steering: Steering, kind: str
) -> None:
    state = steering.world.vendors["capillary"]
    for key in ("41", "42", "43"):
        put(steering, "capillary", "customers", key, {"id": key, "identifiers": {kind: "4915100000077"}})
    assert find_customer(state, kind, "4915100000077") == 41

    delete(steering, "capillary", "customers", "41")
    assert find_customer(state, kind, "4915100000077") == 42
    put(steering, "capillary", "customers", "42", {"id": "42", "identifiers": {}})
    assert find_customer(state, kind, "4915100000077") == 43
    delete(steering, "capillary", "customers", "43")
    assert find_customer(state, kind, "4915100000077") is None


def test_a_source_with_the_token_of_another_is_refused(steering: Steering) -> None:
    [first, *_] = rows(steering, "contacthub", "sources")

    put(steering, "contacthub", "sources", ID, {**first, "id": ID, "data": {**first["data"], "id": ID}}, 422)

    assert steering.world.vendors["contacthub"].collection("tokens").get(first["token"]) is not None


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"id": "not-a-uuid"}, "/id"),
        ({"base": {"firstName": 5, "contacts": {"email": "odd@example.com"}}}, "/base/firstName"),
        ({"tags": {"manual": [5]}}, "/tags/manual/0"),
        ({"enabled": "yes"}, "/enabled"),
    ],
)
def test_a_customer_that_no_answer_may_show_is_refused_with_the_place(
    steering: Steering, change: dict[str, Any], where: str
) -> None:
    record = {**CUSTOMER, **change}

    answer = try_to_put(steering, "contacthub", "customers", record["id"], record)

    assert (answer.status, where in answer.json["title"]) == (422, True), answer.body
    assert answer.json["violations"][0]["path"] == where
    assert steering.ask("GET", f"/worlds/{{world}}/collections/contacthub/customers/{record['id']}").status == 404
