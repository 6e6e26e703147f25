"""Messages about alternatives: a value that fits none of them, or more than one where only one may fit."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Schema = Mapping[str, Any]

NOT_NULL = {"not": {"enum": [None]}}
"""Schema of a property that has to be given: null counts as absent."""

MAX_REASONS = 4
"""Number of reasons that a message lists."""


def describe_alternatives(
    alternatives: Sequence[Schema], reasons: Sequence[Sequence[str]], *, is_object: bool = True
) -> str:
    """Return why a value breaks a ``oneOf`` or ``anyOf``; ``reasons`` has those of each alternative, none if it fits.

    Alternatives that only require properties are named by these: no reader has to know the schema.
    """
    fitting = [number for number, found in enumerate(reasons) if not found]
    names = [_required(each) for each in alternatives]
    is_named = len(names) == len(reasons) and all(names)
    if is_named and not is_object:
        return f"an object with one of {_listed(names)} is required"
    if fitting:
        chosen = [names[number] for number in fitting] if is_named else []
        return _only_one(chosen) if chosen else f"{len(fitting)} of the alternatives fit, and only one may"
    if is_named:
        return f"one of {_listed(names)} is required"
    messages = list(dict.fromkeys(each for found in reasons for each in found))
    return "none of the alternatives fits: " + "; or ".join(messages[:MAX_REASONS])


def describe_exclusion(schema: Schema) -> str:
    """Return why a value breaks a ``not`` that forbids properties beside one another; empty for any other ``not``."""
    required = schema.get("required", ())
    return _only_one(required) if len(required) > 1 and _required(schema) else ""


def _required(schema: Schema) -> str:
    """Return the names that a schema requires and no more than requires; empty if it states anything else."""
    is_bare = schema.keys() <= {"required", "properties", "type"} and schema.get("type", "object") == "object"
    if not is_bare or any(part != NOT_NULL for part in schema.get("properties", {}).values()):
        return ""
    return " with ".join(schema.get("required", ()))


def _only_one(names: Iterable[str]) -> str:
    return f"only one of {_listed(names)} may be given"


def _listed(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
