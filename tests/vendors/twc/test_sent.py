from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from understudy.core.caller import Caller
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.operations.jobs import activate_job, create_job, delete_job, update_job
from understudy.vendors.twc.schedules import firings
from understudy.vendors.twc.sent import sent
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


def test_the_jobs_of_the_start_fire_too_as_active_ones_do(state: VendorState) -> None:
    state.clock.move(timedelta(days=28))

    fired = Counter(found["what"]["job_id"] for found in sent(state))
    assert fired[JOB_IDS[0]] == 4  # Mondays at nine
    assert not fired.keys() & set(JOB_IDS[1:])  # inactive, deleted


def test_looking_again_or_often_fires_nothing_twice(state: VendorState, caller: Caller) -> None:
    job_id = job(state, caller, "0 * * * *")
    for _ in range(48):
        state.clock.move(timedelta(minutes=30))
        sent(state)

    assert len(times(state, job_id)) == len(set(times(state, job_id))) == 24


def test_a_clock_that_goes_back_fires_from_there_again_and_counts_a_time_once(
    state: VendorState, caller: Caller
) -> None:
    job_id = job(state, caller, "0 * * * *")
    state.clock.move(timedelta(hours=3))
    sent(state)
    state.clock.move(timedelta(hours=-48))
    sent(state)
    state.clock.move(timedelta(hours=48))

    assert len(times(state, job_id)) == 48


def test_what_was_due_before_a_change_fires_as_the_job_was(state: VendorState, caller: Caller) -> None:
    job_id = job(state, caller, "0 * * * *")
    state.clock.move(timedelta(hours=2))
    update_job(state, {"schedule": "0 12 * * *", "notification": "REMINDER"}, job_id, caller, TENANT)
    state.clock.move(timedelta(days=1))

    assert [(found["at"], found["kind"]) for found in sent(state) if found["what"]["job_id"] == job_id] == [
        ("2026-03-02T01:00:00Z", "BACK_IN_STOCK"),
        ("2026-03-02T02:00:00Z", "BACK_IN_STOCK"),
        ("2026-03-02T12:00:00Z", "REMINDER"),
    ]


def test_a_job_that_is_off_or_deleted_fires_no_more(state: VendorState, caller: Caller) -> None:
    off, gone = job(state, caller, "0 * * * *"), job(state, caller, "0 * * * *")
    state.clock.move(timedelta(hours=1))
    activate_job(state, off, False, caller, TENANT)  # noqa: FBT003 - the vendor passes it so
    delete_job(state, gone, caller, TENANT)
    state.clock.move(timedelta(hours=5))

    assert [len(times(state, each)) for each in (off, gone)] == [1, 1]


def test_a_copy_of_a_world_goes_on_by_itself(state: VendorState, caller: Caller) -> None:
    job_id = job(state, caller, "0 * * * *")
    twin = state.fork("twin", state.clock.copy())
    state.clock.move(timedelta(hours=1))
    twin.clock.move(timedelta(hours=3))

    assert [len(times(each, job_id)) for each in (state, twin)] == [1, 3]


def test_only_the_newest_are_kept_of_a_job_that_fires_each_second(state: VendorState, caller: Caller) -> None:
    job_id = job(state, caller, "* * * * * *")
    state.clock.move(timedelta(days=365))

    found = times(state, job_id)
    assert len(found) <= 10_000
    assert found[-1] == "2027-03-02T00:00:00Z"


@pytest.mark.parametrize(
    ("schedule", "days", "count"),
    [
        ("0 9 * * 1", 28, 4),
        ("0 0 9 ? * MON", 28, 4),
        ("0 0 9 ? * MON 2026", 28, 4),
        ("0 0 9 ? * MON 2027-2030", 28, 0),
        ("0 0 9 ? * MON 2020/3", 28, 4),
        ("0 0 9 ? * MON 2020/4", 28, 0),
        ("0 12 1 * *", 90, 2),
        ("*/30 8-18 * * 1-5", 7, 110),
    ],
)
def test_a_schedule_has_its_times(schedule: str, days: int, count: int) -> None:
    found: list[Any] = firings(schedule, MONDAY, MONDAY + timedelta(days=days), 1000)

    assert len(found) == count
