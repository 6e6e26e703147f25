"""Collection against a model: after any operations it equals a plain dict."""

from typing import Any

import orjson
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from understudy.core.json_types import Json
from understudy.core.table import Table, by
from understudy.state.collection import Collection

TABLE = Table("things", indexes=by("colour", "owner.name"))
KEYS = st.sampled_from("abcdef")
COLOURS = st.sampled_from(["red", "blue", "", None])
THINGS = st.fixed_dictionaries(
    {"id": KEYS, "colour": COLOURS},
    optional={
        "owner": st.one_of(st.none(), st.fixed_dictionaries({"name": st.sampled_from(["ann", "bob"])})),
        "parts": st.lists(st.integers(-(2**53), 2**53), max_size=3),
        "note": st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
        "price": st.floats(allow_nan=False, allow_infinity=False),
    },
)


class CollectionAgainstModel(RuleBasedStateMachine):
    """Collections, each with the dict that it should equal; copies are independent."""

    collections = Bundle("collections")

    def __init__(self) -> None:
        super().__init__()
        self.models: list[tuple[Collection, dict[str, Json]]] = []

    @rule(target=collections)
    def create(self) -> int:
        return self._add(Collection(TABLE), {})

    @rule(target=collections, number=collections)
    def copy(self, number: int) -> int:
        collection, model = self.models[number]
        return self._add(collection.copy(), {key: plain(value) for key, value in model.items()})

    @rule(number=collections, thing=THINGS)
    def put(self, number: int, thing: Json) -> None:
        collection, model = self.models[number]
        collection.put(thing)
        model[thing["id"]] = plain(thing)
        thing.setdefault("parts", []).append("a change after the fact")

    @rule(number=collections, key=KEYS)
    def delete(self, number: int, key: str) -> None:
        collection, model = self.models[number]
        assert collection.delete(key) == (model.pop(key, None) is not None)

    @rule(number=consumes(collections))
    def clear(self, number: int) -> None:
        collection, model = self.models[number]
        collection.clear()
        model.clear()

    @rule(number=collections, key=KEYS)
    def change_a_copy_that_was_read(self, number: int, key: str) -> None:
        collection, _ = self.models[number]
        for found in (collection.get(key), *collection, *collection.find("colour", "red")):
            if found is not None:
                found["parts"] = ["changed"]
                found["colour"] = "changed"

    @rule(number=collections, thing=THINGS)
    def refuse_a_value_that_is_not_json(self, number: int, thing: Json) -> None:
        with pytest.raises(TypeError):
            self.models[number][0].put({**thing, "note": object()})

    @invariant()
    def every_collection_equals_its_model(self) -> None:
        for collection, model in self.models:
            assert list(collection) == list(model.values())
            assert collection.keys() == list(model)
            assert len(collection) == len(model)
            for key in "abcdef":
                assert collection.get(key) == collection.view(key) == model.get(key)
                assert (key in collection) == (key in model)

    @invariant()
    def every_index_equals_a_search(self) -> None:
        for collection, model in self.models:
            for colour in ("red", "blue", "", "green"):
                wanted = [key for key, thing in model.items() if thing["colour"] == colour]
                found = collection.find("colour", colour)
                assert sorted(each["id"] for each in found) == sorted(wanted)
                assert all(each == model[each["id"]] for each in found)
                assert collection.first("colour", colour) == (found[0] if found else None)
            assert collection.find("colour", None) == []
            for name in ("ann", "bob"):
                named = [key for key, thing in model.items() if (thing.get("owner") or {}).get("name") == name]
                assert sorted(each["id"] for each in collection.find("owner.name", name)) == sorted(named)

    def _add(self, collection: Collection, model: dict[str, Json]) -> int:
        self.models.append((collection, model))
        return len(self.models) - 1


def plain(value: Any) -> Any:
    """Return a copy that shares nothing with the value."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, list) else value


CollectionAgainstModel.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestCollection = CollectionAgainstModel.TestCase


def filled(*rows: Json) -> Collection:
    made = Collection(TABLE)
    for row in rows:
        made.put(row)
    return made


def test_an_index_returns_the_oldest_first() -> None:
    made = filled({"id": "a", "colour": "red"}, {"id": "b", "colour": "red"}, {"id": "c", "colour": "red"})

    assert [each["id"] for each in made.find("colour", "red")] == ["a", "b", "c"]


def test_an_index_returns_the_oldest_first_after_a_change_too() -> None:
    made = filled({"id": "a", "colour": "red"}, {"id": "b", "colour": "red"})
    made.put({"id": "a", "colour": "red", "note": "changed"})

    assert made.keys() == ["a", "b"]
    assert [each["id"] for each in made.find("colour", "red")] == ["a", "b"]
    assert (made.first("colour", "red") or {})["id"] == "a"


def test_a_record_is_stored_as_the_text_that_put_returns() -> None:
    made = Collection(Table("things", indexes=by("colour")))
    text = made.put({"id": "a", "colour": "red", "size": 1.50})

    assert text == made.text("a") == b'{"id":"a","colour":"red","size":1.5}'
    assert made.text("b") is None


def test_the_value_in_an_index_is_returned_without_the_record() -> None:
    made = filled({"id": "a", "colour": "red"})

    assert made.value("colour", "a") == "red"
    assert made.value("colour", "b") is None


def test_writing_during_iteration_is_safe() -> None:
    made = filled({"id": "a", "colour": "red"}, {"id": "b", "colour": "blue"})
    for each in made:
        made.put({**each, "id": each["id"] * 2})
        made.delete(each["id"])

    assert made.keys() == ["aa", "bb"]


def test_an_index_that_the_table_lacks_is_an_error() -> None:
    with pytest.raises(KeyError):
        filled().find("size", 1)


def test_a_record_that_cannot_be_indexed_changes_nothing() -> None:
    made = filled({"id": "a", "colour": "red"})
    with pytest.raises(TypeError):
        made.put({"id": "a", "colour": ["red"]})

    assert made.get("a") == {"id": "a", "colour": "red"}
    assert made.find("colour", "red") == [{"id": "a", "colour": "red"}]
    assert made.delete("a")


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63), 2**64 - 1, 0.1, 1e308, -0.0, 5e-324])
def test_numbers_come_back_as_they_went_in(number: float) -> None:
    made = filled({"id": "a", "colour": None, "price": number})

    assert repr((made.get("a") or {})["price"]) == repr(number)


def test_a_viewed_record_is_parsed_once_until_it_changes() -> None:
    made = filled({"id": "a", "colour": "red"}, {"id": "b", "colour": "red"})
    seen = made.view("a")
    made.put({"id": "b", "colour": "blue"})

    assert seen == {"id": "a", "colour": "red"}
    assert made.view("a") is seen
    assert made.view("b") == {"id": "b", "colour": "blue"}
    made.put({"id": "a", "colour": "green"})
    assert made.view("a") == {"id": "a", "colour": "green"}
    made.delete("a")
    assert made.view("a") is None


def test_a_copy_views_its_own_records() -> None:
    made = filled({"id": "a", "colour": "red"})
    made.view("a")
    copy = made.copy()
    copy.put({"id": "a", "colour": "blue"})

    assert made.view("a") == {"id": "a", "colour": "red"}
    assert copy.view("a") == {"id": "a", "colour": "blue"}


def test_the_cache_of_viewed_records_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("understudy.state.collection.MAX_VIEWED", 2)
    made = filled(*({"id": f"{number}", "colour": "red"} for number in range(5)))

    assert [made.view(f"{number}") for number in range(5)] == list(made)
    assert made.view("0") == {"id": "0", "colour": "red"}


def test_a_shared_text_is_stored_once_and_read_like_any_property() -> None:
    whole = Collection(Table("things"))
    text = whole.put({"id": "a", "note": "kept once"})
    made = Collection(Table("changes", indexes=by("kind"), shared="data"))
    made.put({"id": "1", "kind": "new"}, shared=text)
    made.put({"id": "2", "kind": "gone", "data": None})
    first, second = {"id": "1", "kind": "new", "data": whole.get("a")}, {"id": "2", "kind": "gone", "data": None}

    assert list(made) == list(made.copy()) == list(made.migrated_to(Table("changes"))) == [first, second]
    assert [made.get("1"), made.view("1"), made.first("kind", "new"), *made.newest("kind", "new", 0, 9)] == [first] * 4
    assert orjson.loads(made.text("1") or b"") == first
    assert list(made.read(["1", "2"], ["kept once"])) == [first]
    assert list(made.read(["1", "2"])) == [first, second]
    assert made.delete("1")
    assert list(made) == [second]


def test_the_records_of_another_collection_are_stored_as_if_each_were_put() -> None:
    table = Table("rows", indexes=by("kind", "owner"))
    one_by_one, at_once, others = Collection(table), Collection(table), Collection(table)
    for rows in (one_by_one, at_once):
        for number in range(6):
            rows.put({"id": str(number), "kind": number % 2, "owner": None if number % 3 else "ada"})
    kept = at_once.copy()
    changes = [{"id": str(n), "kind": n % 3, "owner": "bob" if n % 2 else None} for n in range(3, 9)]
    for each in changes:
        one_by_one.put(each)
        others.put(each)

    before = at_once.changes
    at_once.put_all(others)

    assert at_once.changes > before
    assert [*at_once] == [*one_by_one]
    for index, values in (("kind", (0, 1, 2)), ("owner", ("ada", "bob"))):
        assert all(at_once.keys_of(index, value) == one_by_one.keys_of(index, value) for value in values)
    assert len(kept) == 6
    at_once.delete("8")
    assert "8" not in at_once
    assert at_once.keys_of("kind", 2) == ["5"]
