"""Logs: the changes of event definitions, and what became of the pushes."""

from collections.abc import Generator
from datetime import timedelta
from typing import Any

import orjson
import pytest

from tests.vendors.capillary.bodies import WEBHOOK, booking, event, field
from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.operations.catalogue import enable_standard_event
from understudy.vendors.capillary.operations.events import create_event, disable_event, update_event
from understudy.vendors.capillary.operations.logs import list_audit_logs, list_event_logs
from understudy.vendors.capillary.operations.webhooks import push_occurrence

CUSTOMER = field("customer", "customer")


def changes(state: VendorState, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = list_audit_logs(state, name).body["data"]
    return found


def run(steps: Generator[None, None, Reply]) -> list[dict[str, Any]]:
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return list(done.value.items)


def pushes(
    state: VendorState, from_date: str | None = None, to_date: str | None = None, event_name: str | None = None
) -> list[dict[str, Any]]:
    return run(list_event_logs(state, from_date, to_date, event_name))


def push(state: VendorState, payload: dict[str, Any]) -> str:
    return str(push_occurrence(state, payload, WEBHOOK, Caller("someone")).body["requestId"])


def test_each_change_of_an_event_is_logged_newest_first(state: VendorState) -> None:
    create_event(state, event("DoorOpened", CUSTOMER, description="first"))
    state.clock.move(timedelta(hours=1))
    update_event(state, event("DoorOpened", CUSTOMER, description="second"))
    state.clock.move(timedelta(hours=1))
    disable_event(state, "DoorOpened")

    deleted, modified, created = changes(state, "DoorOpened")
    assert [each["updatedType"] for each in (created, modified, deleted)] == ["creation", "modification", "deletion"]
    assert len({each["requestId"] for each in (created, modified, deleted)}) == 3
    assert {each["id"] for each in (created, modified, deleted)} == {created["id"]}
    before, after = modified["valueHistory"]
    assert [orjson.loads(each["value"])["description"] for each in (before, after)] == ["first", "second"]
    assert before["changedOn"] == created["valueHistory"][0]["changedOn"] < after["changedOn"]
    assert [orjson.loads(each["value"])["description"] for each in deleted["valueHistory"]] == ["second"]


def test_a_refused_change_is_not_logged(state: VendorState) -> None:
    before = changes(state, "QuizFinished")

    for refused in (create_event, update_event):
        with pytest.raises(Refused):
            refused(state, event("QuizFinished"))

    assert changes(state, "QuizFinished") == before
    assert changes(state, "NoSuchEvent") == []


def test_the_events_of_the_start_and_enabled_ones_have_a_log(state: VendorState) -> None:
    enable_standard_event(state, "AppInstalled", use_standard_adapter_mappings=False)

    for name in ("QuizFinished", "StoreVisited", "TestingEvent_FE", "AppInstalled"):
        assert [each["updatedType"] for each in changes(state, name)] == ["creation"]


def test_a_good_push_is_logged_as_a_success(state: VendorState) -> None:
    payload = booking(guests="2")
    request_id = push(state, payload)

    log = pushes(state, event_name="TableBooked")[0]
    assert (log["id"], log["status"]) == (request_id, "EVENT_SUCCESS")
    assert (log["message"], log["parentOrgId"], log["webhookId"]) == ("Event processed successfully", -1, WEBHOOK)
    assert orjson.loads(log["inputRequest"]) == payload


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (booking(customer=None), "customerId not present,cant proceed further"),
        ({"event_name": "QuizFinished", "member": "39111", "score": 1}, "customerId not present,cant proceed further"),
        (booking(guests="13"), "guests: is none of the possible values"),
        (booking(eventDateTime="soon"), "eventDateTime: is no date and time"),
        ({"event_name": "NoSuchEvent"}, "NoSuchEvent is no event of the organisation"),
    ],
)
def test_a_bad_push_is_logged_with_its_reason(state: VendorState, payload: dict[str, Any], reason: str) -> None:
    push(state, payload)

    log = pushes(state)[0]
    assert (log["status"], log["message"]) == ("EMF_PROCESSOR_FAILED", f"Error while processing emfEvent: {reason}")


def test_pushes_are_those_of_the_period_newest_first(state: VendorState) -> None:
    at = state.clock.now().replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=3)
    state.clock.set(at, rate=0)
    first = push(state, booking())
    state.clock.move(timedelta(days=1))
    second = push(state, booking())
    day = f"{at:%Y-%m-%d}"

    assert [each["id"] for each in pushes(state)[:2]] == [second, first]
    assert [each["id"] for each in pushes(state, f"{at:%Y-%m-%dT%H:%M:%S}", None)] == [second, first]
    assert [each["id"] for each in pushes(state, f"{at:%Y-%m-%dT%H:%M}:01", None)] == [second]
    assert [each["id"] for each in pushes(state, day, day)] == [first]
    assert pushes(state, day, f"{at:%Y-%m-%d}T11:59:59") == []
    assert [each["id"] for each in pushes(state, day, str(int(at.timestamp() * 1000)))] == [first]
    assert pushes(state, event_name="NoSuchEvent") == []


@pytest.mark.parametrize("dates", [("yesterday", None), (None, "2026-02-30"), ("", None)])
def test_a_date_that_is_none_is_refused(state: VendorState, dates: tuple[str | None, str | None]) -> None:
    with pytest.raises(Refused, match=r"_date is no date and time$") as refusal:
        pushes(state, *dates)

    assert refusal.value.status == 400


def test_a_long_log_is_read_in_steps(state: VendorState) -> None:
    for _ in range(600):
        push(state, {"event_name": "NoSuchEvent"})

    assert sum(1 for _ in list_event_logs(state, None, None, None)) >= 3
