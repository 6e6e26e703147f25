"""JSON as HTML, with keys, texts, numbers and words marked; all of it is escaped."""

import json
import re
from typing import Any

import orjson
from markupsafe import Markup, escape

TOKEN = re.compile(
    r"""(?P<text>"(?:\\.|[^"\\])*")(?P<colon>\s*:)?|(?P<word>\b(?:true|false|null)\b)|(?P<number>-?\d[\d.eE+-]*)"""
)
MAX_MARKED = 200_000
"""Characters up to which a text is marked; a longer one is only escaped."""


def json_markup(value: Any) -> Markup:
    """Return a JSON value as indented text, escaped and marked."""
    return text_markup(json_text(value))


def json_text(value: Any) -> str:
    """Return a JSON value as indented text."""
    return json_bytes(value).decode()


def json_bytes(value: Any) -> bytes:
    """Return a JSON value as indented text in UTF-8."""
    try:
        return orjson.dumps(value, option=orjson.OPT_INDENT_2)
    except TypeError:  # a number of more than 64 bits, or half of a character
        return json.dumps(value, indent=2, ensure_ascii=False).encode("utf-8", "replace")


def json_line(value: Any) -> str:
    """Return a JSON value as text on one line."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()


def text_markup(text: str) -> Markup:
    """Return the text of a JSON value, escaped and marked, laid out as it is."""
    if len(text) > MAX_MARKED:
        return escape(text)
    pieces, end = [], 0
    for found in TOKEN.finditer(text):
        pieces.append(escape(text[end : found.start()]))
        pieces.append(_marked(found))
        end = found.end()
    pieces.append(escape(text[end:]))
    return Markup("").join(pieces)


def _marked(found: re.Match[str]) -> Markup:
    if found["text"] is None:
        kind = "word" if found["word"] else "number"
        return Markup('<span class="j-{}">{}</span>').format(kind, found[0])
    kind = "text" if found["colon"] is None else "key"
    return Markup('<span class="j-{}">{}</span>{}').format(kind, found["text"], found["colon"] or "")
