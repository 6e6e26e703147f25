"""Work that falls due by a world's clock is listed before the clock gets there."""

from datetime import timedelta
from typing import Any

import pytest

from tests.control.conftest import Steering

NEW_YEAR = "2026-01-01T00:00:00Z"


def due(steering: Steering, since: str, until: str, query: str = "") -> list[Any]:
    found: list[Any] = steering.get(f"/worlds/{{world}}/due?since={since}&until={until}{query}")
    return found


@pytest.fixture(autouse=True)
def new_year(steering: Steering) -> None:
    steering.ask("PUT", "/worlds/{world}/clock", {"now": NEW_YEAR, "rate": 0})


def add_job(steering: Steering, schedule: str) -> str:
    """Make an active job of TWC's, and return its id."""
    jobs = steering.world.vendors["twc"].collection("jobs")
    row = next(each for each in jobs if not each.get("sample"))
    value = {**row["value"], "id": "due-job", "schedule": schedule, "is_active": True, "is_scheduled": True}
    value.pop("scheduleExpression", None)
    jobs.put({**row, "id": "due-job", "value": {**value, "deleted": False}})
    return "due-job"


def test_a_job_fires_at_each_time_of_its_schedule_up_to_the_end(steering: Steering) -> None:
    add_job(steering, "0 9 * * *")

    found = [
        each["at"]
        for each in due(steering, NEW_YEAR, "2026-01-03T09:00:00Z")
        if each["what"].get("job_id") == "due-job"
    ]

    assert found == [f"2026-01-0{day}T09:00:00.000000Z" for day in (1, 2, 3)]


def test_the_start_of_the_span_does_not_count(steering: Steering) -> None:
    add_job(steering, "0 9 * * *")

    found = due(steering, "2026-01-01T09:00:00Z", "2026-01-01T10:00:00Z", "&vendor=twc")

    assert [each for each in found if each["what"]["job_id"] == "due-job"] == []


def test_of_a_busy_job_the_first_times_are_listed(steering: Steering) -> None:
    add_job(steering, "* * * * *")

    found = due(steering, NEW_YEAR, "2027-01-01T00:00:00Z", "&vendor=twc&limit=3")

    assert [each["at"] for each in found] == [f"2026-01-01T00:0{minute}:00.000000Z" for minute in (1, 2, 3)]


def test_what_is_listed_is_what_is_sent_when_the_clock_gets_there(steering: Steering) -> None:
    add_job(steering, "30 8 * * 1")
    until = "2026-01-31T00:00:00Z"
    expected = [
        (each["at"][:19], each["kind"], each["what"]["job_id"])
        for each in due(steering, NEW_YEAR, until, "&vendor=twc")
    ]
    before = len(steering.get("/worlds/{world}/sent?vendor=twc"))

    steering.ask("PUT", "/worlds/{world}/clock", {"now": until})
    found = steering.get("/worlds/{world}/sent?vendor=twc&limit=10000")[before:]

    assert expected
    assert sorted((each["at"][:19], each["kind"], each["what"]["job_id"]) for each in found) == sorted(expected)


def test_a_fault_that_lasts_ends(steering: Steering) -> None:
    fault = steering.post("/worlds/{world}/faults", {"kind": "drop", "vendor": "ecdp", "lasting": 60}, status=201)

    found = due(steering, NEW_YEAR, "2026-01-01T00:01:00Z")

    assert {
        "vendor": "ecdp",
        "at": "2026-01-01T00:01:00.000000Z",
        "kind": "fault ends",
        "what": {"fault": fault["id"]},
    } in found
    assert [each for each in due(steering, NEW_YEAR, "2026-01-01T00:00:59Z") if each["kind"] == "fault ends"] == []


def test_a_token_of_crmcom_expires_and_is_not_shown(steering: Steering) -> None:
    sessions = steering.world.vendors["crmcom"].collection("sessions")
    sessions.put({"token": "secret-token", "user": "ada", "expires_at": 1767232800})

    found = due(steering, NEW_YEAR, "2026-01-02T00:00:00Z", "&vendor=crmcom")

    assert found == [
        {"vendor": "crmcom", "at": "2026-01-01T02:00:00.000000Z", "kind": "token expires", "what": {"user": "ada"}}
    ]


def test_events_expire_when_their_months_are_over(steering: Steering) -> None:
    state = steering.world.vendors["contacthub"]
    before = len(state.collection("events"))
    found = due(steering, NEW_YEAR, "2090-01-01T00:00:00Z", "&vendor=contacthub&limit=10000")
    retention = [each for each in found if each["kind"] == "retention"]

    assert sum(each["what"]["events"] for each in retention) == before > 0
    assert all(each["at"] > "2026-01-01" for each in retention)
    first = retention[0]["at"]
    early = due(steering, NEW_YEAR, first, "&vendor=contacthub&limit=10000")
    assert [each for each in early if each["kind"] == "retention"] == []


def test_a_bulk_job_gets_on_by_the_clock(steering: Steering) -> None:
    jobs = steering.world.vendors["contacthub"].collection("bulkJobs")
    row = next(iter(jobs))
    start = 1767225600
    data = {**row["data"], "status": "LOADED", "totalEntities": 100}
    jobs.put(
        {
            **row,
            "id": "job-due",
            "data": data,
            "scheduledAt": (start + 10) * 1000,
            "startsAt": (start + 20) * 1000,
            "recordsPerSecond": 10,
        }
    )

    found = [
        each
        for each in due(steering, NEW_YEAR, "2026-01-01T00:00:30Z", "&vendor=contacthub")
        if each["what"].get("id") == "job-due"
    ]

    assert [(each["at"][17:19], each["kind"]) for each in found] == [
        ("10", "bulk job scheduled"),
        ("20", "bulk job starts"),
        ("30", "bulk job ends"),
    ]


def test_an_attempt_at_a_delivery_falls_due(steering: Steering) -> None:
    outbox = steering.world.vendors["ecdp"].outbox
    now = steering.world.clock.now()
    attempt = {"at": "2026-01-01T00:00:00.000000Z", "status": 503, "milliseconds": 1.0, "error": "down", "fault": ""}
    key = outbox.add("webhook", "https://shop.example/hook", {})
    outbox.record_attempt(key, attempt, next_at=now + timedelta(seconds=30))

    expected = {
        "vendor": "ecdp",
        "at": "2026-01-01T00:00:30.000000Z",
        "kind": "delivery",
        "what": {"delivery": key, "destination": "https://shop.example/hook"},
    }
    assert due(steering, NEW_YEAR, "2026-01-01T00:00:30Z", "&vendor=ecdp") == [expected]
    assert due(steering, NEW_YEAR, "2026-01-01T00:00:29Z", "&vendor=ecdp") == []


def test_thirty_days_from_the_worlds_time_are_the_default(steering: Steering) -> None:
    add_job(steering, "0 0 31 1 *")
    soon = steering.get("/worlds/{world}/due?vendor=twc&limit=10000")

    assert "2026-01-31T00:00:00.000000Z" in [each["at"] for each in soon]
    assert all(each["at"] <= "2026-01-31T00:00:00.000000Z" for each in soon)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?until=2025-12-31T00:00:00Z", 422),
        ("?until=3000-01-01T00:00:00Z", 422),
        ("?since=1969-12-31T00:00:00Z", 422),
        ("?since=yesterday", 400),
        ("?vendor=tcw", 400),
        ("?limit=0", 400),
    ],
)
def test_a_span_that_is_none_is_refused(steering: Steering, query: str, status: int) -> None:
    assert steering.ask("GET", f"/worlds/{{world}}/due{query}").status == status
