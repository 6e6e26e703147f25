"""Values made of any schema: valid by an independent validator, or none at all if the schema allows none."""

from typing import Any

import jsonschema  # type: ignore[import-untyped] # of openapi-spec-validator
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.samples.documents import maker_of
from understudy.samples.sample_maker import NoValue

NAMES = st.sampled_from(["id", "name", "email", "total", "created_at", "items", "country", "tags", "a", "b"])
FORMATS = ["date", "date-time", "uuid", "email", "uri", "ipv4", "ipv6", "hostname", "byte", "currency", "phone"]
PATTERNS = [
    "^[A-Z]{3}$", "^[a-z0-9-]+$", r"^\d{4}-\d{2}-\d{2}$", "^[^/]+$", "^(GET|POST)$", r"^\+[1-9]\d{7,14}$",
    "[a-f0-9]{8}", r"^\S+@\S+\.\S+$", "^.{2,}$", "^#[0-9a-fA-F]{6}$", r"^\w+(\.\w+)*$", "^$|^[a-z]+$",
]  # fmt: skip


def limits(low: str, high: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Limits that allow something: none, one or both."""
    pair = st.tuples(values, values).map(sorted).map(lambda found: {low: found[0], high: found[1]})
    return st.one_of(st.just({}), values.map(lambda each: {low: each}), values.map(lambda each: {high: each}), pair)


def merge(*parts: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.tuples(*parts).map(lambda found: {key: value for each in found for key, value in each.items()})


def typed(name: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.just({"type": name})


TEXTS = st.one_of(
    merge(typed("string"), limits("minLength", "maxLength", st.integers(0, 40))),
    merge(typed("string"), st.sampled_from(FORMATS).map(lambda each: {"format": each})),
    merge(typed("string"), st.sampled_from(PATTERNS).map(lambda each: {"pattern": each})),
)
STEPS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}), st.sampled_from([2, 5, 0.5, 0.01, 7]).map(lambda each: {"multipleOf": each})
)
NUMBERS = st.one_of(
    merge(typed("integer"), limits("minimum", "maximum", st.integers(-1_000, 1_000))),
    merge(typed("number"), limits("minimum", "maximum", st.integers(-50, 50).map(lambda each: each / 4))),
    merge(typed("integer"), STEPS),
    merge(typed("number"), STEPS, st.sampled_from([{}, {"minimum": 3.5}, {"maximum": 100}])),
)
ENUMS = st.lists(
    st.one_of(st.text(max_size=5), st.integers(-(2**53), 2**53), st.booleans()), min_size=1, max_size=4
).map(lambda found: {"enum": found})
LEAVES = st.one_of(TEXTS, NUMBERS, ENUMS, typed("boolean"), st.just({}), st.just({"$ref": "#/components/schemas/Node"}))


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    properties = st.dictionaries(NAMES, inner, max_size=4)
    required = st.lists(NAMES, unique=True, min_size=1, max_size=2).map(lambda found: {"required": found})
    optional: st.SearchStrategy[dict[str, Any]] = st.one_of(st.just({}), required)
    counts = limits("minItems", "maxItems", st.integers(0, 4))
    return st.one_of(
        merge(typed("object"), properties.map(lambda found: {"properties": found}), optional),
        merge(
            typed("object"),
            inner.map(lambda found: {"additionalProperties": found}),
            st.sampled_from([{}, {"minProperties": 2}]),
        ),
        merge(typed("array"), inner.map(lambda found: {"items": found}), counts),
        st.lists(inner, min_size=1, max_size=3).map(lambda found: {"anyOf": found}),
        st.lists(inner, min_size=1, max_size=2, unique_by=str).map(lambda found: {"oneOf": found}),
        st.lists(st.dictionaries(NAMES, inner, max_size=3), min_size=2, max_size=3).map(
            lambda found: {"allOf": [{"type": "object", "properties": each} for each in found]}
        ),
    )


SCHEMAS = st.recursive(LEAVES, nested, max_leaves=12)
NODE = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "next": {"$ref": "#/components/schemas/Node"}},
}


def is_valid(schema: Any, value: Any) -> bool:
    whole = {"components": {"schemas": {"Node": NODE}}, "allOf": [schema]}
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    found: bool = jsonschema.Draft202012Validator(whole, format_checker=checker).is_valid(value)
    return found


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(SCHEMAS)
def test_every_value_is_valid_by_another_validator(schema: dict[str, Any]) -> None:
    assume("oneOf" not in str(schema) or "format" not in str(schema))  # which formats are checked differs
    maker = maker_of({"Node": NODE, "It": schema})
    try:
        value = maker.value({"$ref": "#/components/schemas/It"}, "it")
    except NoValue:
        return
    assert is_valid(schema, value)


@settings(max_examples=200, deadline=None)
@given(st.one_of(TEXTS, NUMBERS, ENUMS))
def test_a_simple_schema_always_has_a_value(schema: dict[str, Any]) -> None:
    value = maker_of({"It": schema}).value({"$ref": "#/components/schemas/It"}, "it")
    assert is_valid(schema, value)
