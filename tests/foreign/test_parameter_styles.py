"""Styles of parameters: every one that OpenAPI and Swagger have is read as its author meant it."""

from pathlib import Path
from typing import Any

import pytest

from tests.foreign.own_documents import Json, findings, load, reader, with_parameters
from understudy.core.refused import Refused

Explode = bool | None
LIST = {"type": "array", "items": {"type": "integer"}}
COLOUR = {
    "type": "object",
    "properties": {"R": {"type": "integer"}, "G": {"type": "integer"}, "name": {"type": "string"}},
}
NESTED = {
    "type": "object",
    "properties": {"size": COLOUR, "tags": {"type": "array", "items": {"type": "string"}}, "on": {"type": "boolean"}},
}


def _styled(schema: Any, style: str = "", *, explode: bool | None = None, where: str, required: bool = False) -> Json:
    made: Json = {"name": "p", "in": where, "schema": schema, "required": required}
    if style:
        made["style"] = style
    return made if explode is None else {**made, "explode": explode}


@pytest.mark.parametrize(
    ("schema", "style", "explode", "query", "value"),
    [
        (LIST, "", None, "p=1&p=2", [1, 2]),
        (LIST, "form", True, "p=1", [1]),
        (LIST, "form", False, "p=1,2", [1, 2]),
        (LIST, "form", False, "p=1%2C2", [1, 2]),
        (LIST, "form", True, "p[]=1&p[]=2", [1, 2]),
        (LIST, "deepObject", True, "p[]=1&p[]=2", [1, 2]),
        (LIST, "deepObject", None, "p%5B%5D=1&p%5B%5D=2", [1, 2]),
        (LIST, "deepObject", True, "p[0]=1&p[1]=2", [1, 2]),
        (LIST, "spaceDelimited", False, "p=1%202", [1, 2]),
        (LIST, "spaceDelimited", False, "p=1+2", [1, 2]),
        (LIST, "spaceDelimited", True, "p=1&p=2", [1, 2]),
        (LIST, "pipeDelimited", False, "p=1|2", [1, 2]),
        (LIST, "pipeDelimited", False, "p=1%7C2", [1, 2]),
        (LIST, "pipeDelimited", True, "p=1&p=2", [1, 2]),
        (COLOUR, "form", True, "R=1&G=2&name=x", {"R": 1, "G": 2, "name": "x"}),
        (COLOUR, "", None, "R=1", {"R": 1}),
        (COLOUR, "form", False, "p=R,1,G,2", {"R": 1, "G": 2}),
        (COLOUR, "spaceDelimited", False, "p=R%201%20G%202", {"R": 1, "G": 2}),
        (COLOUR, "pipeDelimited", False, "p=R|1|G|2", {"R": 1, "G": 2}),
        (COLOUR, "deepObject", True, "p[R]=1&p[name]=2", {"R": 1, "name": "2"}),
        (COLOUR, "deepObject", None, "p%5BR%5D=1", {"R": 1}),
        (NESTED, "deepObject", True, "p[size][R]=1&p[tags][]=a&p[tags][]=b&p[on]=true",
         {"size": {"R": 1}, "tags": ["a", "b"], "on": True}),
        (NESTED, "deepObject", True, "p[tags][0]=a&p[tags][1]=b", {"tags": ["a", "b"]}),
        (NESTED, "deepObject", True, "p[tags]=a&p[tags]=b", {"tags": ["a", "b"]}),
        ({"type": "string"}, "", None, "p=1", "1"),
        ({"type": "boolean"}, "", None, "p=false", False),
        ({"type": "number"}, "", None, "p=1.5", 1.5),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, "", None, "p=many", "many"),
        ({"oneOf": [LIST, {"type": "integer"}]}, "", None, "p=3", 3),
        ({}, "", None, "p=anything", "anything"),
    ],
)  # fmt: skip
def test_a_query_is_read_in_its_style(
    schema: Any, style: str, explode: Explode, query: str, value: Any, tmp_path: Path
) -> None:
    parameter = _styled(schema, style, explode=explode, where="query")
    assert reader(tmp_path, with_parameters(parameter)).parameters(query) == {"p": value}


@pytest.mark.parametrize(
    ("schema", "style", "explode", "text", "value"),
    [
        (LIST, "", None, "1,2", [1, 2]),
        (LIST, "simple", True, "1,2", [1, 2]),
        (LIST, "label", False, ".1,2", [1, 2]),
        (LIST, "label", True, ".1.2", [1, 2]),
        (LIST, "matrix", False, ";p=1,2", [1, 2]),
        (LIST, "matrix", True, ";p=1;p=2", [1, 2]),
        (COLOUR, "simple", False, "R,1,G,2", {"R": 1, "G": 2}),
        (COLOUR, "simple", True, "R=1,G=2", {"R": 1, "G": 2}),
        (COLOUR, "label", False, ".R,1,G,2", {"R": 1, "G": 2}),
        (COLOUR, "label", True, ".R=1.G=2", {"R": 1, "G": 2}),
        (COLOUR, "matrix", False, ";p=R,1,G,2", {"R": 1, "G": 2}),
        (COLOUR, "matrix", True, ";R=1;G=2", {"R": 1, "G": 2}),
        ({"type": "integer"}, "label", None, ".5", 5),
        ({"type": "integer"}, "matrix", None, ";p=5", 5),
        ({"type": "integer"}, "", None, "5", 5),
        ({"type": "string"}, "simple", None, "a,b", "a,b"),
    ],
)
def test_a_segment_is_read_in_its_style(
    schema: Any, style: str, explode: Explode, text: str, value: Any, tmp_path: Path
) -> None:
    parameter = _styled(schema, style, explode=explode, where="path", required=True)
    made = reader(tmp_path, with_parameters(parameter, path="/things/{p}"))
    assert made.parameters(path={"p": text}) == {"p": value}


@pytest.mark.parametrize(
    ("schema", "explode", "text", "value"),
    [
        (LIST, None, "1,2", [1, 2]),
        (LIST, None, "1, 2", [1, 2]),
        (COLOUR, False, "R,1,G,2", {"R": 1, "G": 2}),
        (COLOUR, True, "R=1,G=2", {"R": 1, "G": 2}),
        ({"type": "integer"}, None, "7", 7),
        ({"type": "string"}, None, "a, b", "a, b"),
    ],
)
def test_a_header_is_read_in_its_style(schema: Any, explode: Explode, text: str, value: Any, tmp_path: Path) -> None:
    made = reader(tmp_path, with_parameters(_styled(schema, explode=explode, where="header")))
    assert made.parameters(headers={"P": text}) == {"p": value}


@pytest.mark.parametrize(
    ("schema", "explode", "cookie", "value"),
    [
        ({"type": "string"}, None, "p=x; q=y", "x"),
        ({"type": "integer"}, None, "q=y; p=5", 5),
        (LIST, False, "p=1,2", [1, 2]),
        (LIST, True, "p=1; p=2", [1, 2]),
        (COLOUR, False, "p=R,1,G,2", {"R": 1, "G": 2}),
        (COLOUR, True, "R=1; G=2", {"R": 1, "G": 2}),
    ],
)
def test_a_cookie_is_read_in_its_style(schema: Any, explode: Explode, cookie: str, value: Any, tmp_path: Path) -> None:
    made = reader(tmp_path, with_parameters(_styled(schema, explode=explode, where="cookie")))
    assert made.parameters(headers={"Cookie": cookie}) == {"p": value}


@pytest.mark.parametrize(
    ("where", "sent"),
    [("query", {"query": "p=%7B%22R%22:1%7D"}), ("header", {"headers": {"P": '{"R":1}'}}),
     ("cookie", {"headers": {"Cookie": "p=%7B%22R%22:1%7D"}})],
)  # fmt: skip
def test_a_parameter_with_content_is_json(where: str, sent: Any, tmp_path: Path) -> None:
    parameter = {"name": "p", "in": where, "content": {"application/json": {"schema": COLOUR}}}
    made = reader(tmp_path, with_parameters(parameter))
    assert made.parameters(**sent) == {"p": {"R": 1}}


@pytest.mark.parametrize(
    ("form", "query", "value"),
    [
        ("csv", "p=1,2", [1, 2]),
        (None, "p=1,2", [1, 2]),
        ("ssv", "p=1%202", [1, 2]),
        ("tsv", "p=1%092", [1, 2]),
        ("pipes", "p=1|2", [1, 2]),
        ("multi", "p=1&p=2", [1, 2]),
    ],
)
def test_a_collection_of_swagger_is_read_in_its_format(
    form: str | None, query: str, value: Any, tmp_path: Path
) -> None:
    parameter = {"name": "p", "in": "query", "type": "array", "items": {"type": "integer"}}
    if form:
        parameter["collectionFormat"] = form
    made = reader(tmp_path, with_parameters(parameter, openapi=None, swagger="2.0"))
    assert made.parameters(query) == {"p": value}


@pytest.mark.parametrize(
    ("parameter", "query"),
    [
        (_styled(LIST, where="query"), "p=many"),
        (_styled(COLOUR, "deepObject", where="query"), "p[R]=much"),
        ({"name": "p", "in": "query", "content": {"application/json": {"schema": COLOUR}}}, "p={"),
        (_styled({"type": "integer"}, where="query", required=True), ""),
        (_styled({**LIST, "maxItems": 1}, "pipeDelimited", explode=False, where="query"), "p=1|2"),
    ],
)
def test_a_value_that_its_schema_forbids_is_refused(parameter: Any, query: str, tmp_path: Path) -> None:
    made = reader(tmp_path, with_parameters(parameter))
    with pytest.raises(Refused) as caught:
        made.parameters(query)
    assert caught.value.status == 400
    assert caught.value.violations[0].path.startswith("p")


@pytest.mark.parametrize(
    ("where", "style"),
    [("query", "matrix"), ("path", "form"), ("header", "form"), ("cookie", "simple"), ("query", "own")],
)
def test_a_style_that_its_place_does_not_have_is_found(where: str, style: str, tmp_path: Path) -> None:
    parameter = _styled({"type": "string"}, style, where=where, required=True)
    found = load(tmp_path, with_parameters(parameter, path="/things/{p}" if where == "path" else "/things"))
    path = "/paths/~1things~1{p}" if where == "path" else "/paths/~1things"
    assert findings(found) == [("parameter", f"#{path}/get/parameters/0/style")]


@pytest.mark.parametrize(
    ("schema", "explode"), [({"type": "integer"}, None), (LIST, False), ({"type": "string"}, None)]
)
def test_a_value_that_is_given_twice_is_refused_where_it_is_one(schema: Any, explode: Explode, tmp_path: Path) -> None:
    made = reader(tmp_path, with_parameters(_styled(schema, explode=explode, where="query")))
    with pytest.raises(Refused, match="p is given more than once"):
        made.parameters("p=1&p=2")


def test_a_value_that_may_be_a_list_is_given_twice(tmp_path: Path) -> None:
    schema = {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    made = reader(tmp_path, with_parameters(_styled(schema, where="query")))
    assert made.parameters("p=1&p=2") == {"p": ["1", "2"]}
    assert made.parameters("p=1") == {"p": "1"}


@pytest.mark.parametrize("name", ["Accept", "content-type", "Authorization"])
def test_headers_that_openapi_leaves_to_others_are_no_parameters(name: str, tmp_path: Path) -> None:
    parameter = {"name": name, "in": "header", "required": True, "schema": {"type": "integer"}}
    assert reader(tmp_path, with_parameters(parameter)).parameters() == {}
