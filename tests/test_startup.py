"""Start-up: mistakes in specs and packages are refused with file, place and the nearest correct name."""

import json
import subprocess
import sys
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest

from tests.acme import Company, Json, answers, operation_spec, refuses, spec
from tests.asgi import call
from understudy.app import create_app
from understudy.contract.document import load_document
from understudy.core.misconfigured import Misconfigured
from understudy.settings import Settings

IMPORT = "from understudy.core.reply import Reply\n"


def refusal(start: Callable[[], object]) -> str:
    with pytest.raises(Misconfigured) as caught:
        start()
    message = str(caught.value)
    assert "\n" not in message
    return message


def with_schema(schema: Json) -> Json:
    return spec(components={"schemas": {"Thing": schema}})


def shows(schema: Json) -> Json:
    return {"description": "x", "content": {"application/json": {"schema": schema}}}


def with_parameter(**parameter: Any) -> Json:
    return operation_spec(parameters=[{"name": "size", "in": "query", "schema": {"type": "integer"}} | parameter])


def test_a_function_that_matches_no_operation_is_refused(company: Company) -> None:
    company.write_spec("acme", spec())
    folder = company.write_folder("acme", {"operations/things": "def get_thinks(world):\n    return None\n"})

    message = refusal(company.start)

    assert message == (
        f"{folder / 'operations' / 'things.py'}: get_thinks is no operationId of acme; did you mean 'get_thing'?"
    )


def test_a_function_that_is_defined_twice_is_refused(company: Company) -> None:
    company.write_spec("acme", spec())
    code = "def get_thing(world):\n    return None\n"
    folder = company.write_folder("acme", {"operations/one": code, "operations/two": code})

    assert refusal(company.start) == f"{folder / 'operations' / 'two.py'}: get_thing is defined twice"


def test_a_private_or_imported_function_need_not_be_an_operation(company: Company) -> None:
    company.write_spec("acme", spec())
    private = "def _made():\n    return {'name': 'a'}\n"
    public = "def get_thing(world):\n    return Reply(_made())\n"
    company.write_folder("acme", {"operations/things": f"{IMPORT}from json import dumps\n{private}{public}"})

    assert call(company.start().asgi, "GET", "/acme/thing").json == {"name": "a"}


@pytest.mark.parametrize("argument", ["sise", "body"])
def test_an_argument_that_the_spec_does_not_declare_is_refused(company: Company, argument: str) -> None:
    company.write_spec("acme", with_parameter())
    folder = company.write_folder(
        "acme", {"operations/things": f"def get_thing(world, {argument}):\n    return None\n"}
    )

    message = refusal(company.start)

    assert message.startswith(f"{folder / 'operations' / 'things.py'}: get_thing: the spec declares no {argument!r}")
    assert argument == "body" or "did you mean 'size'?" in message


def test_a_folder_without_a_spec_is_refused(company: Company) -> None:
    company.write_spec("acne", spec())
    company.write_folder("acme", {})

    message = refusal(company.start)

    assert message == f"{company.package}.acme: no spec {company.specs / 'acme.yaml'}; did you mean 'acne'?"


def test_a_folder_of_no_specs_is_refused(company: Company) -> None:
    assert refusal(company.start) == f"{company.specs}: holds no spec"


def test_a_folder_of_specs_that_is_not_there_is_refused(company: Company) -> None:
    assert str(company.root / "nowhere") in refusal(lambda: company.start(specs=company.root / "nowhere"))


def test_an_unknown_vendor_is_refused(company: Company) -> None:
    company.write_spec("acme", spec())
    company.write_spec("bolt", spec())

    message = refusal(lambda: company.start(vendors=("acne",)))

    assert message == "no vendor 'acne'; did you mean 'acme'? (there are acme, bolt)"


def test_only_the_vendors_that_are_named_are_served(company: Company) -> None:
    company.write_spec("acme", spec())
    company.write_spec("bolt", spec())
    understudy = company.start(vendors=("bolt",))

    assert list(understudy.vendors) == ["bolt"]
    assert call(understudy.asgi, "GET", "/acme/thing").status == 404


def test_a_missing_security_function_is_refused(company: Company) -> None:
    document = operation_spec(security=[{"api_key": []}])
    document["components"] = {"securitySchemes": {"api_key": {"type": "apiKey", "in": "header", "name": "k"}}}
    company.write_spec("acme", document)
    folder = company.write_folder("acme", {"security": "def apikey(world, credential):\n    return None\n"})

    message = refusal(company.start)

    assert message == (
        f"{folder / 'security.py'}: no function for the security scheme 'api_key'; did you mean 'apikey'?"
    )


def test_a_security_scheme_that_is_not_declared_is_refused(company: Company) -> None:
    path = company.write_spec("acme", operation_spec(security=[{"api_key": []}]))

    assert refusal(company.start) == f"{path}: get_thing: no security scheme 'api_key'"


def test_two_operations_of_one_name_are_refused(company: Company) -> None:
    document = spec()
    document["paths"]["/other"] = document["paths"]["/thing"]
    path = company.write_spec("acme", document)

    message = refusal(company.start)

    assert message == f"{path}: GET /other: operationId 'get_thing' is already GET /thing's"


def test_two_vendors_on_one_host_are_refused(company: Company) -> None:
    for name in ("acme", "bolt"):
        company.write_spec(name, spec(servers=[{"url": "https://API.example.com/v1"}]))

    assert refusal(company.start) == "bolt and acme are both mounted on api.example.com"


def test_hosts_with_variables_are_the_vendors_own(company: Company) -> None:
    region = {"default": "eu", "enum": ["eu", "us"]}
    company.write_spec(
        "acme", spec(servers=[{"url": "https://{region}.example.com/v1", "variables": {"region": region}}])
    )
    understudy = company.start()

    for host in ("eu.example.com", "us.example.com"):
        assert call(understudy.asgi, "GET", "/v1/thing", headers={"host": host}).status == 200
    assert call(understudy.asgi, "GET", "/acme/v1/thing").status == 200
    assert call(understudy.asgi, "GET", "/v1/thing", headers={"host": "asia.example.com"}).status == 404


UNKNOWN: dict[str, tuple[Json, str]] = {
    "OpenAPI 3.1": (spec(openapi="3.1.0"), "#/openapi: version '3.1.0' is not understood: write 3.0.3"),
    "Swagger 2": ({"swagger": "2.0", "info": {}, "paths": {}}, "#/openapi: version '' is not understood"),
    "no paths": ({"openapi": "3.0.3", "info": {}}, "#/paths: is missing"),
    "top level": (spec(webhooks={}), "#: 'webhooks' is not understood here"),
    "misspelt": (spec(component={}), "did you mean 'components'?"),
    "keyword of 3.1": (with_schema({"const": 1}), "#/components/schemas/Thing: 'const' is not understood in a schema"),
    "misspelt keyword": (with_schema({"maxLenght": 1}), "did you mean 'maxLength'?"),
    "type": (with_schema({"type": "int"}), "type 'int' is not understood; did you mean 'integer'?"),
    "types": (with_schema({"type": ["string", "null"]}), "#/components/schemas/Thing: type ['string', 'null']"),
    "format": (with_schema({"type": "string", "format": "datetime"}), "did you mean 'date-time'?"),
    "deep": (
        with_schema({"properties": {"a": {"items": {"oneOf": [{}, {"if": {}}]}}}}),
        "#/components/schemas/Thing/properties/a/items/oneOf/1: 'if' is not understood",
    ),
    "nullable without a type": (with_schema({"nullable": True, "allOf": []}), "nullable means nothing without a type"),
    "cookie": (with_parameter(**{"in": "cookie"}), "#/paths/~1thing/get/parameters/0: a parameter in 'cookie'"),
    "style": (
        with_parameter(style="spaceDelimited"),
        "style 'spaceDelimited' is not understood in query: write 'form'",
    ),
    "content parameter": (
        operation_spec(parameters=[{"name": "a", "in": "query", "content": {}}]),
        "'content' is not understood here",
    ),
    "callbacks": (operation_spec(callbacks={}), "#/paths/~1thing/get: 'callbacks' is not understood here"),
    "no operationId": (operation_spec(operationId=""), "#/paths/~1thing/get: operationId is missing"),
    "no responses": (operation_spec(responses={}), "#/paths/~1thing/get: responses is missing"),
    "body": (
        operation_spec(requestBody={"content": {"application/xml": {"schema": {}}}}),
        "a request body of type 'application/xml' is not understood",
    ),
    "method": (spec(paths={"/thing": {"fetch": {}}}), "#/paths/~1thing: 'fetch' is not understood here"),
}
NOTHING = {"$ref": "#/components/schemas/Thin"}
DANGLING = {
    "schema": operation_spec(responses={"200": shows(NOTHING)}),
    "deep": operation_spec(responses={"200": shows({"items": {"not": NOTHING}})}),
    "response": operation_spec(responses={"200": {"$ref": "#/components/responses/Thin"}}),
    "parameter": operation_spec(parameters=[{"$ref": "#/components/parameters/Thin"}]),
    "body": operation_spec(requestBody={"$ref": "#/components/requestBodies/Thin"}),
    "other file": operation_spec(parameters=[{"$ref": "other.yaml#/components/parameters/Thin"}]),
}


@pytest.mark.parametrize("construct", UNKNOWN)
def test_a_construct_that_is_not_understood_is_refused_with_its_place(company: Company, construct: str) -> None:
    document, why = UNKNOWN[construct]
    path = company.write_spec("acme", document)

    message = refusal(company.start)

    assert message.startswith(f"{path}: ")
    assert why in message


def test_a_pattern_that_is_no_pattern_is_refused(company: Company) -> None:
    path = company.write_spec("acme", operation_spec(responses={"200": shows({"type": "string", "pattern": "["})}))

    assert str(path) in refusal(company.start)


@pytest.mark.parametrize("place", DANGLING)
def test_a_reference_to_nothing_is_refused(company: Company, place: str) -> None:
    path = company.write_spec("acme", DANGLING[place])

    message = refusal(company.start)

    assert message.startswith(f"{path}: nothing is at ")
    assert "Thin" in message


def test_broken_yaml_is_refused_with_its_line(company: Company) -> None:
    path = company.write_spec("acme", "openapi: 3.0.3\ninfo: {title: x\npaths: {}\n")

    assert refusal(company.start).startswith(f"{path}:3: not YAML: ")


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just text\n"])
def test_yaml_that_is_no_document_is_refused(company: Company, text: str) -> None:
    path = company.write_spec("acme", text)

    assert refusal(company.start) == f"{path}: not an OpenAPI document"


def test_a_spec_that_is_no_text_is_refused(company: Company) -> None:
    path = company.specs / "acme.yaml"
    path.write_bytes(b"openapi: \xff\xfe\n")

    assert refusal(company.start).startswith(str(path))


def test_an_unreadable_spec_is_refused(company: Company) -> None:
    path = company.specs / "acme.yaml"
    path.symlink_to(company.root / "nowhere.yaml")

    assert refusal(company.start) == f"{path}: cannot be read (No such file or directory)"


def test_an_unreadable_scenario_is_refused(company: Company) -> None:
    company.write_spec("acme", spec())

    assert refusal(lambda: company.start(scenario=company.root)).startswith(f"{company.root}: cannot be read")
    missing = company.root / "nowhere.yaml"
    assert refusal(lambda: company.start(scenario=missing)).startswith(f"{missing}: no such scenario")


def test_a_spec_alone_is_served_with_valid_samples_and_generic_refusals(company: Company) -> None:
    parameter = {"name": "size", "in": "query", "schema": {"type": "integer"}}
    post = {
        "operationId": "make_thing",
        "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}},
        "responses": {"201": answers(made={"name": "made"}), "400": refuses()},
    }
    document = operation_spec(parameters=[parameter])
    document["paths"]["/thing"]["post"] = post
    company.write_spec("acme", document)
    asgi = company.start().asgi

    sampled = call(asgi, "GET", "/acme/thing?size=1")
    assert (sampled.status, sampled.json) == (200, {"name": "small"})
    assert sampled.headers["understudy-fidelity"] == "sample"
    undeclared = call(asgi, "GET", "/acme/thing?size=x")
    assert (undeclared.status, undeclared.headers["understudy-refused-by"]) == (400, "contract")
    json_type = {"content-type": "application/json"}
    assert call(asgi, "POST", "/acme/thing", body=b"{}", headers=json_type).json == {"name": "made"}
    declared = call(asgi, "POST", "/acme/thing", body=b"[]", headers=json_type)
    assert (declared.status, declared.json) == (400, {"said": "no"})
    assert call(asgi, "POST", "/acme/thing", body=b"{}").status == 415
    assert call(asgi, "GET", "/acme/nothing").status == 404
    assert call(asgi, "PUT", "/acme/thing").headers["allow"] == "GET, HEAD, POST"


def test_a_spec_alone_takes_any_well_formed_credential_and_no_other(company: Company) -> None:
    document = operation_spec(security=[{"api_key": []}])
    document["components"] = {"securitySchemes": {"api_key": {"type": "apiKey", "in": "header", "name": "k"}}}
    company.write_spec("acme", document)
    asgi = company.start().asgi

    assert call(asgi, "GET", "/acme/thing", headers={"k": "any"}).status == 200
    assert call(asgi, "GET", "/acme/thing").status == 401


def test_what_has_no_example_is_made_from_its_schema(company: Company) -> None:
    shown = answers()
    del shown["content"]["application/json"]["examples"]
    shown["headers"] = {"X-Count": {"required": True, "schema": {"type": "integer", "minimum": 3}}}
    company.write_spec("acme", operation_spec(responses={"200": shown}))

    answer = call(company.start().asgi, "GET", "/acme/thing")

    assert (answer.status, answer.headers["x-count"]) == (200, "3")
    assert answer.json == {"name": "text", "size": 0, "ratio": 0}


def test_what_no_server_calls_is_not_imported_before_it_is_called() -> None:
    code = """
import sys
from understudy.http import connexion_imports
heavy = {"httpx", "requests", "starlette.testclient"}
assert not heavy & sys.modules.keys(), heavy & sys.modules.keys()
from connexion import AsyncApp
assert AsyncApp("x").test_client().get("/nothing").status_code == 404
assert "starlette.testclient" in sys.modules
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stderr


def test_a_suite_that_treats_warnings_as_errors_may_have_it_in_its_process() -> None:
    code = "from understudy.app import create_app; from understudy.settings import Settings; create_app(Settings())"
    ran = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stderr) == (0, "")


def test_two_stand_ins_in_one_process_share_nothing(company: Company) -> None:
    company.write_spec("acme", spec())
    one, two = company.start(), company.start()
    call(one.asgi, "GET", "/acme/thing")

    assert (len(one.worlds.get_or_create().journal), len(two.worlds.get_or_create().journal)) == (1, 0)


def test_the_same_seed_makes_the_same_start() -> None:
    def rows(seed: int | None) -> dict[str, Any]:
        understudy = create_app(Settings(seed=seed))
        credentials: dict[str, Any] = understudy.credentials("http://x")
        return credentials

    assert rows(None) == rows(None)
    assert rows(7) == rows(7)
    assert rows(7) != rows(8)


def test_a_cached_document_is_the_same_document(company: Company, tmp_path: Path) -> None:
    path = company.write_spec("acme", spec())
    cache = tmp_path / "cache" / "deep"
    fresh = load_document(path, cache)
    [kept] = cache.iterdir()

    assert load_document(path, cache).raw == fresh.raw == load_document(path).raw
    text = json.dumps({"openapi": "3.0.3", "from": "cache"})
    kept.write_text(f"{blake2b(text.encode(), digest_size=16).hexdigest()}\n{text}")
    assert load_document(path, cache).raw["from"] == "cache"


def test_a_changed_file_is_read_anew(company: Company, tmp_path: Path) -> None:
    load_document(company.write_spec("acme", spec()), tmp_path)
    path = company.write_spec("acme", spec(info={"title": "Changed", "version": "2"}))

    assert load_document(path, tmp_path).raw["info"]["title"] == "Changed"


def test_a_cache_that_cannot_be_written_is_no_error(company: Company, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")

    assert load_document(company.write_spec("acme", spec()), file / "cache").raw["openapi"] == "3.0.3"


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "an empty object": lambda _: b"{}",
    "a list": lambda _: b"[]",
    "other JSON": lambda _: b'{"openapi": "3.0.3", "paths": {}}',
    "wrong types": lambda _: b'{"openapi": 3, "paths": []}',
    "half of it": lambda text: text[: len(text) // 2],
    "its last byte lacking": lambda text: text[:-1],
    "a byte too much": lambda text: text + b" ",
    "another byte": lambda text: text.replace(b"Acme", b"Acne"),
    "the digest alone": lambda text: text.partition(b"\n")[0],
    "no text": lambda _: b"\xff\x00",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_cached_document_is_made_anew(company: Company, tmp_path: Path, damage: str) -> None:
    path = company.write_spec("acme", spec())
    load_document(path, tmp_path / "cache")
    [kept] = (tmp_path / "cache").iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(DAMAGE[damage](whole))

    assert load_document(path, tmp_path / "cache").raw == load_document(path).raw
    assert kept.read_bytes() == whole


def test_a_folder_in_the_place_of_a_cached_document_is_no_error(company: Company, tmp_path: Path) -> None:
    path = company.write_spec("acme", spec())
    load_document(path, tmp_path / "cache")
    [kept] = (tmp_path / "cache").iterdir()
    kept.unlink()
    kept.mkdir()

    assert load_document(path, tmp_path / "cache").raw == load_document(path).raw
    assert list((tmp_path / "cache").iterdir()) == [kept]


def test_a_refused_document_is_not_cached(company: Company, tmp_path: Path) -> None:
    path = company.write_spec("acme", spec(webhooks={}))
    for _ in range(2):
        assert "webhooks" in refusal(lambda: load_document(path, tmp_path / "cache"))


def test_a_spec_in_the_files_of_a_folder_is_one_document(company: Company) -> None:
    folder = company.specs / "acme"
    folder.mkdir()
    whole = spec()
    other = {"/other": {"get": {"operationId": "get_other", "responses": {"200": answers(other={"name": "other"})}}}}
    (folder / "1-base.yaml").write_text(json.dumps(whole))
    (folder / "2-other.yaml").write_text(json.dumps({"paths": other}))
    asgi = company.start().asgi

    assert call(asgi, "GET", "/acme/thing").json == {"name": "small"}
    assert call(asgi, "GET", "/acme/other").json == {"name": "other"}


def test_a_part_that_repeats_another_part_is_refused(company: Company) -> None:
    folder = company.specs / "acme"
    folder.mkdir()
    for number in (1, 2):
        (folder / f"{number}.yaml").write_text(json.dumps(spec()))

    assert refusal(company.start) == f"{folder / '2.yaml'}: #/openapi is also in another part of this spec"


def test_yaml_means_what_json_would(company: Company) -> None:
    text = json.dumps(spec())[:-1] + ', "x-words": [no, off, 2026-01-31, 1e3, 0x1f, ~, "yes"]}'
    document = load_document(company.write_spec("acme", text))

    assert document.raw["x-words"] == ["no", "off", "2026-01-31", 1000.0, "0x1f", None, "yes"]


def test_an_unquoted_status_is_a_status(company: Company) -> None:
    text = json.dumps(spec()).replace('"200":', "200:")

    company.write_spec("acme", text)
    assert call(company.start().asgi, "GET", "/acme/thing").status == 200
