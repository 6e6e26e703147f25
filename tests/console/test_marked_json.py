"""JSON as HTML in which places are marked."""

import html
import re
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.console.conftest import text_of
from understudy.console.json_markup import json_text
from understudy.console.marked_json import MAX_SHOWN, is_cut, marked_json

TEXTS = st.text(max_size=20) | st.sampled_from(["<script>", "a/b", "~", '"', "&amp;", "</code>"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


def plain(markup: str) -> str:
    """Return the text that a browser shows."""
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


@given(VALUES)
def test_marks_change_nothing_in_the_text(value: Any) -> None:
    assert plain(marked_json(value, {"/no/such/place": ["note"]})) == json_text(value)
    assert plain(marked_json(value, {})) == json_text(value)


@given(VALUES)
def test_nothing_in_a_value_is_markup(value: Any) -> None:
    found = re.findall(r"<(/?\w+)", marked_json(value, {"": ["<b>"]}))

    assert set(found) <= {"span", "/span", "mark", "/mark"}


@pytest.mark.parametrize(
    ("place", "marked"),
    [
        ("/a", '"a": 1,'),
        ("/b/0/c~1d", '"c/d": null'),
        ("/b", '"b": ['),
        ("/b/1", "true"),
        ("", "{"),
        ("/~0", '"~": "x"'),
    ],
)
def test_a_place_is_marked_with_its_note(place: str, marked: str) -> None:
    value = {"a": 1, "b": [{"c/d": None}, True], "~": "x"}
    page = marked_json(value, {place: ["<is> wrong"]})

    [found] = re.findall(r'<mark class="wrong">(.*?)</mark> <span class="note">(.*?)</span>', page)
    assert (plain(found[0]), plain(found[1])) == (marked, "<is> wrong")


@pytest.mark.parametrize(("place", "parent"), [("/c", {"a": 1}), ("/a/b", {"a": {}}), ("/a/0/b", {"a": [{}]})])
def test_a_missing_member_is_shown_in_its_object(place: str, parent: Any) -> None:
    [found] = re.findall(r'<mark class="missing">(.*?)</mark>', marked_json(parent, {place: ["is required"]}))

    assert text_of(found).startswith(f'"{place[-1]}"')


@pytest.mark.parametrize(("size", "cut"), [(MAX_SHOWN - 2, False), (MAX_SHOWN - 1, True)])
def test_a_long_value_is_cut(size: int, *, cut: bool) -> None:
    page = plain(marked_json("x" * size, {}))

    assert is_cut("x" * size) == page.endswith("…") == cut
    assert page.removesuffix("\n…") == orjson.dumps("x" * size).decode()[:MAX_SHOWN]
