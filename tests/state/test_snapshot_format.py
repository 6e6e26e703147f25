"""A world is a document and the document is the world, whatever it has been through."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.clock import Clock
from understudy.core.json_types import Json
from understudy.core.table import SortedIndex, Table, by
from understudy.state.snapshot import Snapshot, snapshot_of
from understudy.state.snapshot_format import InvalidSnapshot, digest_of, snapshot_from_json, snapshot_to_json
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


def beginning() -> World:
    clock = Clock(NOW, rate=0)
    return World("start", clock, {name: VendorState("start", name, clock, 1, TABLES) for name in ("acme", "bolt")}, {})


def play(world: World, steps: list[tuple[Any, ...]]) -> None:
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
    return orjson.dumps(snapshot_to_json(snapshot_of(world)))


def restored(document: bytes) -> World:
    return snapshot_from_json(orjson.loads(document), beginning()).instantiate("again")


@given(STEPS)
def test_a_restored_world_gives_the_same_document(steps: list[tuple[Any, ...]]) -> None:
    world = beginning()
    play(world, steps)

    assert text(restored(text(world))) == text(world)


@given(STEPS, STEPS)
def test_a_restored_world_goes_on_as_the_first_one_does(before: list[tuple[Any, ...]], after: list[Any]) -> None:
    world = beginning()
    play(world, before)
    twin = restored(text(world))
    for each in (world, twin):
        play(each, after)

    assert text(twin) == text(world)
    for name, value in [("colour", "red"), ("colour", "blue")]:
        for table in ("things", "ranked"):
            found = [each.vendors["acme"].collection(table).find(name, value) for each in (world, twin)]
            assert found[0] == found[1]
    assert twin.vendors["acme"].new_id() == world.vendors["acme"].new_id()
    assert twin.vendors["acme"].rng.gauss() == world.vendors["acme"].rng.gauss()


def test_keys_found_together_keep_their_order() -> None:
    world = beginning()
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
    assert snapshot_from_json(document, beginning()).instantiate("again").clock.is_real


def test_a_document_that_javascript_has_rewritten_is_taken() -> None:
    world = beginning()
    world.vendors["acme"].collection("plain").put({"id": "a", "price": 10.0, "list": [1.0, -2.0]})
    document = snapshot_to_json(snapshot_of(world))
    document["vendors"]["acme"]["collections"]["plain"]["records"] = [{"list": [1, -2], "price": 10, "id": "a"}]

    assert isinstance(snapshot_from_json(document, beginning()), Snapshot)


def spoilt(**changes: Any) -> Json:
    document = {**snapshot_to_json(snapshot_of(beginning())), **changes}
    told = {name: value for name, value in document.items() if name != "digest"}
    return {**document, "digest": digest_of(told)}


def vendor(**changes: Any) -> Json:
    whole = snapshot_to_json(snapshot_of(beginning()))["vendors"]["acme"]
    return {"acme": {**whole, **changes}}


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (spoilt(version=2), "version 2 is not understood"),
        (spoilt(vendors=vendor() | {"amce": vendor()["acme"]}), "no vendor 'amce' is served; did you mean 'acme'"),
        (spoilt(vendors=vendor(chance="AAAA")), "its chance is not the state"),
        (spoilt(vendors=vendor(collections={"thing": {"records": []}})), "has no collection 'thing'; did you mean"),
        (spoilt(vendors=vendor(collections={"plain": {"records": [{}]}})), "acme plain: a record cannot be looked up"),
        (
            spoilt(vendors=vendor(collections={"things": {"records": [], "orders": {"colour": [["a", "b"]]}}})),
            "acme things: a record cannot be looked up",
        ),
        ({**spoilt(), "clock": {"now": None, "rate": 2}}, "the digest is not that of the document"),
    ],
)
def test_a_document_that_is_no_world_here_is_refused(document: Json, why: str) -> None:
    with pytest.raises(InvalidSnapshot, match=why):
        snapshot_from_json(document, beginning())


def test_vendors_that_a_document_leaves_out_are_as_they_began() -> None:
    start = beginning()
    start.vendors["bolt"].collection("plain").put({"id": "a"})

    found = snapshot_from_json(spoilt(vendors=vendor()), start).instantiate("again")

    assert found.vendors["bolt"].collection("plain").keys() == ["a"]
