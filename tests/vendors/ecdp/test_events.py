from hashlib import md5, sha256
from typing import Any

import pytest

from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.steps import run_to_end
from understudy.state.vendor_state import VendorState
from understudy.vendors.ecdp.operations.customers import save_customers
from understudy.vendors.ecdp.operations.events import trigger_custom_event, trigger_custom_event_for_segments

EMAIL = "ines.holm@example.com"
INES = 1


def trigger_for_segments(state: VendorState, body: dict[str, Any]) -> Reply:
    return run_to_end(trigger_custom_event_for_segments(state, body))


def occurrences(state: VendorState, customer_id: int = INES) -> list[dict[str, Any]]:
    return state.collection("occurrences").find("customerId", customer_id)


def test_an_event_is_stored_as_an_occurrence_of_its_customer(state: VendorState) -> None:
    fields = [{"name": "total", "type": "Money", "value": "59.90"}]
    reply = trigger_custom_event(state, {"customEventId": 1, "customerEmail": EMAIL, "dataFields": fields})
    assert (reply.status, reply.body) == (201, None)
    (stored,) = occurrences(state)
    assert (stored["customEventId"], stored["dataFields"], stored["segments"]) == (1, fields, [])


@pytest.mark.parametrize(
    "identifier",
    [
        {"customerId": 1},
        {"customerId": 1.0},
        {"customerId": "1"},
        {"customerEmail": EMAIL},
        {"customerEmail": f" {EMAIL.upper()} "},
        {"customerEmailMd5": md5(EMAIL.encode(), usedforsecurity=False).hexdigest()},
        {"customerEmailMd5": md5(EMAIL.encode(), usedforsecurity=False).hexdigest().upper()},
        {"customerEmailSha256": sha256(EMAIL.encode()).hexdigest()},
        {"customerEmailSha256": sha256(EMAIL.encode()).hexdigest().upper()},
        {"customerPhone": "+4520000001"},
        {"customerCrmId": "crm-0001"},
    ],
)
def test_each_identifier_alone_finds_the_customer(state: VendorState, identifier: dict[str, Any]) -> None:
    assert trigger_custom_event(state, {"customEventId": 1, **identifier}).status == 201
    assert len(occurrences(state)) == 1


def test_a_null_or_empty_identifier_counts_as_absent(state: VendorState) -> None:
    body = {"customEventId": 1, "customerId": None, "customerPhone": "", "customerEmail": EMAIL, "dataFields": None}
    assert trigger_custom_event(state, body).status == 201
    assert len(occurrences(state)) == 1


def test_nulls_in_data_fields_are_left_out(state: VendorState) -> None:
    body = {"customEventId": 1, "customerEmail": EMAIL, "dataFields": [{"name": "a", "type": None, "value": None}]}
    trigger_custom_event(state, body)
    assert occurrences(state)[0]["dataFields"] == [{"name": "a"}]


def test_a_repeated_event_is_another_occurrence(state: VendorState) -> None:
    for _ in range(2):
        trigger_custom_event(state, {"customEventId": 1, "customerEmail": EMAIL})
    assert len({each["id"] for each in occurrences(state)}) == 2


def test_customer_ids_are_compared_as_text(state: VendorState) -> None:
    with pytest.raises(Refused) as refused:
        trigger_custom_event(state, {"customEventId": 1, "customerId": "01"})
    assert refused.value.status == 404


def test_an_unknown_event_is_not_found(state: VendorState) -> None:
    with pytest.raises(Refused, match="no custom event 77") as refused:
        trigger_custom_event(state, {"customEventId": 77, "customerEmail": EMAIL})
    assert refused.value.status == 404


def test_an_unknown_customer_is_not_found(state: VendorState) -> None:
    with pytest.raises(Refused) as refused:
        trigger_custom_event(state, {"customEventId": 1, "customerEmail": "nobody@example.com"})
    assert refused.value.status == 404
    assert len(state.collection("occurrences")) == 0


def test_an_identifier_without_a_customer_is_ignored(state: VendorState) -> None:
    body = {"customEventId": 1, "customerEmail": EMAIL, "customerCrmId": "crm-9999"}
    assert trigger_custom_event(state, body).status == 201


def test_identifiers_of_different_customers_are_refused(state: VendorState) -> None:
    with pytest.raises(Refused) as refused:
        trigger_custom_event(state, {"customEventId": 1, "customerEmail": EMAIL, "customerCrmId": "crm-0002"})
    assert refused.value.status == 400
    assert len(state.collection("occurrences")) == 0


def test_a_new_customer_is_found_by_the_hash_of_the_email(state: VendorState) -> None:
    email = "Kaja.Moe@Example.com"
    reply = save_customers(state, {"mode": "Add", "matchBy": "Email", "data": [{"email": email}]})
    assert isinstance(reply, Reply)
    (number,) = reply.body["data"]
    digest = md5(email.lower().encode(), usedforsecurity=False).hexdigest()
    trigger_custom_event(state, {"customEventId": 1, "customerEmailMd5": digest})
    assert len(occurrences(state, number)) == 1


def test_every_customer_of_the_segments_gets_one_occurrence(state: VendorState) -> None:
    assert trigger_for_segments(state, {"customEventId": 2, "segments": [5, 15, 1]}).status == 201
    stored = list(state.collection("occurrences"))
    everyone = sorted(int(each["id"]) for each in state.collection("customers"))
    assert sorted(each["customerId"] for each in stored) == everyone
    assert occurrences(state)[0]["segments"] == [5, 15, 1]


def test_a_repeated_segment_counts_once(state: VendorState) -> None:
    trigger_for_segments(state, {"customEventId": 2, "segments": [5, 5, 5.0]})
    assert occurrences(state)[0]["segments"] == [5]


def test_a_segment_without_customers_adds_nothing(state: VendorState) -> None:
    assert trigger_for_segments(state, {"customEventId": 2, "segments": [20]}).status == 201
    assert len(state.collection("occurrences")) == 0


def test_one_unknown_segment_triggers_nothing(state: VendorState) -> None:
    with pytest.raises(Refused, match="no segment 77") as refused:
        trigger_for_segments(state, {"customEventId": 2, "segments": [1, 77]})
    assert refused.value.status == 404
    assert len(state.collection("occurrences")) == 0


def test_an_unknown_event_for_segments_is_not_found(state: VendorState) -> None:
    with pytest.raises(Refused, match="no custom event 77") as refused:
        trigger_for_segments(state, {"customEventId": 77, "segments": [1]})
    assert refused.value.status == 404
