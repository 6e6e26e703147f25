"""JSON values as literals of Python, laid out as formatters do."""

import json
from typing import Any

WIDTH = 100
STEP = "    "


def python_literal(value: Any, indent: str = "", before: int = 0) -> str:
    """Return a JSON value as a literal: on one line if that fits behind ``before`` characters, else a line a member.

    The lines after the first one begin with ``indent``.
    """
    line = _on_one_line(value)
    if len(indent) + before + len(line) <= WIDTH or not isinstance(value, dict | list) or not value:
        return line
    inner = indent + STEP
    if isinstance(value, dict):
        names = [f"{python_text(name)}: " for name in value]
        parts = [
            name + python_literal(part, inner, len(name)) for name, part in zip(names, value.values(), strict=True)
        ]
    else:
        parts = [python_literal(part, inner) for part in value]
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    return "\n".join([opening, *(f"{inner}{part}," for part in parts), indent + closing])


def python_text(text: str) -> str:
    """Return a text as a literal in double quotes: JSON's escapes are Python's, too."""
    return json.dumps(text, ensure_ascii=False)


def _on_one_line(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{python_text(name)}: {_on_one_line(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_on_one_line, value)) + "]"
    return python_text(value) if isinstance(value, str) else repr(value)
