"""Schemas of which a value is hard to find: what is made is valid, and of what allows nothing nothing is made."""

from typing import Any

import pytest

from tests.samples.documents import maker_of, named
from tests.samples.test_valid_values import is_valid
from understudy.samples.sample_maker import NoValue

HARD: dict[str, Any] = {
    "look-ahead": {"type": "string", "pattern": r"^(?=.*[A-Z])(?=.*\d)[A-Za-z\d]{8,}$"},
    "negative look-ahead": {"type": "string", "pattern": "^(?!-)[a-z-]{1,63}$"},
    "pattern and length": {"type": "string", "pattern": "^[a-z]+$", "minLength": 12, "maxLength": 20},
    "time with pattern": {"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d\d-\d\dT[0-9:]+\.\d{3}Z$"},
    "date with pattern": {"type": "string", "format": "date", "pattern": "^20[0-9-]+$"},
    "unicode classes": {"type": "string", "pattern": r"^\p{Lu}\p{Ll}+$"},
    "multiple between limits": {"type": "integer", "multipleOf": 7, "minimum": 50, "maximum": 60},
    "fraction between limits": {"type": "number", "multipleOf": 0.25, "minimum": 1.1, "maximum": 1.4},
    "open limits": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.01},
    "whole number between open limits": {"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 5},
    "multiple above an open limit": {"type": "number", "multipleOf": 5, "exclusiveMinimum": 200},
    "multiple below an open limit": {"type": "integer", "multipleOf": 5, "exclusiveMaximum": -200},
    "different items": {"type": "array", "uniqueItems": True, "minItems": 3, "items": {"enum": ["a", "b", "c"]}},
    "different truths": {"type": "array", "uniqueItems": True, "minItems": 2, "items": {"type": "boolean"}},
    "number of properties": {"type": "object", "minProperties": 3, "additionalProperties": {"type": "integer"}},
    "optional properties that count": {
        "type": "object", "minProperties": 2, "additionalProperties": False,
        "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}, "c": {"type": "integer"}},
    },
    "names by a pattern": {
        "type": "object", "minProperties": 2, "additionalProperties": False,
        "patternProperties": {"^x_[a-z]{4}$": {"type": "integer"}},
    },
    "required and undeclared": {"type": "object", "required": ["a"], "additionalProperties": {"type": "integer"}},
    "not a value": {"type": "string", "enum": ["a", "b"], "not": {"enum": ["a"]}},
    "not both": {
        "type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
        "not": {"required": ["a", "b"]},
    },
    "one of two": {
        "oneOf": [
            {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
            {"type": "object", "properties": {"b": {"type": "string"}}, "required": ["b"]},
        ],
    },
    "more than one alternative": {"oneOf": [{"type": "number"}, {"type": "integer"}]},
    "contains": {"type": "array", "items": {"type": "integer"}, "contains": {"enum": [42]}},
    "if and then": {
        "type": "object", "required": ["kind"], "properties": {"kind": {"enum": ["card"]}, "card": {"type": "string"}},
        "if": {"properties": {"kind": {"const": "card"}}}, "then": {"required": ["card"]},
    },
    "dependent": {
        "type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
        "dependentRequired": {"a": ["b"]},
    },
    "limits of both parts": {
        "allOf": [{"type": "integer", "minimum": 5}, {"type": "integer", "minimum": 2, "maximum": 6}],
    },
    "steps of both parts": {"allOf": [{"type": "integer", "multipleOf": 4}, {"multipleOf": 6, "minimum": 20}]},
    "shorter of two lengths": {"allOf": [{"type": "string", "maxLength": 3}, {"type": "string", "maxLength": 5}]},
    "longer of two lengths": {"allOf": [{"type": "string", "minLength": 60}, {"type": "string", "minLength": 50}]},
    "patterns of both parts": {"allOf": [{"type": "string", "pattern": "^[a-z]+$"}, {"pattern": "x"}]},
    "closed part": {
        "allOf": [
            {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}},
            {"properties": {"a": {"type": "string"}}, "additionalProperties": False},
        ],
    },
    "short e-mail": {"type": "string", "format": "email", "maxLength": 8},
    "many items": {"type": "array", "minItems": 40, "items": {"type": "string"}},
    "null alone": {"type": "null"},
}  # fmt: skip

IMPOSSIBLE: dict[str, Any] = {
    "limits that cross": {"type": "integer", "minimum": 5, "maximum": 4},
    "no multiple": {"type": "integer", "multipleOf": 10, "minimum": 11, "maximum": 19},
    "lengths that cross": {"type": "string", "minLength": 5, "maxLength": 4},
    "no common value": {"allOf": [{"enum": ["a"]}, {"enum": ["b"]}]},
    "too few different items": {"type": "array", "uniqueItems": True, "minItems": 3, "items": {"type": "boolean"}},
    "items that cross": {"type": "array", "minItems": 3, "maxItems": 2, "items": {"type": "string"}},
    "nothing": {"not": {}},
    "the same twice in other words": {"oneOf": [{"type": "string"}, {"type": "string", "minLength": 0}]},
}


@pytest.mark.parametrize("name", HARD)
def test_a_value_is_found(name: str) -> None:
    maker = maker_of({"It": HARD[name]})
    for number in range(5):
        value = maker.value(named("It"), f"it {number}")
        assert maker.is_valid(named("It"), value)
        if "\\p" not in str(HARD[name]):  # which Python does not know
            assert is_valid(HARD[name], value)


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_of_a_schema_that_allows_nothing_nothing_is_made(name: str) -> None:
    maker = maker_of({"It": IMPOSSIBLE[name]})
    with pytest.raises(NoValue):
        maker.value(named("It"), "it")


def test_an_object_that_requires_another_of_its_kind_ends_where_it_may() -> None:
    tree = {
        "type": "object",
        "required": ["name", "child"],
        "properties": {"name": {"type": "string"}, "child": {"anyOf": [named("It"), {"type": "null"}]}},
    }
    value = maker_of({"It": tree}).value(named("It"), "it")
    depth = 0
    while value is not None:
        value, depth = value["child"], depth + 1
    assert 1 <= depth <= 10


def test_an_object_that_requires_itself_for_ever_has_no_value() -> None:
    loop = {"type": "object", "required": ["it", "other"], "properties": {"it": named("It"), "other": named("It")}}
    with pytest.raises(NoValue):
        maker_of({"It": loop}).value(named("It"), "it")


@pytest.mark.parametrize(
    "mapping", [{}, {"mapping": {"cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog"}}]
)
def test_a_discriminator_names_the_alternative_that_is_made(mapping: dict[str, Any]) -> None:
    part = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}}
    schemas = {
        "Cat": {**part, "properties": {**part["properties"], "lives": {"type": "integer"}}},  # type: ignore[dict-item] # a schema
        "Dog": {**part, "properties": {**part["properties"], "tricks": {"type": "string"}}},  # type: ignore[dict-item] # the same
        "It": {"anyOf": [named("Cat"), named("Dog")], "discriminator": {"propertyName": "kind", **mapping}},
    }
    value = maker_of(schemas).value(named("It"), "it")
    assert value["kind"] == ("cat" if mapping else "Cat")
    assert "lives" in value


def test_an_answer_hides_what_is_only_written_and_a_request_what_is_only_read() -> None:
    schema = {
        "type": "object",
        "required": ["id", "password", "name"],
        "properties": {
            "id": {"type": "string", "readOnly": True},
            "password": {"type": "string", "writeOnly": True},
            "name": {"type": "string"},
        },
    }
    maker = maker_of({"It": schema})
    assert [*maker.value(named("It"), "it")] == ["id", "name"]
    assert [*maker.value(named("It"), "it", "request")] == ["password", "name"]


def test_a_hidden_property_that_every_alternative_requires_is_shown() -> None:
    schema = {
        "allOf": [
            {"type": "object", "properties": {"key": {"type": "string", "writeOnly": True}}},
            {"anyOf": [{"required": ["key"]}]},
        ]
    }
    maker = maker_of({"It": schema})
    assert "key" in maker.value(named("It"), "it")
