"""Violations of ``oneOf`` and ``anyOf``: those of the alternative that the value was meant for."""

from typing import Any

import pytest

from understudy.contract.json_schema_validator import Validator
from understudy.core.json_types import Json

TEXT = {"type": "string"}
API = {
    "type": "object",
    "properties": {"kind": {"enum": ["API", "SDK"]}, "nodes": {"type": "array", "minItems": 1, "items": TEXT}},
}
PAGE = {
    "type": "object",
    "required": ["kind", "urls"],
    "properties": {"kind": {"enum": ["PAGE"]}, "urls": {"type": "array", "items": TEXT}},
}
SOURCE: Json = {"oneOf": [API, PAGE]}
DEFINITION: Json = {
    "anyOf": [
        {
            "oneOf": [
                {
                    "required": ["type"],
                    "properties": {"type": {"enum": ["string"]}, "format": {"enum": ["date", "uri"]}},
                },
                {"required": ["type"], "properties": {"type": {"enum": ["number"]}}},
            ]
        },
        {
            "required": ["type", "items"],
            "properties": {"type": {"enum": ["array"]}, "items": {"anyOf": [TEXT, {"type": "object"}]}},
        },
        {"required": ["type"], "properties": {"type": {"type": "array", "enum": [["string", "null"]]}}},
    ]
}


def places(schema: Json, value: Any) -> dict[str, str]:
    """Return the rules that a value breaks by their paths, in the closest alternative where there is one."""
    found = Validator(schema).violations(value)
    return {leaf.path: leaf.rule for violation in found for leaf in violation.within or (violation,)}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"kind": "API", "nodes": []}, {"/nodes": "minItems"}),
        ({"kind": "SDK", "nodes": ["a", 1]}, {"/nodes/1": "type"}),
        ({"nodes": []}, {"/nodes": "minItems"}),
        ({"kind": "PAGE"}, {"/urls": "required"}),
        ({"kind": "PAGE", "urls": [1]}, {"/urls/0": "type"}),
        ({"kind": "API", "nodes": [], "urls": []}, {"/nodes": "minItems"}),
        ({"kind": "BOGUS", "urls": []}, {"/kind": "enum"}),
        ({"kind": None, "nodes": []}, {"/kind": "enum"}),
        ({"kind": "API"}, {}),
    ],
)
def test_the_alternative_that_is_named_is_explained(value: Json, expected: dict[str, str]) -> None:
    assert places(SOURCE, value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"type": "string", "format": "bogus"}, {"/format": "enum"}),
        ({"type": "bogus"}, {"/type": "enum"}),
        ({"type": "array"}, {"/items": "required"}),
        ({"type": "array", "items": 3}, {"/items": "anyOf"}),
        ({}, {"/type": "required"}),
        ({"type": "string", "format": "uri"}, {}),
    ],
)
def test_alternatives_within_alternatives_are_explained(value: Json, expected: dict[str, str]) -> None:
    assert places(DEFINITION, value) == expected


def test_the_message_names_every_value_that_distinguishes_and_the_nearest() -> None:
    (violation,) = Validator(SOURCE).violations({"kind": "PAGES"})

    assert violation.message == '/kind: "PAGES" is not one of API, SDK, PAGE'
    assert "PAGE" in violation.within[0].hint


def test_two_alternatives_at_once_are_named() -> None:
    schema = {"oneOf": [{"required": ["contact_id"]}, {"required": ["cim"]}]}

    (both,) = Validator(schema).violations({"contact_id": "1", "cim": "2"})
    (neither,) = Validator(schema).violations({})

    assert (both.path, both.rule, both.message) == ("", "oneOf", "only one of contact_id, cim may be given")
    assert (neither.path, neither.rule, neither.message) == ("", "oneOf", "one of contact_id, cim is required")


def test_several_alternatives_that_fit_are_refused() -> None:
    (violation,) = Validator({"oneOf": [{"maximum": 9}, {"minimum": 1}]}).violations(5)

    assert violation.message == "more than one alternative fits"


def test_equally_distant_alternatives_are_all_listed() -> None:
    (violation,) = Validator({"anyOf": [TEXT, {"type": "null"}]}).violations(3)

    assert (violation.path, violation.within) == ("", ())
    assert violation.message == '3 is not of type "string" or 3 is not of type "null"'


def test_a_deep_alternative_keeps_its_whole_path() -> None:
    schema = {"properties": {"sources": {"items": SOURCE}}}

    assert places(schema, {"sources": [{"kind": "API"}, {"kind": "API", "nodes": [2]}]}) == {
        "/sources/1/nodes/0": "type"
    }
