"""How long and how large a customer may be (the page, on creating a customer)."""

from collections.abc import Iterator
from typing import Any

import orjson

from understudy.core.json_types import Json
from understudy.core.refused import Violation

MOST_BYTES = 64 * 1024
MOST_IN_TEXT = 255
MOST_IN_LONG_TEXT = {"street": 500, "pictureUrl": 1000}
MOST_IN_TAGS = 1000
"""Of the texts of one list of tags together; the page names no separators."""

MOST_IN_EXTENDED_TEXT = 255
MOST_IN_EXTENDED_LIST = 1000
"""Of the texts of a list and the separators between them, unless its definition says otherwise."""


def max_length(definition: Json) -> int:
    """Return how long the text, or all texts of the list, of an extended property may be."""
    settings = definition.get("contactlabProperties") or {}
    usual = MOST_IN_EXTENDED_LIST if "items" in definition else MOST_IN_EXTENDED_TEXT
    return int(settings.get("maxLength") or usual)


def is_too_large(body: Json) -> bool:
    """Tell whether a customer's payload is over 64 kB, written without spaces."""
    return len(orjson.dumps(body)) > MOST_BYTES


def tag_violations(tags: Json | None) -> Iterator[Violation]:
    """Yield each list of tags whose texts are together too long."""
    for name, texts in (tags or {}).items():
        if name in ("auto", "manual") and sum(map(len, texts or ())) > MOST_IN_TAGS:
            message = f"the tags are together longer than {MOST_IN_TAGS}"
            yield Violation("body", f"/tags/{name}", "maxLength", message, texts)


def list_violations(path: str, definition: Json, values: Any) -> Iterator[Violation]:
    """Yield a list of texts that is too long: texts and separators count together."""
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        return
    most = max_length(definition)
    if sum(map(len, values)) + len(values) - 1 > most:
        yield Violation("body", path, "maxLength", f"the texts are together longer than {most}", values)
