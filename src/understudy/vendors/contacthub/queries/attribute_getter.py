"""Getter of a dotted attribute of a record, compiled once a search."""

from collections.abc import Callable
from typing import Any

from understudy.core.json_types import Json

Get = Callable[[Json], Any]


def getter(attribute: str) -> Get:
    """Return the function that returns an attribute of a record, or ``None`` if the record has none.

    For a path through lists it returns a flat list of the values in their elements.
    """
    path = tuple(attribute.split("."))
    match path:
        case (name,):
            return lambda record: record.get(name)
        case (outer, name):
            return _second(outer, name)
        case (outer, middle, name):
            return _third(outer, middle, name)
    return lambda record: _follow(record, path)


def is_missing(value: Any) -> bool:
    """Return whether a value is null, or a list or object in which every value, at any depth, is null."""
    if value is None:
        return True
    if isinstance(value, dict):
        return all(map(is_missing, value.values()))
    return isinstance(value, list) and all(map(is_missing, value))


def _second(outer: str, name: str) -> Get:
    def get(record: Json) -> Any:
        found = record.get(outer)
        return found.get(name) if type(found) is dict else _member(found, name)

    return get


def _third(outer: str, middle: str, name: str) -> Get:
    rest = middle, name

    def get(record: Json) -> Any:
        found = record.get(outer)
        if type(found) is not dict:
            return _follow(found, rest)
        found = found.get(middle)
        return found.get(name) if type(found) is dict else _member(found, name)

    return get


def _member(found: Any, name: str) -> Any:
    """Return a property of an object, or the list of the property's values in a list's elements."""
    if type(found) is dict:
        return found.get(name)
    if type(found) is not list:
        return None
    values: list[Any] = []
    for element in found:
        value = _member(element, name)
        if type(value) is list:
            values += value
        elif value is not None:
            values.append(value)
    return values


def _follow(found: Any, path: tuple[str, ...]) -> Any:
    for depth, name in enumerate(path):
        if type(found) is list:
            rest = path[depth:]
            return [each for element in found for each in _flat(_follow(element, rest))]
        if type(found) is not dict:
            return None
        found = found.get(name)
    return found


def _flat(found: Any) -> list[Any]:
    if type(found) is list:
        return found
    return [] if found is None else [found]
