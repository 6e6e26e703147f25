"""Reads of a collection that parse only some of its records."""

from typing import Any

import pytest

from understudy.core.table import SortedIndex, Table, by
from understudy.state.collection import Collection

ROWS = (("a", "x", "2"), ("b", "x", "3"), ("c", "y", "1"), ("d", "x", "1"))


def make(*rows: tuple[str, str, str], ranked: bool = False) -> Collection:
    shelf = by("shelf")["shelf"]
    index = SortedIndex(shelf, lambda row: str(row["at"])) if ranked else shelf
    collection = Collection(Table("books", indexes={"shelf": index}))
    for key, place, at in rows:
        collection.put(book(key, place, at))
    return collection


def book(key: str, place: str, at: str) -> dict[str, Any]:
    return {"id": key, "shelf": place, "at": at}


def ids(rows: Any) -> list[str]:
    return [row["id"] for row in rows]


def test_the_newest_records_of_an_index_were_written_last() -> None:
    assert ids(make(*ROWS).newest("shelf", "x", 0, 2)) == ["d", "b"]


def test_a_record_written_again_keeps_its_position() -> None:
    books = make(*ROWS)
    books.put(book("a", "x", "2"))
    assert books.keys_of("shelf", "x") == ["a", "b", "d"]


def test_a_range_past_the_end_is_empty() -> None:
    assert make(*ROWS).newest("shelf", "x", 3, 9) == []


def test_the_records_of_an_index_are_counted() -> None:
    books = make(*ROWS)
    assert (books.count("shelf", "x"), books.count("shelf", "z")) == (3, 0)


def test_reading_by_keys_leaves_out_deleted_records() -> None:
    books = make(*ROWS)
    books.delete("b")
    assert ids(books.read(["a", "b", "c"])) == ["a", "c"]


@pytest.mark.parametrize(("texts", "found"), [(["y"], ["c"]), (["y", "d"], ["c", "d"]), (["2 "], [])])
def test_reading_by_texts_leaves_out_records_without_any_of_them(texts: list[str], found: list[str]) -> None:
    assert ids(make(*ROWS).read(["a", "b", "c", "d"], texts)) == found


def test_a_record_read_by_key_is_a_copy() -> None:
    books = make(*ROWS)
    next(books.read(["a"]))["shelf"] = "z"
    assert books.get("a") == book("a", "x", "2")


def test_a_sorted_index_returns_keys_by_rank() -> None:
    assert make(*ROWS, ranked=True).keys_of("shelf", "x") == ["d", "a", "b"]


def test_equal_ranks_come_in_the_order_of_writing() -> None:
    books = make(("b", "x", "1"), ("a", "x", "1"), ("c", "x", "0"), ranked=True)
    assert books.keys_of("shelf", "x") == ["c", "b", "a"]


def test_a_sorted_index_stays_sorted_through_writes_between_reads() -> None:
    books = make(*ROWS, ranked=True)
    assert ids(books.find("shelf", "x")) == ["d", "a", "b"]
    books.put(book("b", "x", "0"))
    books.put(book("e", "x", "1"))
    assert ids(books.newest("shelf", "x", 0, 9)) == ["a", "e", "d", "b"]


def test_an_emptied_sorted_index_can_be_filled_again() -> None:
    books = make(("a", "x", "2"), ("b", "x", "1"), ranked=True)
    books.delete("a")
    books.delete("b")
    books.put(book("c", "x", "0"))
    assert books.keys_of("shelf", "x") == ["c"]


def test_a_copy_is_sorted_independently() -> None:
    books = make(*ROWS, ranked=True)
    copied = books.copy()
    copied.put(book("e", "x", "0"))
    assert (books.keys_of("shelf", "x"), copied.keys_of("shelf", "x")) == (["d", "a", "b"], ["e", "d", "a", "b"])


def test_a_cleared_collection_has_an_empty_sorted_index() -> None:
    books = make(*ROWS, ranked=True)
    books.clear()
    assert books.keys_of("shelf", "x") == []


def test_the_keys_of_several_values_come_by_rank() -> None:
    assert list(make(*ROWS, ranked=True).keys_by_rank("shelf", ["x", "y", "z"])) == ["d", "c", "a", "b"]


def test_keys_by_rank_are_the_keys_at_the_time_of_the_call() -> None:
    books = make(*ROWS, ranked=True)
    keys = books.keys_by_rank("shelf", ["x"])
    books.put(book("e", "x", "0"))
    books.delete("b")
    assert list(keys) == ["d", "a", "b"]
