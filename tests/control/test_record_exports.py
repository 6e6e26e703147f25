"""Export of a collection as JSON and CSV, in steps."""

import csv
import io
import json
from typing import Any

import pytest

from understudy.control.record_exports import RECORDS_PER_PIECE, find_columns, write_csv, write_json
from understudy.control.record_search import KEYS_PER_STEP, find_text
from understudy.core.steps import run_to_end
from understudy.core.table import Table
from understudy.state.collection import Collection


def collection(records: list[dict[str, Any]], **table: Any) -> Collection:
    made = Collection(Table("things", **table))
    for each in records:
        made.put(each)
    return made


def rows_of(things: Collection, text: str = "") -> list[list[str]]:
    columns = run_to_end(find_columns(things, text))
    written = b"".join(write_csv(things, columns, text)).decode()
    return [*csv.reader(io.StringIO(written, newline=""))]


def test_members_of_objects_have_columns_of_their_own() -> None:
    things = collection(
        [{"id": "1", "a": {"b": {"c": 1}}, "list": [1, {"x": None}]}, {"id": "2", "a": {"d": "x"}, "e": True}]
    )

    assert rows_of(things) == [
        ["id", "a.b.c", "list", "a.d", "e"],
        ["1", "1", '[1,{"x":null}]', "", ""],
        ["2", "", "", "x", "true"],
    ]


@pytest.mark.parametrize("text", ["a,b", 'a "quote"', "two\nlines", "", " space ", "čeněk", "=1+1", "\r\n"])
def test_any_text_comes_back_as_it_was(text: str) -> None:
    assert rows_of(collection([{"id": "1", "text": text}]))[1] == ["1", text]


@pytest.mark.parametrize(
    ("value", "cell"), [(None, ""), ({}, "{}"), ([], "[]"), (0, "0"), (1.5, "1.5"), (False, "false")]
)
def test_other_values_are_json(value: Any, cell: str) -> None:
    assert rows_of(collection([{"id": "1", "value": value}]))[1] == ["1", cell]


def test_the_key_is_the_first_column() -> None:
    assert rows_of(collection([{"a": 1, "code": "x"}], key="code")) == [["code", "a"], ["x", "1"]]


@pytest.mark.parametrize("count", [0, 1, RECORDS_PER_PIECE, RECORDS_PER_PIECE + 1])
def test_json_is_one_array_whatever_its_length(count: int) -> None:
    records = [{"id": str(number)} for number in range(count)]
    pieces = list(write_json(collection(records)))

    assert json.loads(b"".join(pieces)) == records
    assert max(piece.count(b"{") for piece in pieces) <= RECORDS_PER_PIECE


def test_only_records_with_a_text_are_exported() -> None:
    things = collection([{"id": str(number), "only": {str(number): 1}} for number in range(300)])

    assert json.loads(b"".join(write_json(things, '"only":{"299"'.replace('"', "")))) == []
    assert [each["id"] for each in json.loads(b"".join(write_json(things, "299")))] == ["299"]
    assert rows_of(things, "299") == [["id", "only.299"], ["299", "1"]]


def test_a_record_that_is_deleted_meanwhile_is_left_out() -> None:
    things = collection([{"id": str(number)} for number in range(RECORDS_PER_PIECE + 2)])
    pieces = write_json(things)
    first = [next(pieces), next(pieces)]
    things.delete(str(RECORDS_PER_PIECE))

    found = json.loads(b"".join([*first, *pieces]))
    assert [each["id"] for each in found[-2:]] == [str(RECORDS_PER_PIECE - 1), str(RECORDS_PER_PIECE + 1)]


def test_a_shared_property_is_exported_and_searched() -> None:
    things = Collection(Table("things", shared="data"))
    things.put({"id": "1"}, b'{"x":"Needle"}')

    assert json.loads(b"".join(write_json(things))) == [{"id": "1", "data": {"x": "Needle"}}]
    assert run_to_end(find_text(things, things.keys(), "needle", 0, 5)) == (["1"], 1)


def test_a_search_takes_a_step_for_some_records() -> None:
    things = collection([{"id": str(number)} for number in range(3 * KEYS_PER_STEP)])
    steps = find_text(things, things.keys(), "nothing", 0, 5)

    assert sum(1 for _ in steps) == 3


@pytest.mark.parametrize(
    ("offset", "limit", "found", "end"), [(0, 2, ["1", "3"], 5), (4, 9, ["5"], 6), (0, 3, ["1", "3", "5"], 6)]
)
def test_a_search_names_the_place_of_the_next_one_that_fits(
    offset: int, limit: int, found: list[str], end: int
) -> None:
    things = collection([{"id": str(number), "odd": "yes" if number % 2 else "no"} for number in range(6)])

    assert run_to_end(find_text(things, things.keys(), "YES", offset, limit)) == (found, end)


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("http://evil.example")', "@SUM(1)", "+cmd|' /C calc'!A0", "-A1*2", "\t=1+1", "\r=1"]
)
def test_a_formula_has_an_apostrophe_for_a_spreadsheet(text: str) -> None:
    things = collection([{"id": "1", text: text}])
    columns = run_to_end(find_columns(things))
    written = b"".join(write_csv(things, columns, for_spreadsheet=True)).decode()

    assert [*csv.reader(io.StringIO(written, newline=""))] == [["id", f"'{text}"], ["1", f"'{text}"]]


@pytest.mark.parametrize(
    "text", ["+39 (02) 1234-56", "-1.5", "+48753314435", "@key", "@a_name", "-", "a=1+1", "<b>", ""]
)
def test_what_is_no_formula_stays_as_it_is_for_a_spreadsheet(text: str) -> None:
    things = collection([{"id": "1", "text": text}])
    written = b"".join(write_csv(things, ["id", "text"], for_spreadsheet=True)).decode()

    assert [*csv.reader(io.StringIO(written, newline=""))] == [["id", "text"], ["1", text]]
