"""Compiled schemas, compared with the meaning of OpenAPI 3.0 and with an independent validator."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.independent_validator import independent_violations
from understudy.contract.document import Document
from understudy.contract.examples import sample_schema
from understudy.contract.schema_compiler import Direction, SchemaCompiler

SHARED: dict[str, Any] = {
    "Id": {"type": "string", "minLength": 1},
    "Thing": {
        "type": "object",
        "required": ["id", "secret", "name"],
        "properties": {
            "id": {"allOf": [{"$ref": "#/components/schemas/Id"}], "readOnly": True},
            "secret": {"type": "string", "writeOnly": True},
            "name": {"type": "string"},
            "parent": {"$ref": "#/components/schemas/Thing"},
            "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
        },
    },
    "a/b~c": {"type": "integer"},
}
DOCUMENT = Document("acme", Path("acme.yaml"), {"components": {"schemas": SHARED}})
SCHEMAS = SchemaCompiler(DOCUMENT)
THING = {"$ref": "#/components/schemas/Thing"}

KEPT: list[tuple[dict[str, Any], list[Any], list[Any]]] = [
    ({"type": "integer"}, [0, -1, 2**63 - 1, -(2**63)], [2**63, -(2**63) - 1, 2**70, True, "1", None, 1.5, 1.8e19]),
    ({"type": "integer", "format": "int32"}, [2**31 - 1, -(2**31)], [2**31, -(2**31) - 1]),
    ({"type": "integer", "minimum": 1, "exclusiveMinimum": True}, [2], [1, 0]),
    ({"type": "number", "maximum": 1, "exclusiveMaximum": True}, [0.9, -5], [1, 1.0]),
    ({"type": "number", "multipleOf": 0.01}, [0.07, 19.99, 4.35, 1], [0.001]),
    ({"type": "boolean"}, [True], [1, 0, "true", None]),
    ({"type": "string", "nullable": True}, ["", None], [1]),
    ({"type": "string", "enum": ["a", "b"]}, ["a"], ["c", "", None]),
    ({"type": "string", "enum": ["a"], "nullable": True}, ["a", None], ["b"]),
    ({"type": "string", "pattern": "^[0-9]+$"}, ["12"], ["", "a1", "\u0661", "1\n"]),
    ({"type": "string", "pattern": "b"}, ["abc"], ["ac"]),
    ({"type": "string", "maxLength": 1}, ["\U0001f600", ""], ["ab"]),
    ({"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 2}, [[1]], [[], [1, 2, 3], ["a"]]),
    ({"type": "array", "items": {}, "uniqueItems": True}, [[1, "1", True]], [[1, 1], [{"a": 1}, {"a": 1}]]),
    ({"type": "object", "additionalProperties": False, "properties": {"a": {}}}, [{}, {"a": None}], [{"b": 1}]),
    ({"type": "object", "additionalProperties": {"type": "integer"}}, [{"a": 1}], [{"a": "1"}]),
    ({"type": "object", "minProperties": 1, "maxProperties": 2}, [{"a": 1}], [{}, {"a": 1, "b": 2, "c": 3}]),
    ({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, [{"a": 1}, {"b": 1}], [{}, {"a": 1, "b": 1}]),
    ({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, [{"a": 1}, {"a": 1, "b": 1}], [{}]),
    ({"not": {"required": ["a"]}}, [{}], [{"a": 1}]),
    ({"$ref": "#/components/schemas/a~1b~0c"}, [1], ["1"]),
    ({}, [None, 1, "a", [], {}], []),
]
FORMATS = {
    "date": (["2026-01-31", "2024-02-29"], ["2026-02-29", "2026-1-31", "20260131", "2026-W05-6", "2026-01-31Z", ""]),
    "date-time": (
        ["2026-01-31T12:00:00Z", "2026-01-31T12:00:00.123456+05:30"],
        ["2026-01-31", "2026-01-31T12:00:00", "2026-02-30T12:00:00Z", "2026-01-31 12:00", "now"],
    ),
    "uuid": (
        ["3f2b8c1e-5d47-4a9b-8e21-7c6d5f4a3b2c", "3F2B8C1E-5D47-1A9B-0E21-7C6D5F4A3B2C"],
        ["3f2b8c1e5d474a9b8e217c6d5f4a3b2c", "{3f2b8c1e-5d47-4a9b-8e21-7c6d5f4a3b2c}", "x", ""],
    ),
    "email": (["someone@example.com", "a.b+c@example.co.uk"], ["example.com", "@example.com", "a@", ""]),
    "uri": (["https://example.com/a?b#c", "urn:isbn:1", "sqs://x"], ["/relative", "example", "http://a b", ""]),
    "ipv4": (["192.0.2.1"], ["192.0.2.256", "192.0.2", "192.0.2.01", "::1"]),
    "ipv6": (["2001:db8::1", "::"], ["192.0.2.1", "2001:db8::g", ":::"]),
    "hostname": (["example.com", "a-1.example"], ["-a.example", "a_b", "exa mple"]),
    "byte": (["e30=", "", "aGk="], ["e30", "e3=0", "e 30=", "-_==", "\xe9===", "e30=\n"]),
}  # fmt: skip
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("direction", ["request", "response"])
@pytest.mark.parametrize(("schema", "good", "bad"), KEPT, ids=lambda part: str(part)[:40])
def test_a_schema_accepts_its_values_and_no_others(
    schema: dict[str, Any], good: list[Any], bad: list[Any], direction: Direction
) -> None:
    validator = SCHEMAS.validator(schema, direction)

    assert [value for value in good if not validator.is_valid(value)] == []
    assert [value for value in bad if validator.is_valid(value)] == []
    assert all(validator.violations(value) for value in bad)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_enforced(name: str) -> None:
    good, bad = FORMATS[name]
    validator = SCHEMAS.validator({"type": "string", "format": name}, "request")

    assert [text for text in good if not validator.is_valid(text)] == []
    assert [text for text in bad if validator.is_valid(text)] == []


@pytest.mark.parametrize(("name", "value"), [("float", 1.5), ("double", 1e300), ("password", "x"), ("binary", "\0")])
def test_a_descriptive_format_accepts_every_value_of_its_type(name: str, value: object) -> None:
    kind = "string" if isinstance(value, str) else "number"

    assert SCHEMAS.validator({"type": kind, "format": name}, "request").is_valid(value)


@given(st.sampled_from([schema for schema, _, _ in KEPT if schema.get("type") != "integer"]), ANY_JSON)
def test_an_independent_validator_agrees(schema: dict[str, Any], value: Any) -> None:
    if None in (value, schema.get("nullable")) and "enum" in schema:
        return  # OpenAPI 3.0 leaves open whether null must also be in the enum
    ours = SCHEMAS.validator(schema, "request").is_valid(value)

    assert ours == (not independent_violations(DOCUMENT, schema, value, "request"))


def test_a_read_only_property_is_not_required_in_a_request() -> None:
    request = SCHEMAS.validator(THING, "request")

    assert request.is_valid({"secret": "s", "name": "n"})
    assert not request.is_valid({"name": "n"})


def test_a_write_only_property_is_not_required_in_a_response() -> None:
    response = SCHEMAS.validator(THING, "response")

    assert response.is_valid({"id": "1", "name": "n"})
    assert not response.is_valid({"name": "n"})


def test_a_recursive_schema_is_checked_at_every_depth() -> None:
    validator = SCHEMAS.validator(THING, "response")
    good = {"id": "1", "name": "n"}

    assert validator.is_valid({**good, "parent": {**good, "parts": [good]}})
    [violation] = validator.violations({**good, "parent": {**good, "parts": [good, {**good, "name": 5}]}})
    assert (violation.path, violation.rule, violation.value) == ("/parent/parts/1/name", "type", 5)


def test_a_missing_property_is_reported_at_its_own_path() -> None:
    [violation] = SCHEMAS.validator(THING, "request").violations({"secret": "s"})

    assert (violation.path, violation.rule, violation.message) == ("/name", "required", "name is required")


def test_an_unexpected_property_is_reported_at_its_own_path() -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"type": "object", "additionalProperties": False, "properties": {"b": {}}}},
    }
    found = SCHEMAS.validator(schema, "request").violations({"a": {"x/y": 1, "z": 2}})

    assert {each.path for each in found} == {"/a/x~1y", "/a/z"}
    assert {each.rule for each in found} == {"additionalProperties"}


def test_every_violation_is_reported() -> None:
    schema = {"properties": {"a": {"type": "string", "maxLength": 2}, "b": {"type": "integer"}}, "required": ["c"]}
    found = SCHEMAS.validator(schema, "request").violations({"a": "long", "b": "x"})

    assert {(each.path, each.rule) for each in found} == {("/a", "maxLength"), ("/b", "type"), ("/c", "required")}


def test_alternatives_are_reported_as_one_violation() -> None:
    [violation] = SCHEMAS.validator({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, "request").violations({})

    assert violation.rule == "oneOf"
    assert violation.message == "one of a, b is required"


def test_a_long_value_does_not_make_a_long_message() -> None:
    [violation] = SCHEMAS.validator({"type": "integer"}, "request").violations("x" * 10_000)

    assert len(violation.message) < 400


def test_equal_schemas_share_one_validator() -> None:
    assert SCHEMAS.validator({"type": "string"}, "request") is SCHEMAS.validator({"type": "string"}, "request")


@pytest.mark.parametrize(
    "schema",
    [
        THING,
        {"type": "string", "minLength": 30},
        {"type": "string", "maxLength": 2},
        {"type": "integer", "minimum": 5, "maximum": 9},
        {"type": "integer", "maximum": -5},
        {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
        {"type": "number", "multipleOf": 0.5},
        {"type": "array", "items": {"type": "integer"}, "minItems": 3},
        {"type": "array", "items": THING, "maxItems": 5},
        {"type": "object", "required": ["a"], "properties": {"a": {"type": "boolean"}, "b": {"enum": ["x"]}}},
        {"allOf": [THING, {"type": "object", "required": ["more"], "properties": {"more": {"type": "number"}}}]},
        {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        {"type": "string", "nullable": True},
        *({"type": "string", "format": name} for name in FORMATS),
    ],
    ids=str,
)
def test_a_sample_is_valid(schema: dict[str, Any]) -> None:
    sample = sample_schema(DOCUMENT, schema)

    assert SCHEMAS.validator(schema, "response").violations(sample) == []
