"""Schemas of every dialect of OpenAPI: what they allow is taken, what they forbid is refused, the rest is found."""

from pathlib import Path
from typing import Any

import pytest

from tests.foreign.own_documents import findings, load, reader, serve, with_schema
from understudy.contract.compiled_operations import compile_operations
from understudy.core.refused import Refused

REQUEST = "#/paths/~1things/post/requestBody/content/application~1json/schema"
NEW: dict[str, Any] = {"openapi": "3.1.0"}
OLD: dict[str, Any] = {"openapi": "3.0.3"}


def _takes(folder: Path, schema: Any, value: Any, **more: Any) -> bool:
    operation = compile_operations(load(folder, with_schema(schema, **more)))[0]
    assert operation.body is not None
    return operation.body.media["application/json"].is_valid(value)


@pytest.mark.parametrize(
    ("schema", "taken", "refused"),
    [
        ({"type": ["string", "null"]}, ["a", None], [1, []]),
        ({"type": ["integer", "string"]}, [1, "a"], [None, 1.5]),
        ({"type": "null"}, [None], ["", 0]),
        ({"type": []}, [None, 1, "a"], []),
        ({"const": {"a": 1}}, [{"a": 1}], [{"a": 2}, None]),
        ({"const": None}, [None], [0]),
        ({"type": "string", "const": "a"}, ["a"], ["b", None]),
        ({"enum": ["a", None, 1, True]}, ["a", None, 1, True], ["b", 2, False]),
        ({"$ref": "#/components/schemas/Size", "maximum": 5}, [3, 5], [6, 0, "3"]),
        ({"$ref": "#/components/schemas/Size", "description": "x"}, [3, 50], [0]),
        ({"exclusiveMinimum": 1, "type": "number"}, [1.1], [1, 0]),
        ({"exclusiveMinimum": 1, "minimum": 3, "type": "number"}, [3], [2]),
        ({"exclusiveMaximum": 5, "maximum": 5}, [4], [5]),
        ({"prefixItems": [{"type": "string"}, {"type": "integer"}], "items": False}, [["a", 1]], [[None]]),
        ({"if": {"properties": {"a": {"const": 1}}, "required": ["a"]}, "then": {"required": ["b"]},
          "else": {"required": ["c"]}}, [{"a": 1, "b": 0}, {"c": 0}], [{"a": 1}, {"a": 2}, {}]),
        ({"dependentRequired": {"a": ["b"]}}, [{}, {"b": 1}, {"a": 1, "b": 1}], [{"a": 1}]),
        ({"dependentSchemas": {"a": {"required": ["b"]}}}, [{}, {"a": 1, "b": 1}], [{"a": 1}]),
        ({"contains": {"const": 1}}, [[0, 1]], [[0], []]),
        ({"contains": {"const": 1}, "minContains": 0}, [[0], []], []),
        ({"patternProperties": {"^x_": {"type": "string"}}, "additionalProperties": False},
         [{"x_a": "b"}], [{"x_a": 1}, {"y": "b"}]),
        ({"type": "string", "contentEncoding": "base64", "contentMediaType": "image/png"}, ["aGk="], [1]),
        ({"$defs": {"A": {"type": "integer"}}, "properties": {"a": {"$ref": f"{REQUEST}/$defs/A"}}},
         [{"a": 1}], [{"a": "b"}]),
        (True, [1, None], []),
        (False, [], [1, None, {}]),
        ({"type": "object", "properties": {"a": False, "b": True}}, [{}, {"b": 1}], [{"a": 1}]),
        ({"not": {"type": "string"}}, [1], ["a"]),
        ({"oneOf": [{"type": "string"}, {"type": "null"}]}, ["a", None], [1]),
    ],
)  # fmt: skip
def test_a_schema_of_31_takes_valid_values_alone(
    schema: Any, taken: list[Any], refused: list[Any], tmp_path: Path
) -> None:
    parts = {"components": {"schemas": {"Size": {"type": "integer", "minimum": 1}}}}
    assert [each for each in taken if not _takes(tmp_path, schema, each, **NEW, **parts)] == []
    assert [each for each in refused if _takes(tmp_path, schema, each, **NEW, **parts)] == []


@pytest.mark.parametrize(
    ("schema", "taken", "refused"),
    [
        ({"type": "string", "nullable": True}, ["a", None], [1]),
        ({"nullable": True}, ["a", None, 1], []),
        ({"nullable": True, "enum": ["a", None]}, ["a", None], ["b"]),
        ({"type": "string", "nullable": True, "enum": ["a"]}, ["a"], ["b", None]),
        ({"type": "string", "nullable": True, "enum": ["a", None]}, ["a", None], ["b"]),
        ({"type": "string", "x-nullable": True}, ["a", None], [1]),
        ({"type": "integer", "minimum": 1, "exclusiveMinimum": True}, [2], [1]),
        ({"type": "integer", "minimum": "1"}, [1], [0]),
        ({"type": "integer", "format": "int32"}, [2**31 - 1], [2**31]),
        ({"type": "integer", "format": "int64"}, [2**63 - 1], [2**64]),
        ({"type": "number", "format": "money"}, [1.5], ["a"]),
        ({"type": "string", "format": "own"}, ["a"], [1]),
        ({"type": "string", "format": "date"}, ["2024-02-29"], ["2023-02-29"]),
        ({"type": "string", "pattern": "^a+$"}, ["aa"], ["b"]),
        ({"type": "string", "pattern": "("}, ["anything"], [1]),
        ({"type": "string", "pattern": "^(?=.*x)(?<n>y"}, ["anything"], [1]),
        ({"type": "String"}, ["a"], [1]),
        ({"type": "int"}, [1], ["a"]),
        ({"type": "whatever"}, ["a", 1], []),
        ({"type": "array"}, [[1]], [1]),
        ({"type": "object", "required": ["a", "a"]}, [{"a": 1}], [{}]),
        ({"type": "object", "required": True, "properties": {"a": {"required": True, "type": "string"}}}, [{}], [1]),
        ({"type": "object", "required": []}, [{}], [1]),
        ({"type": "string", "enum": []}, ["a"], [1]),
        ({"type": "string", "minLength": "2", "maxLength": -1}, ["ab"], ["a"]),
        ({"type": "string", "xml": {"name": "x"}, "x-own": {"y": 1}, "colour": "red"}, ["a"], [1]),
        ({"$ref": "#/components/schemas/Size", "maximum": 5}, [6], [0]),
        ({"type": "array", "items": [{"type": "string"}]}, [["a"]], ["a"]),
        ({"allOf": []}, [1], []),
        ({"type": "string", "example": None, "default": 5}, ["a"], [1]),
        (None, [1, None], []),
        ([], [1, None], []),
        ("text", [1, None], []),
    ],
)
def test_a_schema_of_30_takes_valid_values_alone(
    schema: Any, taken: list[Any], refused: list[Any], tmp_path: Path
) -> None:
    parts = {"components": {"schemas": {"Size": {"type": "integer", "minimum": 1}}}}
    assert [each for each in taken if not _takes(tmp_path, schema, each, **OLD, **parts)] == []
    assert [each for each in refused if _takes(tmp_path, schema, each, **OLD, **parts)] == []


@pytest.mark.parametrize(
    ("schema", "found"),
    [
        ({"type": "string", "format": "own"}, [("format", "/format")]),
        ({"nullable": True}, [("nullable", "/nullable")]),
        ({"colour": "red", "x-own": 1, "xml": {}, "externalDocs": {}}, [("keyword", "/colour")]),
        ({"type": "string", "pattern": "("}, [("pattern", "/pattern")]),
        ({"type": "String"}, [("type", "/type")]),
        ({"type": "whatever"}, [("type", "/type")]),
        ({"type": "string", "minLength": -1}, [("keyword", "/minLength")]),
        ({"type": "number", "multipleOf": 0}, [("keyword", "/multipleOf")]),
        ({"type": "string", "enum": []}, [("enum", "/enum")]),
        ({"type": "object", "required": "a"}, [("keyword", "/required")]),
        ({"type": "object", "properties": {"a/b": {"format": "own", "type": "string"}}},
         [("format", "/properties/a~1b/format")]),
        ({"allOf": [{}, {"type": "what"}]}, [("type", "/allOf/1/type")]),
        ({"items": {"format": "x", "type": "string"}, "type": "array"}, [("format", "/items/format")]),
        ({"additionalProperties": {"colour": 1}}, [("keyword", "/additionalProperties/colour")]),
        ({"not": {"colour": 1}}, [("keyword", "/not/colour")]),
        ({"oneOf": [5]}, [("schema", "/oneOf/0")]),
        ({"$ref": "#/nowhere"}, [("reference", "")]),
        ({"prefixItems": [{"colour": 1}]}, [("keyword", "/prefixItems/0/colour"), ("keyword", "/prefixItems")]),
    ],
)  # fmt: skip
def test_a_finding_points_at_its_place(schema: Any, found: list[tuple[str, str]], tmp_path: Path) -> None:
    seen = [(kind, place) for kind, place in findings(load(tmp_path, with_schema(schema))) if place.startswith(REQUEST)]
    assert seen == [(kind, REQUEST + place) for kind, place in found]


def test_examples_that_break_their_schema_stop_nothing(tmp_path: Path) -> None:
    schema = {
        "type": "object",
        "required": ["n"],
        "properties": {"n": {"type": "integer", "example": "many"}},
        "example": {},
    }
    answer = serve(tmp_path, with_schema(schema))("POST", "/things", {"n": 1})
    assert answer.status == 200
    assert isinstance(answer.json["n"], int)


@pytest.mark.parametrize(
    "media",
    ["text/plain", "text/csv", "application/xml", "application/octet-stream", "image/png", "*/*", "video/mp4",
     "application/vnd.own", "application/x-ndjson", "application/pdf", "text/*", "TEXT/Plain; charset=utf-8"],
)  # fmt: skip
@pytest.mark.parametrize("raw", [b"text", b"\xff\x00\xfe"])
def test_a_body_of_any_type_is_taken_and_sent(media: str, raw: bytes, tmp_path: Path) -> None:
    made = with_schema({"type": "string", "format": "binary"})
    operation = made["paths"]["/things"]["post"]
    for part in (operation["requestBody"], operation["responses"]["200"]):
        part["content"] = {media: part["content"]["application/json"]}
    served = serve(tmp_path, made)
    sent = "application/zip" if media == "*/*" else media.lower().replace("text/*", "text/html").partition(";")[0]
    assert served("POST", "/things", raw, media=sent).status == 200
    assert served("POST", "/things").status == 400
    if media != "*/*":
        assert served("POST", "/things", raw, media="model/other").status == 415


@pytest.mark.parametrize(
    "media",
    ["application/vnd.acme.v2+json", "application/json; charset=utf-8", "application/problem+json", "text/json"],
)
def test_a_body_of_a_json_type_is_checked(media: str, tmp_path: Path) -> None:
    made = with_schema({"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}})
    operation = made["paths"]["/things"]["post"]
    operation["requestBody"]["content"] = {media: operation["requestBody"]["content"]["application/json"]}
    served = serve(tmp_path, made)
    plain = media.partition(";")[0]
    assert served("POST", "/things", {"n": 1}, media=plain).status == 200
    assert served("POST", "/things", {"n": "x"}, media=plain).status == 400
    assert served("POST", "/things", b"{", media=plain).status == 400


FORM = {
    "type": "object",
    "required": ["n"],
    "properties": {
        "n": {"type": "integer"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "size": {"type": "object", "properties": {"w": {"type": "integer"}, "h": {"type": "number"}}},
        "lines": {"type": "array", "items": {"type": "object", "properties": {"price": {"type": "number"}}}},
    },
}


@pytest.mark.parametrize(
    ("encoding", "form", "value"),
    [
        ({}, "n=1", {"n": 1}),
        ({}, "n=1&tags=a&tags=b", {"n": 1, "tags": ["a", "b"]}),
        ({}, "n=1&tags=a", {"n": 1, "tags": ["a"]}),
        ({}, "n=1&tags[]=a&tags[]=b", {"n": 1, "tags": ["a", "b"]}),
        ({}, "n=1&tags[0]=a&tags[1]=b", {"n": 1, "tags": ["a", "b"]}),
        ({"tags": {"explode": False}}, "n=1&tags=a,b", {"n": 1, "tags": ["a", "b"]}),
        ({"tags": {"style": "pipeDelimited", "explode": False}}, "n=1&tags=a|b", {"n": 1, "tags": ["a", "b"]}),
        ({"size": {"style": "deepObject"}}, "n=1&size[w]=2&size[h]=1.5", {"n": 1, "size": {"w": 2, "h": 1.5}}),
        ({"size": {"contentType": "application/json"}}, 'n=1&size={"w":2}', {"n": 1, "size": {"w": 2}}),
        ({}, "n=1&lines[0][price]=1.5&lines[1][price]=2", {"n": 1, "lines": [{"price": 1.5}, {"price": 2}]}),
    ],
)  # fmt: skip
def test_a_form_is_read_by_its_encoding(encoding: Any, form: str, value: Any, tmp_path: Path) -> None:
    made = with_schema(FORM)
    content = {"application/x-www-form-urlencoded": {"schema": FORM, "encoding": encoding}}
    made["paths"]["/things"]["post"]["requestBody"]["content"] = content
    read = reader(tmp_path, made)
    assert read.body(form.encode(), "application/x-www-form-urlencoded") == value
    with pytest.raises(Refused):
        read.body(form.replace("n=1", "n=x").encode(), "application/x-www-form-urlencoded")
