"""Discriminators of a user's document: records keep the schema that they name, and contradictions are listed."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.own_document import OwnDocument, answer, document, ref, sent, serve
from understudy.contract.foreign.loading import load_foreign

TEXT = {"type": "string"}
PET = {
    "type": "object",
    "required": ["id", "kind"],
    "properties": {"id": {"type": "integer", "readOnly": True}, "kind": TEXT},
    "discriminator": {"propertyName": "kind"},
}


def heir(**parts: Any) -> dict[str, Any]:
    return {"allOf": [ref("Pet"), {"type": "object", "required": [*parts], "properties": parts}]}


def shop(folder: Path, pet: Any, **schemas: Any) -> OwnDocument:
    answers = {"404": answer(ref("Error"))}
    one = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    paths = {
        "/pets": {"post": {"requestBody": sent(pet), "responses": {"201": answer(pet)}}},
        "/pets/{id}": {
            "parameters": [one],
            "get": {"responses": {"200": answer(pet), **answers}},
            "patch": {"requestBody": sent({"type": "object"}), "responses": {"200": answer(pet), **answers}},
        },
    }
    return serve(folder, document(paths, **schemas))


@pytest.mark.parametrize("way", ["allOf", "oneOf"])
def test_a_record_keeps_the_schema_that_it_names(way: str, tmp_path: Path) -> None:
    if way == "allOf":
        served = shop(tmp_path, ref("Pet"), Pet=PET, Cat=heir(lives={"type": "integer"}), Dog=heir(tricks=TEXT))
    else:
        base = {name: part for name, part in PET.items() if name != "discriminator"}
        either = {"oneOf": [ref("Cat"), ref("Dog")], "discriminator": PET["discriminator"]}
        parts = {"Cat": heir(lives={"type": "integer"}), "Dog": heir(tricks=TEXT)}
        served = shop(tmp_path, ref("Any"), Any=either, Pet=base, **parts)

    made = served.call("post", "/pets", {"kind": "Dog", "tricks": "rolls"}).json
    other = served.call("post", "/pets", {"kind": "Cat", "lives": 9}).json

    assert made == {"id": made["id"], "kind": "Dog", "tricks": "rolls"}
    assert other == {"id": other["id"], "kind": "Cat", "lives": 9}
    assert served.call("get", f"/pets/{made['id']}").json == made
    changed = served.call("patch", f"/pets/{made['id']}", {"tricks": "sits"}).json
    assert changed == {**made, "tricks": "sits"}


def findings(folder: Path, raw: dict[str, Any]) -> list[str]:
    path = folder / "it.json"
    path.write_text(json.dumps(raw))
    return [each.message for each in load_foreign("it", str(path)).findings if each.kind == "discriminator"]


def test_values_that_lead_nowhere_are_listed(tmp_path: Path) -> None:
    mapping = {"a": "#/components/schemas/Cat", "b": "Cat", "c": "#/components/schemas/Dgo", "d": "Dgo"}
    it = {"oneOf": [ref("Cat")], "discriminator": {"propertyName": "kind", "mapping": mapping}}
    raw = document({}, It=it, Cat={"type": "object", "properties": {"kind": TEXT}})

    assert findings(tmp_path, raw) == ["'#/components/schemas/Dgo' is no schema", "'Dgo' is no schema"]


@pytest.mark.parametrize(
    ("allowed", "mapping", "found"),
    [
        (["cat"], {}, ["Cat does not allow 'Cat' as its 'kind'"]),
        (["Cat", "cat"], {}, []),
        (["cat"], {"cat": "#/components/schemas/Cat"}, []),
        (["cat"], {"feline": "#/components/schemas/Cat"}, ["Cat does not allow 'feline' as its 'kind'"]),
    ],
)
def test_an_alternative_that_refuses_its_own_name_is_listed(
    allowed: list[str], mapping: dict[str, str], found: list[str], tmp_path: Path
) -> None:
    discriminator = {"propertyName": "kind", **({"mapping": mapping} if mapping else {})}
    cat = {"type": "object", "properties": {"kind": {"type": "string", "enum": allowed}}}
    raw = document({}, It={"oneOf": [ref("Cat")], "discriminator": discriminator}, Cat=cat)

    assert findings(tmp_path, raw) == found


def test_swagger_2_names_the_property_alone(tmp_path: Path) -> None:
    pet = {**PET, "discriminator": "kind"}
    cat = {"allOf": [{"$ref": "#/definitions/Pet"}, {"type": "object", "properties": {"lives": {"type": "integer"}}}]}
    shown = {"200": {"description": "", "schema": {"type": "array", "items": {"$ref": "#/definitions/Pet"}}}}
    raw = {
        "swagger": "2.0",
        "info": {"title": "Pets", "version": "1"},
        "paths": {"/pets": {"get": {"produces": ["application/json"], "responses": shown}}},
        "definitions": {"Pet": pet, "Cat": cat},
    }

    served = serve(tmp_path, raw)

    assert {each["kind"] for each in served.call("get", "/pets").json} == {"Cat"}
    assert all("lives" in each for each in served.call("get", "/pets").json)


def test_a_discriminator_that_names_no_property_is_listed(tmp_path: Path) -> None:
    it = {"oneOf": [{"type": "object"}], "discriminator": {"mapping": {}}}

    assert findings(tmp_path, document({}, It=it)) == ["has no propertyName"]
