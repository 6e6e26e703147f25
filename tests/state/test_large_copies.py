"""Copies of large collections: made in steps before a write, freed in steps by the last holder."""

import gc
from typing import Any

import orjson
import pytest

from tests.asgi import call
from understudy.app import Understudy, create_app
from understudy.core.steps import run_to_end
from understudy.core.table import Table, by
from understudy.core.world_names import CONTROL_PATH
from understudy.settings import Settings
from understudy.state import collection as collections
from understudy.state.collection import LARGE_COPY, Collection
from understudy.state.index import KEYS_PER_STEP
from understudy.state.snapshot_format import SnapshotReader
from understudy.state.world import World

NEW = b'{"nodeId": "NODE", "externalId": "new", "base": {"contacts": {"email": "new@example.com"}}}'
TABLE = Table("things", indexes=by("colour", "name"))


def filled(count: int) -> Collection:
    made = Collection(TABLE)
    for number in range(count):
        made.put({"id": str(number), "colour": "red", "name": f"thing {number}"})
    return made


@pytest.mark.parametrize(("count", "is_large"), [(LARGE_COPY - 1, False), (LARGE_COPY, True)])
def test_a_collection_is_copied_in_steps_from_a_number_of_records_on(count: int, *, is_large: bool) -> None:
    one = filled(count)
    assert not one.is_large_copy

    assert one.copy().is_large_copy is is_large


def test_each_part_of_a_large_copy_is_copied_in_a_step_of_its_own() -> None:
    one = filled(LARGE_COPY)
    other = one.copy()

    steps = sum(1 for _ in other.separate())

    assert steps >= len(TABLE.indexes) + 1
    assert not other.is_large_copy
    other.put({"id": "new", "colour": "red", "name": "new"})
    other.delete("0")
    assert (len(one), one.count("colour", "red"), one.first("name", "new")) == (LARGE_COPY, LARGE_COPY, None)
    assert other.keys()[-1] == "new"
    assert other.count("colour", "red") == LARGE_COPY


def test_a_write_while_a_large_copy_is_made_is_not_lost() -> None:
    other = filled(LARGE_COPY).copy()
    steps = other.separate()
    next(steps)

    other.put({"id": "new", "colour": "blue", "name": "new"})
    run_to_end(steps)

    assert other.get("new") is not None
    assert other.count("colour", "blue") == 1


def test_a_long_group_of_keys_is_freed_in_steps() -> None:
    one = filled(4 * KEYS_PER_STEP)

    steps = sum(1 for _ in one.dismantle())

    assert steps >= 4 * 4  # records, values, names, and the one group of a colour


def test_the_last_of_two_copies_frees_the_indexes_in_steps() -> None:
    one = filled(4 * KEYS_PER_STEP)
    other = one.copy()

    assert sum(1 for _ in one.dismantle()) == 0
    assert sum(1 for _ in other.dismantle()) >= 4 * 4


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Understudy:
    monkeypatch.setattr(collections, "LARGE_COPY", 5)
    return create_app(Settings(vendors=("contacthub",)))


def ask(served: Understudy, method: str, path: str, body: bytes = b"") -> int:
    """Call Contacthub in the world ``large``; return the status."""
    ids = served.worlds.get_or_create("large").credentials["contacthub"]
    target = f"/@large/contacthub/hub/v1/workspaces/{ids['workspace']}{path}?nodeId={ids['node']}"
    headers = {"content-type": "application/json", "authorization": f"Bearer {ids['token']}"}
    return call(served.asgi, method, target, headers=headers, body=body.replace(b"NODE", ids["node"].encode())).status


def test_only_a_request_that_may_write_waits_for_the_copy_of_a_large_world(served: Understudy) -> None:
    state: Any = served.worlds.get_or_create("large").vendors["contacthub"]
    assert state.has_large_copies

    assert ask(served, "GET", "/customers") == 200
    assert state.has_large_copies
    assert ask(served, "POST", "/customers", NEW) == 201
    assert not state.has_large_copies


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_record_that_is_put_or_deleted_waits_for_the_copy_too(served: Understudy, method: str) -> None:
    state: Any = served.worlds.get_or_create("large").vendors["contacthub"]
    record = next(iter(state.collection("customers")))
    path = f"{CONTROL_PATH}/worlds/large/collections/contacthub/customers/{record['id']}"
    headers = {"content-type": "application/json", "host": "127.0.0.1"}

    answer = call(served.asgi, method, path, headers=headers, body=orjson.dumps(record) if method == "PUT" else b"")

    assert answer.status == (200 if method == "PUT" else 204), answer.body
    assert not state.has_large_copies


RESTORE = f"{CONTROL_PATH}/worlds/large/restore"
LOCAL = {"content-type": "application/json", "host": "127.0.0.1"}


def snapshot_text(served: Understudy) -> bytes:
    served.worlds.get_or_create("large")
    return call(served.asgi, "GET", f"{CONTROL_PATH}/worlds/large/snapshot", headers=LOCAL).body


def test_the_records_of_a_refused_document_are_removed_in_steps(
    served: Understudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed: list[SnapshotReader] = []
    dismantle = SnapshotReader.dismantle

    def note(reader: SnapshotReader) -> Any:
        removed.append(reader)
        return dismantle(reader)

    monkeypatch.setattr(SnapshotReader, "dismantle", note)

    text = snapshot_text(served)
    for body in (text.replace(b'"digest":"', b'"digest":"0'), text[:-20], text.replace(b'"version":1', b'"version":9')):
        removed.clear()
        assert call(served.asgi, "POST", RESTORE, headers=LOCAL, body=body).status in (400, 422)
        assert len(removed) == 1


def test_nothing_of_a_restored_document_is_held_while_the_old_world_is_removed(
    served: Understudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []
    dismantle = World.dismantle

    def count(world: World) -> Any:
        held.append(sum(isinstance(each, SnapshotReader) for each in gc.get_objects()))
        return dismantle(world)

    text = snapshot_text(served)
    gc.collect()
    monkeypatch.setattr(World, "dismantle", count)
    assert call(served.asgi, "POST", RESTORE, headers=LOCAL, body=text).status == 200
    assert held == [0]


def test_a_kept_snapshot_that_is_replaced_is_removed_in_steps(
    served: Understudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed: list[World] = []
    dismantle = World.dismantle

    def note(world: World) -> Any:
        removed.append(world)
        return dismantle(world)

    monkeypatch.setattr(World, "dismantle", note)
    served.worlds.get_or_create("large")
    for number in (0, 1):
        path = f"{CONTROL_PATH}/snapshots/mine"
        assert call(served.asgi, "PUT", path, headers=LOCAL, body=b'{"world": "large"}').status == 200
        assert len(removed) == number
