"""Mistakes in JSON texts: the token and its place, in the words of no parser."""

import json
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from understudy.core.json_errors import json_mistake

MISTAKES = {
    '{"a": NaN}': '"NaN" at line 1, column 7',
    '{"a":Infinity}': '"Infinity" at line 1, column 6',
    "[1,\n nan]": '"nan" at line 2, column 2',
    "[-Infinity]": '"-Infinity" at line 1, column 2',
    "undefined": '"undefined" at line 1, column 1',
    '{"é": None}': '"None" at line 1, column 7',
    "[nul]": '"nul" at line 1, column 2',
    "{": "it breaks off at line 1, column 2",
    "[1 2]": '"2" at line 1, column 4',
    "{'a': 1}": '"\'" at line 1, column 2',
    "[" + "x" * 41: f'"{"x" * 40}" at line 1, column 2',
}


@pytest.mark.parametrize("text", MISTAKES)
def test_the_token_that_is_no_json_is_named_with_its_place(text: str) -> None:
    with pytest.raises(orjson.JSONDecodeError) as caught:
        orjson.loads(text)
    assert json_mistake(caught.value) == MISTAKES[text]


@pytest.mark.parametrize("loads", [json.loads, orjson.loads])
@pytest.mark.parametrize("text", ['{"a": oops}', "[1 oops]", "oops", '{"a":1} oops'])
def test_every_parser_points_to_the_same_token(loads: Callable[[str], Any], text: str) -> None:
    with pytest.raises(json.JSONDecodeError) as caught:
        loads(text)
    assert json_mistake(caught.value) == f'"oops" at line 1, column {text.index("oops") + 1}'
