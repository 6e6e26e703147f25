"""A discriminator's property is in every value, and names the schema that the value keeps."""

from typing import Any

import pytest

from tests.samples.documents import maker_of, named

TEXT = {"type": "string"}
BY_NAME = {"propertyName": "kind"}


def animal(**parts: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"kind": TEXT, **parts}}


CAT, DOG = animal(lives={"type": "integer"}), animal(tricks=TEXT)
INHERITED: dict[str, Any] = {
    "Pet": {"type": "object", "properties": {"kind": TEXT, "name": TEXT}, "discriminator": BY_NAME},
    "Cat": {"allOf": [named("Pet"), {"type": "object", "properties": {"lives": {"type": "integer"}}}]},
    "Kitten": {"allOf": [named("Cat"), {"type": "object", "properties": {"weeks": {"type": "integer"}}}]},
}


@pytest.mark.parametrize("key", ["oneOf", "anyOf"])
@pytest.mark.parametrize(
    ("mapping", "kind"),
    [
        ({}, "Cat"),
        ({"mapping": {"cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog"}}, "cat"),
        ({"mapping": {"feline": "Cat", "canine": "Dog"}}, "feline"),
        ({"mapping": {"nothing": "#/components/schemas/None"}}, "Cat"),
    ],
)
def test_an_optional_property_names_the_alternative(key: str, mapping: dict[str, Any], kind: str) -> None:
    it = {key: [named("Cat"), named("Dog")], "discriminator": {**BY_NAME, **mapping}}

    value = maker_of({"It": it, "Cat": CAT, "Dog": DOG}).value(named("It"), "it")

    assert value["kind"] == kind
    assert "lives" in value


@pytest.mark.parametrize(
    ("allowed", "kind"),
    [(["cat"], "cat"), (["dog", "cat"], "cat"), (["CAT_OBJECT", "x"], "x"), (["CAT", "other"], "CAT")],
)
def test_a_property_that_allows_other_words_is_the_one_most_alike(allowed: list[str], kind: str) -> None:
    cat = animal(lives={"type": "integer"}) | {"title": "c"}
    cat["properties"]["kind"] = {"type": "string", "enum": allowed}
    it = {"oneOf": [named("CatObject")], "discriminator": BY_NAME}

    kinds = {maker_of({"It": it, "CatObject": cat}, seed=seed).value(named("It"), "it")["kind"] for seed in range(6)}

    assert kinds == {kind} if kind != "x" else kinds == {"CAT_OBJECT"}


def test_it_is_named_where_nothing_else_has_room() -> None:
    it = {"oneOf": [named("Cat"), named("Dog")], "discriminator": BY_NAME}
    deep: Any = named("It")
    for _ in range(5):
        deep = {"type": "object", "required": ["in"], "properties": {"in": deep}}
    listed = {"type": "array", "minItems": 1, "items": deep}

    value = maker_of({"It": it, "Cat": CAT, "Dog": DOG}).value(listed, "it")[0]

    assert value == {"in": {"in": {"in": {"in": {"in": {"kind": "Cat"}}}}}}


@pytest.mark.parametrize(("name", "kind"), [("Pet", "Cat"), ("Cat", "Cat"), ("Kitten", "Kitten")])
def test_a_schema_is_named_by_the_one_that_it_inherits_from(name: str, kind: str) -> None:
    value = maker_of(INHERITED).value(named(name), "it")

    assert value["kind"] == kind
    assert {"name", "lives"} <= value.keys()
    assert ("weeks" in value) == (name == "Kitten")


def test_a_mapping_leads_to_those_that_inherit() -> None:
    pet = {**INHERITED["Pet"], "discriminator": {**BY_NAME, "mapping": {"k": "#/components/schemas/Kitten"}}}

    maker = maker_of({**INHERITED, "Pet": pet})

    assert maker.value(named("Pet"), "it")["kind"] == "k"
    assert maker.value(named("Kitten"), "it")["kind"] == "k"
    assert maker.value(named("Cat"), "it")["kind"] == "Cat"
    assert "weeks" in maker.value({"type": "array", "items": named("Pet"), "minItems": 1}, "it")[0]


def test_a_schema_that_nobody_inherits_from_is_named_itself() -> None:
    assert maker_of({"Pet": INHERITED["Pet"]}).value(named("Pet"), "it")["kind"] == "Pet"


def test_an_object_without_such_a_property_stays_as_it_is() -> None:
    cat = {"type": "object", "properties": {"lives": {"type": "integer"}}, "additionalProperties": False}
    it = {"oneOf": [named("Cat")], "discriminator": BY_NAME}

    assert [*maker_of({"It": it, "Cat": cat}).value(named("It"), "it")] == ["lives"]


HIDING = {"type": "object", "properties": {"key": {"type": "string", "writeOnly": True}, "name": TEXT}}


@pytest.mark.parametrize(
    "requiring",
    [
        {"required": ["key", "name"]},
        named("Requiring"),
        {"allOf": [{"allOf": [named("Requiring")]}, {"minProperties": 1}]},
    ],
)
def test_what_is_only_sent_is_required_of_requests_alone(requiring: dict[str, Any]) -> None:
    it = {"allOf": [named("Hiding"), requiring]}
    maker = maker_of({"It": it, "Hiding": HIDING, "Requiring": {"type": "object", "required": ["key", "name"]}})

    assert [*maker.value(named("It"), "it")] == ["name"]
    assert {*maker.value(named("It"), "it", "request")} == {"key", "name"}
    assert not maker.is_valid(named("It"), {"name": "a"}, "request")
    assert not maker.is_valid(named("It"), {"key": "a"})


@pytest.mark.parametrize(
    "key",
    [
        {"allOf": [named("Text"), {"writeOnly": True}]},
        {"allOf": [named("Secret")]},
        {"allOf": [{"allOf": [named("Secret")]}]},
    ],
)
def test_a_mark_in_a_part_of_a_property_hides_it(key: dict[str, Any]) -> None:
    it = {"type": "object", "required": ["key", "name"], "properties": {"key": key, "name": TEXT}}
    maker = maker_of({"It": it, "Text": TEXT, "Secret": {**TEXT, "writeOnly": True}})

    assert [*maker.value(named("It"), "it")] == ["name"]
    assert maker.shown(named("It"), {"key": "a", "name": "b"}) == {"name": "b"}
    assert maker.is_valid(named("It"), {"name": "b"})
    assert not maker.is_valid(named("It"), {"name": "b"}, "request")
