from datetime import UTC, datetime

import pytest

from tests.control.conftest import Steering

NOON = "2026-06-01T12:00:00Z"
SPOKEN = "2026-06-01T12:00:00.000000Z"


def test_a_frozen_clock_stands_still_for_the_vendors(steering: Steering) -> None:
    assert steering.ask("PUT", "/worlds/{world}/clock", {"now": NOON, "rate": 0}).json["now"] == SPOKEN

    assert {part.now() for part in steering.world.vendors.values()} == {datetime(2026, 6, 1, 12, tzinfo=UTC)}
    assert steering.get("/worlds/{world}/clock") == {"now": SPOKEN, "rate": 0, "is_real": False}


def test_a_clock_moves_forward_and_back(steering: Steering) -> None:
    steering.ask("PUT", "/worlds/{world}/clock", {"now": NOON, "rate": 0})

    assert steering.post("/worlds/{world}/clock/move", {"days": 1, "hours": 2})["now"] == "2026-06-02T14:00:00.000000Z"
    assert steering.post("/worlds/{world}/clock/move", {"minutes": -90})["now"] == "2026-06-02T12:30:00.000000Z"


def test_a_clock_follows_the_machine_again(steering: Steering) -> None:
    steering.ask("PUT", "/worlds/{world}/clock", {"now": NOON, "rate": 0})

    found = steering.ask("DELETE", "/worlds/{world}/clock").json

    assert (found["rate"], found["is_real"]) == (1, True)
    assert abs((datetime.now(UTC) - datetime.fromisoformat(found["now"])).total_seconds()) < 5


@pytest.mark.parametrize("span", [{"days": 999_999}, {"days": -999_999}, {"seconds": 10**11}])
def test_a_clock_is_not_moved_out_of_range(steering: Steering, span: dict[str, int]) -> None:
    before = steering.get("/worlds/{world}/clock")

    assert steering.ask("POST", "/worlds/{world}/clock/move", span).status == 422
    assert steering.get("/worlds/{world}/clock") == before


def test_tokens_expire_by_the_worlds_clock(steering: Steering) -> None:
    served = steering.understudy.vendors["twc"]
    assert served.vendor.sign_in
    token = served.vendor.sign_in(steering.world.vendors["twc"]) | {"X-TWC-Tenant": "understudy"}
    path = "/services/eventcollector/api/v1/event-subscription"
    assert steering.call_vendor("twc", "GET", path, **token).status == 200

    steering.post("/worlds/{world}/clock/move", {"minutes": 6})

    assert steering.call_vendor("twc", "GET", path, **token).status == 401


def test_a_month_of_schedules_fires_as_the_clock_passes_it(steering: Steering) -> None:
    steering.ask("PUT", "/worlds/{world}/clock", {"now": "2026-03-01T00:00:00Z", "rate": 0})
    tenant = {"X-TWC-Tenant": "understudy"}
    body = {"notification": "BACK_IN_STOCK", "schedule": "0 9 * * *", "number_of_items_in_email": 3}
    made = steering.call_vendor("twc", "POST", "/services/eventcollector/api/v1/jobs", body, **tenant)
    assert made.status == 201

    steering.post("/worlds/{world}/clock/move", {"days": 31})

    sent = steering.get("/worlds/{world}/sent?vendor=twc")
    ours = [each for each in sent if each["what"]["job_id"] == made.json["id"]]
    assert [each["at"][:10] for each in ours] == [f"2026-03-{day:02}" for day in range(1, 32)]
    assert {each["kind"] for each in ours} == {"BACK_IN_STOCK"}
    assert sent == sorted(sent, key=lambda each: each["at"])
    assert steering.get("/worlds/{world}/sent?limit=2") == sent[-2:]


def test_a_clock_that_is_set_back_first_lets_schedules_fire_from_there(steering: Steering) -> None:
    steering.ask("PUT", "/worlds/{world}/clock", {"now": "2020-01-06T00:00:00Z", "rate": 0})
    steering.post("/worlds/{world}/clock/move", {"days": 14})

    assert [each["at"][:10] for each in steering.get("/worlds/{world}/sent") if each["kind"] == "REMINDER"] == [
        "2020-01-06",
        "2020-01-13",
    ]
