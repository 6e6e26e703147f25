"""Documents as strangers write them: their servers, paths, references, statuses and versions are taken as meant."""

from pathlib import Path
from typing import Any

import pytest

from tests.foreign.own_documents import (
    DOCUMENTS,
    OK,
    Json,
    document,
    findings,
    load,
    serve,
    with_parameters,
    with_schema,
    write,
)
from understudy.contract.foreign.loading import load_foreign

GET = {"get": {"responses": OK}}
TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("servers", "base"),
    [
        (None, ""),
        ([], ""),
        ([{"url": "/"}], ""),
        ([{"url": "https://acme.example"}], ""),
        ([{"url": "https://acme.example/v1/"}], "/v1"),
        ([{"url": "/v2"}, {"url": "/other"}], "/v2"),
        ([{"url": "v3"}], "/v3"),
        ([{"url": "//acme.example/v4"}], "/v4"),
        ([{"url": "https://{a}.example:{p}/{b}", "variables": {"a": {"default": "x"}, "b": {"default": "v5"}}}], "/v5"),
        ([{"url": "https://acme.example/{version}"}], "/version"),
        ([{"url": "https://acme.example/{}"}], "/x"),
        ([{"url": "https://[bad/"}, {"url": "/v6"}], "/v6"),
        ([{"description": "no URL"}, {"url": "/v7"}], "/v7"),
        ("https://acme.example/v8", ""),
        ([None, 5], ""),
    ],
)
def test_the_first_server_that_is_one_gives_the_base_path(servers: Any, base: str, tmp_path: Path) -> None:
    served = serve(tmp_path, document({"/things": GET}, servers=servers))
    assert served("GET", f"{base}/things").status == 200
    assert served("GET", f"/acme{base}/things").status == 200
    assert served("GET", "/things").status == 200
    assert served("GET", f"{base}/nothing").status == 404


@pytest.mark.parametrize("level", ["path", "operation"])
def test_a_path_or_an_operation_has_servers_of_its_own(level: str, tmp_path: Path) -> None:
    own = {"servers": [{"url": "https://files.example/f"}]}
    item = {**GET, **own} if level == "path" else {"get": {**GET["get"], **own}}
    served = serve(tmp_path, document({"/a": GET, "/b": item}, servers=[{"url": "/v1"}]))
    assert served("GET", "/v1/a").status == 200
    assert served("GET", "/f/b").status == 200
    assert served("GET", "/v1/b").status == 404


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/things", "/things"),
        ("things", "/things"),
        ("/things/", "/things/"),
        ("/things?kind=a", "/things"),
        ("/things#make", "/things"),
        ("/things/{id}.json", "/things/5.json"),
        ("/things/{a}-{b}", "/things/x-y"),
        ("/things/{id}:pay", "/things/5:pay"),
        ("/things('{id}')", "/things('5')"),
        ("/a b", "/a%20b"),
        ("/ä", "/%C3%A4"),
        ("/", "/"),
        ("/{id}", "/5"),
        ("/{bad name!}", "/5"),
        ("/{a}/{a}", "/5/5"),
        ("/a//b", "/a//b"),
        ("/x{?y}", "/x"),
        ("/x/{+y}", "/x/5"),
        ("/x/{y*}", "/x/5"),
    ],
)
def test_a_path_is_served_however_it_is_written(path: str, target: str, tmp_path: Path) -> None:
    served = serve(tmp_path, document({path: GET}, servers=[{"url": "/v1"}]))
    assert served("GET", f"/v1{target}").status == 200
    assert served("GET", target).status == 200


def test_of_two_operations_at_one_place_the_first_is_served(tmp_path: Path) -> None:
    second = {"get": {"operationId": "second", "responses": OK}, "delete": {"responses": OK}}
    paths = {"/things/{id}": {"get": {"operationId": "first", "responses": OK}}, "/things/{name}": second}
    served = serve(tmp_path, document(paths))
    assert [*served.operations] == ["first", "delete_things_name"]
    assert served("DELETE", "/things/5").status == 200
    assert findings(load(tmp_path, document(paths)))[-3:-2] == [("path", "#/paths/~1things~1{name}/get")]


def test_operations_without_a_name_or_with_one_of_another_are_named_by_their_places(tmp_path: Path) -> None:
    paths = {
        "/a": {"get": {"operationId": "same", "responses": OK}, "post": {"operationId": "same", "responses": OK}},
        "/a/{id}": {"get": {"responses": OK}, "put": {"operationId": " ", "responses": OK}},
        "/": {"get": {"operationId": 5, "responses": OK}},
    }
    assert [*serve(tmp_path, document(paths)).operations] == ["same", "post_a", "get_a_id", "put_a_id", "get_root"]
    places = [place for kind, place in findings(load(tmp_path, document(paths))) if kind == "operationId"]
    assert places == ["#/paths/~1a/post", "#/paths/~1a~1{id}/get", "#/paths/~1a~1{id}/put", "#/paths/~1/get"]


@pytest.mark.parametrize("missing", ["info", "paths", "both"])
def test_a_document_without_info_or_paths_is_served(missing: str, tmp_path: Path) -> None:
    lacking = ("info", "paths") if missing == "both" else (missing,)
    whole = {key: value for key, value in document({"/a": GET}).items() if key not in lacking}
    served = serve(tmp_path, whole)
    assert served("GET", "/a").status == (200 if missing == "info" else 404)
    assert load(tmp_path, whole).raw["info"]["title"] == ("Acme" if missing == "paths" else "acme")


@pytest.mark.parametrize("responses", [None, {}, [], "none", {"x-own": {}}, {"what": {"description": ""}}])
def test_an_operation_without_responses_answers_nothing(responses: Any, tmp_path: Path) -> None:
    node = {} if responses is None else {"responses": responses}
    answer = serve(tmp_path, document({"/a": {"get": node}}))("GET", "/a")
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize(
    ("declared", "status"),
    [("200", 200), ("201", 201), ("2XX", 200), ("2xx", 200), ("default", 200), ("3XX", 302), (" 202 ", 202)],
)
def test_a_wildcard_stands_for_a_status(declared: str, status: int, tmp_path: Path) -> None:
    content = {"application/json": {"schema": {"type": "object", "required": ["id"], "properties": {"id": TEXT}}}}
    made = document({"/a": {"get": {"responses": {declared: {"description": "", "content": content}}}}})
    answer = serve(tmp_path, made)("GET", "/a")
    assert answer.status == status
    assert answer.json["id"]


@pytest.mark.parametrize("status", ["204", "304"])
def test_a_status_without_a_body_has_none(status: str, tmp_path: Path) -> None:
    content = {"application/json": {"schema": TEXT}}
    made = document({"/a": {"get": {"responses": {status: {"description": "", "content": content}}}}})
    assert serve(tmp_path, made)("GET", "/a").body == b""
    assert findings(load(tmp_path, made))[-1] == ("status", f"#/paths/~1a/get/responses/{status}")


def test_webhooks_and_callbacks_are_kept_in_the_grammar_of_the_shipped_specs(tmp_path: Path) -> None:
    callback = {"made": {"{$request.body#/url}": {"post": {"responses": OK}}}}
    made = document({"/a": {"get": {"operationId": "a", "responses": OK, "callbacks": callback}}}, webhooks={"b": GET})
    assert serve(tmp_path, made)("GET", "/a").status == 200
    found = load(tmp_path, made)
    assert findings(found) == []
    assert found.raw["paths"]["/a"]["get"]["callbacks"] == {"made": {"{$request.body#/url}": {"post": {}}}}
    assert found.raw["webhooks"] == {"b": {"get": {}}}


def test_references_to_files_are_followed_from_where_they_stand(tmp_path: Path) -> None:
    schema = {"type": "object", "required": ["size"], "properties": {"size": {"$ref": "deep/size.yaml"}}}
    write(tmp_path, {"$ref": "../schemas/thing.json"}, "schemas/link.json")
    write(tmp_path, schema, "schemas/thing.json")
    write(tmp_path, "type: integer\nminimum: 7\nmaximum: 7\n", "schemas/deep/size.yaml")
    write(
        tmp_path,
        {"limit": {"name": "limit", "in": "query", "schema": {"$ref": "../schemas/deep/size.yaml"}}},
        "parts/p.json",
    )
    answer = {"description": "", "content": {"application/json": {"schema": {"$ref": "../schemas/link.json#"}}}}
    write(tmp_path, {"ok": answer}, "parts/responses.json")
    item = {"get": {"parameters": [{"$ref": "p.json#/limit"}], "responses": {"200": {"$ref": "./responses.json#/ok"}}}}
    write(tmp_path, item, "parts/item.json")
    served = serve(tmp_path, document({"/things": {"$ref": "parts/item.json"}}))
    assert served("GET", "/things?limit=7").json["size"] == 7
    assert served("GET", "/things?limit=8").status == 400


def test_examples_in_files_are_shown(tmp_path: Path) -> None:
    write(tmp_path, {"value": {"id": "from a file"}}, "examples/one.json")
    content = {"application/json": {"schema": {"type": "object"}, "examples": {"one": {"$ref": "examples/one.json"}}}}
    made = document({"/a": {"get": {"responses": {"200": {"description": "", "content": content}}}}})
    assert serve(tmp_path, made)("GET", "/a").json == {"id": "from a file"}


@pytest.mark.parametrize(
    "schemas",
    [
        {"A": {"$ref": "#/components/schemas/A"}},
        {"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}},
        {"A": {"allOf": [{"$ref": "#/components/schemas/A"}]}},
        {"A": {"anyOf": [TEXT, {"$ref": "#/components/schemas/A"}]}},
        {"A": {"not": {"$ref": "#/components/schemas/A"}}},
        {"A": {"properties": {"a": {"$ref": "#/components/schemas/A"}}, "required": ["a"], "type": "object"}},
        {"A": {"items": {"$ref": "#/components/schemas/A"}, "type": "array"}},
        {"A": {"items": {"$ref": "#/components/schemas/A"}, "type": "array", "minItems": 1}},
        {"A": {"additionalProperties": {"$ref": "#/components/schemas/A"}, "type": "object"}},
        {"A": {"$ref": "acme.json#/components/schemas/A"}},
        {"A": {"$ref": "#"}},
        {"A": {"$ref": "#/components/schemas"}},
    ],
)
def test_a_schema_that_refers_to_itself_never_fails(schemas: Json, tmp_path: Path) -> None:
    made = with_schema({"$ref": "#/components/schemas/A"}, components={"schemas": schemas})
    served = serve(tmp_path, made)
    bodies: list[Any] = [{}, [], "text", {"a": {}}, {"a": [{"a": []}]}, [[[]]]]
    for body in bodies:
        assert served("POST", "/things", body).status < 500


@pytest.mark.parametrize("reference", ["#/nowhere", "missing.json", "broken.json", "acme.json#/nowhere", 5, "#nowhere"])
@pytest.mark.parametrize("at", ["schema", "parameter", "response", "path"])
def test_a_reference_that_leads_nowhere_is_found_and_stops_nothing(at: str, reference: Any, tmp_path: Path) -> None:
    write(tmp_path, "{", "broken.json")
    lost = {"$ref": reference}
    content = {"content": {"application/json": {"schema": lost if at == "schema" else TEXT}}}
    operation = {
        "parameters": [lost] if at == "parameter" else [],
        "responses": {"200": lost if at == "response" else {"description": "", **content}},
    }
    made = document({"/a": {"get": operation}, "/b": lost if at == "path" else GET})
    assert serve(tmp_path, made)("GET", "/a").status < 500
    assert reference == 5 or any(kind in ("reference", "node", "schema") for kind, _ in findings(load(tmp_path, made)))


def test_swagger_is_served_as_it_is_meant(tmp_path: Path) -> None:
    served = serve(tmp_path, DOCUMENTS["2.0"])
    signed = {"authorization": "Basic YTpi"}
    assert served("GET", "/api/carts", headers={"authorization": "none"}).status == 401
    assert served("GET", "/api/carts?tags=a|b&ids=1&ids=2&page=2", headers=signed).status == 200
    assert served("GET", "/api/carts?ids=x", headers=signed).status == 400
    made = served("POST", "/api/carts", {"id": 77, "lines": [{"price": None}]}, headers=signed)
    assert (made.status, made.json["id"]) == (201, 77)
    assert served("POST", "/api/carts", {"lines": []}, headers=signed).status == 400
    assert served("GET", "/api/carts/77", headers=signed).json["lines"] == [{"price": None}]
    assert served("GET", "/api/carts/5000", headers=signed).status == 404
    form = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nx\r\n--b--\r\n'
    assert (
        served("POST", "/api/carts/77/file", form, headers=signed, media="multipart/form-data; boundary=b").status
        == 200
    )
    lacking = form.replace(b"file", b"elif")
    refused = served("POST", "/api/carts/77/file", lacking, headers=signed, media="multipart/form-data; boundary=b")
    assert refused.status == 400


@pytest.mark.parametrize("where", ["query", "cookie"])
def test_a_key_is_wanted_where_it_is_declared(where: str, tmp_path: Path) -> None:
    schemes = {"securitySchemes": {"key": {"type": "apiKey", "in": where, "name": "my key"}}}
    served = serve(tmp_path, document({"/a": GET}, components=schemes, security=[{"key": []}]))
    assert served("GET", "/a").status == 401
    target, headers = ("/a?my%20key=1", {}) if where == "query" else ("/a", {"cookie": "other=2; my key=1"})
    assert served("GET", target, headers=headers).status == 200


@pytest.mark.parametrize(
    ("scheme", "header"),
    [
        ({"type": "http", "scheme": "Bearer"}, {"authorization": "bearer x"}),
        ({"type": "http", "scheme": "basic"}, {"authorization": "Basic YTpi"}),
        ({"type": "http", "scheme": "digest"}, {"authorization": "Digest username=a"}),
        ({"type": "http", "scheme": "HMAC-SHA256"}, {"authorization": "HMAC-SHA256 abc"}),
        ({"type": "oauth2", "flows": {}}, {"authorization": "Bearer x"}),
        ({"type": "openIdConnect", "openIdConnectUrl": "/x"}, {"authorization": "Bearer x"}),
        ({"type": "apiKey", "in": "header", "name": "X-Key"}, {"x-key": "1"}),
    ],
)
def test_a_credential_of_every_scheme_is_wanted(scheme: Json, header: dict[str, str], tmp_path: Path) -> None:
    schemes = {"securitySchemes": {"own": scheme}}
    served = serve(tmp_path, document({"/a": GET}, components=schemes, security=[{"own": ["scope"]}]))
    assert served("GET", "/a").status == 401
    assert served("GET", "/a", headers={"authorization": "Other"}).status == 401
    assert served("GET", "/a", headers=header).status == 200


@pytest.mark.parametrize("scheme", [{"type": "mutualTLS"}, {"type": "own"}, {}, {"type": "apiKey", "in": "body"}])
def test_a_scheme_that_is_not_understood_asks_for_nothing(scheme: Json, tmp_path: Path) -> None:
    schemes = {"securitySchemes": {"own": scheme}}
    made = document({"/a": GET}, components=schemes, security=[{"own": []}])
    assert serve(tmp_path, made)("GET", "/a").status == 200
    assert ("security", "#/components/securitySchemes/own") in findings(load(tmp_path, made))


def test_the_parameter_of_a_path_that_is_not_declared_is_a_text(tmp_path: Path) -> None:
    found = load(tmp_path, with_parameters(path="/things/{id}"))
    assert findings(found) == [("parameter", "#/paths/~1things~1{id}/get")]
    assert found.raw["paths"]["/things/{id}"]["get"]["parameters"][0]["schema"] == TEXT


def test_findings_in_another_file_name_it(tmp_path: Path) -> None:
    write(tmp_path, {"A": {"type": "string", "format": "own"}}, "parts/a.json")
    entry = write(tmp_path, with_schema({"$ref": "parts/a.json#/A"}))
    assert findings(load_foreign("acme", entry)) == [("format", "parts/a.json#/A/format")]


@pytest.mark.parametrize(
    ("schema", "value", "text"),
    [
        ({"type": "array", "items": TEXT}, ["a", "b"], "a,b"),
        ({"type": "object"}, {"a": 1, "b": True}, "a,1,b,true"),
        (TEXT, "two\nlines", "two lines"),
        (TEXT, "ä", "%C3%A4"),
        ({"type": "boolean"}, True, "true"),
        ({"type": "integer"}, 5, "5"),
    ],
)
def test_a_required_header_is_sent_in_one_line(schema: Json, value: Any, text: str, tmp_path: Path) -> None:
    header = {"X-Own": {"required": True, "schema": schema, "example": value}}
    made = document({"/a": {"get": {"responses": {"200": {"description": "", "headers": header}}}}})
    answer = serve(tmp_path, made)("GET", "/a")
    assert (answer.status, answer.headers["x-own"]) == (200, text)
