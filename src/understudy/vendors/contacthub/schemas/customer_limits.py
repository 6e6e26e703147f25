"""Limits of length and size of a customer; documented on the vendor's page, at the creation of a customer."""

from collections.abc import Iterator
from typing import Any

import orjson

from understudy.core.json_pointer import escape
from understudy.core.json_types import Json
from understudy.core.refused import Violation

MAX_BYTES = 64 * 1024
UNCOUNTED = frozenset(("id", "intId", "enabled", "registeredAt", "updatedAt", "version", "deleted", "sourceInfo"))
"""Properties of a customer that the server sets, or fills in."""

MAX_TEXT = 255
MAX_LONG_TEXT = {"street": 500, "pictureUrl": 1000}
MAX_TAGS = 1000
"""Maximum total length of the texts of one list of tags; the page mentions no separators."""

MAX_EXTENDED_TEXT = 255
MAX_EXTENDED_LIST = 1000
"""Default of the maximum total length of a list's texts and the separators between them."""


def max_length(definition: Json) -> int:
    """Return the maximum length of an extended property: of its text, or of all texts of its list."""
    settings = definition.get("contactlabProperties") or {}
    default = MAX_EXTENDED_LIST if "items" in definition else MAX_EXTENDED_TEXT
    return int(settings.get("maxLength") or default)


def is_too_large(customer: Json) -> bool:
    """Return whether a customer, as sent or as stored, is over 64 kB: its JSON without spaces.

    Not counted are the properties that the server sets and values that are not set, so that a stored customer is as
    large as the body that made it.
    """
    if len(orjson.dumps(customer)) <= MAX_BYTES:
        return False
    counted = {name: value for name, value in customer.items() if name not in UNCOUNTED}
    return len(orjson.dumps(_set_values(counted))) > MAX_BYTES


def _set_values(value: Any) -> Any:
    """Return a value without the nulls, empty lists and empty objects in it."""
    if isinstance(value, list):
        return [_set_values(part) for part in value]
    if not isinstance(value, dict):
        return value
    parts = {name: _set_values(part) for name, part in value.items()}
    return {name: part for name, part in parts.items() if part is not None and part not in ([], {})}


def tag_violations(tags: Json | None) -> Iterator[Violation]:
    """Yield a violation for each list of tags whose total length is over the limit."""
    for name, texts in (tags or {}).items():
        if name in ("auto", "manual") and sum(map(len, texts or ())) > MAX_TAGS:
            message = f"the tags are together longer than {MAX_TAGS}"
            yield Violation("body", f"/tags/{name}", "maxLength", message, texts)


def list_violations(path: str, definition: Json, value: Any) -> Iterator[Violation]:
    """Yield a violation for each list whose texts and separators are together over the limit, at any depth."""
    if isinstance(value, list):
        texts = [part for part in value if isinstance(part, str)]
        limit = max_length(definition)
        if texts and sum(map(len, texts)) + len(value) - 1 > limit:
            yield Violation("body", path, "maxLength", f"the texts are together longer than {limit}", value)
    items, properties = (definition.get(name) for name in ("items", "properties"))
    for name, part in enumerate(value) if isinstance(value, list) else ():
        if isinstance(items, dict):
            yield from list_violations(f"{path}/{name}", items, part)
    for name, part in value.items() if isinstance(value, dict) else ():
        inner = properties.get(name) if isinstance(properties, dict) else None
        if isinstance(inner, dict):
            yield from list_violations(f"{path}/{escape(name)}", inner, part)
