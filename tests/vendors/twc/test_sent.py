from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tests.vendors.twc.notifications import sent
from understudy.core.caller import Caller
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.operations.jobs import activate_job, create_job, delete_job, update_job
from understudy.vendors.twc.sent import set_back
from understudy.vendors.twc.start import JOB_IDS

TENANT = "understudy"
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def state(state: VendorState) -> VendorState:
    state.clock.set(MONDAY, rate=0)
    sent(state)
    return state


def job(state: VendorState, caller: Caller, schedule: str) -> str:
    body = {"notification": "BACK_IN_STOCK", "schedule": schedule, "number_of_items_in_email": 3}
    return str(create_job(state, body, caller, TENANT).body["id"])


def times(state: VendorState, job_id: str) -> list[str]:
    return [found["at"] for found in sent(state) if found["what"]["job_id"] == job_id]


def test_a_month_of_a_daily_job_fires_once_a_day(state: VendorState, caller: Caller) -> None:
    job_id = job(state, caller, "30 9 * * *")

    state.clock.move(timedelta(days=31))

    assert times(state, job_id) == [f"{MONDAY + timedelta(days=day):%Y-%m-%d}T09:30:00Z" for day in range(31)]


def test_only_active_jobs_of_the_start_data_fire(state: VendorState) -> None:
    state.clock.move(timedelta(days=28))

    fired = Counter(found["what"]["job_id"] for found in sent(state))
    assert fired[JOB_IDS[0]] == 4  # Mondays at nine
    assert not fired.keys() & set(JOB_IDS[1:])  # inactive, deleted


def test_repeated_reads_fire_nothing_twice(state: VendorState, caller: Caller) -> None:
    job_id = job(state, caller, "0 * * * *")
    for _ in range(48):
        state.clock.move(timedelta(minutes=30))
        sent(state)

    assert len(times(state, job_id)) == len(set(times(state, job_id))) == 24


def test_after_the_clock_moves_back_each_time_still_fires_once(state: VendorState, caller: Caller) -> None:
    job_id = job(state, caller, "0 * * * *")
    state.clock.move(timedelta(hours=3))
    sent(state)
    state.clock.move(timedelta(hours=-48))
    sent(state)
    state.clock.move(timedelta(hours=48))

    assert len(times(state, job_id)) == 48


def test_notifications_due_before_a_change_have_the_old_values(state: VendorState, caller: Caller) -> None:
    job_id = job(state, caller, "0 * * * *")
    state.clock.move(timedelta(hours=2))
    update_job(state, {"schedule": "0 12 * * *", "notification": "REMINDER"}, job_id, caller, TENANT)
    state.clock.move(timedelta(days=1))

    assert [(found["at"], found["kind"]) for found in sent(state) if found["what"]["job_id"] == job_id] == [
        ("2026-03-02T01:00:00Z", "BACK_IN_STOCK"),
        ("2026-03-02T02:00:00Z", "BACK_IN_STOCK"),
        ("2026-03-02T12:00:00Z", "REMINDER"),
    ]


def test_an_inactive_or_deleted_job_does_not_fire(state: VendorState, caller: Caller) -> None:
    off, gone = job(state, caller, "0 * * * *"), job(state, caller, "0 * * * *")
    state.clock.move(timedelta(hours=1))
    activate_job(state, off, False, caller, TENANT)  # noqa: FBT003 - the vendor passes it so
    delete_job(state, gone, caller, TENANT)
    state.clock.move(timedelta(hours=5))

    assert [len(times(state, each)) for each in (off, gone)] == [1, 1]


def test_a_copy_of_a_world_fires_by_its_own_clock(state: VendorState, caller: Caller) -> None:
    job_id = job(state, caller, "0 * * * *")
    twin = state.fork("twin", state.clock.copy())
    state.clock.move(timedelta(hours=1))
    twin.clock.move(timedelta(hours=3))

    assert [len(times(each, job_id)) for each in (state, twin)] == [1, 3]


def test_only_the_newest_notifications_are_stored(state: VendorState, caller: Caller) -> None:
    job_id = job(state, caller, "* * * * * *")
    state.clock.move(timedelta(days=365))

    found = times(state, job_id)
    assert len(found) <= 50_000
    assert found[-1] == "2027-03-02T00:00:00Z"


def test_a_job_that_was_due_before_the_clock_is_set_back_has_fired(state: VendorState, caller: Caller) -> None:
    job_id = job(state, caller, "0 * * * *")
    state.clock.move(timedelta(hours=3))
    left = state.now()
    state.clock.move(timedelta(days=-7))
    set_back(state, left)
    state.clock.move(timedelta(hours=1))

    assert times(state, job_id) == [
        "2026-02-23T04:00:00Z",
        *(f"2026-03-02T0{hour}:00:00Z" for hour in (1, 2, 3)),
    ]


def test_each_of_several_set_backs_is_noted(state: VendorState, caller: Caller) -> None:
    job_id = job(state, caller, "0 12 * * *")
    for _ in range(3):
        state.clock.move(timedelta(days=1))
        left = state.now()
        state.clock.move(timedelta(days=-10))
        set_back(state, left)

    assert times(state, job_id) == ["2026-02-12T12:00:00Z", "2026-02-21T12:00:00Z", "2026-03-02T12:00:00Z"]


def test_a_schedule_fires_in_its_years_alone(state: VendorState, caller: Caller) -> None:
    job_id = job(state, caller, "0 0 0 1 1 ? 2027,2029-2030")
    state.clock.move(timedelta(days=365 * 6))

    assert [at[:4] for at in times(state, job_id)] == ["2027", "2029", "2030"]


def test_changes_that_nobody_reads_store_a_bounded_number_of_spans(state: VendorState, caller: Caller) -> None:
    job_id = job(state, caller, "0 0 1 * *")
    for _ in range(60):
        state.clock.move(timedelta(hours=12))
        update_job(state, {}, job_id, caller, TENANT)

    assert len(state.collection("due")) == 1  # the first of April is in one of the thirty days
