from itertools import count

import pytest

from tests.control.conftest import Steering

NUMBERS = count()
CUSTOMER = {"mode": "Add", "matchBy": "Email", "data": [{"email": "new@example.com"}]}


def fresh() -> str:
    return f"made-{next(NUMBERS)}"


def test_a_world_is_made_from_the_start_by_default(steering: Steering) -> None:
    made = steering.post("/worlds", {"name": fresh()}, status=201)

    assert made["origin"] == {"scenario": "start"}
    assert (made["exchanges"], made["faults"]) == (0, 0)
    assert made["records"] == steering.understudy.worlds.start_world.record_count


def test_a_world_without_a_name_gets_a_free_one(steering: Steering) -> None:
    names = {steering.post("/worlds", {}, status=201)["name"] for _ in range(3)}

    assert len(names) == 3


@pytest.mark.parametrize("way", ["/worlds", "/worlds/{world}/fork"])
def test_a_name_in_use_is_refused_and_its_world_stays(steering: Steering, way: str) -> None:
    steering.call_vendor("ecdp", "POST", "/customers", CUSTOMER)
    before = steering.get("/worlds/{world}")

    refused = steering.post(way, {"name": steering.world_name}, status=409)

    assert "in use" in refused["title"]
    assert steering.get("/worlds/{world}") == before


def test_a_world_can_start_at_a_frozen_time_and_a_reset_goes_back_to_it(steering: Steering) -> None:
    name = fresh()
    clock = {"now": "2026-02-01T08:00:00Z", "rate": 0}
    steering.post("/worlds", {"name": name, "clock": clock}, status=201)
    steering.post(f"/worlds/{name}/clock/move", {"days": 3})

    again = steering.post(f"/worlds/{name}/reset")

    assert again["clock"] == {"now": "2026-02-01T08:00:00.000000Z", "rate": 0, "is_real": False}


def test_another_seed_gives_other_people(steering: Steering) -> None:
    one, two = fresh(), fresh()
    for name, seed in ((one, 11), (two, 12)):
        steering.post("/worlds", {"name": name, "seed": seed}, status=201)

    people = [steering.get(f"/worlds/{name}/collections/ecdp/customers?limit=9")["records"] for name in (one, two)]

    assert people[0] != people[1]


def test_a_copy_of_a_world_has_its_records_and_is_independent(steering: Steering) -> None:
    twin = fresh()
    steering.call_vendor("ecdp", "POST", "/customers", CUSTOMER)
    records = steering.world.record_count
    made = steering.post("/worlds/{world}/fork", {"name": twin}, status=201)
    steering.ask("DELETE", "/worlds/{world}/collections/twc/realms/understudy")

    assert (made["records"], made["origin"]) == (records, {"world": steering.world_name})
    assert steering.get(f"/worlds/{twin}")["records"] == records
    assert steering.world.record_count == records - 1


def test_a_reset_keeps_nothing_but_the_journal(steering: Steering) -> None:
    before = steering.world.record_count
    steering.call_vendor("ecdp", "POST", "/customers", CUSTOMER)
    steering.post("/worlds/{world}/faults", {"kind": "drop"}, status=201)

    after = steering.post("/worlds/{world}/reset")

    assert (after["records"], after["faults"], after["exchanges"]) == (before, 0, 1)
    assert steering.post("/worlds/{world}/reset?clear_journal=true")["exchanges"] == 0


def test_a_reset_of_a_copy_goes_back_to_the_time_of_the_copy(steering: Steering) -> None:
    twin = fresh()
    steering.call_vendor("ecdp", "POST", "/customers", CUSTOMER)
    records = steering.world.record_count
    steering.post("/worlds/{world}/fork", {"name": twin}, status=201)
    steering.ask("DELETE", f"/worlds/{twin}/collections/twc/realms/understudy")

    assert steering.post(f"/worlds/{twin}/reset")["records"] == records


def test_credentials_survive_a_reset(steering: Steering) -> None:
    served = steering.understudy.vendors["twc"]
    assert served.vendor.sign_in
    token = served.vendor.sign_in(steering.world.vendors["twc"])
    steering.post("/worlds/{world}/reset")
    path = "/services/eventcollector/api/v1/event-subscription"

    assert steering.call_vendor("twc", "GET", path, **token, **{"X-TWC-Tenant": "understudy"}).status == 200


def test_a_deleted_world_is_made_anew_by_a_vendors_call(steering: Steering) -> None:
    steering.call_vendor("ecdp", "POST", "/customers", CUSTOMER)
    assert steering.ask("DELETE", "/worlds/{world}").status == 204
    assert steering.ask("GET", "/worlds/{world}").status == 404

    steering.call_vendor("ecdp", "GET", "/customerattributes")

    assert steering.get("/worlds/{world}")["records"] == steering.understudy.worlds.start_world.record_count


def test_a_world_is_made_from_a_kept_snapshot(steering: Steering) -> None:
    steering.call_vendor("ecdp", "POST", "/customers", CUSTOMER)
    records, name = steering.world.record_count, fresh()
    assert steering.ask("PUT", f"/snapshots/{name}", {"world": steering.world_name}).status == 200
    steering.post("/worlds/{world}/reset")

    made = steering.post("/worlds", {"name": name, "from": {"snapshot": name}}, status=201)

    assert (made["records"], made["origin"]) == (records, {"snapshot": name})
    assert steering.post(f"/worlds/{{world}}/restore/{name}")["records"] == records


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"from": {"scenario": "strat"}}, "did you mean 'start'?"),
        ({"from": {"world": "no-such-world"}}, "no world 'no-such-world' is in use"),
        ({"from": {"snapshot": "no-such"}}, "no snapshot 'no-such' is kept"),
        ({"clock": {"now": "3000-01-01T00:00:00Z"}}, "between 1970 and 2999"),
    ],
)
def test_an_unknown_origin_is_refused(steering: Steering, body: object, why: str) -> None:
    answer = steering.ask("POST", "/worlds", body)

    assert answer.status == 422
    assert why in answer.json["title"]


def test_a_control_call_is_in_no_worlds_journal(steering: Steering) -> None:
    steering.get("/worlds/{world}")

    assert len(steering.world.journal) == 0
