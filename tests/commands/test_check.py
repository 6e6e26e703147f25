"""The command ``check``: how a document of one's own is read."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from understudy.cli import main

PET = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
}


def document(**pet: object) -> dict[str, object]:
    item = {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}}
    listed = {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Pets", "version": "1"},
        "paths": {
            "/pets": {
                "get": {
                    "operationId": "list_pets",
                    "responses": {"200": {"description": "", "content": {"application/json": {"schema": listed}}}},
                },
                "post": {
                    "operationId": "add_pet",
                    "requestBody": {"content": item["content"]},
                    "responses": {"201": item},
                },
            },
            "/pets/{petId}": {"get": {"operationId": "get_pet", "responses": {"200": item}}},
            "/about": {"get": {"operationId": "about", "responses": {"204": {"description": ""}}}},
        },
        "components": {"schemas": {"Pet": {**PET, **pet}}},
    }


def check(folder: Path, content: object, *options: str) -> Result:
    path = folder / "pets.json"
    path.write_text(json.dumps(content))
    return CliRunner().invoke(main, ["check", str(path), *options])


def test_the_resources_are_named_with_their_operations(tmp_path: Path) -> None:
    result = check(tmp_path, document())

    assert result.exit_code == 0
    assert "1 resource with 3 operations; 1 operation answers samples" in result.stdout
    assert "read get_pet, list list_pets, create add_pet" in result.stdout


def test_parameters_that_choose_by_fields_are_named_where_there_are_some(tmp_path: Path) -> None:
    raw: Any = document()
    assert "views" not in check(tmp_path, raw).stdout

    raw["paths"]["/pets"]["get"]["parameters"] = [{"name": "only", "in": "query", "schema": {"type": "string"}}]
    assert "fields only" in check(tmp_path, raw).stdout
    assert json.loads(check(tmp_path, raw, "--json").stdout)[0]["resources"][0]["views"] == "fields only"


def test_findings_are_grouped_with_their_places(tmp_path: Path) -> None:
    result = check(tmp_path, document(strangeKeyword=1))

    assert "not obeyed: 1 keyword" in result.stdout
    assert "#/components/schemas/Pet/strangeKeyword: strangeKeyword is not understood in a schema" in result.stdout


def test_all_findings_are_listed_if_they_are_asked_for(tmp_path: Path) -> None:
    many = document(**{f"keyword{number}": 1 for number in range(5)})

    assert "… 2 more: --all lists them" in check(tmp_path, many).stdout
    whole = check(tmp_path, many, "--all").stdout

    assert "more:" not in whole
    assert all(f"keyword{number}" in whole for number in range(5))


def test_an_example_that_breaks_its_schema_is_named(tmp_path: Path) -> None:
    content = document()
    content["paths"]["/pets/{petId}"]["get"]["responses"]["200"]["content"]["application/json"]["example"] = {"id": "x"}  # type: ignore[index]

    report = json.loads(check(tmp_path, content, "--json").stdout)

    assert {
        "kind": "example",
        "place": "GET /pets/{petId} 200 application/json",
        "message": "the example 'example' breaks its schema",
    } in report[0]["findings"]


def test_a_file_that_is_no_document_is_refused_in_one_line(tmp_path: Path) -> None:
    result = check(tmp_path, {"some": "thing"})

    assert result.exit_code == 2
    assert result.stderr.endswith("pets.json: no OpenAPI document: it seems to be an object with 'some'\n")
