"""Texts of headers, as a response sends the values that their schemas have."""

import string
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import orjson

PRINTABLE = string.punctuation + " "


def header_text(value: Any) -> str:
    """Return the value of a header as it is sent: in one line of printable ASCII, a list with commas (``simple``)."""
    if isinstance(value, Mapping):
        return ",".join(f"{name},{header_text(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ",".join(map(header_text, value))
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return quote(" ".join(text.split()), safe=PRINTABLE)
