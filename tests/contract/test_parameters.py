from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.contract.document import Document
from understudy.contract.parameters import (
    InvalidParameter,
    Parameter,
    compile_parameter,
    compile_parameters,
    python_name,
)
from understudy.contract.schema_compiler import SchemaCompiler
from understudy.http.bodies import parse_pairs

DOCUMENT = Document("acme", Path("acme.yaml"), {"components": {"schemas": {"Size": {"type": "integer", "maximum": 9}}}})
SCHEMAS = SchemaCompiler(DOCUMENT)


def parameter(schema: dict[str, Any], **more: Any) -> Parameter:
    node = {"name": "size", "in": "query", "schema": schema, **more}
    return compile_parameter(DOCUMENT, SCHEMAS, node)


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        ("X-TWC-Tenant", "x_twc_tenant"),
        ("userId", "user_id"),
        ("event_name", "event_name"),
        ("crmId", "crm_id"),
        ("filter[name]", "filter_name"),
        ("page.size", "page_size"),
        ("$skip", "skip"),
        ("id2Name", "id2_name"),
    ],
)
def test_a_name_becomes_a_python_name(name: str, argument: str) -> None:
    assert python_name(name) == argument


@given(st.integers(-(2**63), 2**63 - 1))
def test_every_whole_number_of_64_bits_is_read(number: int) -> None:
    assert parameter({"type": "integer"}).value([str(number)]) == number


@pytest.mark.parametrize(
    "text", ["", " 1", "1 ", "+1", "1_0", "01", "-", "--1", "1.0", "1e1", "\u0661", "\uff11", "0x1", "true"]
)
def test_another_text_is_no_whole_number(text: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        parameter({"type": "integer"}).value([text])

    [violation] = caught.value.violations
    assert (violation.where, violation.path, violation.rule, violation.value) == ("query", "size", "type", text)


@pytest.mark.parametrize("text", [str(2**63), str(-(2**63) - 1), "9" * 399, "9" * 5_000])
def test_a_whole_number_past_64_bits_is_invalid(text: str) -> None:
    with pytest.raises(InvalidParameter):
        parameter({"type": "integer"}).value([text])


@pytest.mark.parametrize(("text", "number"), [("1", 1.0), ("-0.5", -0.5), ("1e3", 1000.0), ("1.5E-2", 0.015)])
def test_a_number_is_read_as_json_writes_it(text: str, number: float) -> None:
    assert parameter({"type": "number"}).value([text]) == number


@pytest.mark.parametrize("text", ["nan", "inf", "-Infinity", "1e999", ".5", "5.", "+1", "1,5", "", "9" * 500])
def test_another_text_is_no_number(text: str) -> None:
    with pytest.raises(InvalidParameter):
        parameter({"type": "number"}).value([text])


@pytest.mark.parametrize(("text", "value"), [("true", True), ("false", False)])
def test_a_boolean_is_one_of_two_words(text: str, value: bool) -> None:  # noqa: FBT001 - the value is what is tested
    assert parameter({"type": "boolean"}).value([text]) is value


@pytest.mark.parametrize("text", ["True", "1", "", "yes", " true"])
def test_another_text_is_no_boolean(text: str) -> None:
    with pytest.raises(InvalidParameter):
        parameter({"type": "boolean"}).value([text])


def test_a_value_that_is_given_twice_is_invalid() -> None:
    with pytest.raises(InvalidParameter) as caught:
        parameter({"type": "string"}).value(["a", "a"])

    assert [each.rule for each in caught.value.violations] == ["repeated"]


def test_a_list_has_each_occurrence() -> None:
    assert parameter({"type": "array", "items": {"type": "integer"}}).value(["1", "2"]) == [1, 2]


def test_a_list_in_one_text_is_split_at_commas() -> None:
    joined = parameter({"type": "array", "items": {"type": "integer"}}, explode=False)

    assert joined.value(["1,2"]) == [1, 2]
    with pytest.raises(InvalidParameter):
        joined.value(["1", "2"])
    with pytest.raises(InvalidParameter):
        joined.value(["1,,2"])


def test_a_schema_by_reference_is_read_by_its_type() -> None:
    named = parameter({"$ref": "#/components/schemas/Size"})

    assert named.value(["7"]) == 7
    with pytest.raises(InvalidParameter) as caught:
        named.value(["10"])
    assert caught.value.violations[0].rule == "maximum"


def test_a_type_inside_all_of_is_used() -> None:
    assert parameter({"allOf": [{"$ref": "#/components/schemas/Size"}]}).value(["7"]) == 7


def test_a_default_replaces_an_absent_value() -> None:
    assert parameter({"type": "integer", "default": 20}).default == 20


def test_an_operations_parameter_overrides_its_paths() -> None:
    def named(name: str, schema: dict[str, Any]) -> dict[str, Any]:
        return {"name": name, "in": "query", "schema": schema}

    item = {"parameters": [named("a", {"type": "string"}), named("b", {"type": "string"})]}
    operation = {"parameters": [named("b", {"type": "integer"})]}

    made = compile_parameters(DOCUMENT, SCHEMAS, operation, item)

    assert [(each.name, each.node["schema"]["type"]) for each in made] == [("a", "string"), ("b", "integer")]


@pytest.mark.parametrize(
    ("raw", "pairs"),
    [
        (b"a=1&b=2&a=3", {"a": ["1", "3"], "b": ["2"]}),
        (b"a=x+y%2Bz", {"a": ["x y+z"]}),
        (b"a", {"a": [""]}),
        (b"&&a=1&", {"a": ["1"]}),
        (b"a=b=c", {"a": ["b=c"]}),
        (b"=1", {"": ["1"]}),
        (b"%61=%C3%A9", {"a": ["\xe9"]}),
        (b"a=%ZZ%", {"a": ["%ZZ%"]}),
        (b"a=1;b=2", {"a": ["1;b=2"]}),
        (b"", {}),
    ],
)
def test_pairs_are_read_in_order(raw: bytes, pairs: dict[str, list[str]]) -> None:
    assert parse_pairs(raw) == pairs


@pytest.mark.parametrize("raw", [b"a=%FF", b"%FF=a", b"a=\xff", b"a=%ED%A0%80"])
def test_pairs_that_are_not_utf_8_are_an_error(raw: bytes) -> None:
    with pytest.raises(ValueError, match="utf-8"):
        parse_pairs(raw)
