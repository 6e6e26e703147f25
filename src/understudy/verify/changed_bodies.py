"""Bodies that differ from a valid one in one member, and are valid as well."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import orjson

from understudy.contract.compiled_operations import Operation
from understudy.core.media_types import is_json

MAX_CHANGES = 8


class BodyChange(NamedTuple):
    """Body with one changed member: its name, its value before and now."""

    body: bytes
    name: str
    old: Any
    new: Any


def changed_bodies(operation: Operation, body: bytes, headers: Mapping[str, str]) -> Iterator[BodyChange]:
    """Yield valid JSON objects that differ from a body in one scalar member."""
    given = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    media = given.partition(";")[0].strip().lower()
    validator = operation.body.media.get(media) if operation.body else None
    if validator is None or not is_json(media):
        return
    try:
        whole = orjson.loads(body)
    except orjson.JSONDecodeError:
        return
    found = 0
    for name, old in whole.items() if isinstance(whole, dict) else ():
        new = next((each for each in _others(old) if validator.is_valid({**whole, name: each})), None)
        if new is not None and found < MAX_CHANGES:
            found += 1
            yield BodyChange(orjson.dumps({**whole, name: new}), name, old, new)


def _others(value: Any) -> Iterator[Any]:
    """Yield values of the same type as a value, which differ from it."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (value + 1, value - 1, value + 0.5)
    elif isinstance(value, str):
        yield from (f"{value} 2", f"{value}2", f"{value[:-1]}2", f"2{value[1:]}", f"{value[:-1]}1")
