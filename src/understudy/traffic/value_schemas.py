"""Schemas that describe values: the types, the members and the formats that all of them have."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from understudy.core.json_types import Json

FORMATS = (
    ("date-time", re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")),
    ("date", re.compile(r"\d{4}-\d\d-\d\d")),
    ("uuid", re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")),
    ("email", re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")),
    ("uri", re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s\"<>\\^`{|}]+")),
)
"""Formats of texts by which a text is recognised."""

MAX_DEPTH = 30
KINDS = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}


def schema_of(values: Iterable[Any], *, requires: bool = True, depth: int = 0) -> Json:
    """Return a schema (JSON Schema 2020-12) of values like these; with ``requires``, members of all are required."""
    found = list(values)
    kinds = {_kind(each) for each in found}
    schema: Json = {}
    if not kinds or depth > MAX_DEPTH:
        return schema
    if kinds >= {"integer", "number"}:
        kinds.discard("integer")
    schema["type"] = next(iter(kinds)) if len(kinds) == 1 else sorted(kinds)
    texts = [each for each in found if isinstance(each, str)]
    if name := _format(texts):
        schema["format"] = name
    if items := [item for each in found if isinstance(each, list) for item in each]:
        schema["items"] = schema_of(items, requires=requires, depth=depth + 1)
    if objects := [each for each in found if isinstance(each, dict)]:
        schema |= _members(objects, requires=requires, depth=depth)
    return schema


def _members(objects: Sequence[Json], *, requires: bool, depth: int) -> Json:
    names = dict.fromkeys(name for each in objects for name in each)
    properties = {
        name: schema_of([each[name] for each in objects if name in each], requires=requires, depth=depth + 1)
        for name in names
    }
    required = [name for name in names if all(name in each for each in objects)]
    return {"properties": properties, **({"required": required} if requires and required else {})}


def _format(texts: Sequence[str]) -> str:
    for name, pattern in FORMATS:
        if texts and all(pattern.fullmatch(each) for each in texts):
            return name
    return ""


def _kind(value: Any) -> str:
    return "null" if value is None else KINDS.get(type(value), "object")
