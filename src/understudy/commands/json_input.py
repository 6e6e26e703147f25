"""JSON that is given on the command line, as an option's value or in a file."""

import json
from typing import IO, Any, Never

import click

from understudy.core.json_types import Json

MAX_DEPTH = 64
STDIN = "standard input"
MAX_SHOWN = 80
"""Characters of a wrong value that are shown."""


def json_text(value: str) -> Any:
    """Return the value of an option that is written as JSON."""
    shown = repr(value if len(value) <= MAX_SHOWN else f"{value[:MAX_SHOWN]}…")
    try:
        return parse_json(value, shown, MAX_DEPTH)
    except click.UsageError as error:
        raise click.BadParameter(error.message) from None


def metavar(kind: Any) -> str | None:
    """Return the word for the value of an option of this type in its help, if it is JSON."""
    return "JSON" if kind is json_text else None


def read_json(file: IO[bytes], max_depth: int | None = None) -> Json:
    """Return the object in a file of JSON, which is no deeper than ``max_depth`` levels."""
    raw, name = file.read(), getattr(file, "name", STDIN)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{name}: not JSON: byte {error.start} is no UTF-8 text") from None
    found = parse_json(text, name, max_depth)
    if not isinstance(found, dict):
        raise click.UsageError(f"{name}: an object is due, not {json.dumps(found)[:MAX_SHOWN]}")
    return found


def parse_json(text: str, place: str, max_depth: int | None = None) -> Any:
    """Return the value of a JSON text; the error of another one begins with the place."""
    try:
        found = json.loads(text, parse_constant=_refuse_constant)
        is_too_deep = max_depth is not None and _depth(found) > max_depth
    except RecursionError:
        is_too_deep = True
    except ValueError as error:
        raise click.UsageError(f"{place}: not JSON: {error}") from None
    if is_too_deep:
        raise click.UsageError(f"{place}: nested too deep" + (f": at most {max_depth} levels" if max_depth else ""))
    return found


def _refuse_constant(name: str) -> Never:
    raise ValueError(f"{name} is no number of JSON")


def _depth(value: Any) -> int:
    depth, level = 0, [value]
    while level := [each for each in level if isinstance(each, dict | list)]:
        depth += 1
        level = [part for each in level for part in (each.values() if isinstance(each, dict) else each)]
    return depth
