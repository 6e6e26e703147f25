"""Combined schemas (``allOf``) of which one part forbids what another requires: no value at all would be valid."""

from pathlib import Path
from typing import Any

import pytest

from tests.own_document import OwnDocument, answer, document, ref, sent, serve
from understudy.contract.foreign.loading import load_foreign

TEXT = {"type": "string"}
KEY = {"type": "object", "required": ["key"], "properties": {"key": TEXT}, "additionalProperties": False}
TAG = {"type": "object", "required": ["tag"], "properties": {"tag": TEXT}}
NODE = {
    "type": "object",
    "required": ["key"],
    "properties": {"key": TEXT},
    "additionalProperties": False,
    "allOf": [{"type": "object", "required": ["next"], "properties": {"next": {"type": "integer"}}}, ref("Node")],
}
CASES: dict[str, tuple[dict[str, Any], Any, list[Any]]] = {
    "a named part": ({"allOf": [ref("Key"), TAG]}, {"key": "k", "tag": "t"}, [{"key": "k"}, {"key": 1, "tag": "t"}]),
    "two parts": (
        {"allOf": [ref("Key"), {"type": "object", "required": ["tag"], "additionalProperties": False}, TAG]},
        {"key": "k", "tag": "t"},
        [{"tag": "t"}, {"key": "k", "tag": 1}],
    ),
    "the whole": ({**KEY, "allOf": [TAG]}, {"key": "k", "tag": "t"}, [{"key": "k"}, {"tag": "t"}]),
    "a part of itself": (ref("Node"), {"key": "k", "next": 1}, [{"key": "k"}, {"next": 1}]),
}
ALIKE = {"allOf": [ref("Key"), {"type": "object", "properties": {"tag": TEXT}}]}
OPEN = {"allOf": [TAG, {"type": "object", "required": ["key"], "properties": {"key": TEXT}}]}
PATTERNS = {"allOf": [{**KEY, "patternProperties": {"^t": TEXT}}, TAG]}


def shop(folder: Path, schema: Any) -> OwnDocument:
    answers = {"204": {"description": ""}, "400": answer(ref("Error"))}
    paths = {"/tags": {"post": {"requestBody": sent(schema), "responses": answers}}}
    return serve(folder, document(paths, Key=KEY, Node=NODE))


def findings(folder: Path) -> list[str]:
    return [each.kind for each in load_foreign("shop", str(folder / "shop.json")).findings]


@pytest.mark.parametrize("name", CASES)
def test_further_properties_are_taken_and_the_rest_is_checked(name: str, tmp_path: Path) -> None:
    schema, taken, refused = CASES[name]
    served = shop(tmp_path, schema)

    assert served.call("post", "/tags", taken).status == 204
    assert [served.call("post", "/tags", each).status for each in refused] == [400] * len(refused)
    assert "allOf" in findings(tmp_path)


@pytest.mark.parametrize(
    ("schema", "taken", "refused"),
    [
        (ALIKE, {"key": "k"}, {"key": "k", "tag": "t"}),
        (OPEN, {"key": "k", "tag": "t", "more": 1}, {"tag": "t"}),
        (KEY, {"key": "k"}, {"key": "k", "more": 1}),
    ],
)
def test_parts_that_agree_are_obeyed_as_they_are(schema: Any, taken: Any, refused: Any, tmp_path: Path) -> None:
    served = shop(tmp_path, schema)

    assert served.call("post", "/tags", taken).status == 204
    assert served.call("post", "/tags", refused).status == 400


def test_properties_by_pattern_are_no_contradiction(tmp_path: Path) -> None:
    assert shop(tmp_path, PATTERNS).call("post", "/tags", {"key": "k", "tag": "t"}).status == 204
    assert shop(tmp_path, PATTERNS).call("post", "/tags", {"key": "k", "tag": "t", "more": 1}).status == 400
