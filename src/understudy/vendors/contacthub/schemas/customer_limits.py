"""Limits of length and size of a customer; documented on the vendor's page, at the creation of a customer."""

from collections.abc import Iterator
from typing import Any

import orjson

from understudy.core.json_types import Json
from understudy.core.refused import Violation

MAX_BYTES = 64 * 1024
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


def is_too_large(body: Json) -> bool:
    """Return whether a customer's JSON, without spaces, is over 64 kB."""
    return len(orjson.dumps(body)) > MAX_BYTES


def tag_violations(tags: Json | None) -> Iterator[Violation]:
    """Yield a violation for each list of tags whose total length is over the limit."""
    for name, texts in (tags or {}).items():
        if name in ("auto", "manual") and sum(map(len, texts or ())) > MAX_TAGS:
            message = f"the tags are together longer than {MAX_TAGS}"
            yield Violation("body", f"/tags/{name}", "maxLength", message, texts)


def list_violations(path: str, definition: Json, values: Any) -> Iterator[Violation]:
    """Yield a violation if the total length of a list's texts and separators is over the limit."""
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        return
    limit = max_length(definition)
    if sum(map(len, values)) + len(values) - 1 > limit:
        yield Violation("body", path, "maxLength", f"the texts are together longer than {limit}", values)
