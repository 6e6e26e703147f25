"""Validator of JSON Schema: formats, violations, and the bounded cache of valid texts."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from understudy.contract import json_schema_validator
from understudy.contract.json_schema_validator import MAX_VIOLATIONS, OWN_FORMATS, Validator

DATE = re.compile(r"[-+0-9]{4}-[-+0-9]{2}-[-+0-9]{2}|[0-9]{4}-(0[0-9]|1[0-3])-[0-3][0-9]")
ID = re.compile(r"([0-9a-fA-Fg]{8}(-[0-9a-f]{3,5}){3}-[0-9a-f]{12})|[0-9a-f]{32}")
NEAR_FORMATS = st.from_regex(DATE) | st.from_regex(DATE, fullmatch=True) | st.from_regex(ID) | st.text(max_size=12)


def is_day(text: str) -> bool:
    """Return whether a text is a date of the calendar by the standard library."""
    try:
        return re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


@given(text=NEAR_FORMATS, name=st.sampled_from(sorted(OWN_FORMATS)))
@example(text="0000-01-31", name="date")
@example(text="+024-02-26", name="date")
@example(text="2024-02-2+", name="date")
@example(text="2024-02-30", name="date")
@example(text="2024-02-29\n", name="date")
@example(text="2b6f1a5e-90c4-4d5b-8a77-1f0e6c3d9a01\n", name="uuid")
def test_a_text_of_a_format_is_valid_if_and_only_if_it_has_no_violations(text: str, name: str) -> None:
    validator = Validator({"type": "string", "format": name})

    assert validator.is_valid(text) is OWN_FORMATS[name](text)
    assert bool(validator.violations(text)) is not validator.is_valid(text)
    if name == "date":
        assert validator.is_valid(text) is is_day(text)


def test_each_day_of_some_years_is_a_date_and_no_other_is() -> None:
    validator = Validator({"format": "date"})
    texts = [
        f"{year:04}-{month:02}-{day:02}"
        for year in (0, 1, 4, 100, 400, 1000, 1900, 1996, 2000, 2023, 2024, 2100, 9996, 9999)
        for month in range(14)
        for day in range(33)
    ]

    assert [text for text in texts if validator.is_valid(text) is not is_day(text)] == []


@pytest.mark.parametrize(
    ("schema", "taken", "refused"),
    [
        ({"minimum": 0, "exclusiveMinimum": True}, [1, 0.1], [0, -1]),
        ({"maximum": 9, "exclusiveMaximum": True}, [8], [9]),
        ({"minimum": 0, "exclusiveMinimum": False}, [0], [-1]),
        ({"allOf": [{"minLength": 11}], "format": "date"}, [], ["2024-02-29"]),
        ({"pattern": "^2", "format": "date"}, ["2024-02-29"], ["1024-02-29"]),
        ({"properties": {"format": {"format": "date"}}}, [{"format": "2024-02-29"}], [{"format": "x"}]),
        ({"items": {"type": "integer"}}, [[], [1]], [[1, "a"], [1.0]]),
    ],
)
def test_a_value_is_refused_if_and_only_if_it_has_violations(schema: Any, taken: list[Any], refused: list[Any]) -> None:
    validator = Validator(schema)

    assert [value for value in taken if not validator.is_valid(value) or validator.violations(value)] == []
    assert [value for value in refused if validator.is_valid(value) or not validator.violations(value)] == []


def test_a_text_is_known_valid_to_the_validator_to_which_it_was_added() -> None:
    first, second = Validator({"type": "string"}), Validator({"type": "string"})
    first.remember_valid(b'"a"')

    assert first.is_known_valid(b'"a"')
    assert not first.is_known_valid(b'"b"')
    assert not second.is_known_valid(b'"a"')


def test_the_cache_of_valid_texts_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_schema_validator, "MAX_KNOWN_VALID", 4)
    validator = Validator({"type": "string"})
    texts = [b'"%d"' % number for number in range(9)]
    for text in texts:
        validator.remember_valid(text)
        assert validator.is_known_valid(text)

    assert [text for text in texts if validator.is_known_valid(text)] == texts[-3:]


@pytest.mark.parametrize("count", [MAX_VIOLATIONS, MAX_VIOLATIONS + 1, 70_000])
def test_so_many_violations_are_listed_and_more_are_mentioned(count: int) -> None:
    schema = {"type": "object", "properties": {"name": {}}, "additionalProperties": False}
    found = Validator(schema).violations({f"k{n}": n for n in range(count)})
    assert [each.path for each in found] == [f"/k{n}" for n in range(MAX_VIOLATIONS)]
    assert ("more follow" in found[-1].message) == (count > MAX_VIOLATIONS)
    assert not any("more follow" in each.message for each in found[:-1])


@pytest.mark.parametrize("first", [0, 99, 100, 201, 60_000, 99_999])
def test_the_first_invalid_items_of_a_long_list_are_named(first: int) -> None:
    items: list[Any] = ["fine"] * first + [1] * (100_000 - first)
    found = Validator({"properties": {"data": {"items": {"type": "string"}, "minItems": 1}}}).violations(
        {"data": items}
    )
    assert found[0].path == f"/data/{first}"
    assert len(found) == min(MAX_VIOLATIONS, 100_000 - first)


@pytest.mark.parametrize("keyword", ["maxItems", "minItems"])
def test_a_long_list_of_a_wrong_length_is_one_violation(keyword: str) -> None:
    bounds = {"maxItems": 5_000, "minItems": 20_000}
    [found] = Validator({"type": "array", keyword: bounds[keyword]}).violations(["fine"] * 10_000)
    assert (found.path, found.rule) == ("", keyword)


WEBHOOK = {
    "properties": {"isOpen": {"type": "boolean"}, "key": {"type": "string"}},
    "anyOf": [{"properties": {"isOpen": {"enum": [True]}}}, {"required": ["key"]}],
}


@pytest.mark.parametrize(
    ("value", "places"),
    [
        ({"isOpen": False}, [("", "anyOf")]),
        ({"isOpen": "yes"}, [("/isOpen", "type")]),
        ({"isOpen": False, "key": 7}, [("/key", "type")]),
        ({"isOpen": True}, []),
    ],
)
def test_alternatives_that_fail_only_where_another_violation_is_are_left_out(
    value: dict[str, object], places: list[tuple[str, str]]
) -> None:
    assert [(each.path, each.rule) for each in Validator(WEBHOOK).violations(value)] == places


def test_alternatives_that_fail_elsewhere_too_stay() -> None:
    schema = {**WEBHOOK, "required": ["name"]}

    assert {each.rule for each in Validator(schema).violations({"isOpen": False})} == {"required", "anyOf"}


def test_a_long_value_that_is_valid_has_no_violations() -> None:
    validator = Validator({"type": "array", "items": {"type": "integer"}})

    assert validator.violations([*range(5000)]) == []
