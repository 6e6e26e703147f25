"""JSON values as literals of Python."""

import ast
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.control.python_literals import WIDTH, python_literal

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


@given(VALUES)
def test_a_literal_is_read_as_the_value_that_it_was_made_of(value: Any) -> None:
    assert ast.literal_eval(python_literal(value)) == value


@pytest.mark.parametrize("text", ['"""', "\\", "\n", "\u2028", "\x7f", "\0", "😀", "'; import os; '"])
def test_no_text_leaves_its_literal(text: str) -> None:
    assert ast.literal_eval(python_literal({text: [text]})) == {text: [text]}


def test_a_value_that_does_not_fit_a_line_has_one_for_each_member() -> None:
    value = {"first": "x" * 60, "second": ["y" * 60, 1]}
    lines = python_literal(value, "    ").splitlines()

    assert lines == ["{", f'        "first": "{"x" * 60}",', f'        "second": ["{"y" * 60}", 1],', "    }"]
    assert max(map(len, lines)) <= WIDTH
