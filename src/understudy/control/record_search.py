"""Search of a collection for a text, in steps."""

from collections.abc import Callable, Sequence

import orjson

from understudy.core.steps import Steps
from understudy.state.collection import Collection

KEYS_PER_STEP = 500
"""Number of records that are looked through in one step."""


def find_text(
    rows: Collection, keys: Sequence[str], text: str, offset: int, limit: int
) -> Steps[tuple[list[str], int]]:
    """Return the keys, from ``offset`` on, of records that have a text in any case, and the position after the last.

    At most ``limit`` keys are found; the position is the end of ``keys`` if no further record has the text.
    """
    has_text = text_test(text)
    found: list[str] = []
    for start in range(offset, len(keys), KEYS_PER_STEP):
        part = rows.stored(keys[start : start + KEYS_PER_STEP])
        if has_text(b"\n".join(part)):  # no JSON text has a line break: what is in none of them is not in all
            for position, row in enumerate(part, start):
                if has_text(row):
                    if len(found) == limit:
                        return found, position
                    found.append(keys[position])
        yield
    return found, len(keys)


def text_test(text: str) -> Callable[[bytes], bool]:
    """Return the test whether a JSON text has a text in it, in any case; an empty text is everywhere."""
    sought = orjson.dumps(text.lower())[1:-1]
    if sought.isascii():
        return lambda row: sought in row.lower()
    written = sought.decode()
    return lambda row: written in row.decode(errors="replace").lower()
