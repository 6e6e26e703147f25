"""Processing of pushed occurrences, and the operations that read them."""

from collections.abc import Generator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.vendors.capillary.bodies import WEBHOOK, booking, event, field
from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.steps import Steps, run_to_end
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.operations.events import create_event, get_event
from understudy.vendors.capillary.operations.occurrences import (
    get_occurrence,
    get_running_status,
    list_customer_occurrences,
    search_occurrences,
)
from understudy.vendors.capillary.operations.webhooks import add_webhook, push_occurrence

FIRST = 564000001


def whole(steps: Steps[Reply]) -> dict[str, Any]:
    """Return the body of a reply whose items are apart."""
    reply = run_to_end(steps)
    return {**reply.body, reply.at[0]: list(reply.items or ())}


def push(state: VendorState, payload: dict[str, Any], webhook: str = WEBHOOK) -> str:
    return str(push_occurrence(state, payload, webhook, Caller("someone")).body["requestId"])


def stored_data(state: VendorState, request_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = get_occurrence(state, request_id).body["data"]
    return found


def last_state(state: VendorState, request_id: str) -> dict[str, Any]:
    found: dict[str, Any] = get_running_status(state, request_id).body["stateList"][-1]
    return found


def search(state: VendorState, **conditions: Any) -> dict[str, Any]:
    nothing = dict.fromkeys(
        "event_id event_name user_identifier_type user_identifier_value user_identifier_source from_date till_date"
        " is_duplicate".split()
    )
    page = {"include_side_effects": False, "sort_order": "desc", "limit": 10, "offset": 0}
    steps = search_occurrences(state, **{**nothing, **page, **conditions})
    assert isinstance(steps, Generator)
    return whole(steps)


def test_a_good_occurrence_is_kept_under_its_customer(state: VendorState) -> None:
    request_id = push(state, booking(guests=4, age="41"))

    (found,) = stored_data(state, request_id)
    attributes = found["additonalAttributes"]
    assert (attributes["restaurant"], attributes["guests"], attributes["age"]) == ("Alla Ribalta", "4", "41.0")
    assert found["psiAttributes"] == ["age"]
    assert found["displayName"] == "Table booked"
    assert whole(list_customer_occurrences(state, found["userId"]))["data"] == [found]
    assert last_state(state, request_id)["status"] == "EVENT_CONSUMER_FINISHED"


def test_an_unknown_customer_is_registered_if_the_event_allows_it(state: VendorState) -> None:
    first = push(state, booking())
    second = push(state, booking(bookingCode="B-8", customer="+390000000001"))

    assert stored_data(state, first)[0]["userId"] == stored_data(state, second)[0]["userId"]
    assert stored_data(state, first)[0]["userId"] > FIRST


def test_an_unknown_customer_is_not_registered_if_the_event_does_not_allow_it(state: VendorState) -> None:
    request_id = push(state, {"event_name": "QuizFinished", "member": "390000000001", "score": 1})

    assert stored_data(state, request_id) == []
    assert last_state(state, request_id)["status"] == "EVENT_FIELD_VALIDATION_FAILED"


@pytest.mark.parametrize(
    "payload",
    [
        booking(event_name="NoSuchEvent"),
        booking(event_name="StoreVisited", till="till.understudy"),
        booking(customer=None),
        booking(restaurant=""),
        booking(bookingCode=["B-7"]),
        booking(guests="13"),
        booking(age="old"),
        booking(age="1e999"),
        booking(age="1_0"),
        booking(eventDateTime="last Tuesday"),
    ],
    ids="unknown disabled nobody missing list unlisted word huge underscore whenever".split(),
)
def test_a_bad_occurrence_is_acknowledged_and_not_kept(state: VendorState, payload: dict[str, Any]) -> None:
    request_id = push(state, payload)

    assert stored_data(state, request_id) == []
    assert last_state(state, request_id)["status"].endswith("_FAILED")


def test_the_first_good_occurrence_verifies_the_event(state: VendorState) -> None:
    create_event(
        state,
        event("DoorOpened", {"name": "who", "type": "customer", "attributes": {"identifierType": {"value": "userId"}}}),
    )

    push(state, {"event_name": "DoorOpened", "who": FIRST})

    meta = get_event(state, "DoorOpened").body["clickEventsMeta"]
    assert (meta["testStatus"], meta["status"]) == ("VERIFIED", "UNPUBLISHED")


def test_a_repeated_occurrence_is_kept_and_flagged(state: VendorState) -> None:
    flags = [stored_data(state, push(state, booking()))[0]["additonalAttributes"]["isDuplicate"] for _ in range(3)]

    assert flags == [False, True, True]


def test_another_unique_key_is_no_repetition(state: VendorState) -> None:
    push(state, booking())

    (found,) = stored_data(state, push(state, booking(bookingCode="B-8")))

    assert not found["additonalAttributes"]["isDuplicate"]
    assert found["uniqueId"] == f"TableBooked_{found['userId']}_Alla Ribalta_B-8"


def test_without_the_uniqueness_check_nothing_is_a_duplicate(state: VendorState) -> None:
    add_webhook(
        state,
        {"transformerType": "defaultTransformer", "tillCode": "till.understudy"},
        url_for=lambda operation, **_: operation,
    )
    unchecked = state.collection("webhooks").keys()[-1]

    found = [stored_data(state, push(state, booking(), unchecked))[0] for _ in range(2)]

    assert [each["additonalAttributes"]["isDuplicate"] for each in found] == [False, False]
    assert found[1]["uniqueId"] == found[1]["eventId"]


def test_an_event_without_a_unique_key_has_no_repetitions(state: VendorState) -> None:
    create_event(state, event("DoorOpened", field("who", "customer", addCustomerIfNotExists="true")))

    found = [stored_data(state, push(state, {"event_name": "DoorOpened", "who": "39111"}))[0] for _ in range(2)]

    assert not any(each["additonalAttributes"]["isDuplicate"] for each in found)


def test_the_first_customer_has_a_duplicate_from_the_start(state: VendorState) -> None:
    found = whole(list_customer_occurrences(state, FIRST))["data"]

    assert [each["additonalAttributes"]["isDuplicate"] for each in found] == [True, False]


def test_an_unknown_customer_or_request_has_no_occurrences(state: VendorState) -> None:
    assert whole(list_customer_occurrences(state, 1))["data"] == []
    assert stored_data(state, "no such id") == []
    with pytest.raises(Refused):
        get_running_status(state, "no such id")


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("2026-01-31T19:30:00+01:00", "1769884200000"),
        ("2026-01-31 18:30:00", "1769884200000"),
        ("1769884200000", "1769884200000"),
        (1769884200000, "1769884200000"),
        ("2026-01-31T18:30:0.0", "1769884200000"),
        ("2026-01-31T18:30:00", "1769884200000"),
        ("31-01-2026 18:30:00", "1769884200000"),
        ("01/31/2026 18:30:00", "1769884200000"),
        ("2026/01/31 18:30:00", "1769884200000"),
        ("20260131 18:30:00", "1769884200000"),
        ("2026-31-01 18:30:00", "1769884200000"),
        ("Sat Jan 31 18:30:00 GMT 2026", "1769884200000"),
        ("2026-01-31", "1769817600000"),
        ("2026/01/31", "1769817600000"),
        ("31-01-2026", "1769817600000"),
        ("01/31/2026", "1769817600000"),
        ("31-Jan-26", "1769817600000"),
        ("January,31,2026", "1769817600000"),
    ],
)
def test_the_time_that_it_happened_is_kept_in_milliseconds(state: VendorState, given: Any, stored: str) -> None:
    (found,) = stored_data(state, push(state, booking(eventDateTime=given)))

    assert found["additonalAttributes"]["eventDateTime"] == stored


def test_a_month_and_a_day_are_of_this_year(state: VendorState) -> None:
    state.clock.set(datetime(2026, 6, 1, tzinfo=UTC))

    (found,) = stored_data(state, push(state, booking(eventDateTime="January,31")))

    assert found["additonalAttributes"]["eventDateTime"] == "1769817600000"


@pytest.mark.parametrize("given", ["31-02-2026", "January,32", "31-Foo-26", "31-01-202\u0666", "2026-13-13 00:00:00"])
def test_another_text_is_no_time(state: VendorState, given: str) -> None:
    assert stored_data(state, push(state, booking(eventDateTime=given))) == []


@pytest.mark.parametrize(("day", "is_kept"), [("2025-05-08 17:33:01", True), ("08-05-2025", True), ("May", False)])
def test_a_date_field_takes_the_forms_of_times_and_keeps_the_text(
    state: VendorState, day: str, *, is_kept: bool
) -> None:
    create_event(
        state, event("DoorOpened", field("who", "customer", addCustomerIfNotExists="true"), field("d", "date"))
    )

    found = stored_data(state, push(state, {"event_name": "DoorOpened", "who": "39111", "d": day}))

    assert [each["additonalAttributes"]["d"] for each in found] == [day] * is_kept


def test_a_search_pages_from_the_newest(state: VendorState) -> None:
    everything = search(state, limit=100)
    times = [int(each["additonalAttributes"]["eventDateTime"]) for each in everything["clickEventDataList"]]

    assert everything["totalRecords"] == len(times) == 11
    assert times == sorted(times, reverse=True)
    assert search(state, offset=10, sort_order="ASC")["clickEventDataList"] == everything["clickEventDataList"][:1]
    assert search(state, offset=2**63 - 1, limit=2**63 - 1)["clickEventDataList"] == []


def test_a_search_keeps_to_its_conditions(state: VendorState) -> None:
    request_id = push(state, booking(eventDateTime="2020-02-29T10:00:00"))

    assert search(state, event_id=request_id)["totalRecords"] == 1
    assert search(state, till_date="2020-02-29T10:00:00Z")["totalRecords"] == 1
    assert search(state, from_date="2020-02-29T10:00:01")["totalRecords"] == 11
    assert search(state, event_name="QuizFinished")["totalRecords"] == 0
    assert search(state, is_duplicate=True)["totalRecords"] == 1
    assert search(state, user_identifier_type="mobile", user_identifier_value="390000000001")["totalRecords"] == 1
    assert search(state, user_identifier_type="userId", user_identifier_value=str(FIRST))["totalRecords"] == 2
    assert search(state, user_identifier_type="email", user_identifier_value="nobody")["totalRecords"] == 0
    assert search(state, user_identifier_type="USERID", user_identifier_value=str(FIRST))["totalRecords"] == 2
    assert search(state, user_identifier_source="inStore")["totalRecords"] == 12
    assert search(state, user_identifier_source="WECHAT")["totalRecords"] == 0


def test_a_search_returns_empty_side_effects(state: VendorState) -> None:
    (found,) = search(state, include_side_effects=True, limit=1)["clickEventDataList"]

    assert found["clickEventSideEffects"] == {"requestId": found["eventId"], "sideEffects": []}


@pytest.mark.parametrize(
    "conditions",
    [
        {"user_identifier_type": "mobile"},
        {"user_identifier_value": "390000000001"},
        {"user_identifier_type": "mobile", "user_identifier_value": "3900000x01"},
        {"user_identifier_type": "userId", "user_identifier_value": ""},
        {"user_identifier_type": "MOBILE", "user_identifier_value": "3900000x01"},
        {"from_date": "2026-02-30T00:00:00"},
        {"till_date": "0000-01-01T00:00:00"},
    ],
)
def test_a_senseless_search_is_refused(state: VendorState, conditions: dict[str, Any]) -> None:
    with pytest.raises(Refused, match=r"^Invalid search request parameters") as refusal:
        search(state, **conditions)

    assert refusal.value.code == 1850


def test_many_occurrences_are_searched_and_listed_in_steps(state: VendorState) -> None:
    rows = state.collection("occurrences")
    data = {"eventName": "QuizFinished", "source": "INSTORE", "additonalAttributes": {"isDuplicate": False}}
    for number in range(3000):
        key = f"many-{number:05d}"
        rows.put(
            {"requestId": key, "customerId": 7, "uniqueKey": None, "happened": number, "data": {**data, "id": key}}
        )
    listed = list_customer_occurrences(state, 7)
    found = search(state, event_name="QuizFinished", limit=2, offset=1)["clickEventDataList"]

    assert [each["id"] for each in found] == ["many-02998", "many-02997"]
    assert sum(1 for _ in iter(lambda: next(listed, "over"), "over")) > 20
