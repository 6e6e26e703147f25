"""Models of the event types and contexts that the vendor publishes, from the JSON files beside this module."""

from functools import cache
from pathlib import Path
from typing import cast

import orjson

from understudy.core.json_types import Json

SCHEMAS = Path(__file__).parent


@cache
def event_types() -> tuple[str, ...]:
    """Return the names of all event types, sorted."""
    return _names("event")


@cache
def event_model(event_type: str) -> Json:
    """Return an event type's model: ``type``, ``label``, ``mode``, ``defaultRetentionMonths``, ``propertiesSchema``.

    The object is shared: do not change it. Raises ``KeyError`` for a type that is not in ``event_types()``.
    """
    if event_type not in event_types():
        raise KeyError(event_type)
    return _read("event", event_type)


@cache
def event_times(event_type: str) -> frozenset[str]:
    """Return the names of an event type's properties that are times."""
    properties = event_model(event_type)["propertiesSchema"]["properties"]
    return frozenset(name for name, part in properties.items() if part.get("format") == "date-time")


@cache
def context_names() -> tuple[str, ...]:
    """Return the names of all contexts, sorted."""
    return _names("context")


@cache
def context_model(name: str) -> Json:
    """Return a context's model, which includes the JSON Schema of its ``contextInfo``.

    The object is shared: do not change it. Raises ``KeyError`` for a name that is not in ``context_names()``.
    """
    if name not in context_names():
        raise KeyError(name)
    return _read("context", name)


def _names(folder: str) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in (SCHEMAS / folder).glob("*.json")))


def _read(folder: str, name: str) -> Json:
    return cast("Json", orjson.loads((SCHEMAS / folder / f"{name}.json").read_bytes()))
