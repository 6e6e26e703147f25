"""Bodies that differ from a valid one in one member, and are valid as well."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import orjson

from understudy.contract.compiled_operations import Operation
from understudy.contract.json_schema_validator import Validator
from understudy.core.media_types import is_json

MAX_CHANGES = 8
LONG = 100
"""Greatest length of a text that is made longer."""


class BodyChange(NamedTuple):
    """Body with one changed member: its name, its value before and now."""

    body: bytes
    name: str
    old: Any
    new: Any


def changed_bodies(operation: Operation, body: bytes, headers: Mapping[str, str]) -> Iterator[BodyChange]:
    """Yield valid JSON objects that differ from a body in one scalar member."""
    validator = body_validator(operation, headers)
    if validator is None:
        return
    whole, found = _object(body), 0
    for name, old in whole.items():
        new = next((each for each in _others(old) if validator.is_valid({**whole, name: each})), None)
        if new is not None and found < MAX_CHANGES:
            found += 1
            yield BodyChange(orjson.dumps({**whole, name: new}), name, old, new)


def long_texts(operation: Operation, body: bytes, headers: Mapping[str, str]) -> bytes:
    """Return a body whose texts are as long as they may be, with letters beyond ASCII if they may have some."""
    validator = body_validator(operation, headers)
    whole = _object(body)
    if validator is None:
        return body
    for name, value in whole.items():
        for length in range(LONG, len(value) - 1, -1) if isinstance(value, str) else ():
            other = next((each for each in _padded(value, length) if validator.is_valid({**whole, name: each})), None)
            if other is not None:
                whole[name] = other
                break
    return orjson.dumps(whole) if whole else body


def new_texts(operation: Operation, body: bytes, headers: Mapping[str, str], number: int) -> bytes:
    """Return a body in which each text that may be another one ends with a number: none is taken before."""
    validator = body_validator(operation, headers)
    whole = _object(body)
    for name, value in whole.items():
        others = numbered(value, number) if isinstance(value, str) and validator else iter(())
        whole[name] = next((each for each in others if validator and validator.is_valid({**whole, name: each})), value)
    return orjson.dumps(whole) if whole else body


def numbered(text: str, number: int) -> Iterator[str]:
    """Yield texts that differ from a text by a number at the end."""
    end = str(number)
    yield from (f"{text} {end}", f"{text}{end}", f"{text[: -len(end)]}{end}")


def _padded(value: str, length: int) -> Iterator[str]:
    """Yield a text as texts of a length: with letters beyond ASCII, and without."""
    yield from (f"{value}{letter * (length - len(value) - 1)}{letter}"[:length] for letter in ("é", "x"))


def _object(body: bytes) -> dict[str, Any]:
    try:
        whole = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return whole if isinstance(whole, dict) else {}


def body_validator(operation: Operation, headers: Mapping[str, str]) -> Validator | None:
    """Return the validator of a JSON body with these headers; ``None`` if the operation takes no such body."""
    given = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    media = given.partition(";")[0].strip().lower()
    return operation.body.media.get(media) if operation.body and is_json(media) else None


def _others(value: Any) -> Iterator[Any]:
    """Yield values of the same type as a value, which differ from it."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (value + 1, value - 1, value + 0.5)
    elif isinstance(value, str):
        yield from (f"{value} 2", f"{value}2", f"{value[:-1]}2", f"2{value[1:]}", f"{value[:-1]}1")
