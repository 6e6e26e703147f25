"""Round trips of worlds through snapshot documents, after any operations."""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.test_json_stream import read_json
from understudy.core.clock import Clock
from understudy.core.json_stream import JsonStream
from understudy.core.json_types import Json
from understudy.core.steps import run_to_end
from understudy.core.table import SortedIndex, Table, by
from understudy.state.snapshot import Snapshot, snapshot_of
from understudy.state.snapshot_format import SHAPE, WHOLE_DOUBLE, InvalidSnapshot, SnapshotReader, write_snapshot
from understudy.state.vendor_state import VendorState
from understudy.state.world import World

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TABLES = (
    Table("plain"),
    Table("things", indexes=by("colour", "maker.id")),
    Table("ranked", indexes={"colour": SortedIndex(lambda value: value.get("colour"), lambda value: value["rank"])}),
)
KEYS = st.sampled_from("abcdefgh")
COLOURS = st.sampled_from(["red", "blue", None])
RECORDS = st.fixed_dictionaries(
    {"id": KEYS, "colour": COLOURS, "rank": st.sampled_from(["1", "2", "3"])},
    optional={"maker": st.fixed_dictionaries({"id": KEYS}), "size": st.floats(allow_nan=False, allow_infinity=False)},
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from([table.name for table in TABLES]), RECORDS),
        st.tuples(st.just("delete"), st.sampled_from([table.name for table in TABLES]), KEYS),
        st.tuples(st.just("draw"), st.sampled_from(["new_id", "random", "gauss"]), st.none()),
        st.tuples(st.just("move"), st.integers(-(10**6), 10**6), st.none()),
    ),
    max_size=40,
)


def base_world() -> World:
    clock = Clock(NOW, rate=0)
    return World("start", clock, {name: VendorState("start", name, clock, 1, TABLES) for name in ("acme", "bolt")}, {})


def apply_steps(world: World, steps: list[tuple[Any, ...]]) -> None:
    for kind, what, value in steps:
        state = world.vendors["acme"]
        if kind == "put":
            state.collection(what).put(value)
        elif kind == "delete":
            state.collection(what).delete(value)
        elif kind == "draw":
            state.new_id() if what == "new_id" else state.rng.gauss() if what == "gauss" else state.rng.random()
        else:
            world.clock.move(timedelta(seconds=what))


def text(world: World) -> bytes:
    return b"".join(write_snapshot(snapshot_of(world)))


def snapshot_to_json(snapshot: Snapshot) -> Any:
    return orjson.loads(b"".join(write_snapshot(snapshot)))


def snapshot_from_json(document: Json, base: World, size: int = 1000) -> Snapshot:
    """Return the snapshot of a document that arrives in pieces of some size."""
    whole, reader = orjson.dumps(document), SnapshotReader(base)
    pieces = iter([whole[start : start + size] for start in range(0, len(whole), size)])
    return run_to_end(reader.finish(read_json(JsonStream(SHAPE, reader.add), pieces)))


def digest_of(document: Json) -> str:
    """Return the digest of a document that has none, computed from the whole of it."""
    whole = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    return blake2b(WHOLE_DOUBLE.sub(b"", whole), digest_size=16).hexdigest()


def restored(document: bytes) -> World:
    return snapshot_from_json(orjson.loads(document), base_world()).instantiate("again")


@given(STEPS)
def test_a_restored_world_gives_the_same_document(steps: list[tuple[Any, ...]]) -> None:
    world = base_world()
    apply_steps(world, steps)

    assert text(restored(text(world))) == text(world)


@given(STEPS, STEPS)
def test_a_restored_world_continues_as_the_original_does(before: list[tuple[Any, ...]], after: list[Any]) -> None:
    world = base_world()
    apply_steps(world, before)
    other = restored(text(world))
    for each in (world, other):
        apply_steps(each, after)

    assert text(other) == text(world)
    for name, value in [("colour", "red"), ("colour", "blue")]:
        for table in ("things", "ranked"):
            found = [each.vendors["acme"].collection(table).find(name, value) for each in (world, other)]
            assert found[0] == found[1]
    assert other.vendors["acme"].new_id() == world.vendors["acme"].new_id()
    assert other.vendors["acme"].rng.gauss() == world.vendors["acme"].rng.gauss()


def test_the_keys_of_an_index_keep_their_order() -> None:
    world = base_world()
    rows = world.vendors["acme"].collection("things")
    for key, colour in [("a", "red"), ("b", "red"), ("a", "blue"), ("a", "red")]:
        rows.put({"id": key, "colour": colour})
    assert rows.keys_of("colour", "red") == ["b", "a"]

    assert restored(text(world)).vendors["acme"].collection("things").keys_of("colour", "red") == ["b", "a"]


def test_the_real_time_stays_the_real_time() -> None:
    clock = Clock()
    world = World("start", clock, {"acme": VendorState("start", "acme", clock, 1, TABLES)}, {})
    document = snapshot_to_json(snapshot_of(world))

    assert document["clock"] == {"now": None, "rate": 1.0}
    assert snapshot_from_json(document, base_world()).instantiate("again").clock.is_real


def test_a_document_rewritten_by_javascript_is_accepted() -> None:
    world = base_world()
    world.vendors["acme"].collection("plain").put({"id": "a", "price": 10.0, "list": [1.0, -2.0]})
    document = snapshot_to_json(snapshot_of(world))
    document["vendors"]["acme"]["collections"]["plain"]["records"] = [{"list": [1, -2], "price": 10, "id": "a"}]

    assert isinstance(snapshot_from_json(document, base_world()), Snapshot)


def changed_document(**changes: Any) -> Json:
    document = {**snapshot_to_json(snapshot_of(base_world())), **changes}
    content = {name: value for name, value in document.items() if name != "digest"}
    return {**document, "digest": digest_of(content)}


def vendor(**changes: Any) -> Json:
    whole = snapshot_to_json(snapshot_of(base_world()))["vendors"]["acme"]
    return {"acme": {**whole, **changes}}


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (changed_document(version=2), "version 2 is not understood"),
        (
            changed_document(vendors=vendor() | {"amce": vendor()["acme"]}),
            "no vendor 'amce' is served; did you mean 'acme'",
        ),
        (changed_document(vendors=vendor(chance="AAAA")), "its chance is not the state"),
        (
            changed_document(vendors=vendor(collections={"thing": {"records": []}})),
            "has no collection 'thing'; did you mean",
        ),
        (
            changed_document(vendors=vendor(collections={"plain": {"records": [{}]}})),
            "acme plain: a record cannot be looked up",
        ),
        (
            changed_document(
                vendors=vendor(collections={"things": {"records": [], "orders": {"colour": [["a", "b"]]}}})
            ),
            "acme things: a record cannot be looked up",
        ),
        ({**changed_document(), "clock": {"now": None, "rate": 2}}, "the digest is not that of the document"),
    ],
)
def test_an_invalid_document_is_refused(document: Json, why: str) -> None:
    with pytest.raises(InvalidSnapshot, match=why):
        snapshot_from_json(document, base_world())


def test_vendors_that_a_document_leaves_out_have_their_base_state() -> None:
    base = base_world()
    base.vendors["bolt"].collection("plain").put({"id": "a"})

    found = snapshot_from_json(changed_document(vendors=vendor()), base).instantiate("again")

    assert found.vendors["bolt"].collection("plain").keys() == ["a"]


@given(STEPS)
def test_the_digest_is_that_of_the_whole_document(steps: list[tuple[Any, ...]]) -> None:
    world = base_world()
    apply_steps(world, steps)
    document = snapshot_to_json(snapshot_of(world))

    assert document.pop("digest") == digest_of(document)


@pytest.mark.parametrize("size", [1, 2, 7, 10_000])
def test_a_document_may_arrive_in_pieces_of_any_size(size: int) -> None:
    world = base_world()
    world.vendors["acme"].collection("things").put({"id": 'ä\u2028"', "colour": "röt", "size": -1.5e-7})
    document = snapshot_to_json(snapshot_of(world))

    assert text(snapshot_from_json(document, base_world(), size).instantiate("again")) == text(world)


def test_a_record_given_twice_is_refused() -> None:
    record = {"id": "a"}
    twice = changed_document(vendors=vendor(collections={"plain": {"records": [record, record]}}))

    with pytest.raises(InvalidSnapshot, match="digest"):
        snapshot_from_json(twice, base_world())
