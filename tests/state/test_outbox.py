"""Messages in the outbox of a vendor state."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from tests.state.test_snapshot_format import digest_of, snapshot_from_json, text
from understudy.core.clock import Clock
from understudy.core.table import Table
from understudy.state import outbox as outbox_module
from understudy.state.change_signal import ChangeSignal, WorldChange
from understudy.state.vendor_state import VendorState
from understudy.state.world import World
from understudy.state.worlds import Worlds

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TABLES = (Table("things"),)
OK = {"at": "2026-03-01T12:00:00.000000Z", "status": 200, "milliseconds": None, "error": "", "fault": ""}
DOWN = {**OK, "status": None, "error": "connection refused"}


def make(vendor: str = "acme") -> VendorState:
    return VendorState("main", vendor, Clock(NOW, rate=0), 1, TABLES)


def made_world() -> World:
    clock = Clock(NOW, rate=0)
    return World("start", clock, {name: VendorState("start", name, clock, 1, TABLES) for name in ("acme", "bolt")}, {})


def add(state: VendorState, body: Any = None, **options: Any) -> str:
    return state.outbox.add("webhook", "http://shop.example/hook", body or {"n": 1}, **options)


def test_a_message_is_a_record_with_all_that_its_delivery_needs() -> None:
    state = make()
    found = state.outbox.get(
        add(state, operation="create_thing", because={"collection": "things", "id": "t1"}, headers={"X-Kind": "new"})
    )

    assert found == {
        "id": "acme-1",
        "kind": "webhook",
        "destination": "http://shop.example/hook",
        "method": "POST",
        "operation": "create_thing",
        "because": {"collection": "things", "id": "t1"},
        "body": {"n": 1},
        "headers": {"X-Kind": "new"},
        "attributes": {},
        "group": "",
        "created": "2026-03-01T12:00:00.000000Z",
        "state": "pending",
        "attempts": [],
        "tries": 0,
        "next_at": "2026-03-01T12:00:00.000000Z",
        "once": "",
    }


def test_a_message_takes_no_random_number() -> None:
    state, other = make(), make()
    add(state)

    assert state.new_id() == other.new_id()


def test_a_message_of_a_later_time_is_due_at_that_time() -> None:
    state = make()
    later = NOW + timedelta(hours=1)
    add(state, at=later)

    assert list(state.outbox.due(later - timedelta(microseconds=1))) == []
    assert [each["id"] for each in state.outbox.due(later)] == ["acme-1"]


def test_a_time_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        add(make(), at=datetime(2026, 3, 1))  # noqa: DTZ001 - the mistake


def test_a_message_of_the_same_cause_is_added_once() -> None:
    state = make()

    assert [add(state, once="job 09:00"), add(state, once="job 10:00"), add(state, once="job 09:00")] == [
        "acme-1",
        "acme-2",
        "acme-1",
    ]
    assert len(state.outbox) == 2


def test_a_failed_attempt_leaves_the_message_open_until_it_is_given_up() -> None:
    state = make()
    key = add(state)
    state.outbox.record_attempt(key, DOWN, next_at=NOW + timedelta(seconds=5))
    failed = state.outbox.get(key) or {}

    assert (failed["state"], failed["next_at"]) == ("failed", "2026-03-01T12:00:05.000000Z")
    assert [each["id"] for each in state.outbox.open_records()] == [key]

    state.outbox.record_attempt(key, DOWN)
    given_up = state.outbox.get(key) or {}

    assert (given_up["state"], given_up["next_at"], len(given_up["attempts"])) == ("given up", None, 2)
    assert list(state.outbox.open_records()) == []


def test_a_delivered_message_is_open_again_when_it_is_sent_again() -> None:
    state = make()
    key = add(state)
    state.outbox.record_attempt(key, OK)

    assert (state.outbox.get(key) or {})["state"] == "delivered"

    state.clock.move(timedelta(hours=2))
    state.outbox.resend(key)
    found = state.outbox.get(key) or {}

    assert (found["state"], found["next_at"], found["tries"]) == ("pending", "2026-03-01T14:00:00.000000Z", 0)
    assert found["attempts"] == [OK]


def test_an_unknown_message_is_not_sent_again() -> None:
    assert make().outbox.resend("acme-1") is None


def test_a_fork_and_its_origin_share_no_later_message() -> None:
    state = make()
    add(state)
    fork = state.fork("copy", state.clock.copy())
    add(fork)

    assert (len(state.outbox), len(fork.outbox)) == (1, 2)


def test_a_snapshot_document_brings_the_messages_back() -> None:
    world = made_world()
    key = add(world.vendors["acme"])
    world.vendors["acme"].outbox.record_attempt(key, DOWN, next_at=NOW + timedelta(seconds=5))
    restored = snapshot_from_json(orjson.loads(text(world)), made_world())

    assert list(restored.world.vendors["acme"].outbox) == list(world.vendors["acme"].outbox)
    assert restored.world.vendors["acme"].outbox.add("webhook", "http://x", {}) == "acme-2"


def test_a_snapshot_document_without_outboxes_empties_them() -> None:
    base = made_world()
    add(base.vendors["acme"])
    document = orjson.loads(text(made_world()))
    del document["digest"]
    for vendor in document["vendors"].values():
        del vendor["collections"]["@outbox"]
    restored = snapshot_from_json(document | {"digest": digest_of(document)}, base)

    assert len(restored.world.vendors["acme"].outbox) == 0


def test_messages_of_start_data_were_received_long_ago() -> None:
    def build(*_: Any) -> Any:
        yield
        world = made_world()
        add(world.vendors["acme"])
        return world

    assert len(Worlds(build).get_or_create().vendors["acme"].outbox) == 0


def test_a_reset_removes_the_messages_and_wakes_the_listener() -> None:
    def build(*_: Any) -> Any:
        yield
        return made_world()

    worlds = Worlds(build)
    worlds.get_or_create()
    woken: list[str] = []
    worlds.signal.listen(lambda: woken.append("woken"))
    add(worlds.get_or_create().vendors["acme"])
    worlds.reset("main")

    assert len(worlds.get_or_create().vendors["acme"].outbox) == 0
    assert woken == ["woken", "woken"]
    assert [worlds.signal.take(), worlds.signal.take(), worlds.signal.take()] == [
        WorldChange("main", "acme", "acme-1"),
        WorldChange("main"),
        None,
    ]


def test_changes_without_a_listener_are_not_stored() -> None:
    signal = ChangeSignal()
    signal.note("main")
    signal.listen(lambda: None)

    assert signal.take() is None


def test_delivered_messages_are_dropped_first_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_module, "MAX_RECORDS", 3)
    monkeypatch.setattr(outbox_module, "DROPPED_AT_ONCE", 1)
    state = make()
    first, second, _ = add(state), add(state), add(state)
    state.outbox.record_attempt(second, OK)
    add(state)

    assert [each["id"] for each in state.outbox] == [first, "acme-3", "acme-4"]
    assert state.outbox.dropped == 1

    add(state)

    assert [each["id"] for each in state.outbox] == ["acme-3", "acme-4", "acme-5"]
    assert state.outbox.dropped == 2


def test_equal_worlds_have_equal_outboxes() -> None:
    one, two = made_world(), made_world()
    for world in (one, two):
        add(world.vendors["acme"])
        add(world.vendors["bolt"])

    assert text(one) == text(two)
