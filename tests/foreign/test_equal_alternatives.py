"""Equal alternatives of a ``oneOf`` are read as one: else no value at all would be valid."""

from pathlib import Path
from typing import Any

import pytest

from tests.own_document import OwnDocument, answer, document, ref, sent, serve
from understudy.contract.foreign.loading import load_foreign

TEXT = {"type": "string"}
SMART = {"type": "object", "properties": {"smart": {"type": "boolean"}}, "additionalProperties": False}
MAIL = {**SMART, "title": "Mail"}
PUSH = {**SMART, "description": "of another kind", "example": {"smart": True}}
LIMITED = {**SMART, "required": ["smart"]}
INNER = {"type": "object", "properties": {"options": ref("Mail")}, "required": ["options"]}
OTHER = {"type": "object", "properties": {"options": ref("Push")}, "required": ["options"]}
TREE = {"type": "object", "properties": {"next": {"oneOf": [ref("Tree"), ref("Tree")]}}, "additionalProperties": False}
NAMED = {"type": "object", "properties": {"title": TEXT}, "additionalProperties": False}
RENAMED = {"type": "object", "properties": {"description": TEXT}, "additionalProperties": False}
SCHEMAS = {
    "Mail": MAIL,
    "Push": PUSH,
    "Limited": LIMITED,
    "Inner": INNER,
    "Other": OTHER,
    "Tree": TREE,
    "Named": NAMED,
    "Renamed": RENAMED,
}


def shop(folder: Path, schema: Any) -> OwnDocument:
    answers = {"204": {"description": ""}, "400": answer(ref("Error"))}
    paths = {"/tags": {"post": {"requestBody": sent(schema), "responses": answers}}}
    return serve(folder, document(paths, **SCHEMAS))


def findings(folder: Path) -> list[tuple[str, str]]:
    found = load_foreign("shop", str(folder / "shop.json")).findings
    return [(each.kind, each.message) for each in found if each.kind == "oneOf" and "/paths/" in each.place]


@pytest.mark.parametrize(
    ("parts", "value", "wrong"),
    [
        ([ref("Mail"), ref("Push")], {"smart": True}, {"smart": 1}),
        ([ref("Mail"), ref("Mail"), SMART], {}, {"smart": 1}),
        ([ref("Mail"), TEXT, ref("Push")], "a", 5),
        ([ref("Mail"), TEXT, ref("Push")], {"smart": True}, {"smart": 1}),
        ([ref("Inner"), ref("Other")], {"options": {"smart": True}}, {"options": {"smart": 1}}),
        ([ref("Tree"), ref("Tree")], {"next": {"next": {}}}, {"next": {"next": 1}}),
        ([{"type": "integer"}, {"type": "integer", "title": "t"}], 5, "a"),
    ],
)
def test_a_value_that_fits_equal_alternatives_is_taken(
    parts: list[Any], value: Any, wrong: Any, tmp_path: Path
) -> None:
    served = shop(tmp_path, {"oneOf": parts})

    assert served.call("post", "/tags", value).status == 204
    assert served.call("post", "/tags", wrong).status == 400
    assert findings(tmp_path)


@pytest.mark.parametrize(
    ("parts", "value", "wrong"),
    [
        ([ref("Limited"), ref("Mail")], {}, {"smart": True}),  # fits both
        ([ref("Named"), ref("Renamed")], {"title": "a"}, {}),  # properties are named like annotations
        ([{"enum": ["a"]}, {"enum": ["b"]}], "a", "c"),
        ([{"type": "integer"}, {"type": "integer", "minimum": 3}], 2, 3),
        ([{"type": "object", "required": ["a"]}, {"type": "object", "required": ["b"]}], {"a": 1}, {"a": 1, "b": 1}),
    ],
)
def test_alternatives_that_differ_are_obeyed_as_they_are(
    parts: list[Any], value: Any, wrong: Any, tmp_path: Path
) -> None:
    served = shop(tmp_path, {"oneOf": parts})

    assert served.call("post", "/tags", value).status == 204
    assert served.call("post", "/tags", wrong).status == 400
    assert findings(tmp_path) == []


def test_the_finding_counts_them(tmp_path: Path) -> None:
    shop(tmp_path, {"oneOf": [ref("Mail"), TEXT, ref("Push"), ref("Mail")]})

    assert findings(tmp_path) == [("oneOf", "2 of 4 are equal to another: they are read as one")]
