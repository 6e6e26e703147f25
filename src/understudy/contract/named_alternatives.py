"""Messages about alternatives that only require properties: these are named, the schema need not be known."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Schema = Mapping[str, Any]

NOT_NULL = {"not": {"enum": [None]}}
"""Schema of a property that has to be given: null counts as absent."""


def name_alternatives(alternatives: Sequence[Schema], fitting: Sequence[bool], *, is_object: bool) -> str:
    """Return why a value breaks a ``oneOf`` or ``anyOf`` whose alternatives only require properties; empty for another.

    ``fitting`` says which of the alternatives fit.
    """
    names = [_required(each) for each in alternatives]
    if len(names) != len(fitting) or not all(names):
        return ""
    if not is_object:
        return f"an object with one of {', '.join(names)} is required"
    chosen = [name for name, fits in zip(names, fitting, strict=True) if fits]
    return _only_one(chosen) if chosen else f"one of {', '.join(names)} is required"


def name_exclusion(schema: Schema) -> str:
    """Return why a value breaks a ``not`` that forbids properties beside one another; empty for any other ``not``."""
    required = schema.get("required", ())
    return _only_one(required) if len(required) > 1 and _required(schema) else ""


def _required(schema: Schema) -> str:
    """Return the names that a schema requires and no more than requires; empty if it states anything else."""
    is_bare = schema.keys() <= {"required", "properties", "type"} and schema.get("type", "object") == "object"
    if not is_bare or any(part != NOT_NULL for part in schema.get("properties", {}).values()):
        return ""
    return " and ".join(schema.get("required", ()))


def _only_one(names: Iterable[str]) -> str:
    return f"only one of {', '.join(names)} may be given"
