"""Jobs that are due when a world's clock is changed, through the control API: each runs once, whatever the change."""

from collections import Counter
from typing import Any

import pytest

from tests.control.conftest import Steering
from tests.control.conftest import steering as steering  # noqa: PLC0414 - a fixture of another folder

JOBS = "/services/eventcollector/api/v1/jobs"
MIDNIGHT = "2026-03-02T00:00:00Z"
HOURS = [f"2026-03-02T{hour:02}:00:00Z" for hour in range(24)]


@pytest.fixture
def hourly(steering: Steering) -> str:
    """Id of a job of every hour, created at midnight on a frozen clock."""
    set_clock(steering, now=MIDNIGHT, rate=0)
    return create_job(steering, "0 * * * *")


def create_job(steering: Steering, schedule: str) -> str:
    body = {"notification": "BACK_IN_STOCK", "schedule": schedule, "number_of_items_in_email": 3}
    made = steering.call_vendor("twc", "POST", JOBS, body, **{"X-TWC-Tenant": "understudy"})
    assert made.status == 201
    return str(made.json["id"])


def set_clock(steering: Steering, **change: Any) -> None:
    assert steering.ask("PUT", "/worlds/{world}/clock", change).status == 200


def run_on(steering: Steering, hours: float) -> None:
    """Let the clock run forward by itself, so that no call of the control API sees the time pass."""
    clock = steering.world.clock
    clock.set(clock.now().replace(hour=int(hours), minute=round(hours % 1 * 60)))


def times(steering: Steering, job: str) -> list[str]:
    sent = steering.get("/worlds/{world}/sent?limit=10000")
    return [each["at"] for each in sent if each["what"]["job_id"] == job]


@pytest.mark.parametrize(
    "change",
    [
        ("PUT", "/worlds/{world}/clock", {"now": MIDNIGHT}),
        ("PUT", "/worlds/{world}/clock", {"now": "2026-03-01T12:00:00Z", "rate": 0}),
        ("PUT", "/worlds/{world}/clock", {"now": "1999-01-01T00:00:00Z"}),
        ("POST", "/worlds/{world}/clock/move", {"hours": -3}),
        ("POST", "/worlds/{world}/clock/move", {"days": -400}),
    ],
    ids=["to the start", "to the day before", "to another century", "by what has passed", "by a year"],
)
def test_jobs_due_before_the_clock_is_set_back_have_run(
    steering: Steering, hourly: str, change: tuple[str, str, Any]
) -> None:
    run_on(steering, 3)

    assert steering.ask(*change).status == 200

    assert times(steering, hourly) == HOURS[1:4]


def test_jobs_due_before_the_clock_follows_the_machine_have_run(steering: Steering) -> None:
    set_clock(steering, now=MIDNIGHT, rate=0)
    daily = create_job(steering, "0 3 * * *")
    run_on(steering, 3)

    assert steering.ask("DELETE", "/worlds/{world}/clock").status == 200

    assert times(steering, daily)[0] == HOURS[3]


def test_times_that_a_clock_passes_again_do_not_run_twice(steering: Steering, hourly: str) -> None:
    run_on(steering, 3)
    set_clock(steering, now=MIDNIGHT)
    steering.post("/worlds/{world}/clock/move", {"hours": 5})

    assert Counter(times(steering, hourly)) == Counter(HOURS[1:6])


def test_a_clock_that_is_set_back_makes_jobs_due_from_there(steering: Steering, hourly: str) -> None:
    run_on(steering, 3)
    set_clock(steering, now="2026-03-01T22:30:00Z")
    set_clock(steering, now="2026-03-01T23:30:00Z")

    assert times(steering, hourly) == ["2026-03-01T23:00:00Z", *HOURS[1:4]]


@pytest.mark.parametrize(
    ("until", "count"),
    [("2026-03-02T00:59:59.999Z", 0), ("2026-03-02T01:00:00Z", 1), ("2026-03-02T01:00:00.001Z", 1)],
)
def test_a_job_runs_at_its_time_and_not_an_instant_before(
    steering: Steering, hourly: str, until: str, count: int
) -> None:
    set_clock(steering, now=until)

    assert len(times(steering, hourly)) == count


def test_a_job_made_at_its_own_time_runs_at_the_next_one(steering: Steering, hourly: str) -> None:
    assert times(steering, hourly) == []
    set_clock(steering, now=HOURS[1])
    assert times(steering, hourly) == HOURS[1:2]


def test_jobs_due_before_a_snapshot_are_in_it(steering: Steering, hourly: str) -> None:
    run_on(steering, 2)
    snapshot = steering.get("/worlds/{world}/snapshot")
    run_on(steering, 4)
    assert times(steering, hourly) == HOURS[1:5]

    assert steering.ask("POST", "/worlds/{world}/restore", snapshot).status == 200

    assert times(steering, hourly) == HOURS[1:3]


def test_jobs_that_run_by_a_running_clock_need_no_call_to_do_so(steering: Steering, hourly: str) -> None:
    set_clock(steering, now="2026-03-02T00:59:59.500Z", rate=86_400)

    assert times(steering, hourly)[:1] == HOURS[1:2]
