"""Properties named by dotted paths, such as ``base.contacts.email``."""

from typing import Any

from understudy.core.json_pointer import join
from understudy.core.json_types import Json


def value_at(customer: Json, path: str) -> Any:
    """Return the value at a dotted path of a customer or of a request body; ``None`` if it has none."""
    found: Any = customer
    for name in path.split("."):
        if not isinstance(found, dict):
            return None
        found = found.get(name)
    return found


def is_set(customer: Json, path: str) -> bool:
    """Return whether the value at a dotted path is set: not null, and no empty text, list or object."""
    found = value_at(customer, path)
    return found is not None and found not in ("", [], {})


def pointer(path: str) -> str:
    """Return the JSON pointer of a dotted path."""
    return join(path.split("."))
