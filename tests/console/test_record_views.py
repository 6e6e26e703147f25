"""Columns of the table of records."""

from typing import Any

from understudy.console.record_views import find_columns, row_of

ID = "3c9f1c2e-7d54-4b1a-9f00-0a1b2c3d5000"


def test_values_that_differ_come_before_ids_and_constants() -> None:
    records: list[dict[str, Any]] = []
    for n in range(5):
        ids = {"id": str(n), "node": ID, "kind": "x", "ref": f"{ID[:-2]}{n:02}"}
        records.append({**ids, "name": f"n{n}", "a": {"b": {"c": n}}, "d": n, "e": n, "f": n})

    assert find_columns(records, "id") == ["name", "a.b.c", "d", "e", "f"]
    fewer = [{**each, "d": None, "e": None, "f": None} for each in records]
    assert find_columns(fewer, "id") == ["node", "kind", "ref", "name", "a.b.c"]


def test_a_value_that_few_records_have_is_no_column() -> None:
    records = [{"id": str(n), **({"rare": n} if n < 2 else {}), "common": n} for n in range(10)]

    assert find_columns(records, "id") == ["common"]


def test_no_records_have_no_columns() -> None:
    assert find_columns([], "id") == []


def test_a_cell_is_cut_to_a_length_that_fits() -> None:
    assert row_of({"a": "x" * 80, "b": "x" * 81, "c": {"d": None}, "e": [1]}, ["a", "b", "c.d", "e"]) == [
        "x" * 80,
        "x" * 79 + "…",
        "",
        "",
    ]
