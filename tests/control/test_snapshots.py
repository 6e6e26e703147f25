"""Snapshots of worlds in which the vendors have been at work."""

from random import Random

import pytest

from tests.contract.conftest import calls, found
from tests.control.conftest import Steering


def be_busy(steering: Steering, seed: int, most: int) -> None:
    """Send example calls of every vendor in a random order."""
    chance = Random(seed)
    every = [each for each in calls(*found().values()) if len(each.body) < 10_000]
    for each in chance.sample(every, most):
        steering.send(each)


@pytest.mark.parametrize("seed", range(4))
def test_a_world_at_work_is_restored_to_the_byte(steering: Steering, seed: int) -> None:
    be_busy(steering, seed, 60)
    first = steering.ask("GET", "/worlds/{world}/snapshot")
    be_busy(steering, seed + 100, 60)

    assert steering.ask("POST", "/worlds/{world}/restore", first.json).status == 200

    assert steering.ask("GET", "/worlds/{world}/snapshot").body == first.body


def test_a_snapshot_can_be_restored_into_another_world(steering: Steering) -> None:
    be_busy(steering, 1, 20)
    document = steering.get("/worlds/{world}/snapshot")
    steering.post("/worlds", {"name": f"{steering.world_name[:50]}-twin"}, status=201)

    steering.post(f"/worlds/{steering.world_name[:50]}-twin/restore", document)

    assert steering.get(f"/worlds/{steering.world_name[:50]}-twin/snapshot")["digest"] == document["digest"]


def test_a_changed_document_is_refused_and_changes_nothing(steering: Steering) -> None:
    document = steering.get("/worlds/{world}/snapshot")
    spoilt = {**document, "vendors": {**document["vendors"], "twc": {"chance": "", "collections": {}}}}

    answer = steering.ask("POST", "/worlds/{world}/restore", spoilt)

    assert (answer.status, "digest" in answer.json["title"]) == (422, True)
    assert steering.get("/worlds/{world}/snapshot") == document


def test_snapshots_are_kept_listed_read_and_dropped(steering: Steering) -> None:
    name = "kept-here"
    whole = steering.get("/worlds/{world}/snapshot")
    steering.ask("PUT", f"/snapshots/{name}", {"world": steering.world_name})
    steering.ask("DELETE", "/worlds/{world}/collections/twc/realms/understudy")

    assert name in [each["name"] for each in steering.get("/snapshots")]
    assert steering.get(f"/snapshots/{name}") == whole
    assert steering.ask("DELETE", f"/snapshots/{name}").status == 204
    assert steering.ask("GET", f"/snapshots/{name}").status == 404


def test_an_invalid_name_of_a_snapshot_is_refused(steering: Steering) -> None:
    assert steering.ask("PUT", "/snapshots/a%20b", {"world": steering.world_name}).status == 422


def test_a_restored_world_keeps_its_journal_and_loses_its_faults(steering: Steering) -> None:
    be_busy(steering, 2, 5)
    document = steering.get("/worlds/{world}/snapshot")
    steering.post("/worlds/{world}/faults", {"kind": "drop"}, status=201)

    after = steering.post("/worlds/{world}/restore", document)

    assert (after["exchanges"], after["faults"]) == (5, 0)


def test_a_reset_after_a_restore_goes_back_to_the_base_snapshot(steering: Steering) -> None:
    start = steering.world.record_count
    steering.ask("DELETE", "/worlds/{world}/collections/twc/realms/understudy")
    steering.post("/worlds/{world}/restore", steering.get("/worlds/{world}/snapshot"))

    assert steering.post("/worlds/{world}/reset")["records"] == start
