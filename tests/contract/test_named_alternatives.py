"""Alternatives in a schema: the message names the properties of which one, or only one, is to be given."""

from typing import Any

import pytest

from understudy.contract.json_schema_validator import Validator

GIVEN = {"not": {"enum": [None]}}


def required(*names: str) -> dict[str, Any]:
    return {"required": list(names), "properties": dict.fromkeys(names, GIVEN)}


ONE_OF = {"oneOf": [required("id"), required("code"), {"required": ["name"]}]}
ANY_OF = {"anyOf": [required("id"), required("code", "unit")]}
NOT_BOTH = {"not": {"type": "object", **required("id", "code")}}
REFERRED = {"definitions": {"X": ONE_OF}, "allOf": [{"$ref": "#/definitions/X"}]}


def messages(schema: dict[str, Any], value: Any) -> list[str]:
    return [each.message for each in Validator(schema).violations(value)]


@pytest.mark.parametrize("schema", [ONE_OF, REFERRED])
@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({}, "one of id, code, name is required"),
        ({"id": None}, "one of id, code, name is required"),
        ({"id": 1, "code": 2}, "only one of id, code may be given"),
        ({"id": 1, "code": None, "name": None}, "only one of id, name may be given"),
        ({"id": 1, "code": 2, "name": 3}, "only one of id, code, name may be given"),
    ],
)
def test_exclusive_properties_are_named(schema: dict[str, Any], value: Any, message: str) -> None:
    assert messages(schema, value) == [message]


@pytest.mark.parametrize("value", [[], "text", 5, True])
def test_what_is_no_object_has_to_be_one(value: Any) -> None:
    assert messages(ONE_OF, value) == ["an object with one of id, code, name is required"]


def test_of_inclusive_properties_one_is_asked_for() -> None:
    assert messages(ANY_OF, {"code": 1}) == ["one of id, code and unit is required"]
    assert messages(ANY_OF, {"id": 1, "code": 1, "unit": 1}) == []


def test_properties_that_exclude_one_another_are_named() -> None:
    assert messages(NOT_BOTH, {"id": 1, "code": 2}) == ["only one of id, code may be given"]
    assert messages(NOT_BOTH, {"id": 1, "code": None}) == []


@pytest.mark.parametrize("other", [{"type": "integer"}, {"properties": {"id": {"type": "string"}}, "required": ["id"]}])
def test_other_alternatives_give_their_own_reasons(other: dict[str, Any]) -> None:
    [message] = messages({"oneOf": [other, {"type": "null"}]}, {"id": 5})
    assert "is not of type" in message
    assert "required" not in message


def test_two_other_alternatives_that_fit_are_too_many() -> None:
    overlapping = {"oneOf": [{"minimum": 1}, {"maximum": 9}]}

    assert messages(overlapping, 5) == ["more than one alternative fits"]
    assert messages(overlapping, 0) == messages(overlapping, 10) == []


def test_another_exclusion_keeps_its_message() -> None:
    assert messages({"not": {"enum": [5]}}, 5) == ['{"enum":[5]} is not allowed for 5']
