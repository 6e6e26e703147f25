"""Readers of single texts: numbers and booleans as JSON writes them."""

import re
from collections.abc import Callable, Mapping
from typing import Any

INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
NUMBER_LENGTH_LIMIT = 400
"""Number of characters from which a text is not parsed as a number."""


def read_integer(text: str) -> Any:
    """Return the integer of a text that is one in JSON; any other text unchanged, for the schema to refuse."""
    return int(text) if len(text) < NUMBER_LENGTH_LIMIT and INTEGER.fullmatch(text) else text


def read_number(text: str) -> Any:
    """Return the number of a text that is one in JSON; any other text unchanged."""
    if len(text) >= NUMBER_LENGTH_LIMIT or not NUMBER.fullmatch(text):
        return text
    value = float(text)
    return value if abs(value) != float("inf") else text


def read_boolean(text: str) -> Any:
    """Return the boolean of ``true`` or ``false``; any other text unchanged."""
    return {"true": True, "false": False}.get(text, text)


def read_any_case(text: str) -> Any:
    """Return the boolean of ``true`` or ``false`` in any case; any other text unchanged."""
    return {"true": True, "false": False}.get(text.lower(), text)


def read_text(text: str) -> Any:
    """Return the text unchanged."""
    return text


READERS: Mapping[str, Callable[[str], Any]] = {
    "integer": read_integer,
    "number": read_number,
    "boolean": read_boolean,
}
"""Readers of texts by the type that a schema wants; others stay texts."""
